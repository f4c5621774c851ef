"""Linter rules about one node: is it of a kind the engine runs rightly, and is everything it names there?"""

from typing import Any

from webapp.engine.drawing import Drawing
from webapp.engine.markup import attribute, bpmn, camunda, children, has
from webapp.engine.parts import called_binding, mapping_elements
from webapp.engine.plan import Part

KIND_ZH = {
    "startEvent": "开始事件", "endEvent": "结束事件", "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "中间捕获事件", "intermediateThrowEvent": "中间抛出事件",
    "exclusiveGateway": "排他网关", "parallelGateway": "并行网关", "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关", "userTask": "用户任务", "manualTask": "手工任务",
    "serviceTask": "服务任务", "scriptTask": "脚本任务", "businessRuleTask": "业务规则任务",
    "sendTask": "发送任务", "receiveTask": "接收任务", "subProcess": "子流程", "task": "任务",
    "transaction": "事务子流程", "callActivity": "调用活动",
}  # fmt: skip
BOTH = ("userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "callActivity")
CAUGHT = ("intermediateCatchEvent", "boundaryEvent", "receiveTask")
LOOPED = (
    "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask", "task",
    "subProcess", "transaction", "callActivity",
)  # fmt: skip
RESULTS = (None, "singleEntry", "singleResult", "collectEntries", "resultList")
LONGEST_TOPIC = 80
UNRUN = ("executionListener", "taskListener", "connector", "field", "formData", "failedJobRetryTimeCycle")


def label(part: Part) -> str:
    """The node as a person knows it."""
    return f"{KIND_ZH.get(part.node.kind, part.node.kind)}“{part.node.name or part.node.id}”"


def review(drawing: Drawing, part: Part, around: Any) -> None:
    """Note what is wrong with ``part`` itself."""
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


def _marks(drawing: Drawing, part: Part) -> None:
    element = drawing.elements[part.node.id]
    if element.get("instantiate") == "true":
        _say(drawing, part, "instantiate", "不能用来启动流程，请用消息开始事件。", "may not instantiate.")
    for name in ("startQuantity", "completionQuantity"):
        if element.get(name, "1") != "1":
            _say(drawing, part, "quantity", f"的 {name} 只能是 1。", f"has {name} other than 1.")


def _loop(drawing: Drawing, part: Part) -> None:
    loop = part.loop
    if loop is None:
        return
    if part.node.kind not in LOOPED or part.by_event:
        _say(drawing, part, "loop.kind", "不能是多实例或循环。", "may not be multi-instance or loop.")
    elif loop.again:
        _again(drawing, part)
    elif loop.collection is None and loop.cardinality is None:
        _say(
            drawing,
            part,
            "loop.collection",
            "的多实例没有集合，也没有次数。",
            "has neither collection nor cardinality.",
        )
    _marker(drawing, part)
    if loop.variable is not None and not loop.variable.isidentifier():
        _say(drawing, part, "name.invalid", f"的元素变量“{loop.variable}”不是有效的变量名。", "bad variable.")


def _marker(drawing: Drawing, part: Part) -> None:
    for marker in children(drawing.elements[part.node.id], "multiInstanceLoopCharacteristics"):
        if has(marker, bpmn("loopDataOutputRef"), bpmn("outputDataItem")):
            _say(
                drawing, part, "loop.output",
                "的多实例不能收集输出，请在办理中写入变量。", "may not collect outputs; write variables instead.",
            )  # fmt: skip
        if marker.get("behavior", "All") != "All" or has(marker, bpmn("complexBehaviorDefinition")):
            _say(drawing, part, "loop.behavior", "的多实例不能带事件行为。", "may not have behavior events.")


def _again(drawing: Drawing, part: Part) -> None:
    for marker in children(drawing.elements[part.node.id], "standardLoopCharacteristics"):
        most = marker.get("loopMaximum")
        if most is not None and (part.loop is None or not part.loop.most):
            _say(drawing, part, "loop.maximum", f"的循环次数“{most}”不是正整数。", "has a bad loopMaximum.")
        elif most is None and part.loop is not None and part.loop.until is None:
            _say(
                drawing, part, "loop.endless",
                "的循环没有条件，也没有次数上限。", "loops without condition or maximum.",
            )  # fmt: skip


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
    sends = node.event in ("message", "signal") and node.kind in ("endEvent", "intermediateThrowEvent")
    catches = node.kind in CAUGHT and node.event not in ("error", "escalation", "cancel", "compensate")
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
    elif node.topic is not None and len(node.topic) > LONGEST_TOPIC:
        _say(drawing, part, "name.long", f"的主题超过{LONGEST_TOPIC}个字符。", "has too long a topic.")
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


def _needs_message(drawing: Drawing, part: Part, _around: Any) -> None:
    if not part.node.message:
        _say(
            drawing, part, "message.missing",
            "没有指明消息，或所指的消息不存在、没有名称。", "names no message that exists and has a name.",
        )  # fmt: skip


def _call_activity(drawing: Drawing, part: Part, around: Any) -> None:
    node, element = part.node, drawing.elements[part.node.id]
    if node.called is None and node.calls is None:
        _say(
            drawing, part, "called.none", "没有指明调用哪个流程（calledElement）。", "names no calledElement."
        )
    elif node.called is not None and node.called not in around.processes:
        _say(
            drawing, part, "called.missing",
            f"调用的流程“{node.called}”不在部署包里；调用已发布的流程，请把绑定方式写成 latest 或 version。",
            f'calls "{node.called}", which is not in the bundle; bind it to latest or to a version.',
        )  # fmt: skip
    binding = called_binding(element)
    if binding not in ("deployment", "latest", "version"):
        _say(
            drawing, part, "called.binding",
            f"的绑定方式“{binding}”不支持：请写 deployment（部署包里的）、latest（最新版）或 version（指定版本）。",
            f'has the binding "{binding}"; use deployment, latest or version.',
        )  # fmt: skip
    elif binding == "version" and node.calls is None:
        _say(
            drawing, part, "called.binding",
            "没有写明调用第几版：calledElementVersion 要写版本号，是从1起的整数。",
            "names no version: calledElementVersion is a whole number from 1.",
        )  # fmt: skip
    elif node.calls is not None and node.calls in around.processes - {drawing.key}:
        _say(
            drawing, part, "called.unused",
            f"调用的是已发布的“{node.calls}”，部署包里的那一份不会用到。",
            f'calls the deployed "{node.calls}"; the one in the bundle is not used.', "warning",
        )  # fmt: skip
    for one in (*element.iter(camunda("in")), *element.iter(camunda("out"))):
        _passing(drawing, part, one)


def _passing(drawing: Drawing, part: Part, one: Any) -> None:
    whole = one.get("variables") == "all" or one.get("businessKey") is not None
    target, source = (one.get("target") or "").strip(), one.get("source") or one.get("sourceExpression")
    if not whole and (not target.isidentifier() or not source):
        _say(
            drawing, part, "mapping.invalid",
            f"传递的变量“{target}”无效：要有来源和一个变量名作目标。", f'passes an invalid variable "{target}".',
        )  # fmt: skip


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
    "task": _manual_task,
    "callActivity": _call_activity,
    "sendTask": _needs_message,
    "receiveTask": _needs_message,
}
