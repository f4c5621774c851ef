"""One cadre's file 干部信息页: master data, and of the cases what the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from webapp.domain.access import Actor
from webapp.domain.people import APPRAISALS_ZH, age_on
from webapp.domain.roles import role
from webapp.domain.workdays import local_date
from webapp.persistence.models import cases, people
from webapp.persistence.unit_of_work import Reads
from webapp.queries import ribbon
from webapp.queries.briefs import MATTERS, period_lines
from webapp.queries.cases import CaseRow
from webapp.queries.parts import Period
from webapp.queries.people import SAMPLE_MARK, month_day, require_visible
from webapp.queries.visibility import visible_cases

CASE = cases.case_file
MANNERS = {
    "appointed": "任命",
    "elected": "选举",
    "imported": "导入登记",
    "probation": "任命（试用期）",
    "reinstatement": "重新任用",
    "lateral_transfer": "平职调整",
    "moved_from_post": "调离岗位",
    "convert_to_rank_only": "转任职级公务员",
    "relieve_of_post": "免职",
    "demotion": "降职",
}
STARTING = RECORDING = ("cadre_section", "cadre_supervision")
REGISTERING = {"org_dept": STARTING, "discipline": ("handling_dept", "trial_dept", "case_mgmt")}


@dataclass(frozen=True, slots=True)
class Appointment:
    """One post held 任职."""

    post: str
    unit: str
    rank: str
    starts_on: date
    ends_on: date | None
    manner: str


@dataclass(frozen=True, slots=True)
class PersonFile:
    """What is on file of a cadre. ``sees_all``: nothing of the cadre is hidden, so 任职限制核查 may be shown."""

    id: str
    name: str
    sex: str
    born_on: date | None
    age: int | None
    nation: str
    party: str
    post: str
    unit: str
    rank: str
    managed_by: str
    appointments: tuple[Appointment, ...]
    appraisals: tuple[tuple[str, str], ...]
    cases: tuple[CaseRow, ...]
    periods: tuple[Period, ...]
    own_file: bool
    sees_all: bool
    may: frozenset[str]


def show(reads: Reads, actor: Actor, person_id: str, *, today: date) -> PersonFile:
    """The file of a person. NotFound for whom the actor may not see.

    On the own file 本人页 stands what was told in the talk: no cases, no counting down, no plans.
    """
    cadre = require_visible(reads, actor, person_id, today=today)
    is_own = actor.person_id == person_id
    person = reads.get(people.person, id=person_id)
    born_on = month_day(person["birth_month"])
    rows = _case_rows(reads, actor, person_id, today, is_own)
    ids = [row["id"] for row in rows]
    periods = period_lines(reads, today, told_of=person_id, known=ids, case_id=ids) if rows else ()
    return PersonFile(
        id=person_id,
        name=person["name"],
        sex=person["sex"] or "",
        born_on=born_on,
        age=age_on(born_on, today) if born_on else None,
        nation=person["nation"] or "",
        party=person["party"] or "",
        post=cadre["title"],
        unit=_name(reads, cadre["unit_id"]),
        rank=cadre["rank"],
        managed_by=_name(reads, cadre["committee_id"]),
        appointments=_appointments(reads, person_id),
        appraisals=_appraisals(reads, person_id),
        cases=() if is_own else _lines(reads, rows, person["name"], cadre["title"]),
        periods=tuple(replace(one, days_left=None) for one in periods) if is_own else periods,
        own_file=is_own,
        sees_all=not is_own and _sees_all(reads, actor, person_id, today, len(rows)),
        may=frozenset() if is_own else _may(reads, actor, cadre, today),
    )


def _case_rows(
    reads: Reads, actor: Actor, person_id: str, day: date, is_own: bool
) -> list[Mapping[str, Any]]:
    seen = CASE.c.talked_on.is_not(None) if is_own else visible_cases(actor, day)
    query = (
        select(*CASE.c)
        .where(CASE.c.person_id == person_id, seen)
        .order_by(CASE.c.opened_at.desc(), CASE.c.id)
    )
    return list(reads.fetch_all(query))


def may_check(reads: Reads, actor: Actor, person_id: str, *, today: date) -> bool:
    """Whether 任职限制核查 of a cadre may be shown to the actor: never the own, and nothing of it hidden."""
    if actor.person_id == person_id:
        return False
    return _sees_all(
        reads, actor, person_id, today, len(_case_rows(reads, actor, person_id, today, is_own=False))
    )


def _sees_all(reads: Reads, actor: Actor, person_id: str, day: date, seen: int) -> bool:
    """A unit never, and nobody from whom one of the cadre's cases is kept: the check would tell of it."""
    row = reads.fetch(select(func.count().label("n")).select_from(CASE).where(CASE.c.person_id == person_id))
    is_beyond_unit = any(role(code).body != "unit" for code in actor.roles_on(day))
    return is_beyond_unit and row is not None and row["n"] == seen


def _name(reads: Reads, organisation_id: str) -> str:
    return str(reads.get(people.organisation, id=organisation_id)["name"]).removesuffix(SAMPLE_MARK)


def _appointments(reads: Reads, person_id: str) -> tuple[Appointment, ...]:
    held, post, unit = people.appointment, people.post, people.organisation
    query = (
        select(post.c.title, post.c.rank, unit.c.name, held.c.valid_from, held.c.valid_to, held.c.manner)
        .join(post, post.c.id == held.c.post_id)
        .join(unit, unit.c.id == post.c.organisation_id)
        .where(held.c.person_id == person_id)
        .order_by(held.c.valid_from.desc(), held.c.id)
    )
    return tuple(
        Appointment(
            row["title"],
            row["name"].removesuffix(SAMPLE_MARK),
            row["rank"],
            row["valid_from"],
            row["valid_to"],
            MANNERS.get(row["manner"], ""),
        )
        for row in reads.fetch_all(query)
    )


def _appraisals(reads: Reads, person_id: str) -> tuple[tuple[str, str], ...]:
    rows = reads.all(people.appraisal, person_id=person_id, order=("-year",), limit=5)
    return tuple((f"{row['year']}年度", APPRAISALS_ZH.get(row["grade"], str(row["grade"]))) for row in rows)


def _lines(reads: Reads, rows: list[Mapping[str, Any]], name: str, post: str) -> tuple[CaseRow, ...]:
    marks = ribbon.of_cases(reads, rows)
    return tuple(
        CaseRow(
            id=row["id"],
            case_no=row["number"],
            subject=name,
            subject_post=post,
            matter=MATTERS.get(row["origin"], ""),
            ribbon=marks[row["id"]],
            stage_since=local_date(row["stage_since"]),
            state=row["status"],
            waits_for="",
            next_due_on=None,
            opened_on=local_date(row["opened_at"]),
            updated_at=row["stage_since"],
        )
        for row in rows
    )


def _may(reads: Reads, actor: Actor, cadre: Mapping[str, Any], day: date) -> frozenset[str]:
    """``start``: register a signal; ``register``: a decision made elsewhere; ``record``: appraisals, relatives."""
    rows = reads.all(people.authority_body, committee_id=cadre["committee_id"])
    bodies = {
        row["body"]: row["organisation_id"]
        for row in rows
        if row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"])
    }
    found = {"start"} if any(actor.holds(code, bodies.get("org_dept"), day) for code in STARTING) else set()
    doors = [(code, bodies.get(body)) for body, codes in REGISTERING.items() for code in codes]
    if any(place and actor.holds(code, place, day) for code, place in doors):
        found.add("register")
    if any(actor.holds(code, bodies.get("org_dept"), day) for code in RECORDING):
        found.add("record")
    return frozenset(found)
