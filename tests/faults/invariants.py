"""What must hold after every fault run, read from the database alone and from what was answered."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from webapp.persistence import ledger
from webapp.persistence.models import history, runtime
from webapp.services import reads, replay
from webapp.services.office import Office


def broken(office: Office, answers: Mapping[str, list[Any]]) -> list[str]:
    """Every promise that does not hold, in words; empty when all do."""
    with reads.begin(office, frozen=True) as look:
        bodies = [json.loads(row["body"]) for row in look.all(history.history_event, order=("recorded_at",))]
        found = [f"I4/I15/I16 {one.stream} {one.seq} {one.code}" for one in ledger.verify(look._connection)]
        found += _timers(look, bodies) + _messages(look, bodies)
    found += _submits(bodies, answers)
    found += [f"I6/I7/I8 {one.code} {one.sentence}" for one in replay.replay(office)]
    return found


def _of_kind(bodies: list[dict[str, Any]], kind: str, key: str) -> Counter[str]:
    return Counter(one["facts"][key] for one in bodies if one["kind"] == kind)


def _submits(bodies: list[dict[str, Any]], answers: Mapping[str, list[Any]]) -> list[str]:
    done = _of_kind(bodies, "task_completed", "work_item_id")
    found = [f"I2 {task} was completed {count} times" for task, count in done.items() if count != 1]
    found += [f"I3 {task} was completed and nobody asked for it" for task in done if task not in answers]
    for task, replies in answers.items():
        refused = [one for one in replies if isinstance(one, str)]
        found += [f"I1 {task} was refused: {one}" for one in refused]
        if not replies or task not in done:
            found.append(f"I1 {task}: {len(replies)} answers, {done[task]} completions")
        if any(one != replies[0] for one in replies):
            found.append(f"I1 {task} was answered in different ways")
    return found


def _timers(look: Any, bodies: list[dict[str, Any]]) -> list[str]:
    fired = _of_kind(bodies, "job_run", "job_id")
    when = {one["facts"]["job_id"]: one for one in bodies if one["kind"] == "job_run"}
    found = [f"I9 {job} fired {count} times" for job, count in fired.items() if count != 1]
    for job in look.all(runtime.job):
        event = when.get(job["id"])
        if job["status"] != "done" or event is None:
            found.append(f"I9 {job['id']} never fired, it is {job['status']}")
        elif event["effective_at"] != _narrow(job["due_at"]) or event["recorded_at"] < event["effective_at"]:
            found.append(f"I9 {job['id']} did not fire at its own instant")
    return found


def _messages(look: Any, bodies: list[dict[str, Any]]) -> list[str]:
    taken = _of_kind(bodies, "message_delivered", "outbox_id")
    found = [f"I10 {message} was delivered {count} times" for message, count in taken.items() if count != 1]
    for row in look.all(runtime.outbox):
        if row["status"] != "delivered" or row["id"] not in taken:
            found.append(f"I11 {row['id']} is {row['status']}")
    return found


def _narrow(instant: Any) -> str:
    return str(instant.isoformat(timespec="microseconds").replace("+00:00", "Z"))
