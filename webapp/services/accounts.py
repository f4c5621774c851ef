"""Verbs on accounts 账号 and roles 授权: register, disable; propose, agree to, give on the terminal, take back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from uuid_utils import uuid7

from webapp.domain import access, accounts, events
from webapp.domain.access import Actor, system_actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.domain.people import plain_name
from webapp.persistence.models import identity, people
from webapp.services import names, relieving, sealing
from webapp.services.identity import USERS
from webapp.services.office import Work

TERMINAL = "flask users"
LONGEST_REASON = 200


def register(
    work: Work, *, username: str, name: str, password_hash: str, operator: str, person_id: str = ""
) -> str:
    """Register an account 登记账号 for one person → its id; a person has one account only."""
    accounts.require_username(username)
    with work:
        if work.one(USERS, username=username) is not None:
            raise Conflict(f"登录名“{username}”已被使用，请另选一个。")
        person = _person(work, plain_name(name), person_id)
        if work.one(USERS, person_id=person) is not None:
            raise Conflict("该人员已有账号：一人一号，请为原账号授权。")
        user_id = str(uuid7())
        row = {
            "id": user_id,
            "username": username,
            "person_id": person,
            "password": password_hash,
            "active": True,
            "fs_uniquifier": uuid4().hex,
            "created_at": work.now,
        }
        work.insert(USERS, row)
        facts = {"user_id": user_id, "person_id": person, "operator": operator[:80]}
        _commit(work, system_actor(TERMINAL), events.UserRegistered, user_id, facts)
    return user_id


def _person(work: Work, name: str, person_id: str) -> str:
    """The person named by id, or a new one; Conflict where people of that name are on file already."""
    if person_id:
        found = work.one(people.person, id=person_id)
        if found is None or found["name"] != name:
            raise Invalid({"person": "没有这名人员，或姓名与人员标识不符。"})
        return str(found["id"])
    if not name or len(name) > 60:
        raise Invalid({"name": "请填写姓名。"})
    namesakes = work.all(people.person, name=name)
    if namesakes:
        ids = "、".join(row["id"] for row in namesakes)
        raise Conflict(f"已有同名人员，请用 --person 写明是哪一位：{ids}")
    row = {"id": str(uuid7()), "name": name, "created_at": work.now}
    work.insert(people.person, row)
    work.insert(
        people.person_token, [{"token": token, "person_id": row["id"]} for token in names.tokens(name)]
    )
    return str(row["id"])


def grant(
    work: Work,
    *,
    username: str,
    role: str,
    code: str,
    operator: str,
    second: str,
    valid_to: date | None = None,
) -> None:
    """Give a role on the terminal 授权, two named operators answering for it."""
    accounts.require_two_operators(operator, second)
    with work:
        user, place = _user(work, username=username), _place(work, code)
        _require_fits(work, user, role, place)
        grant_id = _insert(work, user["id"], role, place["id"], work.today, valid_to)
        facts = {
            "grant_id": grant_id,
            "role": role,
            "organisation": place["code"],
            "operator": operator[:80],
            "second": second[:80],
        }
        _commit(work, system_actor(TERMINAL), events.RoleGranted, user["id"], facts)


def propose(
    work: Work,
    actor: Actor,
    *,
    user_id: str,
    role: str,
    organisation_id: str,
    valid_to: date | None,
    reason: str,
) -> str:
    """Propose a role for somebody 提名授权 → the proposal's id; a second security administrator agrees to it."""
    told = _told(reason)
    with work:
        user = _user(work, id=user_id)
        accounts.require_may_administer(actor, _identities(user), work.today)
        place = work.get(people.organisation, id=organisation_id)
        _require_fits(work, user, role, place)
        waiting = {"user_id": user_id, "role": role, "organisation_id": organisation_id}
        open_ = work.all(identity.role_proposal, user_id=user_id, role=role, status="proposed")
        if any(one["organisation_id"] == organisation_id for one in open_):
            raise Conflict("同样的授权已在等待复核。")
        proposal_id = str(uuid7())
        row = {
            "id": proposal_id,
            "status": "proposed",
            **waiting,
            "valid_from": work.today,
            "valid_to": valid_to,
        }
        by = {"proposed_by": actor.user_id, "proposed_at": work.now}
        work.insert(identity.role_proposal, row | by)
        sealed = _sealed(work, proposal_id, told)
        facts = {"proposal_id": proposal_id, "role": role, "organisation": place["code"], "fields": sealed}
        _commit(work, actor, events.RoleProposed, user_id, facts)
    return proposal_id


def settle(work: Work, actor: Actor, *, proposal_id: str, agreed: bool) -> None:
    """Agree to a proposed role, or not 复核授权; never by whoever proposed it or by the receiver."""
    with work:
        row = work.one(identity.role_proposal, id=proposal_id, lock=True)
        if row is None or row["status"] != "proposed":
            raise Conflict("该项授权已经复核或不存在，请刷新。")
        user, first = _user(work, id=row["user_id"]), _user(work, id=row["proposed_by"])
        accounts.require_may_administer(actor, _identities(user), work.today)
        access.require_second_person(actor, _identities(first))
        status = "agreed" if agreed else "refused"
        values = {"status": status, "settled_by": actor.user_id, "settled_at": work.now}
        work.update(identity.role_proposal, {"id": proposal_id}, values)
        facts = {"proposal_id": proposal_id, "role": row["role"], "proposed_by": row["proposed_by"]}
        if agreed:
            place = work.get(people.organisation, id=row["organisation_id"])
            _require_fits(work, user, row["role"], place)
            facts["grant_id"] = _insert(
                work, row["user_id"], row["role"], place["id"], work.today, row["valid_to"]
            )
        kind = events.RoleGranted if agreed else events.RoleRefused
        _commit(work, actor, kind, row["user_id"], facts)


def revoke(work: Work, *, grant_id: str, reason: str, actor: Actor | None = None, operator: str = "") -> None:
    """Take a role back 收回, from today on; one person may, as it only takes away. Tasks held by it are freed."""
    told = _told(reason)
    with work:
        row = work.one(identity.role_grant, id=grant_id)
        if row is None or (row["valid_to"] is not None and row["valid_to"] < work.today):
            raise NotFound("没有找到该项授权，或已经收回。")
        user = _user(work, id=row["user_id"])
        if actor is not None:
            accounts.require_may_administer(actor, _identities(user), work.today)
        yesterday = date.fromordinal(work.today.toordinal() - 1)
        work.update(identity.role_grant, {"id": grant_id}, {"valid_to": yesterday})
        freed = relieving.without_role(work, user)
        sealed = _sealed(work, grant_id, told)
        facts = {"grant_id": grant_id, "role": row["role"], "released": freed, "fields": sealed}
        by = {"operator": operator[:80]} if operator else {}
        _commit(work, actor or system_actor(TERMINAL), events.RoleRevoked, user["id"], facts | by)


def disable(work: Work, *, user_id: str, reason: str, actor: Actor | None = None, operator: str = "") -> None:
    """Disable an account 停用; whoever is signed in with it is out at once, what it held goes back to the group."""
    told = _told(reason)
    with work:
        user = _user(work, id=user_id)
        if actor is not None:
            accounts.require_may_administer(actor, _identities(user), work.today)
        if not user["active"]:
            raise Conflict("该账号已经停用。")
        work.update(USERS, {"id": user_id}, {"active": False, "fs_uniquifier": uuid4().hex})
        freed = relieving.everything(work, user_id)
        facts = {"user_id": user_id, "released": freed, "fields": _sealed(work, user_id, told)}
        by = {"operator": operator[:80]} if operator else {}
        _commit(work, actor or system_actor(TERMINAL), events.UserDisabled, user_id, facts | by)


def set_password(
    work: Work, *, user_id: str, password_hash: str, actor: Actor | None = None, operator: str = ""
) -> str:
    """Set the own password, or another's at the terminal 更改密码 → the new session key: every other session ends."""
    with work:
        if actor is not None and actor.user_id != user_id:
            raise NotAllowed("只能更改本人的密码。")
        user, key = _user(work, id=user_id), uuid4().hex
        work.update(USERS, {"id": user["id"]}, {"password": password_hash, "fs_uniquifier": key})
        by = {"operator": operator[:80]} if operator else {}
        _commit(
            work,
            actor or system_actor(TERMINAL),
            events.PasswordChanged,
            user["id"],
            {"user_id": user_id} | by,
        )
    return key


def user_id_of(work: Work, username: str) -> str:
    """The id behind a log-in name; NotFound when there is none."""
    with work:
        return str(_user(work, username=username)["id"])


def _user(work: Work, **where: str) -> Mapping[str, Any]:
    (name, value), *_ = where.items()
    found = work.one(USERS, username=value) if name == "username" else work.one(USERS, id=value)
    if found is None:
        raise NotFound("没有找到该账号。")
    return found


def _place(work: Work, code: str) -> Mapping[str, Any]:
    found = work.one(people.organisation, code=code)
    if found is None:
        raise NotFound(f"没有编码为“{code}”的机构，请先导入机构表。")
    return found


def _require_fits(work: Work, user: Mapping[str, Any], role: str, place: Mapping[str, Any]) -> None:
    rows = work.all(identity.role_grant, user_id=user["id"])
    now = [row for row in rows if row["valid_to"] is None or work.today <= row["valid_to"]]
    if any((row["role"], row["organisation_id"]) == (role, place["id"]) for row in now):
        raise Conflict("该账号已有这项授权。")
    accounts.require_may_hold([row["role"] for row in now], role, place["kind"])


def _insert(
    work: Work, user_id: str, role: str, organisation_id: str, since: date, valid_to: date | None
) -> str:
    if valid_to is not None and valid_to < since:
        raise Invalid({"valid_to": "截止日期早于今天。"})
    row = {
        "id": str(uuid7()),
        "user_id": user_id,
        "role": role,
        "organisation_id": organisation_id,
        "valid_from": since,
        "valid_to": valid_to,
    }
    work.insert(identity.role_grant, row)
    return str(row["id"])


def _identities(user: Mapping[str, Any]) -> list[str]:
    return [user["id"], *([user["person_id"]] if user["person_id"] else [])]


def _told(reason: str) -> str:
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def _sealed(work: Work, owner_id: str, told: str) -> list[dict[str, str]]:
    return sealing.seal_values(work, {"reason": told}, case_id=None, owner_kind="account", owner_id=owner_id)


def _commit(
    work: Work, actor: Actor, kind: type[events.Event], user_id: str, facts: Mapping[str, Any]
) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, stream=f"user:{user_id}", facts=facts))
