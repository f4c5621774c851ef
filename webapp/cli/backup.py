"""``flask backup create`` and ``verify``: a copy of one moment, and the drill that proves it can be restored."""

from pathlib import Path

import click

from webapp.cli.surroundings import office, plainly, settings
from webapp.services import backup

group = click.Group("backup", help="Copies of the database, and their proof.")
FOLDER = click.Path(file_okay=False, path_type=Path)


@group.command("create")
@click.argument("folder", type=FOLDER)
@plainly
def create(folder: Path) -> None:
    """Copy the database into a new folder under FOLDER, while the office goes on working."""
    made = backup.create(office(), settings().owner_url, folder)
    found = backup.read_manifest(made)
    click.echo(f"备份已建立：{made}（{found.streams}卷、{found.events}条办理记录，{found.size}字节）。")
    click.echo("密钥不在备份里：请把数据文件夹的 keys 另行保管，没有它，个人信息不能读取。")


@group.command("verify")
@click.argument("folder", type=FOLDER)
@click.option("--into", default=None, help="An empty PostgreSQL database to restore a dump into.")
@plainly
def verify(folder: Path, into: str | None) -> None:
    """Restore a backup apart and check all of it; exit code 1 on a finding."""
    manifest, checked = backup.verify(office(), folder, into=into)
    for one in checked.findings:
        click.echo(f"{one.stream} 第{one.seq}条 [{one.code}] {one.sentence}", err=True)
    if not checked.ok:
        raise SystemExit(1)
    click.echo(
        f"备份可以恢复：建立于 {manifest.made_at}，{checked.streams}卷、{checked.events}条办理记录，密钥相符。"
    )
