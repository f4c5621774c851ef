"""Timed work 定时作业: due timers and due plan rows, leased, each in its own transaction at its own instant."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import Conflict, Refused
from webapp.persistence import finders
from webapp.persistence.bell import Bell
from webapp.persistence.failures import DatabaseUnavailable
from webapp.persistence.jobs import claim_due_jobs, postpone
from webapp.persistence.models import runtime
from webapp.persistence.prepared import Touched
from webapp.services import advance, incidents, instances, messages, people_import, start_timers
from webapp.services.office import Office, Work, clock_offset

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BATCH = 100
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


def run_due(office: Office, owner: str) -> int:
    """Claim and run what is due now, then deliver messages → how many jobs ran."""
    with office.begin() as work:
        claimed = claim_due_jobs(work, limit=BATCH, owner=owner, lease=LEASE)
        work.settle()
    messages.expire_all(office)
    ran = sum(_run(office, job, owner, work.now) for job in claimed)
    messages.deliver_all(office)
    return ran


def _run(office: Office, job: Mapping[str, Any], owner: str, noticed: datetime) -> bool:
    """One job; a conflict is tried again at once, a passing failure later, anything else is an incident."""
    try:
        return _run_once(office.begin(at=job["due_at"]), job, owner, noticed)
    except (Conflict, DatabaseUnavailable):
        return _later(office, job, owner)
    except (Refused, bpmn.EngineError, ValueError, LookupError, TypeError) as error:
        why = getattr(error, "sentence", None) or getattr(error, "zh", None) or type(error).__name__
        sentence = f"定时作业未能完成：{why}"
        incidents.raise_in_own_transaction(
            office,
            code="JOB_FAILED",
            sentence=sentence[:400],
            job_id=job["id"],
            instance_id=job["instance_id"],
            case_id=job["case_id"],
            element_id=job["element_id"],
        )
        return False


def _run_once(work: Work, job: Mapping[str, Any], owner: str, noticed: datetime | None = None) -> bool:
    """``noticed``: the clock on the wall when the job was claimed, while it runs at its own due instant."""
    if job["kind"] == "timer":
        return _fire(work, job, owner, noticed)
    with work:
        if job["kind"] == "cancel":
            return _cancel(work, job, owner)
        if job["kind"] == start_timers.KIND:
            return _begin(work, job, owner)
        if job["kind"] == "forget_previews":
            return _forget(work, job, owner)
        return _send(work, job, owner)


def _take(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """Fencing: a worker whose lease another has taken over finds no row to finish."""
    return _taking(work, job, owner).count == 1


def _taking(work: Work, job: Mapping[str, Any], owner: str) -> Touched:
    mine = {"id": job["id"], "status": "leased", "lease_owner": owner}
    return work.update(runtime.job, mine, {"status": "done", "lease_until": None})


def _fire(work: Work, job: Mapping[str, Any], owner: str, noticed: datetime | None) -> bool:
    """The instance is locked and then its job finished, in one go; undone again when the case is suspended."""
    with work:
        found = finders.ask_for_instance(work, job["instance_id"])
        taking = _taking(work, job, owner)
        row = found()
        if taking.count != 1:
            return False
        if row is None or row["instance_status"] != "suspended":
            run = instances.running(work, row)
            applied = advance.apply(run, bpmn.TimerFired(job["id"], noticed or _noticed(work)))
            work.commit(_event(work, job, run.stream, {"version": run.definition.digest, **applied.facts}))
            return True
    with work:
        return _park(work, job, owner)


def _noticed(work: Work) -> datetime:
    """The clock on the wall, for whoever was not told."""
    return datetime.now(UTC) + (clock_offset(work) if work.office.shifted else timedelta())


def _park(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """A clock that was leased when its case was suspended 暂停办理 waits with the others."""
    row = work.get(runtime.process_instance, id=job["instance_id"])
    work.lock_stream(row["stream"])
    return _rest(work, job, owner, row["stream"])


def _rest(work: Work, job: Mapping[str, Any], owner: str, stream: str) -> bool:
    mine = {"id": job["id"], "status": "leased", "lease_owner": owner}
    if work.update(runtime.job, mine, {"status": "suspended", "lease_until": None}).count == 1:
        work.commit(_event(work, job, stream, {"parked": True}))
    return False


def _cancel(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """An instance of a closed case is called off 撤销; nothing to do when it has ended meanwhile."""
    row = work.get(runtime.process_instance, id=job["instance_id"])
    work.lock_stream(row["stream"])
    if not _take(work, job, owner):
        return False
    facts: Mapping[str, Any] = {}
    if row["status"] == "running":
        run, _ = instances.load(work, job["instance_id"])
        facts = advance.apply(run, bpmn.Cancel("case_closed")).facts
        work.update(
            runtime.process_instance, {"id": row["id"]}, {"status": "cancelled", "ended_at": work.now}
        )
    work.commit(_event(work, job, row["stream"], facts))
    return True


def _send(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """A plan row that falls due sends its message 到期发出消息 (visit_due, note_due)."""
    stream = f"case:{job['case_id']}" if job["case_id"] else "system"
    work.lock_stream(stream)
    if not _take(work, job, owner):
        return False
    payload = job["payload"]
    messages.send(
        work,
        case_id=job["case_id"],
        element_id=f"job:{job['id']}"[:120],
        message=payload["message"],
        correlation=payload.get("correlation"),
        variables=payload["variables"],
    )
    work.commit(_event(work, job, stream, {"message": payload["message"]}))
    return True


def _begin(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """A process that starts by time 定时启动; nothing to do when another version has taken its place."""
    newest = finders.latest_definition(work, job["payload"]["key"])
    work.lock_stream("system")
    if newest is not None and newest["state"] == "suspended":
        return _rest(work, job, owner, "system")
    if not _take(work, job, owner):
        return False
    if newest is None or newest["id"] != job["payload"]["definition_id"]:
        work.commit(_event(work, job, "system", {"superseded": True}))
        return True
    start_timers.follow(work, newest, job, _noticed(work))
    run, applied = instances.begin(
        work, newest, None, variables={}, started_by="system", element_id=job["element_id"]
    )
    facts = {"job_id": job["id"], "version": run.definition.digest, **applied.facts}
    actor = system_actor(f"job:{job['kind']}:{job['id']}")
    work.commit(events.ProcessStarted(actor=actor, effective_at=work.now, stream=run.stream, facts=facts))
    return True


def _forget(work: Work, job: Mapping[str, Any], owner: str) -> bool:
    """Previews of rosters 导入预览 hold personal data: they go after a day."""
    work.lock_stream("system")
    if not _take(work, job, owner):
        return False
    work.commit(_event(work, job, "system", {"forgotten": people_import.forget_expired(work)}))
    return True


def _event(work: Work, job: Mapping[str, Any], stream: str, facts: Mapping[str, Any]) -> events.Event:
    return events.JobRun(
        actor=system_actor(f"job:{job['kind']}:{job['id']}"),
        effective_at=work.now,
        stream=stream,
        case_id=job["case_id"],
        facts={"job_id": job["id"], "job_kind": job["kind"], "element_id": job["element_id"] or "", **facts},
    )


def _later(office: Office, job: Mapping[str, Any], owner: str) -> bool:
    """Hand the job back for a later try; too many tries make it an incident."""
    if job["attempts"] >= len(BACKOFF):
        incidents.raise_in_own_transaction(
            office, code="CONFLICT", sentence="定时作业多次冲突未能完成，请检查后重试。", job_id=job["id"],
            instance_id=job["instance_id"], case_id=job["case_id"], element_id=job["element_id"],
        )  # fmt: skip
        return False
    with office.begin() as work:
        postpone(work, job["id"], owner=owner, wait=BACKOFF[job["attempts"]])
        work.settle()
    return False


def run_due_safely(office: Office, owner: str) -> int:
    """As ``run_due``, for a worker that must outlive a stopped database: a failed round runs nothing."""
    try:
        return run_due(office, owner)
    except Refused as refused:
        logger.warning("a round of jobs was refused: %s", refused.code)
        return 0


def next_instant(office: Office) -> datetime | None:
    """When the next job falls due, None when none waits."""
    with office.begin() as work:
        found: datetime | None = finders.next_due(work)
        return found


def bell(office: Office) -> Bell:
    """What a worker sleeps by: PostgreSQL rings it when work is filed, on SQLite only time does."""
    return Bell(office.engine)
