"""What may be done on a case besides its tasks 卷宗事务: objections, recusal, restored rights, a new way up."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.domain.access import Actor
from webapp.domain.lifecycle import REINSTATED
from webapp.domain.workdays import Calendar
from webapp.persistence.models import cases, people, repository, runtime
from webapp.persistence.models import tracking as plans
from webapp.persistence.unit_of_work import Reads
from webapp.queries import appeals as remedies

OBJECTING = frozenset({"cadre_supervision", "discipline_organ", "petition_dept"})
CONCLUDING = frozenset({"cadre_supervision", "discipline_organ"})
RESTORING = frozenset({"trial_dept", "handling_dept", "discipline_organ"})
FILING = frozenset({"cadre_section", "cadre_supervision", "appeal_committee", "petition_dept", "trial_dept"})
PROPOSING = frozenset({"cadre_section"})
INTERRUPTING = frozenset({"org_dept_head", "org_dept_deputy_head", "discipline_organ"})
WAY_UP = "p04_reinstatement"


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection 公示期反映."""

    id: str
    received_on: date
    manner: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Acts:
    """What the case page offers the reader to do."""

    case_id: str
    publicity_from: date | None
    publicity_to: date | None
    objections: tuple[ObjectionLine, ...]
    appeals: tuple[remedies.AppealLine, ...]
    appeal_choices: tuple[remedies.Choice, ...]
    may: frozenset[str]
    # The running processes the reader may put right: id and name.
    corrections: tuple[tuple[str, str], ...] = ()


def of_case(reads: Reads, actor: Actor, case: Any, today: date, *, whole: bool, calendar: Calendar) -> Acts:
    """The acts open to the actor on a case row; ``whole``: the reader sees all of it, appeals too."""
    publicity = next(
        iter(reads.all(cases.publicity, case_id=case["id"], order=("-starts_on",), limit=1)), None
    )
    objections = _objections(reads, case["id"], publicity)
    roles = actor.roles_on(today)
    is_open = case["status"] == "open"
    may = set()
    enters = whole and roles & FILING
    choices = remedies.choices(reads, case, calendar, today) if enters else ()
    if roles & OBJECTING and _takes_objections(reads, case, publicity):
        may.add("object")
    if any(one["concluded_on"] is None for one in objections) and roles & CONCLUDING:
        may.add("conclude")
    if is_open and actor.person_id is not None:
        may.add("recuse")
    if is_open and roles & RESTORING and _has_open_period(reads, case["id"]):
        may.add("restore")
    if is_open and roles & PROPOSING and _may_rise(reads, case):
        may.add("reinstate")
    may |= _interrupting(reads, case, roles)
    return Acts(
        case["id"],
        publicity["starts_on"] if publicity else None,
        publicity["ends_on"] if publicity else None,
        tuple(
            ObjectionLine(o["id"], o["received_on"], o["manner"], o["conclusion"] or "") for o in objections
        ),
        remedies.lines(reads, case_id=case["id"]) if whole else (),
        choices,
        frozenset(may),
    )


def _objections(reads: Reads, case_id: str, publicity: Any) -> list[Any]:
    """The letters of the newest publicity, and of earlier ones those that still wait for their finding."""
    if publicity is None:
        return []
    rounds = [row["id"] for row in reads.all(cases.publicity, case_id=case_id)]
    rows = reads.all(cases.objection, publicity_id=rounds, order=("received_on",))
    return [one for one in rows if one["publicity_id"] == publicity["id"] or one["concluded_on"] is None]


def _interrupting(reads: Reads, case: Any, roles: frozenset[str]) -> set[str]:
    """暂停、恢复、因故终止, and stopping the way up."""
    if not roles & INTERRUPTING or case["status"] == "closed":
        return set()
    if case["status"] == "suspended":
        return {"resume"}
    running = reads.all(runtime.process_instance, case_id=case["id"], status="running")
    keys = {row["id"]: row["key"] for row in reads.all(repository.definition)}
    rising = any(keys[row["definition_id"]] == WAY_UP for row in running)
    return {"suspend", "end", *(["stop"] if rising else [])}


def _has_open_period(reads: Reads, case_id: str) -> bool:
    return bool(reads.all(cases.impact_period, case_id=case_id, ends_on=None, limit=1))


def _takes_objections(reads: Reads, case: Any, publicity: Any) -> bool:
    """From its beginning until the post is given or the attempt ends, however late a letter is entered (F06)."""
    if publicity is None or publicity["status"] == "cancelled":
        return False
    if publicity["status"] == "open":
        return True
    given = reads.all(people.appointment, case_id=case["id"], manner=list(REINSTATED), limit=1)
    return not given and _is_rising(reads, [case["id"]])


def _is_rising(reads: Reads, case_ids: list[str]) -> bool:
    rows = reads.all(runtime.process_instance, case_id=case_ids, status=["running", "suspended"])
    rising = {row["id"] for row in reads.all(repository.definition, key=WAY_UP)}
    return any(row["definition_id"] in rising for row in rows)


def _may_rise(reads: Reads, case: Any) -> bool:
    """A plan was led on this case, and no way up of the cadre is under way on any."""
    led = reads.all(plans.tracking_plan, person_id=case["person_id"], case_id=case["id"], limit=1)
    mine = [row["id"] for row in reads.all(cases.case_file, person_id=case["person_id"])]
    return bool(led) and not _is_rising(reads, mine)
