"""Linter rules about one node: is it of a kind the engine runs rightly, and is everything it names there?"""

from typing import Any

from webapp.engine.markup import attribute, bpmn, camunda, children, has
from webapp.engine.plan import Part
from webapp.engine.reader import Drawing, event_definition, event_definitions, mapping_elements

KIND_ZH = {
    "startEvent": "开始事件", "endEvent": "结束事件", "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "中间捕获事件", "intermediateThrowEvent": "中间抛出事件",
    "exclusiveGateway": "排他网关", "parallelGateway": "并行网关", "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关", "userTask": "用户任务", "manualTask": "手工任务",
    "serviceTask": "服务任务", "scriptTask": "脚本任务", "businessRuleTask": "业务规则任务",
    "sendTask": "发送任务", "receiveTask": "接收任务", "subProcess": "子流程",
}  # fmt: skip
EVENTS: dict[str, tuple[str | None, ...]] = {
    "startEvent": (None, "message"),
    "endEvent": (None, "message", "error", "terminate"),
    "intermediateCatchEvent": ("timer", "message", "link"),
    "intermediateThrowEvent": (None, "message", "link"),
    "boundaryEvent": ("timer", "message", "error"),
}
BOTH = ("userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask")
CAUGHT = ("intermediateCatchEvent", "boundaryEvent", "receiveTask")
WAITING = ("userTask", "serviceTask", "receiveTask", "subProcess")
RESULTS = (None, "singleEntry", "singleResult", "collectEntries", "resultList")
UNRUN = ("executionListener", "taskListener", "connector", "field", "formData", "failedJobRetryTimeCycle")


def label(part: Part) -> str:
    """The node as a person knows it."""
    return f"{KIND_ZH.get(part.node.kind, part.node.kind)}“{part.node.name or part.node.id}”"


def review(drawing: Drawing, part: Part, around: Any) -> None:
    """Note what is wrong with ``part`` itself."""
    _event(drawing, part)
    _marks(drawing, part)
    _loop(drawing, part)
    _unrun(drawing, part)
    _mapped(drawing, part)
    rule = _RULES.get(part.node.kind)
    if rule is not None:
        rule(drawing, part, around)
    _decisive(drawing, part)


def _say(drawing: Drawing, part: Part, code: str, zh: str, en: str, level: str = "error") -> None:
    drawing.say(part.node.id, code, f"{label(part)}{zh}", f'{part.node.kind} "{part.node.id}" {en}', level)


def _event(drawing: Drawing, part: Part) -> None:
    node = part.node
    allowed = EVENTS.get(node.kind)
    element = drawing.elements[node.id]
    if allowed is None:
        return
    if len(event_definitions(element)) > 1:
        _say(drawing, part, "event.multiple", "有多个事件定义，请拆成多个事件。", "has several definitions.")
    elif node.event not in allowed:
        what = node.event or "空"
        _say(
            drawing, part, "event.unsupported",
            f"的事件类型（{what}）在这里不受支持。", f"may not be of type {node.event or 'none'} here.",
        )  # fmt: skip
    elif node.event == "message":
        _needs_message(drawing, part, None)
        if node.kind == "startEvent" and node.scope is not None:
            _say(
                drawing, part, "event.unsupported", "在子流程里，不能由消息启动。", "is inside a sub-process."
            )
    elif node.event == "error":
        _error(drawing, part)
    _boundary(drawing, part)


def _needs_message(drawing: Drawing, part: Part, _around: Any) -> None:
    if not part.node.message:
        _say(
            drawing, part, "message.missing",
            "没有指明消息，或所指的消息不存在、没有名称。", "names no message that exists and has a name.",
        )  # fmt: skip


def _error(drawing: Drawing, part: Part) -> None:
    definition = event_definition(drawing.elements[part.node.id])
    ref = definition.get("errorRef") if definition is not None else None
    if ref and ref not in drawing.errors:
        _say(
            drawing, part, "ref.error", f"引用了不存在的错误“{ref}”。", f'refers to a missing error "{ref}".'
        )
    elif part.node.kind == "endEvent":
        _thrown(drawing, part)


def _thrown(drawing: Drawing, part: Part) -> None:
    if not part.error_code:
        _say(drawing, part, "error.code", "没有错误代码（errorCode）。", "has no error code.")
        return
    scope = part.node.scope
    while scope is not None:
        for other in drawing.parts.values():
            caught = other.node.attached_to == scope and other.node.event == "error"
            if caught and other.error_code in (None, part.error_code):
                return
        scope = drawing.parts[scope].node.scope if scope in drawing.parts else None
    _say(
        drawing, part, "error.uncaught",
        f"抛出的错误“{part.error_code}”没有外层子流程的边界事件来处理。", "throws an error nobody catches.",
    )  # fmt: skip


def _boundary(drawing: Drawing, part: Part) -> None:
    node = part.node
    if node.kind != "boundaryEvent":
        return
    host = drawing.parts.get(node.attached_to or "")
    if host is None and (node.attached_to or "") in drawing.elements:
        return  # the host itself is refused
    if host is None:
        _say(
            drawing, part, "ref.attached",
            f"附着的活动“{node.attached_to or ''}”不存在。", "is attached to nothing that exists.",
        )  # fmt: skip
    elif host.node.scope != node.scope:
        _say(drawing, part, "ref.attached", "与所附着的活动不在同一层。", "is not in the scope of its host.")
    elif host.node.kind not in WAITING:
        _say(
            drawing, part, "boundary.never",
            "所附着的活动不会停留，边界事件永远不会发生。", "can never happen: its host does not wait.",
        )  # fmt: skip
    elif node.event == "error" and host.node.kind not in ("serviceTask", "subProcess"):
        _say(drawing, part, "boundary.never", "所附着的活动不会抛出错误。", "can never happen.")
    if node.event == "error" and not part.interrupting:
        _say(drawing, part, "boundary.error", "是错误边界事件，必须中断活动。", "must interrupt.")


def _marks(drawing: Drawing, part: Part) -> None:
    element = drawing.elements[part.node.id]
    if element.get("isForCompensation") == "true":
        _say(drawing, part, "compensation", "用于补偿，补偿不受支持。", "is for compensation: unsupported.")
    if element.get("triggeredByEvent") == "true":
        _say(
            drawing, part, "subprocess.event",
            "是事件子流程，不受支持；请改用边界事件。", "is an event sub-process: use a boundary event.",
        )  # fmt: skip
    if element.get("instantiate") == "true":
        _say(drawing, part, "instantiate", "不能用来启动流程，请用消息开始事件。", "may not instantiate.")
    for name in ("startQuantity", "completionQuantity"):
        if element.get(name, "1") != "1":
            _say(drawing, part, "quantity", f"的 {name} 只能是 1。", f"has {name} other than 1.")


def _loop(drawing: Drawing, part: Part) -> None:
    element = drawing.elements[part.node.id]
    for _ in children(element, "standardLoopCharacteristics"):
        _say(drawing, part, "loop.standard", "用了标准循环，请用网关画出循环。", "has a standard loop.")
    for marker in children(element, "multiInstanceLoopCharacteristics"):
        if part.node.kind != "userTask":
            _say(drawing, part, "loop.kind", "不能是多实例，只有用户任务可以。", "may not be multi-instance.")
        if has(marker, bpmn("loopCardinality"), bpmn("loopDataInputRef")):
            _say(
                drawing, part, "loop.cardinality",
                "的多实例请用集合（camunda:collection），不用次数。", "must use camunda:collection.",
            )  # fmt: skip
        elif part.loop is None or part.loop.collection is None:
            _say(drawing, part, "loop.collection", "的多实例没有集合。", "has no camunda:collection.")
        variable = part.loop.variable if part.loop is not None else None
        if variable is not None and not variable.isidentifier():
            _say(drawing, part, "name.invalid", f"的元素变量“{variable}”不是有效的变量名。", "bad variable.")


def _unrun(drawing: Drawing, part: Part) -> None:
    for extension in children(drawing.elements[part.node.id], "extensionElements"):
        for name in UNRUN:
            if has(extension, camunda(name)):
                _say(
                    drawing, part, "extension.unsupported",
                    f"含有不会被执行的扩展（camunda:{name}），请删去。", f"has camunda:{name}, never executed.",
                )  # fmt: skip
    for mapping in mapping_elements(drawing.elements[part.node.id]):
        name = (mapping.get("name") or "").strip()
        if len(mapping) or not name.isidentifier():
            _say(
                drawing, part, "mapping.invalid",
                f"的参数“{name}”无效：名称要是变量名，内容要是文字或以 = 开头的 FEEL。",
                f'has an invalid parameter "{name}".',
            )  # fmt: skip


def _mapped(drawing: Drawing, part: Part) -> None:
    node = part.node
    sends = node.event == "message" and node.kind in ("endEvent", "intermediateThrowEvent")
    catches = node.kind in CAUGHT and node.event != "error"
    if (part.inputs and not (sends or node.kind in BOTH)) or (
        part.outputs and not (sends or catches or node.kind in BOTH)
    ):
        _say(
            drawing, part, "mapping.here",
            "不能带输入输出参数，它们不会被执行，请移到前后的任务上。", "may not have parameters here.",
        )  # fmt: skip


def _user_task(drawing: Drawing, part: Part, around: Any) -> None:
    node = part.node
    if not (node.candidate_groups or node.candidate_users or node.assignee):
        _say(
            drawing, part, "task.nobody",
            "没有人能办：请指定办理角色、候选人或办理人。", "can be done by nobody: give groups, users or assignee.",
        )  # fmt: skip
    for role in node.candidate_groups:
        if not role.startswith("=") and role not in around.catalogue.roles:
            _say(
                drawing,
                part,
                "role.missing",
                f"的办理角色“{role}”不存在。",
                f'names an unknown role "{role}".',
            )
    if node.form_key is None:
        _say(drawing, part, "form.none", "没有表单，办理时只能直接完成。", "has no form.", "warning")
    elif node.form_key not in around.forms:
        _say(
            drawing, part, "form.missing",
            f"的表单“{node.form_key}”不在部署包里。", f'names a form "{node.form_key}" not in the bundle.',
        )  # fmt: skip


def _service_task(drawing: Drawing, part: Part, around: Any) -> None:
    node, element = part.node, drawing.elements[part.node.id]
    if attribute(element, "class") or attribute(element, "expression"):
        _say(
            drawing, part, "delegate.java",
            "用了 Java 类或表达式，请改用登记的委托（delegateExpression）或外部任务。",
            "uses a Java class or expression; use a registered delegate.",
        )  # fmt: skip
    elif node.delegate is None and node.topic is None:
        _say(
            drawing, part, "delegate.none",
            "没有指明做什么：请填委托，或外部任务及其主题。", "names neither a delegate nor an external topic.",
        )  # fmt: skip
    elif node.delegate is not None and node.topic is not None:
        _say(drawing, part, "delegate.both", "既有委托又有外部主题。", "has both a delegate and a topic.")
    elif node.delegate is not None and node.delegate not in around.catalogue.delegates:
        _say(
            drawing, part, "delegate.missing",
            f"的委托“{node.delegate}”没有登记。", f'names an unknown delegate "{node.delegate}".',
        )  # fmt: skip
    _variable(drawing, part)


def _rule_task(drawing: Drawing, part: Part, around: Any) -> None:
    node = part.node
    if node.decision_ref is None:
        _say(drawing, part, "decision.none", "没有指明决策（decisionRef）。", "names no decision.")
    elif node.decision_ref not in around.decisions:
        _say(
            drawing, part, "decision.missing",
            f"的决策“{node.decision_ref}”不在部署包里。", f'names a missing decision "{node.decision_ref}".',
        )  # fmt: skip
    if part.map_result not in RESULTS:
        _say(
            drawing,
            part,
            "decision.result",
            f"的结果形式“{part.map_result}”无效。",
            "has a bad result mapping.",
        )
    if node.result_variable is None and not part.outputs:
        _say(drawing, part, "decision.unused", "的结果没有存入任何变量。", "stores no result.", "warning")
    _variable(drawing, part)


def _variable(drawing: Drawing, part: Part) -> None:
    name = part.node.result_variable
    if name is not None and not name.isidentifier():
        _say(
            drawing,
            part,
            "name.invalid",
            f"的结果变量“{name}”不是有效的变量名。",
            "has a bad result variable.",
        )


def _script_task(drawing: Drawing, part: Part, _around: Any) -> None:
    language = (drawing.elements[part.node.id].get("scriptFormat") or "").lower()
    if language != "feel":
        _say(
            drawing, part, "script.language",
            f"的脚本语言“{language}”不受支持，只能是 feel。", "must have scriptFormat feel.",
        )  # fmt: skip
    if part.node.result_variable is not None:
        _say(
            drawing, part, "script.result",
            "不用结果变量：脚本的每一项就是一个变量。", "needs no result variable: each entry is one.",
        )  # fmt: skip
    if part.script is None:
        _say(drawing, part, "script.empty", "没有脚本。", "has no script.")


def _manual_task(drawing: Drawing, part: Part, _around: Any) -> None:
    _say(
        drawing, part, "task.manual",
        "不会停下来等人，只作说明；要人办理请用用户任务。", "does not wait for anybody.", "warning",
    )  # fmt: skip


def _decisive(drawing: Drawing, part: Part) -> None:
    extras = part.node.extras
    if extras.get("decisive", "false") != "true":
        return
    if not extras.get("legalBasis", "").strip():
        _say(
            drawing, part, "decisive.basis",
            "是决定性行为，必须写明依据（zaishang:legalBasis）。", "is decisive and needs zaishang:legalBasis.",
        )  # fmt: skip
    if not extras.get("recusal", "").strip():
        _say(
            drawing, part, "decisive.recusal",
            "是决定性行为，必须写明回避规则（zaishang:recusal）。", "is decisive and needs zaishang:recusal.",
        )  # fmt: skip


_RULES = {
    "userTask": _user_task,
    "serviceTask": _service_task,
    "businessRuleTask": _rule_task,
    "scriptTask": _script_task,
    "manualTask": _manual_task,
    "sendTask": _needs_message,
    "receiveTask": _needs_message,
}
