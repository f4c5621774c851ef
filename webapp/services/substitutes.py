"""Verbs on substitutes 代理: named by oneself for a time and a reason, ended by hand or by the date.

Nobody names a substitute for somebody else, no administrator either; what a substitute holds goes back when it ends.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events, substitutes
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.persistence.models import identity
from webapp.services import relieving, sealing
from webapp.services.identity import USERS, actor_of
from webapp.services.office import Work

OWNER = "substitution"
LONGEST_REASON = 200


def name(
    work: Work,
    actor: Actor,
    *,
    substitute_id: str,
    role: str,
    organisation_id: str,
    valid_from: date,
    valid_to: date,
    reason: str,
) -> str:
    """Name a colleague of one's own organisation as substitute 委托代理 → the substitution's id."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明委托代理的理由，不超过{LONGEST_REASON}字。"})
    with work:
        if not actor.holds(role, organisation_id, work.today):
            raise NotAllowed("只能委托他人代理您本人担任的岗位，代理他人的岗位不能再委托。")
        substitutes.require_may_stand_in(role)
        substitutes.require_period(valid_from, valid_to, work.today)
        _require_colleague(work, actor, substitute_id, organisation_id)
        _require_none_yet(work, actor.user_id, role, organisation_id, valid_from, valid_to)
        substitution_id = str(uuid7())
        row = {
            "id": substitution_id, "principal_id": actor.user_id, "substitute_id": substitute_id, "role": role,
            "organisation_id": organisation_id, "valid_from": valid_from, "valid_to": valid_to, "named_at": work.now,
        }  # fmt: skip
        work.insert(identity.substitution, row)
        sealed = sealing.seal_values(
            work, {"reason": told}, case_id=None, owner_kind=OWNER, owner_id=substitution_id
        )
        _commit(work, actor, events.SubstituteNamed, {**_told(row), "fields": sealed}, row)
    return substitution_id


def end(work: Work, actor: Actor, *, substitution_id: str) -> None:
    """End it at once 结束代理, by either of the two; tasks claimed under it go back to the group."""
    with work:
        row = work.one(identity.substitution, id=substitution_id, lock=True)
        if row is None or actor.user_id not in (row["principal_id"], row["substitute_id"]):
            raise NotFound("没有找到该项代理。")
        if row["ended_at"] is not None or row["valid_to"] < work.today:
            raise Conflict("该项代理已经结束。")
        work.update(identity.substitution, {"id": substitution_id}, {"ended_at": work.now})
        freed = relieving.without_role(work, work.get(USERS, id=row["substitute_id"]))
        _commit(work, actor, events.SubstitutionEnded, {**_told(row), "released": freed}, row)


def _require_colleague(work: Work, actor: Actor, substitute_id: str, organisation_id: str) -> None:
    """An active colleague in a section of the same organisation, another person than oneself."""
    user = work.one(USERS, id=substitute_id)
    if user is None or not user["active"] or user["person_id"] is None:
        raise Invalid({"substitute": "请选择一名在用账号的同志。"})
    colleague = actor_of(work, substitute_id)
    if colleague.identity == actor.identity:
        raise Invalid({"substitute": "请选择另一名同志代理。"})
    desks = {
        one.organisation_id
        for one in colleague.grants_on(work.today)
        if one.role in substitutes.SUBSTITUTABLE
    }
    if organisation_id not in desks:
        raise Invalid({"substitute": "代理人应是同一单位的科室工作人员，请另选。"})


def _require_none_yet(
    work: Work, user_id: str, role: str, organisation_id: str, first: date, last: date
) -> None:
    rows = work.all(
        identity.substitution, principal_id=user_id, role=role, organisation_id=organisation_id, ended_at=None
    )
    if any(row["valid_from"] <= last and first <= row["valid_to"] for row in rows):
        raise Conflict("该岗位在这段时间已委托代理；需要换人的，先结束原来的代理。")


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("principal_id", "substitute_id", "role")
    days = {name: row[name].isoformat() for name in ("valid_from", "valid_to")}
    return {"substitution_id": row["id"], **{name: row[name] for name in names}, **days}


def _commit(
    work: Work, actor: Actor, kind: type[events.Event], facts: Mapping[str, Any], row: Mapping[str, Any]
) -> None:
    """On the records of both: whoever is asked to stand in finds it in the own."""
    both = [
        kind(actor=actor, effective_at=work.now, stream=f"user:{row[name]}", facts=facts)
        for name in ("principal_id", "substitute_id")
    ]
    work.commit(*both)
