"""Policy values 规则参数 and calendars 工作日历: in force, to come, before; and what waits for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from webapp.domain import calendar_years
from webapp.domain.access import Actor
from webapp.domain.policies import FIXED, POLICIES, Policy, policy
from webapp.domain.workdays import local_date, start_of_day
from webapp.persistence.models import administration as tables
from webapp.persistence.models import cases, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres
from webapp.queries.parts import Problem

VIEWING = frozenset(
    {"security_admin", "cadre_supervision", "org_dept_head", "org_dept_deputy_head", "system_admin"}
)
PROPOSING = frozenset({"security_admin", "cadre_supervision"})
SETTLING = frozenset({"security_admin"})
WEEKDAYS = "一二三四五六日"
MOST_YEARS = 12
# What is typed to propose a value; shown again after a refusal.
FIELDS = ("key", "value", "valid_from", "document", "reason")
# By proposal: the reason, unsealed by the caller.
Told = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One dated value: what, since when, on what paper, confirmed by whom."""

    words: str
    valid_from: date | None
    document: str
    confirmed_by: str
    state: str


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy with the value in force, and the dated ones, newest first."""

    policy: Policy
    words: str
    values: tuple[ValueLine, ...]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year's calendar: its source and how many days differ from Monday to Friday."""

    year: int
    source: str
    free: int
    worked: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits for a second person."""

    id: str
    title: str
    before: str
    after: str
    valid_from: date | None
    document: str
    reason: str
    proposed_by: str
    proposed_on: date
    days: tuple[str, ...]
    fixed_deadlines: int
    may_settle: bool


@dataclass(frozen=True, slots=True)
class RulesView:
    """The page of policy values and calendars."""

    policies: tuple[PolicyLine, ...]
    fixed: tuple[tuple[str, str], ...]
    years: tuple[YearLine, ...]
    missing: tuple[int, ...]
    proposals: tuple[Proposal, ...]
    may_propose: bool
    problems: tuple[Problem, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A year's notice as read, before it is proposed."""

    year: str
    text: str
    document: str
    reason: str
    days: tuple[str, ...]
    problems: tuple[Problem, ...]
    ready: bool
    festivals: str = "、".join(calendar_years.FESTIVALS)


def show(
    reads: Reads,
    actor: Actor,
    day: date,
    told: Told,
    problems: tuple[Problem, ...] = (),
    values: Mapping[str, str] | None = None,
) -> RulesView:
    """Everything on one page."""
    years = _years(reads)
    return RulesView(
        policies=_policies(reads, day),
        fixed=FIXED,
        years=years,
        missing=calendar_years.missing_years([one.year for one in years], day),
        proposals=_proposals(reads, actor, day, told),
        may_propose=bool(actor.roles_on(day) & PROPOSING),
        problems=problems,
        typed=dict.fromkeys(FIELDS, "") | dict(values or {}),
    )


def missing(reads: Reads, day: date) -> tuple[int, ...]:
    """The years whose holiday notice should be on file and is not."""
    return calendar_years.missing_years([row["year"] for row in reads.all(tables.calendar_year)], day)


def waiting(reads: Reads) -> list[Row]:
    """What waits, oldest first."""
    return reads.all(tables.rule_proposal, status="proposed", order=("proposed_at", "id"))


def _policies(reads: Reads, day: date) -> tuple[PolicyLine, ...]:
    rows = reads.all(tables.policy_value, order=("-valid_from",))
    names = cadres.names(reads, [row["set_by"] for row in rows])
    found = []
    for one in POLICIES:
        dated = [row for row in rows if row["key"] == one.code]
        current = next((row for row in dated if row["valid_from"] <= day), None)
        lines = tuple(_value(one, row, current, day, names) for row in dated)
        words = one.words(current["value"] if current else one.default)
        found.append(PolicyLine(one, words, lines))
    return tuple(found)


def _value(one: Policy, row: Row, current: Row | None, day: date, names: Mapping[str, str]) -> ValueLine:
    state = "尚未生效" if row["valid_from"] > day else "正在适用" if row is current else "已被替代"
    by = names.get(row["set_by"] or "", "")
    return ValueLine(one.words(row["value"]), row["valid_from"], row["basis"] or "", by, state)


def _years(reads: Reads) -> tuple[YearLine, ...]:
    days = reads.all(tables.calendar_day)
    rows = reads.all(tables.calendar_year, order=("-year",), limit=MOST_YEARS)
    return tuple(
        YearLine(
            row["year"],
            row["source"],
            sum(one["day"].year == row["year"] and not one["is_workday"] for one in days),
            sum(one["day"].year == row["year"] and one["is_workday"] for one in days),
        )
        for row in rows
    )


def _proposals(reads: Reads, actor: Actor, day: date, told: Told) -> tuple[Proposal, ...]:
    rows = waiting(reads)
    names = cadres.names(reads, [row["proposed_by"] for row in rows])
    settles = bool(actor.roles_on(day) & SETTLING)
    return tuple(
        _proposal(reads, row, names, told.get(row["id"], {}), settles and row["proposed_by"] != actor.user_id)
        for row in rows
    )


def _proposal(
    reads: Reads, row: Row, names: Mapping[str, str], said: Mapping[str, object], may_settle: bool
) -> Proposal:
    is_value = row["kind"] == "policy"
    known = policy(row["key"]) if is_value else None
    before = row["before"]
    changes = "" if is_value else f"比现有的多休{before['freed']}天、多上班{before['worked']}天"
    return Proposal(
        id=row["id"],
        title=known.zh if known else f"{row['key']}年工作日历",
        before=known.words(before) if known else "",
        after=known.words(row["value"]) if known else changes,
        valid_from=row["valid_from"],
        document=row["document"],
        reason=str(said.get("reason") or ""),
        proposed_by=names.get(row["proposed_by"], ""),
        proposed_on=local_date(row["proposed_at"]),
        days=() if known else tuple(words_of(date.fromisoformat(d), w, n) for d, w, n in row["value"]),
        fixed_deadlines=0 if known else _fixed_in(reads, int(row["key"])),
        may_settle=may_settle,
    )


def words_of(day: date, worked: bool, note: str) -> str:
    """``2027年10月1日（周五）休，国庆节``."""
    kind = "班" if worked else "休"
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）{kind}{f'，{note}' if note else ''}"


def _fixed_in(reads: Reads, year: int) -> int:
    """Open deadlines that lie in the year and stay where they are."""
    item, notice = runtime.work_item, cases.publicity
    first, last = _year(year)
    due = select(func.count().label("n")).where(
        item.c.status == "open", item.c.due_at >= first, item.c.due_at < last
    )
    shown = select(func.count().label("n")).where(
        notice.c.status == "open",
        notice.c.ends_on >= date(year, 1, 1),
        notice.c.ends_on <= date(year, 12, 31),
    )
    return sum(row["n"] for query in (due, shown) if (row := reads.fetch(query)) is not None)


def _year(year: int) -> tuple[datetime, datetime]:
    return start_of_day(date(year, 1, 1)), start_of_day(date(year + 1, 1, 1))
