"""Incidents 流程异常: what failed, where, since when; the case itself stays untouched."""

from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import Actor, require_role, system_actor
from webapp.domain.errors import Conflict, EngineFault
from webapp.persistence.models import runtime
from webapp.services.office import Office, Work

MESSAGE_FAILED = "MESSAGE_FAILED"
# Of an external task; the incident's ``job_id`` is the task's.
EXTERNAL_FAILED = "EXTERNAL_FAILED"
# A failed job is nobody's: a retry must not wait for a lease to run out.
FREE: Mapping[str, Any] = {"lease_owner": None, "lease_until": None}


def insert(
    work: Work,
    *,
    code: str,
    sentence: str,
    instance_id: str | None = None,
    case_id: str | None = None,
    element_id: str | None = None,
    job_id: str | None = None,
) -> str:
    """Write an incident row in this transaction → its id."""
    incident_id = str(uuid7())
    work.insert(
        runtime.incident,
        {
            "id": incident_id,
            "instance_id": instance_id,
            "case_id": case_id,
            "job_id": job_id,
            "element_id": element_id,
            "code": code,
            "sentence": sentence,
            "opened_at": work.now,
        },
    )
    return incident_id


def event(work: Work, case_id: str | None, code: str, element_id: str | None) -> events.Event:
    """The event of an incident, on the case's chain where there is one."""
    return events.IncidentRaised(
        actor=system_actor("incident"),
        effective_at=work.now,
        stream=f"case:{case_id}" if case_id else "system",
        case_id=case_id,
        facts={"code": code, "element_id": element_id or ""},
    )


def raise_in_own_transaction(
    office: Office, *, code: str, sentence: str, job_id: str | None = None, **where: str | None
) -> str:
    """Report a failed step after its transaction was rolled back → the incident's id."""
    with office.begin() as work:
        incident_id = insert(work, code=code, sentence=sentence, job_id=job_id, **where)
        if job_id:
            work.update(runtime.job, {"id": job_id}, {**FREE, "status": "failed", "last_error": code})
        work.commit(event(work, where.get("case_id"), code, where.get("element_id")))
    return incident_id


def fault(office: Office, error: bpmn.EngineError, *, task_id: str = "") -> EngineFault:
    """The incident of a command that failed inside the diagram → the fault to raise; nothing was done."""
    with office.begin() as work:
        found = work.one(runtime.work_item, id=task_id) if task_id else None
    nowhere = {"name": "登记", "instance_id": None, "case_id": None, "element_id": None}
    row: Mapping[str, Any] = found or nowhere
    sentence = f"办理“{row['name']}”时流程未能继续：{error.zh}"
    incident_id = raise_in_own_transaction(
        office,
        code=error.code[:60],
        sentence=sentence[:400],
        instance_id=row["instance_id"],
        case_id=row["case_id"],
        element_id=error.element_id or row["element_id"],
    )
    return EngineFault(incident_id)


def raise_for_message(office: Office, row: Mapping[str, Any], error: Exception) -> None:
    """A message whose delivery failed for good stops waiting and asks for a person."""
    with office.begin() as work:
        work.update(runtime.outbox, {"id": row["id"], "status": "waiting"}, {"status": "failed"})
        insert(
            work,
            code=MESSAGE_FAILED,
            sentence=f"消息“{row['message']}”投递失败（{type(error).__name__}），请检查接收环节后重试。",
            case_id=row["case_id"],
            element_id=row["element_id"],
        )
        work.commit(event(work, row["case_id"], MESSAGE_FAILED, row["element_id"]))


def retry(work: Work, actor: Actor, *, incident_id: str) -> str:
    """Put the failed job or message back 重试, close the incident → who goes on, in a sentence.

    Conflict when it was settled already.
    """
    told = "已重新排入办理，稍后可刷新查看结果。"
    with work:
        require_role(actor, "system_admin", "org_dept_head", day=work.today)
        row = work.get(runtime.incident, id=incident_id)
        if row["resolved_at"] is not None:
            raise Conflict("该异常已经处理，请刷新。")
        if row["job_id"]:
            work.update(
                runtime.job, {"id": row["job_id"], "status": "failed"}, {"status": "due", "attempts": 0}
            )
        if row["code"] == EXTERNAL_FAILED:
            work.update(runtime.external_task, {"id": row["job_id"], "status": "open"}, {"retries": 1})
            topic = work.get(runtime.external_task, id=row["job_id"])["topic"]
            told = f"已重新排队，等外部程序取件（主题“{topic}”）；外部程序取走并办结之前，流程停在这一环节。"
        if row["code"] == MESSAGE_FAILED:
            failed = {"case_id": row["case_id"], "element_id": row["element_id"], "status": "failed"}
            work.update(runtime.outbox, failed, {"status": "waiting"})
            work.after_commit(work.office.wake)
        work.update(
            runtime.incident, {"id": incident_id}, {"resolved_at": work.now, "resolved_by": actor.user_id}
        )
        work.commit(
            events.IncidentResolved(
                actor=actor,
                effective_at=work.now,
                stream=f"case:{row['case_id']}" if row["case_id"] else "system",
                case_id=row["case_id"],
                facts={"incident_id": incident_id},
            )
        )
    return told
