"""``flask tokens create | list | revoke``: what programs sign in with."""

from datetime import UTC, datetime

import click

from webapp.cli.surroundings import office, plainly
from webapp.domain.workdays import local_date
from webapp.services import tokens

group = click.Group("tokens", help="Tokens for programs that use the API.")
STATES = {"valid": "有效", "expired": "已过期", "revoked": "已收回"}


@group.command("create")
@click.argument("login")
@click.option("--label", required=True, help="What the token is for.")
@click.option("--days", default=tokens.USUAL_LIFE, show_default=True, help="How long it is valid.")
@plainly
def create(login: str, label: str, days: int) -> None:
    """Issue a token for a log-in; it is shown this once."""
    secret = tokens.create(office(), login=login, label=label, days=days)
    click.echo("令牌只显示这一次，请立即妥善保存：", err=True)
    click.echo(secret)


@group.command("list")
@click.argument("login")
@plainly
def list_(login: str) -> None:
    """The tokens of a log-in, newest first."""
    moment = datetime.now(UTC)
    for one in tokens.of_user(office(), login):
        until = local_date(one.expires_at).isoformat()
        click.echo(f"{one.id}  {STATES[one.state(moment)]}  有效期至{until}  {one.label}")


@group.command("revoke")
@click.argument("token_id")
@plainly
def revoke(token_id: str) -> None:
    """Take a token back at once."""
    tokens.revoke(office(), token_id)
    click.echo("已收回，使用该令牌的程序即刻不能再登录。")
