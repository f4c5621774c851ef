"""``/engine-rest/message`` 消息, and ``/engine-rest/version`` 版本."""

from typing import Any

from webapp import VERSION
from webapp.services import receiving
from webapp.web.api import schema, values
from webapp.web.api.acting import once
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor

SENDING = schema.record(
    ("messageName",),
    messageName={**schema.LINE, "minLength": 1},
    businessKey=schema.maybe(schema.LINE),
    correlationKeys=values.VARIABLES,
    processVariables=values.VARIABLES,
    processVariablesLocal=schema.NO_ENTRIES,
    localVariables=schema.NO_ENTRIES,
    processInstanceId=schema.NONE,
    tenantId=schema.NONE,
    withoutTenantId=schema.maybe(schema.FLAG),
    resultEnabled=schema.NOT,
    variablesInResultEnabled=schema.NOT,
    all=schema.NOT,
)
RESTORED = {
    "messageName": "rights_restored",
    "businessKey": "2026-处-0999",
    "processVariables": {
        "restored_on": {"value": "2026-01-12", "type": "String"},
        "organ": {"value": "中共星屿市纪委", "type": "String"},
        "document_no": {"value": "星纪复〔2026〕3号", "type": "String"},
    },
}


@ENGINE_REST.get(
    "/version",
    answer=schema.record(("version",), version={"type": "string"}),
    examples=(Example("ganbu1"),),
)
def version(_asked: Asked) -> Any:
    """程序版本。"""
    return {"version": VERSION}


@ENGINE_REST.post("/message", body=SENDING, examples=(Example("jiwei", RESTORED, status=404),))
def message(asked: Asked) -> Any:
    """登记外部决定：rights_restored 恢复党员权利，agenda_item_recalled 撤回议题。流程之间的消息不能从外部发送。"""
    body = asked.body
    sent = {**values.plain(body.get("correlationKeys")), **values.plain(body.get("processVariables"))}
    name, number = body["messageName"], body.get("businessKey") or ""
    once(lambda one: receiving.receive(one, current_actor(), name=name, number=number, values=sent), body)
    return NOTHING
