"""``flask history verify``: exit code 1 on a finding, with the case and the sequence named."""

import click

from webapp.cli.surroundings import office, plainly
from webapp.services import history

group = click.Group("history", help="The append-only history.")


@group.command("verify")
@click.option("--case", "case_id", default=None, help="Only this case (id).")
@plainly
def verify(case_id: str | None) -> None:
    """Recompute every chain and rebuild the projections from it."""
    checked = history.verify(office(), case_id=case_id)
    for one in checked.findings:
        where = f"卷宗 {one.case_id}" if one.case_id else one.stream
        click.echo(f"{where} 第{one.seq}条 [{one.code}] {one.sentence}", err=True)
    if not checked.ok:
        raise SystemExit(1)
    click.echo(f"记录完整性校验通过：{checked.streams}卷、{checked.events}条记录，未发现问题。")
