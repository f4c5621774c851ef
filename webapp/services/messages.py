"""Messages between processes 流程消息: outbox rows delivered one by one, each in its own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import Conflict, Refused
from webapp.persistence import finders
from webapp.persistence.failures import DatabaseUnavailable
from webapp.persistence.models import people, runtime
from webapp.services import advance, incidents, instances, signals, start_conditions, way_up
from webapp.services.desk import CaseStanding, standing
from webapp.services.facts import pairs
from webapp.services.office import Office, Work
from webapp.services.outbox import outbox_row

BATCH = 50
MOST_ROUNDS = 40


def deliver_all(office: Office) -> int:
    """Deliver what can be delivered until nothing more can → how many."""
    total = 0
    for _ in range(MOST_ROUNDS):
        with office.begin() as work:
            is_empty = work.one(runtime.outbox, status="waiting") is None
            waiting = [] if is_empty else finders.deliverable(work, _starting(work), BATCH)
        done = sum(_try(office, message_id) for message_id in waiting)
        total += done
        if not done:
            break
    return total


def expire_all(office: Office) -> int:
    """Take out of the box what nobody came for within its life time → how many; each is in its sender's history."""
    with office.begin() as work:
        waiting = finders.expired_messages(work, BATCH)
    return sum(_expire(office.begin(), message_id) for message_id in waiting)


def _expire(work: Work, message_id: str) -> bool:
    with work:
        row = work.get(runtime.outbox, id=message_id)
        stream = f"case:{row['case_id']}" if row["case_id"] else "system"
        work.lock_stream(stream)
        waiting = {"id": message_id, "status": "waiting"}
        if not work.update(runtime.outbox, waiting, {"status": "expired"}).count:
            return False
        facts = {"message": row["message"], "outbox_id": message_id, "element_id": row["element_id"]}
        work.commit(
            events.MessageExpired(
                actor=system_actor(f"message:{row['message']}"),
                effective_at=work.now,
                stream=stream,
                case_id=row["case_id"],
                facts=facts,
            )
        )
    return True


def _starting(work: Work) -> frozenset[str]:
    return frozenset(_starters(work))


def _starters(work: Work) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for row in finders.latest_definitions(work, resting=False):
        definition = work.definition(row["digest"], row["key"])
        found |= dict.fromkeys(definition.messages_starting, row) | signals.starters(definition, row)
        found |= dict.fromkeys(start_conditions.heard(definition), row)
    return found


def _try(office: Office, message_id: str) -> bool:
    with office.begin() as work:
        row = work.one(runtime.outbox, id=message_id)
    if row is None or row["status"] != "waiting":
        return False
    try:
        return _deliver(office.begin(at=_instant(office, row)), message_id)
    except (Conflict, DatabaseUnavailable):
        # Another command was first, or the database is away: the message goes on waiting.
        return False
    except (Refused, bpmn.EngineError, AssertionError, LookupError, TypeError, ValueError) as error:
        incidents.raise_for_message(office, row, error)
        return False


def _instant(office: Office, row: Mapping[str, Any]) -> datetime:
    """The sender's instant, so that "the same day" holds; of a receiver that came later, the one it came at."""
    with office.begin() as work:
        waiting = finders.receivers(work, row["message"], row["correlation"])
    instants: list[datetime] = [row["effective_at"], *(one["opened_at"] for one in waiting)]
    return max(instants)


def _deliver(work: Work, message_id: str) -> bool:
    with work:
        row = work.get(runtime.outbox, id=message_id)
        fitting = finders.receivers(work, row["message"], row["correlation"])
        if len(fitting) > 1:
            return _ambiguous(work, row)
        if fitting:
            # Taken before it is read: what it ends must not call off the message itself.
            if not _take(work, message_id, fitting[0]["instance_id"]):
                return False
            run, applied, stream_case = _correlate(work, row, fitting[0])
        else:
            definition = _starters(work).get(row["message"])
            if definition is None:
                return False
            hindrance = _hindrance(work, row["case_id"], definition["key"])
            if hindrance:
                return False if hindrance == "case_suspended" else _drop(work, row, hindrance)
            run, applied, stream_case = _start(work, row, definition)
            if not _take(work, message_id, run.instance_id):
                return False
        work.commit(_event(work, row, run, applied, stream_case))
    return True


def _take(work: Work, message_id: str, instance_id: str) -> bool:
    """The message is delivered to the instance; False when another worker was first."""
    taken = {"status": "delivered", "delivered_at": work.now, "delivered_to": instance_id}
    return work.update(runtime.outbox, {"id": message_id, "status": "waiting"}, taken).count == 1


def _correlate(
    work: Work, row: Mapping[str, Any], subscription: Mapping[str, Any]
) -> tuple[advance.Run, advance.Applied, CaseStanding | None]:
    run, _ = instances.load(work, subscription["instance_id"])
    applied = advance.apply(run, bpmn.Correlate(subscription["id"], row["variables"]))
    return run, applied, run.case


def _start(
    work: Work, row: Mapping[str, Any], definition: Mapping[str, Any]
) -> tuple[advance.Run, advance.Applied, CaseStanding | None]:
    case_row = finders.load_case(work, row["case_id"]) if row["case_id"] else None
    case = standing(work, case_row) if case_row else None
    run, applied = instances.begin(
        work, definition, case, variables=row["variables"], started_by="system", message=row["message"]
    )
    return run, applied, case


def _hindrance(work: Work, case_id: str | None, key: str) -> str | None:
    """Why no process begins on the case: it is suspended or closed, or the cadre's way up has begun already."""
    case = finders.load_case(work, case_id) if case_id else None
    if case is None or case["case_status"] != "open":
        return f"case_{case['case_status']}" if case else None
    if key != way_up.PROCESS:
        return None
    # Locked, so that none begins beside it.
    work.get(people.person, id=case["case_person_id"], lock=True)
    return "already_running" if way_up.runs(work, case["case_person_id"]) else None


def _drop(work: Work, row: Mapping[str, Any], why: str) -> bool:
    """Nothing begins on a closed case, nor twice: the message falls away, and the history says so."""
    work.update(runtime.outbox, {"id": row["id"], "status": "waiting"}, {"status": "cancelled"})
    facts = {"message": row["message"], "outbox_id": row["id"], "dropped": why}
    actor = system_actor(f"message:{row['message']}")
    stream = f"case:{row['case_id']}"
    work.commit(
        events.MessageDelivered(
            actor=actor, effective_at=work.now, stream=stream, case_id=row["case_id"], facts=facts
        )
    )
    return False


def _ambiguous(work: Work, row: Mapping[str, Any]) -> bool:
    """Two receivers fit: nobody gets it, an incident asks a person to decide."""
    work.update(runtime.outbox, {"id": row["id"], "status": "waiting"}, {"status": "ambiguous"})
    incidents.insert(
        work,
        instance_id=row["instance_id"],
        case_id=row["case_id"],
        element_id=row["element_id"],
        code="MESSAGE_AMBIGUOUS",
        sentence=f"消息“{row['message']}”有多个接收环节，已停止投递，请核对后处理。",
    )
    work.commit(incidents.event(work, row["case_id"], "MESSAGE_AMBIGUOUS", row["element_id"]))
    return False


def _event(
    work: Work, row: Mapping[str, Any], run: advance.Run, applied: advance.Applied, case: CaseStanding | None
) -> events.Event:
    return events.MessageDelivered(
        actor=system_actor(f"message:{row['message']}"),
        effective_at=work.now,
        stream=run.stream,
        case_id=case.id if case else None,
        facts={
            "message": row["message"],
            "outbox_id": row["id"],
            "variables": pairs(row["variables"]),
            **applied.facts,
        },
    )


def call_off(work: Work, *, element_id: str, message: str) -> None:
    """Take a message of a service back that has not reached anybody yet: what it told no longer holds."""
    waiting = {"element_id": element_id, "message": message, "status": "waiting"}
    work.update(runtime.outbox, waiting, {"status": "cancelled"})


def send(
    work: Work,
    *,
    case_id: str | None,
    element_id: str,
    message: str,
    correlation: str | None,
    variables: dict[str, Any],
) -> None:
    """Put a message of a service (not of a diagram) into the outbox of this transaction."""
    work.insert(
        runtime.outbox,
        outbox_row(
            instance_id=None,
            seq=0,
            element_id=element_id,
            case_id=case_id,
            message=message,
            correlation=correlation,
            variables=variables,
            at=work.now,
        ),
    )
    work.after_commit(work.office.wake)
