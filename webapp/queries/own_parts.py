"""What of a case's forms is the cadre's own part 本人部分: only the fields named here, nothing by default.

Who reported, who said what, debate and votes, class, grade, scores and plans before a decision are in none of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.persistence.models import repository, runtime, tracking
from webapp.persistence.unit_of_work import Reads
from webapp.queries import records

ITEM = runtime.work_item
# The events that carry what a form set.
ANSWERING = ("task_completed", "paper_recorded", "case_opened")


@dataclass(frozen=True, slots=True)
class Part:
    """Which fields of a step's form the cadre may read, what the page calls them and under which heading."""

    title: str
    group: str
    keys: frozenset[str]


def _part(title: str, group: str, keys: str) -> Part:
    return Part(title, group, frozenset(keys.split()))


TALK_KEYS = (
    "talked_on talk_time talk_place talkers reasons_notified announced_to remedy_text remedy_delivered_on"
    " subject_view talk_signed not_signed_note talk_witness"
)
# (process, element) → the own part.
PARTS: Mapping[tuple[str, str], Part] = {
    ("p06_sanction_intake", "register_decision"): _part(
        "决定内容", "decision", "deciding_organ decision_no misconduct_summary"
    ),
    ("p01_down_adjustment", "formalities"): _part(
        "任免手续", "decision", "document_no effective_on post_ended new_post new_rank"
    ),
    ("p01_down_adjustment", "hear_subject"): _part(
        "核实时告知的事实和本人说明",
        "statement",
        "statement_on statement_time statement_place statement_listeners facts_notified statement_text"
        " statement_signed statement_not_signed statement_witness",
    ),
    ("p01_down_adjustment", "talk"): _part("谈话记录", "statement", TALK_KEYS),
    ("p06_sanction_intake", "announce"): _part("宣布和谈话记录", "statement", TALK_KEYS),
    ("p06_sanction_intake", "record_past_execution"): _part("宣布和谈话情况（补录）", "statement", TALK_KEYS),
    ("p02_tracking", "make_plan"): _part("培养措施（跟踪管理方案）", "help", "goals help_measures"),
    ("p02_tracking", "make_care_plan"): _part("关心联系", "help", "care_ways care_frequency"),
    ("p02_tracking", "arrange_measures"): _part("培养措施的落实", "help", "measures"),
    ("p03_return_visit", "hold_visit"): _part(
        "回访记录的本人部分",
        "visit",
        "held_on held_place held_manner subject_attitude view_of_fault state_of_mind work_since execution"
        " difficulties suggestions signing",
    ),
    ("p10_appeal", "answer"): _part(
        "复核、申诉的答复", "appeal", "delivered_on answer_text next_remedy delivery_signed delivery_note"
    ),
    ("p03_return_visit", "subject_sign"): _part("本人核对", "visit", "subject_answer subject_comment"),
}
ELEMENTS = frozenset(element for _, element in PARTS)
APPROVAL = "approve_plan"
PLANS = frozenset({"make_plan", "make_care_plan"})


@dataclass(frozen=True, slots=True)
class Done:
    """A completed task of which the cadre may read a part, with the variables its form set."""

    task_id: str
    case_id: str
    process_key: str
    element_id: str
    form_key: str
    instance_id: str
    digest: str
    closed_at: datetime
    variables: Mapping[str, Any]

    @property
    def part(self) -> Part:
        """What of it may be read."""
        return PARTS[self.process_key, self.element_id]


def told(reads: Reads, case_ids: Collection[str]) -> tuple[Done, ...]:
    """The steps of told cases that have an own part: visits that are over, plans that were approved, all else."""
    done = _done(reads, case_ids, ELEMENTS | {APPROVAL})
    held = {row["instance_id"] for row in reads.all(tracking.visit, case_id=sorted(case_ids), status="held")}
    approved = max((one.closed_at for one in done if one.element_id == APPROVAL), default=None)
    return tuple(
        one
        for one in done
        if (one.process_key, one.element_id) in PARTS
        and (one.process_key != "p03_return_visit" or one.instance_id in held)
        and (one.element_id not in PLANS or (approved is not None and one.closed_at <= approved))
    )


def of_visit(reads: Reads, case_id: str, instance_id: str) -> tuple[Done, ...]:
    """The record of the very visit the cadre is asked to check and sign."""
    return of_instance(reads, case_id, instance_id, {"hold_visit"})


def completed(reads: Reads, case_id: str, elements: Collection[str]) -> dict[str, Done]:
    """Of a case, the newest completed task of each of the elements, by element."""
    return {one.element_id: one for one in _done(reads, [case_id], elements)}


def of_task(reads: Reads, case_id: str, task_id: str, element_id: str) -> Done | None:
    """One completed task of a case, None while it is open."""
    found = _done(reads, [case_id], {element_id})
    return next((one for one in found if one.task_id == task_id), None)


def of_instance(reads: Reads, case_id: str, instance_id: str, elements: Collection[str]) -> tuple[Done, ...]:
    """The completed tasks of these elements in one process instance, oldest first."""
    return tuple(one for one in _done(reads, [case_id], elements) if one.instance_id == instance_id)


def _done(reads: Reads, case_ids: Collection[str], elements: Collection[str]) -> list[Done]:
    """The completed tasks of these elements, oldest first."""
    instance, definition = runtime.process_instance, repository.definition
    query = (
        select(*ITEM.c, definition.c.digest)
        .join(instance, instance.c.id == ITEM.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .where(
            ITEM.c.case_id.in_(sorted(case_ids)),
            ITEM.c.element_id.in_(sorted(elements)),
            ITEM.c.status == "completed",
        )
        .order_by(ITEM.c.closed_at, ITEM.c.id)
    )
    answers = _answers(reads, case_ids)
    return [
        Done(
            task_id=row["id"],
            case_id=row["case_id"],
            process_key=row["process_key"],
            element_id=row["element_id"],
            form_key=row["form_key"] or "",
            instance_id=row["instance_id"],
            digest=row["digest"],
            closed_at=row["closed_at"],
            variables=answers.get(row["id"], {}),
        )
        for row in reads.fetch_all(query)
    ]


def _answers(reads: Reads, case_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Task → the process variables its form set, as the history keeps them."""
    event = records.EVENT
    query = select(event).where(event.c.case_id.in_(sorted(case_ids)), event.c.kind.in_(ANSWERING))
    found: dict[str, Mapping[str, Any]] = {}
    for row in reads.fetch_all(query):
        facts = records.facts_of(row)
        inner = facts["first"] if isinstance(facts.get("first"), Mapping) else facts
        found[str(inner.get("work_item_id"))] = records.variables_of(facts)
    return found
