"""``/engine-rest/process-definition`` 流程定义: list, count, get, XML, the start form's fields, start."""

from typing import Any

from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.queries import definition_search, definitions, diagrams, instance_search
from webapp.services import forms, opening, starting
from webapp.web.api import lists, schema, shapes, values
from webapp.web.api.acting import key, once
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import Asked, Example
from webapp.web.session import current_actor, office, reading, today

FILTERS = lists.filters(
    processDefinitionId="text", processDefinitionIdIn="texts", key="text", keysIn="texts", keyLike="text", name="text",
    nameLike="text", version="number", latestVersion="flag", deploymentId="text", deployedAfter="moment",
    active="flag", suspended="flag", withoutTenantId="flag",
)  # fmt: skip
ORDERS = {
    name: definition_search.ORDERS[name]
    for name in ("key", "name", "version", "id", "deployTime", "deploymentId")
}
XML = schema.record(("id", "bpmn20Xml"), id={"type": "string"}, bpmn20Xml={"type": "string"})
STARTING_AT = schema.record(
    ("type", "activityId"),
    type={"type": "string", "enum": ["startBeforeActivity"]},
    activityId={**schema.LINE, "minLength": 1},
    variables=schema.NO_ENTRIES,
)
STARTING = schema.record(
    variables=values.VARIABLES,
    businessKey=schema.maybe(schema.LINE),
    caseInstanceId=schema.NONE,
    startInstructions=schema.maybe(schema.listed(STARTING_AT, 1)),
    skipCustomListeners=schema.maybe(schema.FLAG),
    skipIoMappings=schema.maybe(schema.FLAG),
    withVariablesInReturn=schema.NOT,
)
P01 = "p01_down_adjustment"


@ENGINE_REST.get(
    "/process-definition",
    query=lists.paged(FILTERS, ORDERS),
    answer=shapes.many("ProcessDefinition"),
    examples=(Example("liucheng", query={"latestVersion": "true", "sortBy": "key", "sortOrder": "asc"}),),
)
def process_definitions(asked: Asked) -> Any:
    """已发布的流程版本。"""
    definitions.require_may_read(current_actor(), today())
    wanted, sorting = lists.taken(asked)
    with reading() as reads:
        return [shapes.definition(row) for row in definition_search.found(reads, wanted, sorting)]


@ENGINE_REST.get(
    "/process-definition/count",
    query=lists.params(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("liucheng", query={"keyLike": "p0%"}),),
)
def count_process_definitions(asked: Asked) -> Any:
    """流程版本数。"""
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        return {"count": definition_search.count(reads, lists.taken(asked)[0])}


def _by_id(definition_id: str) -> Any:
    with reading() as reads:
        row = definition_search.by_id(reads, definition_id)
    if row is None:
        raise NotFound
    return row


def _by_key(process_key: str) -> Any:
    with reading() as reads:
        row = definition_search.by_key(reads, process_key)
    if row is None:
        raise NotFound
    return row


@ENGINE_REST.get(
    "/process-definition/<definition_id>",
    answer=shapes.ref("ProcessDefinition"),
    examples=(Example("liucheng"),),
)
def process_definition(_asked: Asked, definition_id: str) -> Any:
    """一个流程版本。"""
    definitions.require_may_read(current_actor(), today())
    return shapes.definition(_by_id(definition_id))


@ENGINE_REST.get(
    "/process-definition/key/<process_key>",
    answer=shapes.ref("ProcessDefinition"),
    examples=(Example("liucheng"),),
)
def process_definition_by_key(_asked: Asked, process_key: str) -> Any:
    """一个流程的现行版本。"""
    definitions.require_may_read(current_actor(), today())
    return shapes.definition(_by_key(process_key))


@ENGINE_REST.get("/process-definition/<definition_id>/xml", answer=XML, examples=(Example("liucheng"),))
def process_definition_xml(_asked: Asked, definition_id: str) -> Any:
    """一个版本的流程图文件。"""
    return _xml(_by_id(definition_id))


@ENGINE_REST.get("/process-definition/key/<process_key>/xml", answer=XML, examples=(Example("liucheng"),))
def process_definition_xml_by_key(_asked: Asked, process_key: str) -> Any:
    """现行版本的流程图文件。"""
    return _xml(_by_key(process_key))


def _xml(row: Any) -> dict[str, Any]:
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        drawing = definitions.drawing(reads, row["digest"], row["key"])
    return {
        "id": shapes.full_id(row["key"], row["version"], row["id"]),
        "bpmn20Xml": diagrams.text_of(drawing),
    }


@ENGINE_REST.get(
    "/process-definition/key/<process_key>/form-variables",
    query=lists.params({"variableNames": lists.KINDS["texts"], "deserializeValues": schema.FLAG}),
    answer=shapes.ref("Variables"),
    examples=(Example("ganbu1"),),
)
def start_form_variables(asked: Asked, process_key: str) -> Any:
    """登记表的栏目（p01、p06）；cadreId 为干部编号。其他流程启动时没有表单。"""
    door = starting.DOOR_OF.get(_by_key(process_key)["key"])
    if door is None:
        return {}
    opening.require_may_open(office(), current_actor(), door)
    every = forms.every(opening.fields(office(), door)[1:])
    names = [starting.CADRE, *(one.variable or one.key for one in every if one.is_input)]
    wanted = asked.query.get("variableNames")
    return {name: values.typed(None) for name in names if wanted is None or name in wanted}


@ENGINE_REST.post(
    "/process-definition/<definition_id>/start",
    body=STARTING,
    answer=shapes.ref("ProcessInstance"),
    examples=(Example("ganbu1", {"businessKey": "2026-调-0999"}, status=400),),
)
def start_process_instance(asked: Asked, definition_id: str) -> Any:
    """按版本编号启动流程；只能启动现行版本。"""
    row = _by_id(definition_id)
    if row["version"] != row["newest"]:
        raise Conflict("只能启动现行版本；旧版本只供已在办理的卷宗使用。")
    return _start(asked, row)


@ENGINE_REST.post(
    "/process-definition/key/<process_key>/start",
    body=STARTING,
    answer=shapes.ref("ProcessInstance"),
    examples=(Example("ganbu1", {"variables": {}}, status=400),),
)
def start_process_instance_by_key(asked: Asked, process_key: str) -> Any:
    """启动流程：p01、p06 以 cadreId 登记并建立卷宗，其他流程以 businessKey 指明在办卷宗。"""
    return _start(asked, _by_key(process_key))


def _start(asked: Asked, row: Any) -> Any:
    actor = current_actor()
    sent, files = values.apart(values.plain(asked.body.get("variables")))
    number = asked.body.get("businessKey") or ""
    instructions = asked.body.get("startInstructions") or []
    element_id = instructions[0]["activityId"] if instructions else None
    if row["key"] in starting.DOOR_OF:
        if element_id is not None:
            raise Invalid({"startInstructions": "登记建卷只有一个开始事件，不必指定。"})
        instance_id = starting.through_door(
            office().begin(),
            actor,
            process_key=row["key"],
            sent=sent,
            uploads=files,
            key=key(),
            reader=values.read,
        ).instance_id
    else:
        begun = once(
            lambda one: starting.on_case(
                one, actor, process_key=row["key"], number=number, sent=sent, element_id=element_id
            ),
            asked.body,
        )
        instance_id = begun.instance_id if isinstance(begun, starting.Begun) else begun["instance_id"]
    with reading() as reads:
        started = instance_search.one(reads, actor, instance_id, today())
    assert started is not None
    return {**shapes.instance(started), "links": []}
