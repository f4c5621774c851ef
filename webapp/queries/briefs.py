"""A case summed up 卷宗摘要 for the pages that show one beside something else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, select

from webapp.domain.impact import BARS_ZH, ImpactPeriod
from webapp.domain.measures import MEASURES, TRACKS
from webapp.domain.workdays import local_date, zh_date
from webapp.persistence import counting
from webapp.persistence.models import cases, people, tracking
from webapp.persistence.unit_of_work import Reads
from webapp.queries import ribbon
from webapp.queries.measure_words import note_of
from webapp.queries.parts import MeasureLine, Period, PersonRef, StageMark

MATTERS = {"up_down": "推进领导干部能上能下", "sanction": "处理处分后的跟踪与使用"}
MEASURES_ZH = {(one.track, one.code): one.zh for one in MEASURES}
RULES_ZH = {"end_day_barred": "届满日当日仍受限制", "end_day_free": "届满日当日不再受限制"}
CLASSES_ZH = {"A": "一般联系", "B": "重点联系", "C": "专项联系"}


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """A case as a task page sums it up."""

    id: str
    case_no: str
    matter: str
    subject: PersonRef | None
    managed_by: str
    unit: str
    opened_on: date
    ribbon: tuple[StageMark, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment 备注."""

    id: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A legal basis 依据."""

    name: str
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step that may come next."""

    name: str
    who: str
    condition: str


def case_row(reads: Reads, case_id: str) -> Mapping[str, Any] | None:
    """A case with the names of its cadre, committee and unit, in one statement."""
    return reads.fetch(_case_query().where(cases.case_file.c.id == case_id))


def _case_query() -> Select[Any]:
    case, cadre = cases.case_file, people.cadre
    committee, unit = people.organisation.alias("committee"), people.organisation.alias("unit")
    source = (
        case.join(people.person, people.person.c.id == case.c.person_id)
        .join(committee, committee.c.id == case.c.committee_id)
        .join(unit, unit.c.id == case.c.unit_id)
        .outerjoin(cadre, and_(cadre.c.person_id == case.c.person_id, cadre.c.valid_to.is_(None)))
    )
    names = [
        people.person.c.name.label("subject"),
        committee.c.name.label("committee"),
        unit.c.name.label("unit"),
        cadre.c.title,
    ]
    return select(*case.c, *names).select_from(source)


def brief(reads: Reads, row: Mapping[str, Any]) -> CaseBrief:
    """The summary of a case row."""
    subject = PersonRef(row["person_id"], row["subject"], row["title"] or "")
    marks = ribbon.of_cases(reads, [row])[row["id"]]
    return CaseBrief(
        id=row["id"],
        case_no=row["number"],
        matter=MATTERS.get(row["origin"], ""),
        subject=subject,
        managed_by=row["committee"],
        unit=row["unit"],
        opened_on=local_date(row["opened_at"]),
        ribbon=marks,
        facts=(("所在单位", row["unit"]), ("干部管理权限", row["committee"]), *facts(reads, row)),
    )


def facts(reads: Reads, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What one wants to know of a case at a glance."""
    measures = reads.all(cases.measure, case_id=row["id"], order=("decided_on",))
    found = [
        ("决定", f"{MEASURES_ZH[one['track'], one['kind']]}（{zh_date(one['decided_on'])}）")
        for one in measures
        if one["ended_by"] != "revoked"
    ]
    plan = reads.all(tracking.tracking_plan, person_id=row["person_id"], status="open", limit=1)
    if plan:
        found.append(("联系类别", CLASSES_ZH[plan[0]["tracking_class"]]))
        end = plan[0]["latest_end"]
        found.append(("影响期止", zh_date(end) if end else "未定"))
    if row["talked_on"]:
        found.append(("谈话日期", zh_date(row["talked_on"])))
    return tuple(found)


def measure_lines(reads: Reads, case_id: str) -> tuple[MeasureLine, ...]:
    """The measures of a case in words."""
    rows = reads.all(cases.measure, case_id=case_id, order=("decided_on", "id"))
    return tuple(
        MeasureLine(
            row["id"],
            MEASURES_ZH[row["track"], row["kind"]],
            TRACKS[row["track"]],
            row["decided_on"],
            row["effective_on"],
            row["organ"] or "",
            row["document_no"] or "",
            row["months_decided"],
            note_of(row),
        )
        for row in rows
    )


def period_lines(
    reads: Reads, today: date, *, told_of: str = "", known: Collection[str] = (), **where: Any
) -> tuple[Period, ...]:
    """Impact periods of a case or a person in words, with how they were counted.

    ``told_of``: the cadre whose measures not talked about yet move no day here, those of the ``known`` cases apart.
    """
    instead = counting.without_untold(reads, told_of, known=known) if told_of else {}
    measures = {row["id"]: row for row in reads.all(cases.measure, **where)}
    rows = reads.all(cases.impact_period, order=("starts_on", "bar"), **where)
    return tuple(
        _period(counting.as_counted(row, instead), measures[row["measure_id"]], today)
        for row in rows
        if row["measure_id"] in measures
    )


def periods_of_measure(reads: Reads, measure: Mapping[str, Any], today: date) -> list[Period]:
    """The impact periods of one measure in words."""
    rows = reads.all(cases.impact_period, measure_id=measure["id"], order=("starts_on", "bar"))
    return [_period(row, measure, today) for row in rows]


def _period(row: Mapping[str, Any], measure: Mapping[str, Any], today: date) -> Period:
    period = ImpactPeriod(row["bar"], row["starts_on"], row["ends_on"], "", row["rule"])
    state = "unsettled" if row["ends_on"] is None else "over" if period.is_over(today) else "running"
    state = "revoked" if measure["ended_by"] == "revoked" else state
    left = (row["ends_on"] - today).days if row["ends_on"] and state == "running" else None
    basis = f"{MEASURES_ZH[measure['track'], measure['kind']]}，{zh_date(measure['decided_on'])}决定"
    return Period(
        f"不得{BARS_ZH[period.bar]}", row["starts_on"], row["ends_on"], left, state, basis, _counted(row)
    )


def _counted(row: Mapping[str, Any]) -> tuple[str, ...]:
    start = f"自{zh_date(row['starts_on'])}（生效之日）起计"
    if row["ends_on"] is None:
        return (start, "截止日未定，须待后续决定（如恢复党员权利）后另行计算")
    months = f"{row['months']}个月，" if row["months"] else ""
    return (f"{start}{months}至{zh_date(row['ends_on'])}", "遇节假日不顺延；" + RULES_ZH.get(row["rule"], ""))
