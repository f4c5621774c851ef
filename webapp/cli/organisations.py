"""``flask organisations import FILE``: the list of organisations out of Excel or CSV."""

import getpass
from pathlib import Path

import click

from webapp.cli.surroundings import office, plainly
from webapp.services import organisations

group = click.Group("organisations", help="Organisations and who answers for whom.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--operator", default=getpass.getuser, help="Who does this.")
@plainly
def import_(file: Path, operator: str) -> None:
    """Take in a list of organisations; a second time only what has changed."""
    lines = organisations.read(file.read_bytes(), file.name)
    done = organisations.import_(office().begin(), lines, operator=operator)
    click.echo(f"机构导入完毕：新增{done.created}个，更改{done.changed}个，无变化{done.same}个。")
