"""Stopping and resuming the starts of a process 流程启停 over the API, and taking a version away: two designers.

Camunda's own paths put the act forward and answer 202; ``/api/definition-switches`` agrees or refuses.
"""

from typing import Any

from webapp.domain.definition_switches import LONGEST_REASON, Act, require_designer
from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.queries import definition_search, design_versions
from webapp.services import definition_switches as verbs
from webapp.web.api import schema, shapes, values
from webapp.web.api.acting import id_of, once
from webapp.web.api.corrections import PROPOSED
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import NOTHING, Asked, Example, Param
from webapp.web.session import current_actor, office, reading, today

REASON: schema.Schema = {"type": "string", "maxLength": LONGEST_REASON, "description": "理由，必须写明"}
SWITCH: dict[str, Any] = {
    "suspended": schema.FLAG,
    "includeProcessInstances": schema.maybe(schema.FLAG),
    "executionDate": schema.NONE,
    "reason": schema.maybe(REASON),
}
SWITCHING = schema.record(("suspended",), **SWITCH)
ANY_SWITCHING = schema.record(
    ("suspended",),
    processDefinitionId=schema.maybe(schema.LINE),
    processDefinitionKey=schema.maybe(schema.LINE),
    **SWITCH,
)
REMOVING = (
    Param("reason", REASON, "理由，必须写明"),
    Param("cascade", schema.FLAG, "办理过的版本不能删除，此项没有作用"),
    Param("skipCustomListeners", schema.FLAG),
    Param("skipIoMappings", schema.FLAG),
)
LINE = schema.record_of(
    dict.fromkeys(("id", "key", "act", "status", "reason", "proposedBy", "proposedAt"), shapes.TEXT)
    | {"version": shapes.NUMBER},
    closed=False,
)
SENT = "已提出，须由另一名流程设计员复核同意（POST /api/definition-switches/{编号}/confirm）后才生效。"
WHY = {"suspended": True, "reason": "规定正在修订。"}


def _proposed(key: str, act: Act, reason: str, version: int | None, body: object) -> Any:
    actor = current_actor()
    made = once(lambda one: verbs.propose(one, actor, key=key, act=act, reason=reason, version=version), body)
    switch_id = made if isinstance(made, str) else str(made["definition_switch_id"])
    return {"id": switch_id, "status": "proposed", "message": SENT}


def _switched(asked: Asked, key: str, version: int | None) -> Any:
    sent = asked.body
    if sent.get("includeProcessInstances"):
        raise Conflict(
            "在办的流程不随版本暂停：属于工作卷宗的，请暂停卷宗（PUT /process-instance/{id}/suspended）。"
        )
    return _proposed(
        key, "suspend" if sent["suspended"] else "activate", sent.get("reason") or "", version, sent
    )


def _row(definition_id: str) -> Any:
    require_designer(current_actor(), today())
    with reading() as reads:
        row = definition_search.by_id(reads, definition_id)
    if row is None:
        raise NotFound
    return row


@ENGINE_REST.put(
    "/process-definition/<definition_id>/suspended",
    body=SWITCHING,
    answer=PROPOSED,
    status=202,
    examples=(Example("liucheng", WHY, status=202), Example("ganbu1", WHY, status=403)),
)
def switch_process_definition(asked: Asked, definition_id: str) -> Any:
    """暂停、恢复一个版本的启动：只是提出，另一名设计员复核同意后才生效；理由写在 reason。"""
    row = _row(definition_id)
    return _switched(asked, row["key"], row["version"])


@ENGINE_REST.put(
    "/process-definition/key/<process_key>/suspended",
    body=SWITCHING,
    answer=PROPOSED,
    status=202,
    examples=(Example("liucheng", {"suspended": False, "reason": "修订完毕。"}, status=400),),
)
def switch_process_definition_by_key(asked: Asked, process_key: str) -> Any:
    """暂停、恢复一个流程各版本的启动：只是提出，另一名设计员复核同意后才生效。"""
    return _switched(asked, process_key, None)


@ENGINE_REST.put(
    "/process-definition/suspended",
    body=ANY_SWITCHING,
    answer=PROPOSED,
    status=202,
    examples=(Example("liucheng", WHY, status=400),),
)
def switch_process_definitions(asked: Asked) -> Any:
    """同上，版本或者流程写在 processDefinitionId 或者 processDefinitionKey。"""
    definition_id, key = (asked.body.get(name) for name in ("processDefinitionId", "processDefinitionKey"))
    if bool(definition_id) == bool(key):
        raise Invalid({"processDefinitionKey": "请给出 processDefinitionId 或者 processDefinitionKey。"})
    if key:
        return _switched(asked, key, None)
    row = _row(definition_id or "")
    return _switched(asked, row["key"], row["version"])


@ENGINE_REST.delete(
    "/process-definition/<definition_id>",
    query=REMOVING,
    answer=PROPOSED,
    status=202,
    examples=(Example("liucheng", query={"reason": "不再使用。"}, status=400),),
)
def delete_process_definition(asked: Asked, definition_id: str) -> Any:
    """删除从未办理过流程的版本：只是提出，另一名设计员复核同意后才删除；文件和办理记录保留。"""
    row = _row(definition_id)
    return _proposed(row["key"], "remove", asked.query.get("reason", ""), row["version"], None)


@OWN.get("/definition-switches", answer={"type": "array", "items": LINE}, examples=(Example("liucheng"),))
def definition_switches(_asked: Asked) -> Any:
    """流程启停、删除版本的申请，新的在前。"""
    actor = current_actor()
    require_designer(actor, today())
    with reading() as reads:
        lines = design_versions.switches(reads, actor.user_id)
    return [
        {
            "id": one.id,
            "key": one.key,
            "act": one.act,
            "version": one.version,
            "status": one.status,
            "reason": one.reason,
            "proposedBy": one.proposed_by,
            "proposedAt": values.moment(one.proposed_at),
        }
        for one in lines
    ]


@OWN.post(
    "/definition-switches/<definition_switch_id>/confirm",
    answer=schema.record(("versions",), versions={"type": "array", "items": {"type": "integer"}}),
    examples=(Example("liucheng2", status=404),),
)
def confirm_definition_switch(_asked: Asked, definition_switch_id: str) -> Any:
    """复核同意，随即生效；不能复核自己提出的。"""
    found = verbs.confirm(office().begin(), current_actor(), switch_id=id_of(definition_switch_id))
    return {"versions": list(found)}


@OWN.post(
    "/definition-switches/<definition_switch_id>/reject",
    body=schema.record(("reason",), reason=REASON),
    examples=(Example("liucheng2", {"reason": "不必暂停。"}, status=404),),
)
def reject_definition_switch(asked: Asked, definition_switch_id: str) -> Any:
    """不同意；提出人可以收回。"""
    reason, actor = asked.body["reason"], current_actor()
    once(
        lambda one: verbs.reject(one, actor, switch_id=id_of(definition_switch_id), reason=reason), asked.body
    )
    return NOTHING
