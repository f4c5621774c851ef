"""What changed between two versions 版本差异: exact, from the two files, element by element.

Elements are the same when their ids are. What has no words of its own is compared as canonical XML, so
nothing that differs goes unsaid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from lxml import etree

from webapp.domain.roles import ROLES
from webapp.engine import markup
from webapp.engine.lint_nodes import KIND_ZH
from webapp.engine.markup import BPMN, BPMNDI, CAMUNDA, ZAISHANG, split

How = Literal["added", "removed", "changed", "moved"]
ROLE_ZH = {role.code: role.zh for role in ROLES}
KINDS = {
    **KIND_ZH,
    "sequenceFlow": "连线", "lane": "泳道", "participant": "流程框", "process": "流程", "message": "消息",
    "error": "错误", "textAnnotation": "注释", "association": "注释连线", "decision": "决策", "rule": "规则",
    "input": "输入", "output": "输出", "decisionTable": "决策表", "inputData": "输入数据", "collaboration": "协作",
    "definitions": "文件",
}  # fmt: skip
LABELS = {
    "name": "名称", "documentation": "说明", "conditionExpression": "条件", "sourceRef": "起点", "targetRef": "终点",
    "default": "默认连线", "attachedToRef": "附着的活动", "cancelActivity": "中断活动", "messageRef": "消息",
    "errorRef": "错误", "formKey": "表单", "formRef": "表单", "candidateGroups": "办理角色",
    "candidateUsers": "候选人", "assignee": "办理人", "dueDate": "时限", "followUpDate": "跟进日期",
    "priority": "优先级", "delegateExpression": "自动服务", "topic": "外部主题", "decisionRef": "决策表",
    "resultVariable": "结果变量", "mapDecisionResult": "结果形式", "legalBasis": "依据", "decisive": "决定性环节",
    "recusal": "回避", "separateFrom": "不得与哪些环节同一人办理", "returnTo": "可退回到", "signOff": "会签方式",
    "stage": "阶段", "hint": "办理提示", "advice": "规则参考",
    "correlation": "消息对应键", "script": "脚本", "hitPolicy": "命中规则",
    "timerEventDefinition": "定时", "messageEventDefinition": "消息", "errorEventDefinition": "错误",
    "terminateEventDefinition": "终止", "multiInstanceLoopCharacteristics": "多实例", "inputParameter": "输入参数",
    "outputParameter": "输出参数", "flowNodeRef": "包含的环节", "text": "文字", "inputEntry": "条件",
    "outputEntry": "结果", "isExecutable": "可执行", "scriptFormat": "脚本语言",
}  # fmt: skip
# Where the arrow is attached is told by the arrow itself.
UNTOLD = frozenset({"incoming", "outgoing", "id", "BPMNDiagram", "DMNDI"})
# What an attribute means where it is not written; an editor may write it all the same.
DEFAULTS = frozenset({
    ("isSequential", "false"), ("cancelActivity", "true"), ("isInterrupting", "true"), ("triggeredByEvent", "false"),
    ("isForCompensation", "false"), ("parallelMultiple", "false"), ("instantiate", "false"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One property that differs; an empty text on the side where it is absent."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that differs 差异; ``file`` where it lies."""

    file: str
    element_id: str
    kind: str
    name: str
    how: How
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class _Element:
    kind: str
    name: str
    told: dict[str, str]


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Every difference of two readable bundles 部署包, diagrams first; a renamed diagram file is no difference."""
    found: list[Difference] = []
    left, right = _paired(before), _paired(after)
    for name in sorted(left.keys() | right.keys(), key=lambda one: (not one.endswith(".bpmn"), one)):
        if left.get(name) != right.get(name):
            found += _of_file(name, left.get(name), right.get(name))
    return tuple(found)


def _paired(files: Mapping[str, bytes]) -> dict[str, bytes]:
    diagrams = [name for name in files if name.endswith(".bpmn")]
    alone = diagrams[0] if len(diagrams) == 1 else None
    return {("流程图.bpmn" if name == alone else name): data for name, data in files.items()}


def _of_file(name: str, before: bytes | None, after: bytes | None) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference(name, "", "文件", name, "added" if before is None else "removed")
        return
    try:
        left, right = _elements(name, before), _elements(name, after)
    except (markup.Unreadable, ValueError):
        yield Difference(name, "", "文件", name, "changed")
        return
    changes = list(_of_elements(name, left, right))
    moved = list(_moves(name, before, after, right))
    yield from changes or moved or [Difference(name, "", "文件", name, "changed", (Part("排版", "", ""),))]
    if changes:
        yield from moved


def _elements(name: str, data: bytes) -> dict[str, _Element]:
    if name.endswith(".json"):
        return _fields(data)
    return dict(_walk(markup.parse(data, name)))


def _of_elements(
    file: str, left: Mapping[str, _Element], right: Mapping[str, _Element]
) -> Iterator[Difference]:
    for key in [*left, *(one for one in right if one not in left)]:
        was, now = left.get(key), right.get(key)
        known = now or was
        assert known is not None
        kind = KINDS.get(known.kind, known.kind)
        if was is None or now is None:
            yield Difference(file, key, kind, known.name, "added" if was is None else "removed")
        elif was.kind != now.kind or was.told != now.told:
            yield Difference(file, key, kind, known.name, "changed", tuple(_parts(was, now)))


def _parts(was: _Element, now: _Element) -> Iterator[Part]:
    if was.kind != now.kind:
        yield Part("类型", KINDS.get(was.kind, was.kind), KINDS.get(now.kind, now.kind))
    for label in [*was.told, *(one for one in now.told if one not in was.told)]:
        before, after = was.told.get(label, ""), now.told.get(label, "")
        if before != after:
            yield Part(label, before, after)


def _walk(root: Any) -> Iterator[tuple[str, _Element]]:
    # A diagram keeps its pictures apart; where shapes lie is compared as moves.
    for element in root.iter(etree.Element):
        space, kind = split(element.tag)
        if space == BPMNDI or "/DI" in space or "DD/" in space:
            continue
        name = element.get("id")
        if name and not _is_detail(element):
            yield name, _Element(kind, element.get("name") or "", _told(element))


def _is_detail(element: Any) -> bool:
    """Event definitions and cells belong to what they lie in."""
    kind = split(element.tag)[1]
    return (
        kind.endswith(("EventDefinition", "Entry", "LoopCharacteristics", "Expression", "Values"))
        or kind in ("laneSet", "extensionElements", "text", "informationItem", "variable")
        or _is_detail_parent(element)
    )


def _is_detail_parent(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and bool(split(parent.tag)[1].endswith(("EventDefinition", "Entry")))


def _told(element: Any) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, value in element.attrib.items():
        if (name, value) not in DEFAULTS:
            _say(told, split(name)[1], value)
    for child in element.iterchildren(etree.Element):
        kind = split(child.tag)[1]
        if kind in UNTOLD or (child.get("id") and not _is_detail(child)):
            continue
        if kind == "extensionElements":
            _tell_extensions(told, child)
        elif kind == "laneSet":
            continue
        else:
            _say(told, kind, _text(child))
    text = (element.text or "").strip()
    if text:
        _say(told, "text", text)
    return told


def _say(told: dict[str, str], name: str, value: str) -> None:
    if name in UNTOLD:
        return
    label = LABELS.get(name, name)
    if name == "candidateGroups":
        value = "、".join(ROLE_ZH.get(one.strip(), one.strip()) for one in value.split(","))
    told[label] = f"{told[label]}；{value}" if label in told else value


def _tell_extensions(told: dict[str, str], element: Any) -> None:
    for one in element.iterchildren(etree.Element):
        kind = split(one.tag)[1]
        if kind != "inputOutput":
            _say(told, kind, _text(one))
            continue
        for mapping in one.iterchildren(etree.Element):
            label = LABELS.get(split(mapping.tag)[1], split(mapping.tag)[1])
            told[f"{label}“{mapping.get('name') or ''}”"] = "".join(mapping.itertext()).strip()


def _text(element: Any) -> str:
    """An element in words: its text where that is all there is, else attributes and parts in order."""
    inside = [_text(child) for child in element.iterchildren(etree.Element)]
    written = [
        (name, value) for name, value in sorted(element.attrib.items()) if (name, value) not in DEFAULTS
    ]
    own = [f"{split(name)[1]}={value}" for name, value in written if _is_said(name)]
    text = (element.text or "").strip()
    return " ".join(one for one in (*own, text, *inside) if one)


def _is_said(name: str) -> bool:
    space, local = split(name)
    return local not in ("id", "type") or space in (CAMUNDA, ZAISHANG, BPMN)


def _moves(file: str, before: bytes, after: bytes, right: Mapping[str, _Element]) -> Iterator[Difference]:
    if not file.endswith(".bpmn"):
        return
    was, now = _places(markup.parse(before, file)), _places(markup.parse(after, file))
    for key, place in now.items():
        if key in was and was[key] != place:
            known = right.get(key)
            kind, name = (known.kind, known.name) if known else ("", "")
            yield Difference(file, key, KINDS.get(kind, kind), name, "moved")


def _places(root: Any) -> dict[str, tuple[tuple[str, ...], ...]]:
    found = {}
    for tag in ("BPMNShape", "BPMNEdge"):
        for shape in root.iter(f"{{{BPMNDI}}}{tag}"):
            found[shape.get("bpmnElement") or ""] = tuple(
                tuple(_number(point.get(name)) for name in ("x", "y", "width", "height"))
                for point in shape.iterchildren(etree.Element)
                if split(point.tag)[1] in ("Bounds", "waypoint")
            )
    return found


def _number(text: str | None) -> str:
    return f"{float(text):g}" if text else ""


def _fields(data: bytes) -> dict[str, _Element]:
    """A form's fields by key, each with everything written about it."""
    form = orjson.loads(data)
    if not isinstance(form, dict):
        raise ValueError("a form is an object")
    found: dict[str, _Element] = {}
    rest = {name: value for name, value in form.items() if name != "components"}
    found["#form"] = _Element("表单", str(form.get("id") or ""), _json_told(rest))
    _collect(form.get("components"), "", found)
    order = [key for key in found if key != "#form"]
    found["#form"].told["栏目顺序"] = "、".join(order)
    return found


def _collect(components: Any, inside: str, found: dict[str, _Element]) -> None:
    for number, one in enumerate(components if isinstance(components, list) else []):
        if not isinstance(one, dict):
            continue
        key = f"{inside}{one.get('key') or one.get('path') or one.get('id') or f'#{number + 1}'}"
        rest = {name: value for name, value in one.items() if name not in ("components", "id")}
        found[key] = _Element("栏目", str(one.get("label") or key), _json_told(rest))
        _collect(one.get("components"), f"{key}.", found)


FIELD_LABELS = {
    "label": "栏目名称", "type": "栏目类型", "validate": "校验", "values": "选项", "conditional": "显示条件",
    "properties": "属性", "description": "说明", "defaultValue": "默认值", "readonly": "只读", "key": "标识",
    "text": "文字", "layout": "排列",
}  # fmt: skip


# Inside the properties and the checks of a field, each told by itself.
INNER_LABELS = {
    "variable": "流程变量", "internal": "内部栏目", "picker": "选择范围", "required": "必填", "minLength": "最少字数",
    "maxLength": "最多字数", "min": "最小值", "max": "最大值", "pattern": "格式", "hide": "隐藏的条件",
}  # fmt: skip


def _json_told(values: Mapping[str, Any]) -> dict[str, str]:
    told: dict[str, str] = {}
    for name, value in values.items():
        label = FIELD_LABELS.get(name, name)
        if isinstance(value, dict):
            told |= {
                f"{label}：{INNER_LABELS.get(one, one)}": _value_told(inner) for one, inner in value.items()
            }
        else:
            told[label] = _value_told(value)
    return told


def _value_told(value: Any) -> str:
    if value in (True, "true"):
        return "是"
    if value in (False, "false"):
        return "否"
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
