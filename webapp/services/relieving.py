"""Open tasks go back to the group 退回科室待办 when whoever has claimed them may no longer do them.

Each function returns the ids of the tasks it freed, for the event of the verb that called it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.persistence.models import cases, identity, runtime
from webapp.services.identity import actor_of
from webapp.services.office import Work


def everything(work: Work, user_id: str) -> list[str]:
    """All that an account holds 停用."""
    return _free(work, _held(work, user_id))


def without_role(work: Work, user: Mapping[str, Any]) -> list[str]:
    """What the roles still held, and the tasks that name the person, no longer cover 收回授权."""
    held = _held(work, user["id"])
    holder = actor_of(work, user["id"]) if held else None
    desks = {(one.role, one.organisation_id) for one in holder.desks_on(work.today)} if holder else set()
    offered = work.all(runtime.work_candidate, work_item_id=held) if held else []
    kept = {
        row["work_item_id"]
        for row in offered
        if (row["role"], row["organisation_id"]) in desks
        or (row["person_id"] is not None and row["person_id"] == user["person_id"])
    }
    return _free(work, [one for one in held if one not in kept])


def in_case(work: Work, case_id: str, person_id: str) -> list[str]:
    """What one person holds in one case 回避."""
    return _among(work, [case_id], person_id)


def among_kin(work: Work, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """What each of a pair of relatives holds in the cases of the other 亲属回避."""
    both = sorted({pair for one, other in pairs for pair in ((one, other), (other, one))})
    subjects = sorted({subject for subject, _ in both})
    rows = work.all(cases.case_file, person_id=subjects, status=["open", "suspended"]) if subjects else []
    freed: list[str] = []
    for subject, relative in both:
        mine = [row["id"] for row in rows if row["person_id"] == subject]
        if mine:
            freed += _among(work, mine, relative)
    return freed


def _among(work: Work, case_ids: list[str], person_id: str) -> list[str]:
    user = work.one(identity.User.__table__, person_id=person_id)
    if user is None:
        return []
    items = work.all(runtime.work_item, case_id=case_ids, assignee_id=user["id"], status="open")
    return _free(work, [row["id"] for row in items])


def _held(work: Work, user_id: str) -> list[str]:
    return [row["id"] for row in work.all(runtime.work_item, assignee_id=user_id, status="open")]


def _free(work: Work, task_ids: list[str]) -> list[str]:
    if task_ids:
        work.update(
            runtime.work_item, {"id": task_ids, "status": "open"}, {"assignee_id": None, "on_behalf_id": None}
        )
    return sorted(task_ids)
