"""Accounts and roles 账号与授权: names, where a role may be held, 三员分立, and two persons for every grant."""

import re
from collections.abc import Iterable
from datetime import date

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Invalid, NotAllowed, Reason, RuleBroken
from webapp.domain.roles import BODIES_ZH, reasons_against_holding, role

SHORTEST_PASSWORD = 12
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
# Which kind of organisation answers for a body; a role is held nowhere else.
KINDS = {
    "org_dept": frozenset({"org_dept"}),
    "committee": frozenset({"committee", "office"}),
    "discipline": frozenset({"discipline"}),
    "unit": frozenset({"unit"}),
    "superior": frozenset({"org_dept"}),
    "installation": frozenset({"installation"}),
}


def require_username(text: str) -> str:
    """A log-in name: 3 to 40 small letters, digits, dot, dash, beginning with a letter."""
    if USERNAME.fullmatch(text) is None:
        raise Invalid({"username": "登录名为3至40个小写字母、数字、点或连字符，以字母开头。"})
    return text


def require_password(text: str, username: str) -> str:
    """A first password: long enough and not the name itself."""
    if len(text) < SHORTEST_PASSWORD or username in text.lower():
        raise Invalid({"password": f"密码不少于{SHORTEST_PASSWORD}个字符，且不得包含登录名。"})
    return text


def require_may_hold(held: Iterable[str], role_code: str, kind: str) -> None:
    """The role fits the organisation's kind and what the person holds already (三员分立)."""
    wanted = role(role_code)
    if kind not in KINDS[wanted.body]:
        sentence = f"“{wanted.zh}”只能授予{BODIES_ZH[wanted.body]}的人员，请核对机构。"
        raise RuleBroken([Reason("ROLE_PLACE", sentence)])
    reasons = reasons_against_holding({*held, role_code})
    if reasons:
        raise RuleBroken(reasons)


def require_may_administer(actor: Actor, receiver_identities: Iterable[str], day: date) -> None:
    """授权由安全保密管理员办理, never for oneself."""
    require_role(actor, "security_admin", day=day)
    if {actor.user_id, actor.identity} & set(receiver_identities):
        raise NotAllowed("不能为自己授权或收回权限，须由另一名安全保密管理员办理。")


def require_two_operators(first: str, second: str) -> None:
    """On the terminal two named persons answer for a grant, as on the page."""
    if not first.strip() or not second.strip() or first.strip() == second.strip():
        raise Invalid({"second": "授权须由两人办理：请分别用 --operator 和 --second 写明两人的姓名或工号。"})
