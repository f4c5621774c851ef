"""The cadre's own matters 本人事项: what was told in the talk, never what was said about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from webapp.domain.appeals import Route
from webapp.domain.measures import TRACKS
from webapp.domain.workdays import Calendar
from webapp.persistence.models import cases, people, runtime, tracking
from webapp.persistence.unit_of_work import Reads
from webapp.queries import appeals
from webapp.queries.briefs import MEASURES_ZH, period_lines
from webapp.queries.parts import Period

CASE, VISIT, PLAN = cases.case_file, tracking.visit, tracking.tracking_plan
BASES = {
    "up_down": "《推进领导干部能上能下规定》",
    "handling": "《中国共产党组织处理规定（试行）》",
    "accountability": "《中国共产党问责条例》",
    "party": "《中国共产党纪律处分条例》",
    "admin": "《中华人民共和国公职人员政务处分法》",
}
FIRST_THIRD, SECOND_THIRD = 10, 20
ENDED_EARLY = frozenset({"terminated", "died", "retired", "left_service", "decision_revoked"})


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy 救济途径 open to the cadre; ``last_day`` None where there is no limit."""

    code: str
    name: str
    to: str
    last_day: date | None
    explanation: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was told to the cadre."""

    id: str
    kind: str
    track: str
    basis: str
    organ: str
    document_no: str
    # How a later decision ended it 已撤销、已结束, '' while it stands.
    ended: str
    decided_on: date
    effective_on: date
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """One told case: its decisions, its impact periods, when the talk was held."""

    case_id: str
    case_no: str
    talked_on: date
    decisions: tuple[Decision, ...]
    periods: tuple[Period, ...]
    appeals: tuple[appeals.AppealLine, ...]
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Help:
    """Who helps and when the next visit is about due; ``ended``: how tracking ended, '' while it runs."""

    care: bool
    mentor: str
    mentor_on: date | None
    next_visit: str
    ended: str
    ended_on: date | None


def told_cases(reads: Reads, person_id: str) -> Sequence[Mapping[str, Any]]:
    """The cases in which a talk was held with the person, newest first; no others exist for them."""
    query = select(*CASE.c, people.organisation.c.name.label("committee")).join(
        people.organisation, people.organisation.c.id == CASE.c.committee_id
    )
    told = query.where(CASE.c.person_id == person_id, CASE.c.talked_on.is_not(None))
    return reads.fetch_all(told.order_by(CASE.c.talked_on.desc(), CASE.c.id))


def of_case(reads: Reads, case_id: str, person_id: str) -> Mapping[str, Any] | None:
    """One case if it is the person's own and told, else None."""
    return next((row for row in told_cases(reads, person_id) if row["id"] == case_id), None)


def matters(
    reads: Reads,
    rows: Sequence[Mapping[str, Any]],
    calendar: Calendar,
    day: date,
) -> tuple[Matter, ...]:
    """What stands decided in told cases of one cadre, counted as the cadre knows it."""
    return tuple(
        Matter(
            case_id=row["id"],
            case_no=row["number"],
            talked_on=row["talked_on"],
            decisions=_decisions(reads, row, calendar, day),
            periods=tuple(
                replace(one, days_left=None)
                for one in period_lines(reads, day, told_of=row["person_id"], case_id=row["id"])
            ),
            appeals=appeals.lines(reads, told=True, case_id=row["id"]),
            confirmed_at=_confirmed_at(reads, row["id"]),
        )
        for row in rows
    )


def _confirmed_at(reads: Reads, case_id: str) -> datetime | None:
    receipt = reads.one(cases.own_receipt, case_id=case_id)
    return receipt["confirmed_at"] if receipt else None


def _decisions(reads: Reads, case: Mapping[str, Any], calendar: Calendar, day: date) -> tuple[Decision, ...]:
    told_on = case["told_on"] or case["talked_on"]
    rows = reads.all(cases.measure, case_id=case["id"], order=("decided_on", "id"))
    return tuple(
        Decision(
            id=row["id"],
            kind=MEASURES_ZH[row["track"], row["kind"]],
            track=TRACKS[row["track"]],
            basis=BASES.get(row["track"], ""),
            organ=row["organ"] or (case["committee"] if row["track"] == "up_down" else ""),
            document_no=row["document_no"] or "",
            ended={"revoked": "已撤销", "ended": "已结束"}.get(row["ended_by"] or "", ""),
            decided_on=row["decided_on"],
            effective_on=row["effective_on"],
            remedies=_remedies(appeals.routes(reads, row, told_on, calendar), day),
        )
        for row in rows
    )


def _remedies(found: Sequence[Route], day: date) -> tuple[Remedy, ...]:
    return tuple(
        Remedy(
            code=one.window.code,
            name=one.window.zh,
            to=one.window.to,
            last_day=one.deadline.on if one.deadline else None,
            explanation=one.deadline.explanation if one.deadline else "没有提出的期限。",
            is_open=one.is_open(day),
        )
        for one in found
    )


def help_for(reads: Reads, case_ids: Collection[str], day: date) -> Help | None:
    """Mentor and next visit of the newest plan that was released to the cadre, None before."""
    query = select(PLAN).where(PLAN.c.case_id.in_(sorted(case_ids)), PLAN.c.released_on.is_not(None))
    plan = reads.fetch(query.order_by(PLAN.c.opened_on.desc()).limit(1)) if case_ids else None
    if plan is None:
        return None
    mentor = reads.one(people.person, id=plan["mentor_id"]) if plan["mentor_id"] else None
    return Help(
        care=plan["care"] == "care",
        mentor=mentor["name"] if mentor else "",
        mentor_on=plan["mentor_on"],
        next_visit=_next_visit(reads, plan["id"], day) if plan["status"] == "open" else "",
        ended=_ended(plan),
        ended_on=plan["closed_on"],
    )


def _next_visit(reads: Reads, plan_id: str, day: date) -> str:
    query = select(VISIT.c.due_on).where(
        VISIT.c.plan_id == plan_id, VISIT.c.status.in_(("planned", "started"))
    )
    row = reads.fetch(query.order_by(VISIT.c.due_on).limit(1))
    return about(max(row["due_on"], day)) if row else ""


def about(day: date) -> str:
    """A day as a window of ten days 旬: the visitors agree on the day itself with the cadre."""
    third = "上" if day.day <= FIRST_THIRD else "中" if day.day <= SECOND_THIRD else "下"
    return f"{day.year}年{day.month}月{third}旬"


def _ended(plan: Mapping[str, Any]) -> str:
    if plan["status"] != "closed":
        return ""
    return "跟踪管理因故终止" if plan["conclusion"] in ENDED_EARLY else "跟踪管理已按期结束"


@dataclass(frozen=True, slots=True)
class ToSign:
    """A task that waits for the cadre's own signature."""

    task_id: str
    name: str


def to_sign(reads: Reads, case_ids: Collection[str], person_id: str) -> tuple[ToSign, ...]:
    """The cadre's own open tasks in told cases: they name nobody else."""
    item, candidate = runtime.work_item, runtime.work_candidate
    query = (
        select(item.c.id, item.c.name)
        .join(candidate, candidate.c.work_item_id == item.c.id)
        .where(
            item.c.case_id.in_(sorted(case_ids)),
            item.c.status == "open",
            item.c.withheld.is_(False),
            candidate.c.person_id == person_id,
        )
        .order_by(item.c.opened_at, item.c.id)
    )
    return tuple(ToSign(row["id"], row["name"]) for row in reads.fetch_all(query))
