"""``flask demo``: the log-ins, the cases, the shifted clock; refused outside a demo."""

import json

import click

from webapp.cli.surroundings import office, plainly, settings
from webapp.domain.errors import NotAllowed
from webapp.services.demo import clock, loading, logins, progress

group = click.Group("demo", help="The invented city.")


def _require_demo() -> None:
    if not settings().may_shift_clock:
        raise NotAllowed("正式环境不提供演示功能，也不能拨动时钟。")


@group.command("users")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@plainly
def users(as_json: bool) -> None:
    """List every demo log-in with roles, unit and password."""
    _require_demo()
    found = logins.everyone(office())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for group in dict.fromkeys([*(name for name, _ in logins.GROUPS), logins.REST]):
        some = [one for one in found if one["group"] == group]
        if some:
            click.echo(f"\n{group}（{len(some)}个）")
        for one in some:
            click.echo(f"  {one['login']:<12}{one['name']}　{one['unit']}　{'、'.join(one['roles_zh'])}")


@group.command("load")
@plainly
def load() -> None:
    """Load the demo cases by running the real processes."""
    _require_demo()
    loading.load(office())


@group.command("wait")
@click.option("--seconds", default=300, help="How long at most.")
@plainly
def wait(seconds: int) -> None:
    """Wait until the demo cases are loaded."""
    _require_demo()
    if not progress.wait(office(), seconds):
        click.echo("示例卷宗尚未载入完毕，请稍后再试。", err=True)
        raise SystemExit(1)
    click.echo("示例卷宗已载入。")


@group.command("advance")
@click.argument("period")
@plainly
def advance(period: str) -> None:
    """Move the demo clock on (P6M, P10D) and run what falls due on the way; completes nobody's tasks."""
    _require_demo()
    reached, ran = clock.advance(office(), period)
    click.echo(f"演示时钟已拨到 {reached:%Y年%m月%d日}，办理到期作业 {ran} 件。")
