"""``flask users``: accounts and roles of a production installation, for whoever sets it up."""

import getpass
from datetime import date

import click
from flask_security import hash_password

from webapp.cli.surroundings import office, plainly
from webapp.domain import accounts as rules
from webapp.domain.roles import ROLES, role
from webapp.domain.workdays import local_date
from webapp.queries import accounts as views
from webapp.services import accounts, reads

group = click.Group("users", help="Accounts and roles.")
operator = click.option("--operator", default=getpass.getuser, help="Who does this.")


@group.command("create")
@click.argument("username")
@click.argument("name")
@click.option("--person", "person_id", default="", help="The person's id, where namesakes are on file.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@operator
@plainly
def create(username: str, name: str, person_id: str, password: str, operator: str) -> None:
    """Register an account for one person."""
    rules.require_username(username)
    hashed = hash_password(rules.require_password(password, username))
    accounts.register(
        office().begin(), username=username, name=name, password_hash=hashed, operator=operator,
        person_id=person_id,
    )  # fmt: skip
    click.echo(f"账号“{username}”已登记，还没有岗位角色。")


@group.command("grant")
@click.argument("username")
@click.argument("role_code", metavar="ROLE")
@click.argument("organisation", metavar="CODE")
@click.option("--until", default="", help="The last day, 2027-12-31.")
@click.option("--second", default="", help="The second person who answers for it.")
@operator
@plainly
def grant(username: str, role_code: str, organisation: str, until: str, second: str, operator: str) -> None:
    """Give a role at an organisation; two persons answer for it."""
    accounts.grant(
        office().begin(), username=username, role=role_code, code=organisation, operator=operator, second=second,
        valid_to=date.fromisoformat(until) if until else None,
    )  # fmt: skip
    click.echo(f"已授予“{username}”角色“{role(role_code).zh}”。")


@group.command("revoke")
@click.argument("username")
@click.argument("role_code", metavar="ROLE")
@click.argument("organisation", metavar="CODE")
@click.option("--reason", required=True, help="Why.")
@operator
@plainly
def revoke(username: str, role_code: str, organisation: str, reason: str, operator: str) -> None:
    """Take a role back from today on."""
    with reads.begin(office()) as look:
        grant_id = views.grant_of(look, username, role_code, organisation, local_date(look.now))
    accounts.revoke(office().begin(), grant_id=grant_id, reason=reason, operator=operator)
    click.echo(f"已收回“{username}”的角色“{role(role_code).zh}”。")


@group.command("password")
@click.argument("username")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@operator
@plainly
def password(username: str, password: str, operator: str) -> None:
    """Set a password anew for somebody who has lost it; every session of the account ends."""
    hashed = hash_password(rules.require_password(password, username))
    user_id = accounts.user_id_of(office().begin(), username)
    accounts.set_password(office().begin(), user_id=user_id, password_hash=hashed, operator=operator)
    click.echo(f"账号“{username}”的密码已重新设定，请本人登录后再改一次。")


@group.command("disable")
@click.argument("username")
@click.option("--reason", required=True, help="Why.")
@operator
@plainly
def disable(username: str, reason: str, operator: str) -> None:
    """Disable an account at once."""
    user_id = accounts.user_id_of(office().begin(), username)
    accounts.disable(office().begin(), user_id=user_id, reason=reason, operator=operator)
    click.echo(f"账号“{username}”已停用。")


@group.command("list")
@plainly
def index() -> None:
    """Every account with its roles."""
    with reads.begin(office()) as look:
        rows = views.everyone(look, local_date(look.now))
    for row in rows:
        state = "" if row.active else "（已停用）"
        held = "；".join(f"{one.role_zh}@{one.place_code}" for one in row.grants) or "没有角色"
        click.echo(f"{row.username:<16}{row.name}{state}　{held}")


@group.command("roles")
def roles() -> None:
    """Every role with its code."""
    for one in ROLES:
        click.echo(f"{one.code:<24}{one.zh}")
