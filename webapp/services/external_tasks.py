"""External tasks 外部任务: programs outside fetch work by topic, hold it for a time, and tell what became of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, EngineFault, Invalid, NotFound
from webapp.persistence import external_tasks as locks
from webapp.persistence.external_tasks import Topic as Topic
from webapp.persistence.models import runtime
from webapp.services import advance, incidents, instances
from webapp.services.facts import pairs
from webapp.services.office import STANDARD_VARIABLES, Office, Work

WORKER = "external_worker"
ADMIN = "system_admin"
LONGEST_ERROR = 200
# Variables hold ids, codes, dates, numbers and outcomes; whatever is longer belongs into the program's own files.
LONGEST_TEXT = 200
MOST_BYTES = 16 * 1024
TASK = runtime.external_task
Row = Mapping[str, Any]


def fetch(office: Office, actor: Actor, *, worker: str, most: int, topics: Sequence[Topic]) -> list[str]:
    """Lock what there is to do 领取 → the ids, topic by topic, oldest first; empty when nothing waits.

    What was handed out is in the worker's record before it leaves.
    """
    work = office.begin()
    with work:
        access.require_role(actor, WORKER, day=work.today)
        found: list[str] = []
        for topic in topics:
            if len(found) < most:
                found += locks.claim(
                    work, topic, most=most - len(found), worker=worker, user_id=actor.user_id
                )
        if found:
            facts = {"tasks": found, "topics": sorted({one.name for one in topics}), "worker": worker}
            work.commit(events.ExternalTasksFetched(actor=actor, effective_at=work.now, facts=facts))
    return found


def complete(work: Work, actor: Actor, *, task_id: str, worker: str, variables: Mapping[str, object]) -> None:
    """The work is done 办结: its values enter the instance, which goes on in the same transaction.

    Conflict for a task that another program holds or that is no longer open; Invalid for values that no process
    variable may have.
    """
    _require_values(variables)
    command = bpmn.ServiceReturned(task_id, dict(variables))
    told = {"variables": pairs(variables)}
    _finish(work, actor, command, worker, events.ExternalTaskCompleted, told)


def bpmn_error(
    work: Work, actor: Actor, *, task_id: str, worker: str, code: str, variables: Mapping[str, object]
) -> None:
    """The work came to an end the diagram knows 报告错误: its boundary event catches the code.

    Conflict where the diagram catches no such error: nothing is done then.
    """
    _require_values(variables)
    command = bpmn.ServiceFailed(task_id, code, dict(variables))
    told = {"error_code": code, "variables": pairs(variables)}
    _finish(work, actor, command, worker, events.ExternalTaskErrored, told)


def failure(
    work: Work, actor: Actor, *, task_id: str, worker: str, error: str, retries: int, wait: timedelta
) -> None:
    """The work could not be done 办理失败: it may be fetched again after a time, or, with no retries left, an
    incident asks for a person.

    ``error``: for that person; it stands beside the task and enters no history.
    """
    with work:
        run, row = _held(work, actor, task_id, worker)
        said = error.strip()[:LONGEST_ERROR]
        work.update(
            TASK, {"id": task_id}, {"retries": retries, "error": said, "worker": None, "held_by": None}
        )
        locks.hold(work, task_id, wait)
        if retries == 0:
            sentence = f"外部任务“{_name(run, row)}”（主题“{row['topic']}”）未能办理，请核对后重试。"
            where = {
                "instance_id": run.instance_id,
                "case_id": row["case_id"],
                "element_id": row["element_id"],
            }
            incidents.insert(work, code=incidents.EXTERNAL_FAILED, sentence=sentence, job_id=task_id, **where)
        told = {"retries": retries, "wait_seconds": int(wait.total_seconds())}
        work.commit(_event(events.ExternalTaskFailed, run, actor, row, told))


def extend(work: Work, actor: Actor, *, task_id: str, worker: str, lock: timedelta) -> None:
    """Hold a task for longer 延长: from now on, for the time given."""
    with work:
        _held(work, actor, task_id, worker)
        locks.hold(work, task_id, lock)
        work.settle()


def unlock(work: Work, actor: Actor, *, task_id: str) -> None:
    """Let a task go 放开, so that any program may fetch it at once."""
    _release(work, actor, task_id, {"worker": None, "held_by": None, "locked_until": None})


def set_retries(work: Work, actor: Actor, *, task_id: str, retries: int) -> None:
    """How often a task may be tried yet 剩余次数; its incident is settled apart."""
    _release(work, actor, task_id, {"retries": retries})


def _release(work: Work, actor: Actor, task_id: str, values: Mapping[str, Any]) -> None:
    with work:
        access.require_role(actor, WORKER, ADMIN, day=work.today)
        run, row = _open(work, task_id)
        work.update(TASK, {"id": task_id}, values)
        told = {"retries": values["retries"]} if "retries" in values else {}
        work.commit(_event(events.ExternalTaskReleased, run, actor, row, told))


def _held(work: Work, actor: Actor, task_id: str, worker: str) -> tuple[advance.Run, Row]:
    """The task with its instance, locked; Conflict unless this program, under this log-in, holds it."""
    access.require_role(actor, WORKER, day=work.today)
    run, row = _open(work, task_id)
    if (row["worker"], row["held_by"]) != (worker, actor.user_id):
        raise Conflict("该外部任务不在您名下：锁定已经到期并由其他程序领取，或者已经放开。")
    return run, row


def _open(work: Work, task_id: str) -> tuple[advance.Run, Row]:
    known = work.one(TASK, id=task_id)
    if known is None:
        raise NotFound("没有找到该外部任务。")
    run, _ = instances.load(work, known["instance_id"])
    # Read again: somebody may have been first while the instance was being locked.
    row = work.get(TASK, id=task_id)
    if row["status"] != "open":
        raise Conflict("该外部任务已经办结或者已经撤销。")
    return run, row


def _finish(
    work: Work,
    actor: Actor,
    command: bpmn.ServiceReturned | bpmn.ServiceFailed,
    worker: str,
    kind: type[events.Event],
    told: Mapping[str, object],
) -> None:
    """Close the task and let the instance go on; a fault of the diagram becomes an incident, nothing is done then."""
    row: Row = {"instance_id": None, "case_id": None, "element_id": None}
    try:
        with work:
            run, row = _held(work, actor, command.call_id, worker)
            done = {"status": "completed", "closed_at": work.now}
            work.update(TASK, {"id": command.call_id, "status": "open"}, done)
            applied = advance.apply(run, command)
            work.commit(_event(kind, run, actor, row, {**told, **applied.facts}))
    except bpmn.EngineError as error:
        if error.code == "error.uncaught":
            raise Conflict(error.zh) from error
        raise _fault(work.office, row, error) from error


def _fault(office: Office, row: Row, error: bpmn.EngineError) -> EngineFault:
    incident_id = incidents.raise_in_own_transaction(
        office,
        code=error.code[:60],
        sentence=f"外部任务办结后流程未能继续：{error.zh}"[:400],
        instance_id=row["instance_id"],
        case_id=row["case_id"],
        element_id=error.element_id or row["element_id"],
    )
    return EngineFault(incident_id)


def _event(
    kind: type[events.Event], run: advance.Run, actor: Actor, row: Row, told: Mapping[str, object]
) -> events.Event:
    facts = {"external_task_id": row["id"], "topic": row["topic"], "element_id": row["element_id"], **told}
    return kind(
        actor=actor, effective_at=run.work.now, stream=run.stream, case_id=row["case_id"], facts=facts
    )


def _name(run: advance.Run, row: Row) -> str:
    return run.definition.nodes[row["element_id"]].name or str(row["element_id"])


def _require_values(variables: Mapping[str, object]) -> None:
    problems = {}
    for name, value in variables.items():
        if name in STANDARD_VARIABLES:
            problems[name] = "由系统给出，不能改写。"
        elif not name.isidentifier() or len(name) > 80:
            problems[name[:80]] = "不是流程变量的名称。"
        elif not _fits(value, 0):
            problems[name] = (
                f"只能是编号、代码、日期、数字、结果或由它们组成的列表，文字不超过{LONGEST_TEXT}字。"
            )
    if not problems and len(json.dumps(variables, ensure_ascii=False).encode()) > MOST_BYTES:
        problems["variables"] = f"各变量合计不超过{MOST_BYTES // 1024}千字节。"
    if problems:
        raise Invalid(problems)


def _fits(value: object, depth: int) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    if depth > 4 or not isinstance(value, list | dict):
        return False
    if isinstance(value, dict) and not all(isinstance(name, str) and _fits(name, 5) for name in value):
        return False
    return all(_fits(one, depth + 1) for one in (value.values() if isinstance(value, dict) else value))
