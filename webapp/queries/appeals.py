"""Appeals 复核、申诉 as the pages show them: to whom, since when, how they stand, what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.domain import appeals
from webapp.domain.workdays import Calendar, Deadline
from webapp.persistence.models import cases
from webapp.persistence.unit_of_work import Reads
from webapp.queries.briefs import MEASURES_ZH

ENTRIES_ZH = {"online": "本人网上提出", "paper": "纸面提出，代录"}


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal; ``state`` in words. ``decide_by`` None before acceptance and after the decision."""

    id: str
    measure: str
    route: str
    to: str
    filed_on: date
    entry: str
    is_late: bool
    state: str
    is_open: bool
    accepted_on: date | None
    decide_by: date | None
    decided_on: date | None
    document_no: str
    new_measure: str
    answered_on: date | None
    # Sealed values, put in by the pages that may open them.
    text: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A remedy that may be used against a measure; ``is_late``: only with a reason of the receiving organ."""

    value: str
    label: str
    is_late: bool


def lines(reads: Reads, *, told: bool = False, **where: Any) -> tuple[AppealLine, ...]:
    """The appeals of a case or a person, newest first; ``told``: as the cadre knows them, before the answer none."""
    rows = reads.all(cases.appeal, order=("-registered_at", "-id"), **where)
    measures = {row["id"]: row for row in reads.all(cases.measure, **where)} if rows else {}
    return tuple(_line(row, measures[row["measure_id"]], told) for row in rows)


def _line(row: Mapping[str, Any], measure: Mapping[str, Any], told: bool) -> AppealLine:
    hidden = told and row["answered_on"] is None and row["status"] not in appeals.OPEN
    status = _known(row) if hidden else row["status"]
    remedy, is_open = appeals.window(row["route"]), status in appeals.OPEN
    new = MEASURES_ZH.get((measure["track"], row["new_kind"]), "") if status == "changed" else ""
    months = f"，{row['new_months']}个月" if new and row["new_months"] else ""
    return AppealLine(
        id=row["id"],
        measure=MEASURES_ZH[measure["track"], measure["kind"]],
        route=remedy.zh,
        to=remedy.to,
        filed_on=row["filed_on"],
        entry=ENTRIES_ZH[row["entry"]],
        is_late=row["is_late"],
        state=appeals.STATES_ZH[status],
        is_open=is_open,
        accepted_on=row["accepted_on"],
        decide_by=row["decide_by"] if is_open else None,
        decided_on=None if is_open else row["decided_on"],
        document_no="" if is_open else row["document_no"] or "",
        new_measure=f"{new}{months}",
        answered_on=row["answered_on"],
    )


def _known(row: Mapping[str, Any]) -> str:
    """What the cadre knows of an appeal whose answer is not delivered yet."""
    return "accepted" if row["accepted_on"] else "filed"


def routes(
    reads: Reads, measure: Mapping[str, Any], told_on: date, calendar: Calendar
) -> tuple[appeals.Route, ...]:
    """The remedies open against a measure that stands, given those used before."""
    if measure["ended_by"] == "revoked":
        return ()
    earlier = [
        appeals.Earlier(row["route"], row["answered_on"])
        for row in reads.all(cases.appeal, measure_id=measure["id"])
    ]
    return appeals.routes(measure["track"], measure["kind"], told_on, earlier, calendar)


def choices(reads: Reads, case: Mapping[str, Any], calendar: Calendar, day: date) -> tuple[Choice, ...]:
    """Every remedy an officer may enter for the cadre of a told case, the late ones marked."""
    if case["talked_on"] is None:
        return ()
    told_on = case["told_on"] or case["talked_on"]
    found = []
    for measure in reads.all(cases.measure, case_id=case["id"], order=("decided_on", "id")):
        for way in routes(reads, measure, told_on, calendar):
            name = MEASURES_ZH[measure["track"], measure["kind"]]
            until = _until(way.deadline)
            value = f"{measure['id']}:{way.window.code}"
            found.append(Choice(value, f"{name}：{way.window.zh}（{until}）", not way.is_open(day)))
    return tuple(found)


def _until(deadline: Deadline | None) -> str:
    return f"最后一日{deadline.on:%Y.%m.%d}" if deadline else "没有期限"
