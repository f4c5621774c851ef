"""Camunda's answers 返回格式: rows as the JSON objects its clients know, and the schemas of those objects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp.web.api import schema
from webapp.web.api.schema import Schema
from webapp.web.api.values import TYPED, moment

Row = Mapping[str, Any]
TEXT: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": ["integer", "null"]}
STATES = {
    "running": "ACTIVE",
    "suspended": "SUSPENDED",
    "finished": "COMPLETED",
    "cancelled": "EXTERNALLY_TERMINATED",
}
TASK_STATES = {"open": "Created", "completed": "Completed", "cancelled": "Deleted"}


def _shape(texts: str, *, flags: str = "", numbers: str = "", **more: Schema) -> Schema:
    found: dict[str, Schema] = dict.fromkeys(texts.split(), TEXT)
    found |= dict.fromkeys(flags.split(), FLAG) | dict.fromkeys(numbers.split(), NUMBER) | more
    return {**schema.record_of(found, closed=False), "required": sorted(found)}


LINKS: Schema = {"type": "array", "items": {"type": "object"}}
SCHEMAS: dict[str, Schema] = {
    "TypedValue": TYPED,
    "Variables": {"type": "object", "additionalProperties": schema.named("TypedValue")},
    "Error": schema.record(
        ("type", "message"), closed=False, type={"type": "string"}, message={"type": "string"},
        code={"type": "integer"}, refusal={"type": "string"},
    ),
    "Refusal": schema.record(
        ("code", "message"), closed=False, code={"type": "string"}, message={"type": "string"}
    ),
    "ProcessDefinition": _shape(
        "id key category description name resource deploymentId diagram tenantId versionTag", flags="suspended "
        "startableInTasklist", numbers="version historyTimeToLive",
    ),
    "Deployment": _shape("id name source deploymentTime tenantId status"),
    "ProcessInstance": _shape(
        "id definitionId definitionKey businessKey caseInstanceId tenantId", flags="ended suspended", links=LINKS
    ),
    "Task": _shape(
        "id name assignee created due followUp lastUpdated delegationState description executionId owner parentTaskId"
        " processDefinitionId processInstanceId taskDefinitionKey caseExecutionId caseInstanceId caseDefinitionId"
        " formKey camundaFormRef tenantId taskState", flags="suspended", numbers="priority",
    ),
    "ExternalTask": _shape(
        "activityId activityInstanceId createTime errorMessage executionId id lockExpirationTime processDefinitionId"
        " processDefinitionKey processDefinitionVersionTag processInstanceId tenantId topicName workerId businessKey",
        flags="suspended", numbers="priority retries",
    ),
    "LockedExternalTask": _shape(
        "activityId activityInstanceId createTime errorMessage executionId id lockExpirationTime processDefinitionId"
        " processDefinitionKey processDefinitionVersionTag processInstanceId tenantId topicName workerId businessKey",
        flags="suspended", numbers="priority retries",
        variables=schema.named("Variables"), extensionProperties={"type": "object"},
    ),
    "HistoricProcessInstance": _shape(
        "id businessKey processDefinitionId processDefinitionKey processDefinitionName startTime endTime removalTime"
        " startUserId startActivityId deleteReason rootProcessInstanceId superProcessInstanceId superCaseInstanceId"
        " caseInstanceId tenantId state", numbers="processDefinitionVersion durationInMillis",
    ),
    "HistoricTaskInstance": _shape(
        "id processDefinitionKey processDefinitionId processInstanceId executionId caseDefinitionKey caseDefinitionId"
        " caseInstanceId caseExecutionId activityInstanceId name description deleteReason owner assignee startTime"
        " endTime taskDefinitionKey due parentTaskId followUp tenantId removalTime rootProcessInstanceId taskState",
        numbers="duration priority",
    ),
    "HistoricActivityInstance": _shape(
        "id parentActivityInstanceId activityId activityName activityType processDefinitionKey processDefinitionId"
        " processInstanceId executionId taskId calledProcessInstanceId calledCaseInstanceId assignee startTime endTime"
        " tenantId removalTime rootProcessInstanceId", flags="canceled completeScope", numbers="durationInMillis",
    ),
    "DecisionDefinition": _shape(
        "id key category name resource deploymentId tenantId decisionRequirementsDefinitionId"
        " decisionRequirementsDefinitionKey versionTag", numbers="version historyTimeToLive",
    ),
}  # fmt: skip


schema.NAMED.update(SCHEMAS)
ref = schema.named


def many(name: str) -> Schema:
    """A list of a named schema."""
    return {"type": "array", "items": ref(name)}


def _blank(name: str) -> dict[str, Any]:
    """Every property of a named schema, empty."""
    return {
        key: False if one is FLAG else [] if one is LINKS else None
        for key, one in SCHEMAS[name]["properties"].items()
    }


def full_id(key: str, version: int, definition_id: str) -> str:
    """The id of a version as Camunda writes it."""
    return f"{key}:{version}:{definition_id}"


def definition(row: Row) -> dict[str, Any]:
    """A version of a process."""
    return _blank("ProcessDefinition") | {
        "id": full_id(row["key"], row["version"], row["id"]),
        "key": row["key"],
        "name": row["name"],
        "version": row["version"],
        "resource": f"{row['key']}.bpmn",
        "deploymentId": row["deployment_id"],
        "category": "http://bpmn.io/schema/bpmn",
        "suspended": row["state"] == "suspended",
        "startableInTasklist": row["version"] == row["newest"] and row["state"] == "active",
    }


def deployment(row: Row) -> dict[str, Any]:
    """A published version as the deployment it was."""
    return _blank("Deployment") | {
        "id": row["deployment_id"],
        "name": row["note"] or row["name"],
        "source": row["origin"],
        "deploymentTime": moment(row["deployed_at"]),
        "status": "approved",
    }


def proposal(row: Row) -> dict[str, Any]:
    """A deployment that waits for a second designer, or was refused."""
    return _blank("Deployment") | {
        "id": row["id"],
        "name": row["reason"],
        "source": "designer",
        "deploymentTime": moment(row["proposed_at"]),
        "status": row["status"],
    }


def instance(row: Row) -> dict[str, Any]:
    """A process instance."""
    return _blank("ProcessInstance") | {
        "id": row["id"],
        "definitionId": full_id(row["key"], row["version"], row["definition_id"]),
        "definitionKey": row["key"],
        "businessKey": row["number"],
        "ended": row["status"] not in ("running", "suspended"),
        "suspended": row["status"] == "suspended",
    }


def task(row: Row) -> dict[str, Any]:
    """An open task."""
    return _blank("Task") | {
        "id": row["id"],
        "name": row["name"],
        "assignee": row["assignee"],
        "created": moment(row["opened_at"]),
        "due": moment(row["due_at"]),
        "followUp": moment(row["follow_up_at"]),
        "executionId": row["instance_id"],
        "processDefinitionId": full_id(row["process_key"], row["version"], row["definition_id"]),
        "processInstanceId": row["instance_id"],
        "taskDefinitionKey": row["element_id"],
        "formKey": row["form_key"],
        "priority": row["priority"],
        "suspended": row["instance_status"] == "suspended",
        "taskState": TASK_STATES[row["status"]],
    }


def external_task(row: Row) -> dict[str, Any]:
    """An open external task."""
    return _blank("ExternalTask") | {
        "id": row["id"],
        "activityId": row["element_id"],
        "activityInstanceId": row["id"],
        "createTime": moment(row["opened_at"]),
        "errorMessage": row["error"],
        "executionId": row["instance_id"],
        "processInstanceId": row["instance_id"],
        "processDefinitionId": full_id(row["process_key"], row["version"], row["definition_id"]),
        "processDefinitionKey": row["process_key"],
        "businessKey": row["number"],
        "topicName": row["topic"],
        "workerId": row["worker"],
        "lockExpirationTime": moment(row["locked_until"]),
        "retries": row["retries"],
        "priority": 0,
        "suspended": row["instance_status"] == "suspended",
    }


def past_task(row: Row) -> dict[str, Any]:
    """A task of the history."""
    return _blank("HistoricTaskInstance") | {
        "id": row["id"],
        "processDefinitionKey": row["process_key"],
        "processDefinitionId": full_id(row["process_key"], row["version"], row["definition_id"]),
        "processInstanceId": row["instance_id"],
        "rootProcessInstanceId": row["instance_id"],
        "executionId": row["instance_id"],
        "name": row["name"],
        "assignee": row["assignee"],
        "startTime": moment(row["opened_at"]),
        "endTime": moment(row["closed_at"]),
        "duration": millis(row["opened_at"], row["closed_at"]),
        "deleteReason": {"completed": "completed", "cancelled": "deleted"}.get(row["status"]),
        "taskDefinitionKey": row["element_id"],
        "priority": row["priority"],
        "due": moment(row["due_at"]),
        "followUp": moment(row["follow_up_at"]),
        "taskState": TASK_STATES[row["status"]],
    }


def past_instance(row: Row, logins: Mapping[str, str]) -> dict[str, Any]:
    """A process instance of the history."""
    return _blank("HistoricProcessInstance") | {
        "id": row["id"],
        "businessKey": row["number"],
        "processDefinitionId": full_id(row["key"], row["version"], row["definition_id"]),
        "processDefinitionKey": row["key"],
        "processDefinitionName": row["name"],
        "processDefinitionVersion": row["version"],
        "startTime": moment(row["started_at"]),
        "endTime": moment(row["ended_at"]),
        "durationInMillis": millis(row["started_at"], row["ended_at"]),
        "startUserId": logins.get(row["started_by"]),
        "rootProcessInstanceId": row["id"],
        "state": STATES[row["status"]],
    }


def activity(one: Any, row: Row) -> dict[str, Any]:
    """A passage through a node; ``row``: its instance."""
    return _blank("HistoricActivityInstance") | {
        "id": one.id,
        "parentActivityInstanceId": row["id"],
        "activityId": one.element_id,
        "activityName": one.name or None,
        "activityType": one.kind,
        "processDefinitionKey": row["key"],
        "processDefinitionId": full_id(row["key"], row["version"], row["definition_id"]),
        "processInstanceId": row["id"],
        "rootProcessInstanceId": row["id"],
        "executionId": row["id"],
        "taskId": one.task_id,
        "assignee": one.assignee,
        "startTime": moment(one.started_at),
        "endTime": moment(one.ended_at),
        "durationInMillis": millis(one.started_at, one.ended_at),
        "canceled": one.cancelled,
    }


def millis(since: datetime, until: datetime | None) -> int | None:
    """The milliseconds between, None while it lasts."""
    return int((until - since).total_seconds() * 1000) if until else None
