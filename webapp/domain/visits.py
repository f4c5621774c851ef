"""Return visits 回访: when they fall due, what is overdue, what a record needs.

The months and days come as rows of decision table D5; here they become dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from webapp.domain.errors import Invalid, Reason
from webapp.domain.workdays import add_months, zh_date

VisitKind = Literal["first", "periodic", "pre_expiry", "restoration", "special"]
Grade = Literal["good", "fair", "poor"]
TrackingClass = Literal["A", "B", "C"]

KINDS_ZH: dict[VisitKind, str] = {
    "first": "首次回访",
    "periodic": "定期回访",
    "pre_expiry": "影响期满前回访",
    "restoration": "恢复权利时回访",
    "special": "专项回访",
}
GRADES_ZH: dict[Grade, str] = {"good": "好", "fair": "一般", "poor": "较差"}
CLASSES_ZH: dict[TrackingClass, str] = {"A": "一般联系", "B": "重点联系", "C": "专项联系"}
# Periodic visits nearer than this to another are one visit, not two.
MERGE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Frequency:
    """One row of D5 回访频次: months and days as the decision table gave them."""

    first_within_months: int
    every_months: int
    before_expiry_days: int
    at_restoration: bool = False
    immediate: bool = False


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """Caps 回访次数: at most so many formal visits a year unless class C, at least so many a year."""

    most_a_year: int = 2
    least_a_year: int = 1
    least_visitors: int = 2


DEFAULT_POLICY = VisitPolicy()


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit falling due 应回访日."""

    kind: VisitKind
    due_on: date


def schedule(
    frequency: Frequency,
    starts_on: date,
    ends_on: date | None,
    *,
    tracking_class: TrackingClass = "A",
    restored_on: date | None = None,
    horizon: date | None = None,
    policy: VisitPolicy = DEFAULT_POLICY,
) -> tuple[PlannedVisit, ...]:
    """All visits of one period, in order of day.

    ``ends_on`` None (未定) plans up to ``horizon`` without a pre-expiry visit; Invalid without a horizon.
    Every day is counted from the start, so quarterly visits from a 31st do not drift.
    """
    until = ends_on or horizon
    if until is None or frequency.every_months < 1:
        raise Invalid({"horizon": "影响期截止日未定时，须给出排到哪一天；间隔至少1个月。"})
    fixed = _fixed(frequency, starts_on, ends_on, until, restored_on)
    periodic = _periodic(frequency, starts_on, until, fixed)
    if tracking_class != "C":
        periodic = _capped(fixed, periodic, starts_on, policy.most_a_year)
    planned = _with_floor(fixed + periodic, starts_on, until, policy.least_a_year)
    return tuple(sorted(planned, key=lambda visit: (visit.due_on, visit.kind)))


def _fixed(
    frequency: Frequency, starts_on: date, ends_on: date | None, until: date, restored_on: date | None
) -> list[PlannedVisit]:
    first_on = starts_on if frequency.immediate else add_months(starts_on, frequency.first_within_months)
    fixed = [PlannedVisit("first", min(first_on, until))]
    if restored_on is not None and frequency.at_restoration:
        fixed.append(PlannedVisit("restoration", restored_on))
    if ends_on is not None:
        due_on = ends_on - timedelta(days=frequency.before_expiry_days)
        if due_on > fixed[0].due_on:
            fixed.append(PlannedVisit("pre_expiry", due_on))
    return fixed


def _periodic(
    frequency: Frequency, starts_on: date, until: date, fixed: Sequence[PlannedVisit]
) -> list[PlannedVisit]:
    found: list[PlannedVisit] = []
    months = (0 if frequency.immediate else frequency.first_within_months) + frequency.every_months
    while (due_on := add_months(starts_on, months)) <= until:
        if all(abs((due_on - other.due_on).days) >= MERGE_DAYS for other in fixed):
            found.append(PlannedVisit("periodic", due_on))
        months += frequency.every_months
    return found


def _year_of(day: date, starts_on: date) -> int:
    years = day.year - starts_on.year
    return years - (day < add_months(starts_on, 12 * years)) if years else 0


def _capped(
    fixed: Sequence[PlannedVisit], periodic: Sequence[PlannedVisit], starts_on: date, most: int
) -> list[PlannedVisit]:
    room: dict[int, int] = {}
    for visit in fixed:
        year = _year_of(visit.due_on, starts_on)
        room[year] = room.get(year, most) - 1
    kept: list[PlannedVisit] = []
    for visit in periodic:
        year = _year_of(visit.due_on, starts_on)
        if room.setdefault(year, most) > 0:
            room[year] -= 1
            kept.append(visit)
    return kept


def _with_floor(
    visits: Sequence[PlannedVisit], starts_on: date, until: date, least: int
) -> list[PlannedVisit]:
    planned = list(visits)
    year = 0
    while (year_ends := add_months(starts_on, 12 * (year + 1))) <= until:
        held = sum(_year_of(visit.due_on, starts_on) == year for visit in planned)
        for number in range(held, least):
            planned.append(
                PlannedVisit("periodic", year_ends - timedelta(days=MERGE_DAYS * (least - number)))
            )
        year += 1
    return planned


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """What F16 looks at in a 回访记录: who visited and signed (person ids), grade, evidence, signature."""

    held_on: date
    visitors: tuple[str, ...]
    signed_by: frozenset[str]
    grade: str
    has_evidence: bool
    subject_person_id: str
    subject_signed: bool
    refusal_noted: bool = False
    mentor_person_id: str | None = None
    relatives: frozenset[str] = frozenset()
    handlers_to_avoid: frozenset[str] = frozenset()
    not_before: date | None = None


def reasons_against_filing(
    record: VisitRecord, today: date, policy: VisitPolicy = DEFAULT_POLICY
) -> list[Reason]:
    """Everything that keeps a visit record from being filed (F05, F16)."""
    visitors = set(record.visitors)
    reasons: list[Reason] = []
    if len(visitors) < policy.least_visitors:
        reasons.append(
            Reason("VISITORS", f"回访人不得少于{policy.least_visitors}人，现为{len(visitors)}人。", "F16")
        )
    if visitors - record.signed_by:
        reasons.append(Reason("VISITORS_UNSIGNED", "每名回访人都须本人签名后方可归档。", "F16"))
    if record.grade not in GRADES_ZH:
        reasons.append(Reason("GRADE", "请填写评价（好、一般、较差）。", "F16"))
    if not record.has_evidence:
        reasons.append(Reason("EVIDENCE", "请填写评价依据，写明看到、听到的具体情况。", "F16"))
    if not record.subject_signed and not record.refusal_noted:
        reasons.append(Reason("SUBJECT_SIGNATURE", "本人未核对签字的，请写明原因和见证人。"))
    if sentence := against_day(record.held_on, record.not_before, today):
        reasons.append(Reason("HELD_ON", sentence))
    return reasons + _unfit_visitors(record, visitors)


def against_day(held_on: date, not_before: date | None, today: date) -> str:
    """Why a visit cannot have been held on the day, '' when it can.

    ``not_before``: the day the plan was opened and the talk recorded, or of the visit that went before.
    """
    if held_on > today:
        return f"回访日期{zh_date(held_on)}晚于今天，请核对。"
    if not_before is not None and held_on < not_before:
        since = f"{zh_date(not_before)}（方案建立、谈话或者前一次回访之日）"
        return f"回访日期{zh_date(held_on)}早于{since}，请核对。"
    return ""


def _unfit_visitors(record: VisitRecord, visitors: set[str]) -> list[Reason]:
    reasons: list[Reason] = []
    if visitors & (record.relatives | {record.subject_person_id}):
        reasons.append(Reason("VISITOR_RECUSAL", "本人及其亲属不能担任回访人，请更换。", "F05"))
    if record.mentor_person_id is not None and visitors == {record.mentor_person_id}:
        reasons.append(Reason("MENTOR_ALONE", "帮带责任人（联系人）不能单独作出评价。"))
    if visitors & record.handlers_to_avoid:
        reasons.append(Reason("VISITOR_HANDLED", "申诉办理期间，请由未经办原案的人员回访。"))
    return reasons
