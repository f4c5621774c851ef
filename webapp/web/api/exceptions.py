"""Exceptions a diagram draws on a task 例外、提级, and signals 信号, as Camunda's clients send them."""

from typing import Any

from webapp.services import broadcasting, throwing
from webapp.web.api import schema
from webapp.web.api.acting import id_of, once
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor

CODE = {**schema.LINE, "minLength": 1}
ERROR = schema.record(
    ("errorCode",), errorCode=CODE, errorMessage=schema.maybe(schema.TEXT), variables=schema.NO_ENTRIES
)
ESCALATION = schema.record(("escalationCode",), escalationCode=CODE, variables=schema.NO_ENTRIES)
SIGNAL = schema.record(
    ("name",),
    name=CODE,
    executionId=schema.NONE,
    variables=schema.NO_ENTRIES,
    tenantId=schema.NONE,
    withoutTenantId=schema.maybe(schema.FLAG),
)


@ENGINE_REST.post(
    "/task/<task_id>/bpmnError",
    body=ERROR,
    examples=(Example("jiandu1", {"errorCode": "not_there"}, status=400),),
)
def throw_bpmn_error(asked: Asked, task_id: str) -> Any:
    """转入流程图在这项待办上画出的例外；没有画出的、须决定或签字的环节，答复 400，待办不变。errorMessage 不保存。"""
    code = asked.body["errorCode"]
    once(
        lambda one: throwing.throw_error(one, current_actor(), task_id=id_of(task_id), code=code), asked.body
    )
    return NOTHING


@ENGINE_REST.post(
    "/task/<task_id>/bpmnEscalation",
    body=ESCALATION,
    examples=(Example("jiandu1", {"escalationCode": "not_there"}, status=400),),
)
def throw_bpmn_escalation(asked: Asked, task_id: str) -> Any:
    """按流程图提级处理；没有画出的，答复 400。"""
    code = asked.body["escalationCode"]
    once(lambda one: throwing.escalate(one, current_actor(), task_id=id_of(task_id), code=code), asked.body)
    return NOTHING


@ENGINE_REST.post(
    "/signal",
    body=SIGNAL,
    examples=(
        Example("changwei03", {"name": "not_there"}, status=400),
        Example("ganbu1", {"name": "not_there"}, status=403),
    ),
)
def signal(asked: Asked) -> Any:
    """发出信号：等待它的流程各自继续，只及于您负责复核的卷宗；不带变量。没有流程等待的，答复 400。"""
    name = asked.body["name"]
    once(lambda one: broadcasting.broadcast(one, current_actor(), name=name), asked.body)
    return NOTHING
