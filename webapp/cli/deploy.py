"""``flask deploy FOLDER`` and ``flask translate SOURCE TARGET``: the linter's sentences, then the version or file."""

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
        for problem in deployments.check(office(), bundle, known=True):
            if problem.level == "warning":
                click.echo(f"提示 {bundle.key} {problem.element_id or ''}: {problem.zh}")
        version = deployments.deploy(
            office().begin(), system_actor("flask deploy"), bundle, origin="installation"
        )
        said = f"已部署第{version}版" if version else "内容没有变化，未产生新版本"
        click.echo(f"{bundle.key}: {said}")


@click.command("translate")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@plainly
def translate(source: Path, target: Path) -> None:
    """Write a diagram of another tool in our words to TARGET, and say what was mapped and what is not executed."""
    content, notes = deployments.translate(source.name, source.read_bytes())
    target.write_bytes(content)
    for note in notes:
        said = "错误" if note.level == "error" else "提示"
        click.echo(f"{said} {note.element_id or ''} 第{note.line}行: {note.zh}")
    click.echo(
        f"已写入 {target}，共{len(notes)}条说明。" if notes else f"没有需要改写的内容，已原样写入 {target}。"
    )
