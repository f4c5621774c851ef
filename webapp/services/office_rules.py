"""Policy values and the working-day calendar 规则参数、工作日历: one person proposes, another confirms.

A value counts for cases opened from its day on (F19); a calendar moves no deadline that has been fixed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, calendar_years, events, policies
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid
from webapp.persistence.models import administration as tables
from webapp.persistence.models import identity
from webapp.services import sealing
from webapp.services.office import Work

# Whoever keeps the rules' papers may propose; policy is confirmed by the security administrators.
PROPOSERS = ("security_admin", "cadre_supervision")
SETTLERS = ("security_admin",)
OWNER = "rule_proposal"
POLICY, CALENDAR = "policy", "calendar"
LONGEST_REASON = 200


def propose_value(
    work: Work, actor: Actor, *, key: str, value: str, valid_from: date, document: str, reason: str
) -> str:
    """Propose a policy value 提出规则参数 → the proposal's id."""
    with work:
        access.require_role(actor, *PROPOSERS, day=work.today)
        wanted = policies.value_of(key, value)
        rows = work.all(tables.policy_value, key=key, order=("valid_from",))
        policies.require_from(valid_from, work.today, [row["valid_from"] for row in rows])
        before = _in_force(rows, valid_from, policies.policy(key).default)
        if before == wanted:
            raise Invalid({"value": "与该日起本已适用的值相同，不需要设定。"})
        asked = {"kind": POLICY, "key": key, "value": wanted, "before": before, "valid_from": valid_from}
        return _propose(work, actor, asked, document, reason)


def propose_calendar(work: Work, actor: Actor, *, year: int, text: str, document: str, reason: str) -> str:
    """Propose the calendar of a year 提出年度工作日历 → the proposal's id; Invalid while the text has problems."""
    with work:
        access.require_role(actor, *PROPOSERS, day=work.today)
        notice = require_readable(text, year)
        value = [[one.day.isoformat(), one.is_workday, one.note] for one in notice.exceptions]
        freed, worked = calendar_years.differences(_stored(work, year), notice.days)
        if not freed and not worked and work.one(tables.calendar_year, year=year):
            raise Invalid({"text": f"与{year}年现有的工作日历相同，不需要更改。"})
        before = {"freed": freed, "worked": worked}
        asked = {"kind": CALENDAR, "key": str(year), "value": value, "before": before, "valid_from": None}
        return _propose(work, actor, asked, document, reason)


def require_readable(text: str, year: int) -> calendar_years.Notice:
    """The notice as read; Invalid with everything that is wrong with it."""
    if year not in calendar_years.YEARS:
        raise Invalid({"year": "请填写四位数的年份。"})
    notice = calendar_years.read(text, year)
    if notice.problems:
        raise Invalid({"text": "".join(notice.problems)})
    return notice


def settle(work: Work, actor: Actor, *, proposal_id: str, agreed: bool) -> None:
    """Confirm what was proposed, or not 复核; never by whoever proposed it."""
    with work:
        row = work.one(tables.rule_proposal, id=proposal_id, lock=True)
        if row is None or row["status"] != "proposed":
            raise Conflict("该项已经复核或者不存在，请刷新。")
        access.require_role(actor, *SETTLERS, day=work.today)
        first = work.get(identity.User.__table__, id=row["proposed_by"])
        access.require_second_person(actor, [one for one in (first["id"], first["person_id"]) if one])
        status = "agreed" if agreed else "refused"
        values = {"status": status, "settled_by": actor.user_id, "settled_at": work.now}
        work.update(tables.rule_proposal, {"id": proposal_id}, values)
        if agreed:
            (_set_value if row["kind"] == POLICY else _set_year)(work, actor, row)
        _commit(work, actor, _settled(row["kind"], agreed), {**_told(row), "proposed_by": row["proposed_by"]})


def _settled(kind: str, agreed: bool) -> type[events.Event]:
    if not agreed:
        return events.PolicyRefused
    return events.PolicyChanged if kind == POLICY else events.CalendarChanged


def _set_value(work: Work, actor: Actor, row: Mapping[str, Any]) -> None:
    taken = [one["valid_from"] for one in work.all(tables.policy_value, key=row["key"])]
    policies.require_from(row["valid_from"], work.today, taken)
    value = {"key": row["key"], "valid_from": row["valid_from"], "value": row["value"]}
    work.insert(tables.policy_value, {**value, "basis": row["document"], "set_by": actor.user_id})


def _set_year(work: Work, _actor: Actor, row: Mapping[str, Any]) -> None:
    year = int(row["key"])
    standing = sorted(_stored(work, year))
    if standing:
        work.delete(tables.calendar_day, {"day": standing})
    days = [
        {"day": date.fromisoformat(day), "is_workday": worked, "note": note}
        for day, worked, note in row["value"]
    ]
    if days:
        work.insert(tables.calendar_day, days)
    work.put(tables.calendar_year, {"year": year, "source": row["document"][:80]})


def _stored(work: Work, year: int) -> dict[date, bool]:
    rows = work.all(tables.calendar_day)
    return {row["day"]: row["is_workday"] for row in rows if row["day"].year == year}


def _in_force(rows: list[Mapping[str, Any]], day: date, default: policies.Value) -> object:
    return next((row["value"] for row in reversed(rows) if row["valid_from"] <= day), default)


def _propose(work: Work, actor: Actor, asked: Mapping[str, Any], document: str, reason: str) -> str:
    paper, told = policies.require_document(document), reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    if work.one(tables.rule_proposal, kind=asked["kind"], key=asked["key"], status="proposed"):
        raise Conflict("同一事项已有一项等待复核，请先复核。")
    proposal_id = str(uuid7())
    by = {"status": "proposed", "proposed_by": actor.user_id, "proposed_at": work.now}
    row = {"id": proposal_id, **asked, "document": paper, **by}
    work.insert(tables.rule_proposal, row)
    sealed = sealing.seal_values(work, {"reason": told}, case_id=None, owner_kind=OWNER, owner_id=proposal_id)
    _commit(work, actor, events.PolicyProposed, {**_told(row), "fields": sealed})
    return proposal_id


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What stood before and what stands after, for the history."""
    base = {"proposal_id": row["id"], "document": row["document"]}
    if row["kind"] == CALENDAR:
        return {**base, "years": row["key"], "days": len(row["value"]), **row["before"]}
    since = row["valid_from"].isoformat()
    return {**base, "policy": row["key"], "before": row["before"], "after": row["value"], "valid_from": since}


def _commit(work: Work, actor: Actor, kind: type[events.Event], facts: Mapping[str, Any]) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, facts=facts))
