"""``flask deploy FOLDER``: the linter's sentences, then a new version."""

from pathlib import Path

import click

from webapp.cli.surroundings import office, plainly
from webapp.domain.access import system_actor
from webapp.services import deployments


@click.command("deploy")
@click.argument("folder", type=click.Path(path_type=Path))
@plainly
def command(folder: Path) -> None:
    """Check and deploy one process folder, or every process under a folder."""
    for bundle in deployments.read_folder(folder):
        for problem in deployments.check(office(), bundle):
            if problem.level == "warning":
                click.echo(f"提示 {bundle.key} {problem.element_id or ''}: {problem.zh}")
        version = deployments.deploy(
            office().begin(), system_actor("flask deploy"), bundle, origin="installation"
        )
        said = f"已部署第{version}版" if version else "内容没有变化，未产生新版本"
        click.echo(f"{bundle.key}: {said}")
