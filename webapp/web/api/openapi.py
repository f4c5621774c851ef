"""The OpenAPI 3.1 document 接口说明 of both entrances, made of the registry their routes are made of."""

import re
from collections.abc import Mapping
from typing import Any

from webapp import VERSION
from webapp.web.api.doors import DOORS, ENGINE_REST, OWN
from webapp.web.api.registry import Asked, Door, Example, Operation, Param
from webapp.web.api.shapes import SCHEMAS

PATH_PARAM = re.compile(r"<(\w+)>")
TAGS = {
    "messages": "版本与消息", "deployments": "部署", "definitions": "流程定义", "instances": "流程实例",
    "instance_variables": "流程变量",
    "tasks": "待办", "external_tasks": "外部任务", "decisions": "决策表", "pasts": "历史", "cases": "工作卷宗",
    "meetings": "会议", "interruptions": "暂停、恢复、终止", "definition_switches": "流程启停",
    "handing_on": "转办、退回",
    "measures": "措施的更改，复核、申诉", "openapi": "接口说明",
    "corrections": "流程纠正", "migrations": "换版", "exceptions": "例外、提级、信号",
}  # fmt: skip
WORDS = {
    ENGINE_REST.name: (
        "再上：与 Camunda 7 兼容的接口",
        "Camunda 7 REST API 的一个子集。businessKey 即工作卷宗编号；权限、回避、留痕与页面相同。"
        "被拒绝的操作一律答复 400、403、404，5xx 只表示系统异常。",
    ),
    OWN.name: ("再上：业务接口", "工作卷宗、措施、复核申诉、会议、发布申请。权限、回避、留痕与页面相同。"),
}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "防重编号：同一编号的同一请求只办理一次。",
    "schema": {"type": "string", "maxLength": 80, "pattern": "^[!-~]*$"},
}
REFUSALS: Mapping[str, tuple[tuple[int, str], ...]] = {
    ENGINE_REST.name: (
        (400, "内容有误，或按规定目前不能办理"), (401, "没有登录"), (403, "没有权限"), (404, "没有或不可见"),
        (413, "内容过大"), (415, "内容格式不支持"), (429, "登录失败过多"), (503, "数据库暂时不可用"),
    ),
    OWN.name: (
        (400, "请求无法识别"), (401, "没有登录"), (403, "没有权限"), (404, "没有或不可见"), (409, "已被他人更新"),
        (413, "内容过大"), (415, "内容格式不支持"), (422, "内容有误，或按规定目前不能办理"), (429, "登录失败过多"),
        (503, "数据库暂时不可用"),
    ),
}  # fmt: skip


def document(door: Door) -> dict[str, Any]:
    """The whole document of an entrance."""
    title, words = WORDS[door.name]
    paths: dict[str, dict[str, Any]] = {}
    for one in door.operations:
        path = PATH_PARAM.sub(r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, door)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": words, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": door.prefix}],
        "security": [{"basic": []}, {"bearer": []}],
        "tags": [{"name": words} for words in dict.fromkeys(TAGS[one.tag] for one in door.operations)],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(one: Operation, door: Door) -> dict[str, Any]:
    names = PATH_PARAM.findall(one.path)
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [TAGS[one.tag]],
        "parameters": [*map(_path_param, names), *(_query_param(param, one) for param in one.query)],
        "responses": _answers(one, door),
    }
    if one.writes:
        found["parameters"].append(KEY)
    if one.body is not None:
        found["requestBody"] = {"content": {"application/json": _content(one)}, "required": _is_needed(one)}
    if one.form is not None:
        found["requestBody"] = {"content": {"multipart/form-data": {"schema": one.form}}, "required": True}
    return found


def _path_param(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "maxLength": 200}}


def _query_param(param: Param, one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": param.name,
        "in": "query",
        "required": param.required,
        "schema": param.schema,
    }
    if param.words:
        found["description"] = param.words
    if param.schema.get("type") == "array":
        found |= {"style": "form", "explode": False}
    given = next((example.query[param.name] for example in one.examples if param.name in example.query), None)
    if given is not None:
        found["example"] = _typed(param.schema.get("type"), given)
    return found


def _typed(kind: object, text: str) -> Any:
    if kind == "integer":
        return int(text)
    if kind == "boolean":
        return text == "true"
    return text.split(",") if kind == "array" else text


def _is_needed(one: Operation) -> bool:
    return bool(one.body and one.body.get("required"))


def _content(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {"schema": one.body}
    examples = {
        f"example{n}": {"value": given.body}
        for n, given in enumerate(one.examples, 1)
        if given.body is not None
    }
    if examples:
        found["examples"] = examples
    return found


def _answers(one: Operation, door: Door) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "办理成功" if one.writes else "查询结果"}
    if one.answer is not None:
        good["content"] = {"application/json": {"schema": one.answer}}
    problem = {"$ref": f"#/components/schemas/{'Error' if door is ENGINE_REST else 'Refusal'}"}
    refusals = {
        str(status): {"description": words, "content": {"application/json": {"schema": problem}}}
        for status, words in REFUSALS[door.name]
    }
    return {str(one.status): good, **refusals}


@ENGINE_REST.get("/openapi.json", answer={"type": "object"}, examples=(Example("ganbu1"),))
def engine_rest_document(_asked: Asked) -> Any:
    """本接口的 OpenAPI 说明。"""
    return document(ENGINE_REST)


@OWN.get("/openapi.json", answer={"type": "object"}, examples=(Example("ganbu1"),))
def own_document(_asked: Asked) -> Any:
    """本接口的 OpenAPI 说明。"""
    return document(OWN)


def every() -> list[tuple[Door, Operation]]:
    """Every operation with its entrance."""
    return [(door, one) for door in DOORS for one in door.operations]
