"""Papers 文书 that can be printed of a case: which there are, decided results in words, names of organs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from webapp.domain.meetings import RESULTS_ZH
from webapp.domain.workdays import zh_date
from webapp.persistence.models import cases, people, runtime, tracking
from webapp.persistence.models import meetings as tables
from webapp.persistence.unit_of_work import Reads
from webapp.queries.people import SAMPLE_MARK

# Element → the title of its record 谈话记录、回访记录; one not yet done is printed with lines to fill by hand.
TALKS: Mapping[tuple[str, str], str] = {
    ("p01_down_adjustment", "hear_subject"): "核实谈话记录",
    ("p01_down_adjustment", "talk"): "调整谈话记录",
    ("p06_sanction_intake", "announce"): "宣布决定和谈话记录",
    ("p06_sanction_intake", "record_past_execution"): "宣布决定和谈话记录",
    ("p04_reinstatement", "appointment_talk"): "任职谈话记录",
}
VISITS: Mapping[tuple[str, str], str] = {("p03_return_visit", "hold_visit"): "回访记录"}
RECORDS = {**TALKS, **VISITS}
# Process → the paper of the whole case, its title, the element that must have been reached.
WHOLE: tuple[tuple[str, str, str, str], ...] = (
    ("p01_down_adjustment", "propose", "proposal", "调整建议表"),
    ("p04_reinstatement", "draft_notice", "publicity", "任前公示"),
)
REACHED = ("open", "completed")


@dataclass(frozen=True, slots=True)
class Link:
    """One paper of a case: ``kind`` proposal, publicity, approval or record; ``task_id`` for a record."""

    kind: str
    title: str
    task_id: str | None
    done: bool


def of_case(reads: Reads, case_id: str) -> tuple[Link, ...]:
    """The papers of a case, for who reads the whole file; in the order in which the steps were reached."""
    item = runtime.work_item
    elements = {key[1] for key in RECORDS} | {one[1] for one in WHOLE}
    query = select(item.c.id, item.c.process_key, item.c.element_id, item.c.status).where(
        item.c.case_id == case_id, item.c.element_id.in_(sorted(elements)), item.c.status.in_(REACHED)
    )
    rows = reads.fetch_all(query.order_by(item.c.opened_at, item.c.id))
    found: dict[str, Link] = {}
    for row in rows:
        key, is_done = (row["process_key"], row["element_id"]), row["status"] == "completed"
        if key in RECORDS:
            found[row["id"]] = Link("record", RECORDS[key], row["id"], is_done)
        for process, element, kind, title in WHOLE:
            if key == (process, element):
                found[kind] = Link(kind, title, None, is_done)
    return tuple(found.values())


def title_of(process_key: str, element_id: str) -> str:
    """The title of a step's record, '' for steps without one."""
    return RECORDS.get((process_key, element_id), "")


def visit_records(reads: Reads, plan_id: str) -> dict[str, str]:
    """Visit of a plan → the task that holds its record, where it has been made."""
    item, visit = runtime.work_item, tracking.visit
    query = (
        select(visit.c.id, item.c.id.label("task_id"))
        .join(item, item.c.instance_id == visit.c.instance_id)
        .where(visit.c.plan_id == plan_id, item.c.element_id == "hold_visit", item.c.status == "completed")
    )
    return {row["id"]: row["task_id"] for row in reads.fetch_all(query.order_by(item.c.closed_at))}


def resolutions(reads: Reads, case_id: str, matters: Collection[str]) -> dict[str, str]:
    """Body → what it decided, in one sentence with the session, the day and the count; never who chose what."""
    item, meeting = tables.agenda_item, tables.meeting
    query = (
        select(*item.c, meeting.c.number, meeting.c.held_on)
        .join(meeting, meeting.c.id == item.c.meeting_id)
        .where(item.c.case_id == case_id, item.c.status == "decided", item.c.matter.in_(sorted(matters)))
        .order_by(item.c.decided_at, item.c.id)
    )
    return {row["body"]: _resolved(row) for row in reads.fetch_all(query) if row["agree"] is not None}


def _resolved(row: Mapping[str, Any]) -> str:
    counts = f"同意{row['agree']}票，不同意{row['disagree']}票，缓议{row['defer']}票"
    if row["abstain"]:
        counts += f"，弃权{row['abstain']}票"
    result = RESULTS_ZH.get(row["result"], "")
    return (
        f"{row['number']}（{zh_date(row['held_on'])}）研究：应到{row['entitled']}人，"
        f"实到{row['present']}人，{counts}，{result}。"
    )


def publicity_of(reads: Reads, case_id: str) -> tuple[date, date] | None:
    """First and last day of a case's newest publicity 公示, None before it was started."""
    rows = reads.all(cases.publicity, case_id=case_id, order=("-starts_on",), limit=1)
    return (rows[0]["starts_on"], rows[0]["closes_on"]) if rows else None


def organ(reads: Reads, committee_id: str, body: str) -> str:
    """The name of the organ that answers for a body of the committee, as it stands on paper."""
    table, place = people.authority_body, people.organisation
    query = (
        select(place.c.name)
        .join(table, table.c.organisation_id == place.c.id)
        .where(table.c.committee_id == committee_id, table.c.body == body, table.c.valid_to.is_(None))
        .order_by(table.c.valid_from.desc())
        .limit(1)
    )
    row = reads.fetch(query)
    return str(row["name"]).removesuffix(SAMPLE_MARK) if row else ""
