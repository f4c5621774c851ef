"""What stands of a cadre over all cases 干部现状: impact periods, kin; read by delegates, gates and pages alike."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from webapp.domain import appeals, impact, probation, registration
from webapp.domain.errors import Reason
from webapp.domain.measures import measure as kind_of
from webapp.domain.workdays import local_date
from webapp.persistence import counting
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


def registered_before(reads: Any, person_id: str, track: str, kind: str, document_no: str) -> Reason | None:
    """Why this decision is not registered again: the cadre has the measure already, unless it was revoked.

    One paper decides on one measure of a kind, whatever day was read from it.
    """
    for row in measures_that_stand(reads, person_id, order=("registered_at",)):
        if (row["track"], row["kind"]) != (track, kind):
            continue
        if registration.same_decision(document_no, row["document_no"] or ""):
            number = reads.get(cases.case_file, id=row["case_id"])["number"]
            return registration.twice(kind_of(track, kind), document_no, row["decided_on"], number)
    return None


def told_measures(
    reads: Any, person_id: str, case_id: str, order: tuple[str, ...] = ()
) -> list[Mapping[str, Any]]:
    """The measures a plan led on the case may rest on: its own, and of other cases those talked about 谈话已记录."""
    standing = measures_that_stand(reads, person_id, order)
    silent = counting.untold_cases(reads, standing) - {case_id}
    return [row for row in standing if row["case_id"] not in silent]


def running_periods(reads: Any, person_id: str) -> list[impact.ImpactPeriod]:
    """Every impact period of a cadre, over all cases 各卷宗合并, without those of revoked measures."""
    return _periods(reads, person_id, measures_that_stand(reads, person_id), {})


def received(reads: Any, person_id: str) -> list[probation.Received]:
    """Every measure that stands against a cadre, over all cases, each with its own periods."""
    standing = measures_that_stand(reads, person_id, order=("decided_on", "id"))
    return [
        probation.Received(
            kind=kind_of(row["track"], row["kind"]),
            decided_on=row["decided_on"],
            document_no=row["document_no"] or "",
            periods=tuple(_periods(reads, person_id, [row], {})),
        )
        for row in standing
    ]


def told_periods(reads: Any, person_id: str, case_id: str) -> list[impact.ImpactPeriod]:
    """The periods a plan led on the case may rest on, counted as if nothing untold of another case existed."""
    told = told_measures(reads, person_id, case_id)
    return _periods(reads, person_id, told, counting.without_untold(reads, person_id, known=[case_id]))


def _periods(
    reads: Any,
    person_id: str,
    standing: Iterable[Mapping[str, Any]],
    instead: Mapping[str, impact.ImpactPeriod],
) -> list[impact.ImpactPeriod]:
    measures = {row["id"]: row for row in standing}
    rows = reads.all(cases.impact_period, person_id=person_id, order=("starts_on",))
    return [
        impact.ImpactPeriod(
            bar=row["bar"],
            starts_on=row["starts_on"],
            ends_on=instead[row["id"]].ends_on if row["id"] in instead else row["ends_on"],
            basis=f"{measures[row['measure_id']]['track']}.{measures[row['measure_id']]['kind']}",
            rule=row["rule"],
            track=measures[row["measure_id"]]["track"],
        )
        for row in rows
        if row["measure_id"] in measures
    ]


def latest_end(reads: Any, person_id: str) -> date | None:
    """The latest end of a cadre's periods, None while one is open or when there is none."""
    return impact.latest_end(running_periods(reads, person_id)).on


def told_end(reads: Any, person_id: str, case_id: str) -> date | None:
    """The latest end a plan led on the case may show, None while one is open or when there is none."""
    return impact.latest_end(told_periods(reads, person_id, case_id)).on


def visit_not_before(reads: Any, visit: Mapping[str, Any]) -> date:
    """The first day a visit of a plan can have been held: after the talk and the visits over when it began."""
    plan = reads.get(tracking.tracking_plan, id=visit["plan_id"])
    begun = reads.one(runtime.process_instance, id=visit["instance_id"]) if visit["instance_id"] else None
    begun_on = local_date(begun["started_at"]) if begun else visit["due_on"]
    held = reads.all(tracking.visit, plan_id=plan["id"], status="held")
    before = [one["held_on"] for one in held if one["held_on"] and one["held_on"] <= begun_on]
    days: list[date] = [plan["opened_on"], *before]
    return max([*days, plan["released_on"]] if plan["released_on"] else days)


def last_visit_grade(reads: Any, plan_id: str) -> str | None:
    """The grade of the plan's last visit held 最近一次回访评价; of two on one day, of the one that fell due later."""
    order = ("-held_on", "-due_on", "-id")
    held = reads.all(tracking.visit, plan_id=plan_id, status="held", order=order, limit=1)
    return str(held[0]["grade"]) if held and held[0]["grade"] else None


def never_visited(reads: Any, plan: Mapping[str, Any], today: date) -> bool:
    """True when a plan owed visits 应回访, and none was held: each was put off or cancelled (D5).

    While the plan is open one owes only what has fallen due; the visits after reinstatement are no tracking.
    """
    visits = [row for row in reads.all(tracking.visit, plan_id=plan["id"]) if row["kind"] != "after_reuse"]
    owed = [row for row in visits if plan["status"] == "closed" or row["due_on"] <= today]
    return bool(owed) and all(row["status"] != "held" for row in visits)


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
