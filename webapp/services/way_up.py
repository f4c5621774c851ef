"""The way up 重新任用程序 of a cadre: one at a time, begun where a tracking plan was led."""

from collections.abc import Mapping
from typing import Any

from webapp.domain.errors import Conflict, Reason, RuleBroken
from webapp.domain.lifecycle import BEFORE_DECISION, REINSTATED
from webapp.persistence.models import cases, people, repository, runtime, tracking
from webapp.services.desk import CaseStanding
from webapp.services.office import Work

PROCESS = "p04_reinstatement"
RUNNING = ["running", "suspended"]


def require_may_begin(work: Work, case: CaseStanding) -> None:
    """Conflict while an attempt of the cadre runs; RuleBroken on a case without tracking (C4).

    The cadre is locked: of two attempts at one moment the second finds the first.
    """
    work.get(people.person, id=case.person_id, lock=True)
    if runs(work, case.person_id):
        raise Conflict("该干部的重新任用程序正在办理，请在原程序中继续，不能同时再提出一次。")
    plans = work.all(tracking.tracking_plan, person_id=case.person_id, case_id=case.id, limit=1)
    if case.stage in BEFORE_DECISION or not plans:
        sentence = "该卷宗没有建立过跟踪管理方案，不能提出重新任用；干部在其他卷宗跟踪的，请到该卷宗提出。"
        raise RuleBroken([Reason("NOT_TRACKED", sentence, "F14")])


def runs(work: Work, person_id: str) -> bool:
    """Whether an attempt of the cadre is under way on any of the cases."""
    mine = [row["id"] for row in work.all(cases.case_file, person_id=person_id)]
    return any(_of_cases(work, mine))


def publicity_of(work: Work, case_id: str) -> Mapping[str, Any] | None:
    """The newest publicity of a case: one that is open, or closed while its attempt runs and the post is not given."""
    rows = work.all(cases.publicity, case_id=case_id, status=["open", "closed"], order=("-id",), limit=1)
    if not rows or rows[0]["status"] == "open":
        return rows[0] if rows else None
    given = work.all(people.appointment, case_id=case_id, manner=list(REINSTATED), limit=1)
    return None if given or not _of_cases(work, [case_id]) else rows[0]


def _of_cases(work: Work, case_ids: list[str]) -> list[str]:
    """The attempts that run on some cases."""
    rows = work.all(runtime.process_instance, case_id=case_ids, status=RUNNING)
    definitions = sorted({row["definition_id"] for row in rows})
    rising = {row["id"] for row in work.all(repository.definition, id=definitions, key=PROCESS)}
    return [row["id"] for row in rows if row["definition_id"] in rising]
