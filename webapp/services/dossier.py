"""What stands of a cadre over all cases 干部现状: impact periods, kin; read by delegates, gates and pages alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain import appeals, impact
from webapp.persistence.models import cases, identity, meetings, people, runtime, tracking

# The processes in which a cadre is brought down.
HANDLING = ("p01_down_adjustment", "p06_sanction_intake")


def policy_of(policy: Mapping[str, Any]) -> impact.CountingPolicy:
    """The counting policy copied to the case when it was opened (F19)."""
    return impact.CountingPolicy(end_day_barred=bool(policy.get("end_day_barred", True)))


def measures_that_stand(reads: Any, person_id: str, order: tuple[str, ...] = ()) -> list[Mapping[str, Any]]:
    """The cadre's measures over all cases, without those revoked 已撤销: in law these never were."""
    rows = reads.all(cases.measure, person_id=person_id, order=order)
    return [row for row in rows if row["ended_by"] != "revoked"]


def running_periods(reads: Any, person_id: str) -> list[impact.ImpactPeriod]:
    """Every impact period of a cadre, over all cases 各卷宗合并."""
    measures = {row["id"]: row for row in reads.all(cases.measure, person_id=person_id)}
    rows = reads.all(cases.impact_period, person_id=person_id, order=("starts_on",))
    return [
        impact.ImpactPeriod(
            bar=row["bar"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            basis=f"{measures[row['measure_id']]['track']}.{measures[row['measure_id']]['kind']}",
            rule=row["rule"],
            track=measures[row["measure_id"]]["track"],
        )
        for row in rows
    ]


def latest_end(reads: Any, person_id: str) -> date | None:
    """The latest end of a cadre's periods, None while one is open or when there is none."""
    return impact.latest_end(running_periods(reads, person_id)).on


def relatives_of(reads: Any, person_id: str) -> list[str]:
    """Persons kin to somebody, both ways."""
    return [
        *(row["relative_id"] for row in reads.all(people.kinship, person_id=person_id)),
        *(row["person_id"] for row in reads.all(people.kinship, relative_id=person_id)),
    ]


def has_open_appeal(reads: Any, person_id: str) -> bool:
    """True while a 复核 or 申诉 of the cadre waits for its answer."""
    return bool(reads.all(cases.appeal, person_id=person_id, status=sorted(appeals.OPEN), limit=1))


def appeal_runs(reads: Any, measure_id: str) -> bool:
    """True while a 复核 or 申诉 against the measure is under way, until its answer has reached the cadre."""
    waiting = reads.all(cases.appeal, measure_id=measure_id, answered_on=None)
    ids = [row["instance_id"] for row in waiting]
    return bool(ids) and bool(reads.all(runtime.process_instance, id=ids, status="running", limit=1))


def handlers_of(reads: Any, case_id: str) -> frozenset[str]:
    """Persons who handled, verified or approved what is appealed, or sat in its meetings 原经办、原审批人员 (F01)."""
    done = reads.all(runtime.work_item, case_id=case_id, process_key=list(HANDLING), status="completed")
    users = sorted({row["completed_by"] for row in done if row["completed_by"]})
    found = {row["person_id"] for row in reads.all(identity.User.__table__, id=users)} if users else set()
    items = reads.all(meetings.agenda_item, case_id=case_id)
    held = sorted({row["meeting_id"] for row in items if row["meeting_id"]})
    if held:
        there = reads.all(meetings.meeting_member, meeting_id=held, presence="present")
        found |= {row["person_id"] for row in there}
    return frozenset(one for one in found if one)


def mentors_of(reads: Any, person_id: str) -> frozenset[str]:
    """Who helps a cadre along 帮带责任人 (联系人) under a plan that is open."""
    plans = reads.all(tracking.tracking_plan, person_id=person_id, status="open")
    return frozenset(plan["mentor_id"] for plan in plans if plan["mentor_id"])
