"""Linter rules about events: may this event stand here, what does it name, who throws it and who catches it?"""

from collections.abc import Iterator
from typing import Any

from webapp.engine.drawing import Drawing
from webapp.engine.lint_nodes import label
from webapp.engine.parts import event_definition, event_definitions
from webapp.engine.plan import Part

EVENTS: dict[str, tuple[str | None, ...]] = {
    "startEvent": (None, "timer", "message", "signal", "conditional"),
    "endEvent": (None, "message", "signal", "error", "escalation", "compensate", "cancel", "terminate"),
    "intermediateCatchEvent": ("timer", "message", "signal", "conditional", "link"),
    "intermediateThrowEvent": (None, "message", "signal", "escalation", "compensate", "link"),
    "boundaryEvent": (
        "timer", "message", "signal", "conditional", "error", "escalation", "compensate", "cancel",
    ),
}  # fmt: skip
STARTING_INSIDE = ("timer", "message", "signal", "conditional", "error", "escalation")
WAITING = ("userTask", "serviceTask", "receiveTask", "subProcess", "transaction", "callActivity")
THROWS = {
    "error": ("userTask", "serviceTask", "subProcess", "transaction", "callActivity"),
    "escalation": ("userTask", "subProcess", "transaction", "callActivity"),
    "cancel": ("transaction",),
}
LONGEST_NAME = 40
SCOPES = ("subProcess", "transaction")
ACTIVITIES = (*WAITING, "scriptTask", "businessRuleTask", "sendTask", "manualTask", "task")
UNDOING = (
    "userTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "subProcess",
    "callActivity",
)


def review(drawing: Drawing, part: Part, around: Any) -> None:
    """Note what is wrong with ``part`` as an event, as the host of one, or as what an event begins."""
    if part.node.kind in EVENTS:
        _event(drawing, part, around)
    if part.node.kind == "boundaryEvent":
        _boundary(drawing, part)
    if part.by_event:
        _event_sub_process(drawing, part)
    if part.is_handler:
        _handler(drawing, part)
    if part.node.kind == "transaction":
        _transaction(drawing, part)


def _say(drawing: Drawing, part: Part, code: str, zh: str, en: str, level: str = "error") -> None:
    drawing.say(part.node.id, code, f"{label(part)}{zh}", f'{part.node.kind} "{part.node.id}" {en}', level)


def _event(drawing: Drawing, part: Part, around: Any) -> None:
    node = part.node
    if len(event_definitions(drawing.elements[node.id])) > 1:
        _say(drawing, part, "event.multiple", "有多个事件定义，请拆成多个事件。", "has several definitions.")
        return
    if node.event not in _allowed(drawing, part):
        _unsupported(drawing, part)
        return
    rule = _RULES.get(node.event or "")
    if rule is not None:
        rule(drawing, part, around)


def _allowed(drawing: Drawing, part: Part) -> tuple[str | None, ...]:
    if part.node.kind != "startEvent" or part.node.scope is None:
        return EVENTS[part.node.kind]
    return STARTING_INSIDE if drawing.parts[part.node.scope].by_event else (None,)


def _unsupported(drawing: Drawing, part: Part) -> None:
    node = part.node
    what = node.event or "空"
    _say(
        drawing, part, "event.unsupported",
        f"的事件类型（{what}）在这里不受支持。", f"may not be of type {node.event or 'none'} here.",
    )  # fmt: skip


def _message(drawing: Drawing, part: Part, _around: Any) -> None:
    if not part.node.message:
        _say(
            drawing, part, "message.missing",
            "没有指明消息，或所指的消息不存在、没有名称。", "names no message that exists and has a name.",
        )  # fmt: skip


def _signal(drawing: Drawing, part: Part, _around: Any) -> None:
    if not part.node.signal:
        _say(
            drawing, part, "signal.missing",
            "没有指明信号，或所指的信号不存在、没有名称。", "names no signal that exists and has a name.",
        )  # fmt: skip
    _short(drawing, part, "信号", part.node.signal or "")


def _short(drawing: Drawing, part: Part, what: str, name: str) -> None:
    if len(name) > LONGEST_NAME:
        _say(drawing, part, "name.long", f"的{what}名称超过{LONGEST_NAME}个字。", "names something too long.")


def _conditional(drawing: Drawing, part: Part, _around: Any) -> None:
    if part.timer is None:
        _say(drawing, part, "condition.empty", "没有写条件。", "has no condition.")


def _error(drawing: Drawing, part: Part, around: Any) -> None:
    definition = event_definition(drawing.elements[part.node.id])
    ref = definition.get("errorRef") if definition is not None else None
    if ref and ref not in drawing.errors:
        _say(
            drawing, part, "ref.error", f"引用了不存在的错误“{ref}”。", f'refers to a missing error "{ref}".'
        )
    elif part.node.kind == "endEvent":
        _thrown(drawing, part, around)
    elif part.node.kind in ("startEvent", "boundaryEvent") and not part.interrupting:
        _say(drawing, part, "boundary.error", "是错误事件，必须中断活动。", "must interrupt.")


def _thrown(drawing: Drawing, part: Part, around: Any) -> None:
    if not part.code:
        _say(drawing, part, "error.code", "没有错误代码（errorCode）。", "has no error code.")
    elif not any(other.code in (None, part.code) for other in _catchers(drawing, part, "error")):
        called = drawing.key in around.called or drawing.parameters is not None
        _say(
            drawing, part, "error.uncaught",
            f"抛出的错误“{part.code}”没有外层的边界事件或事件子流程来处理"
            + ("，要由调用它的流程处理。" if called else "。"),
            "throws an error nobody catches.", "warning" if called else "error",
        )  # fmt: skip


def _escalation(drawing: Drawing, part: Part, _around: Any) -> None:
    definition = event_definition(drawing.elements[part.node.id])
    ref = definition.get("escalationRef") if definition is not None else None
    if ref and ref not in drawing.escalations:
        _say(
            drawing, part, "ref.escalation",
            f"引用了不存在的升级“{ref}”。", f'refers to a missing escalation "{ref}".',
        )  # fmt: skip
    elif part.node.kind in ("endEvent", "intermediateThrowEvent") and not part.code:
        _say(drawing, part, "escalation.code", "没有升级代码（escalationCode）。", "has no escalation code.")


def _catchers(drawing: Drawing, part: Part, kind: str) -> Iterator[Part]:
    scope = part.node.scope
    while True:
        inside = drawing.parts.get(scope or "")
        if inside is None or not inside.by_event:
            yield from (
                other
                for other in drawing.parts.values()
                if other.node.kind == "startEvent" and other.node.event == kind
                and drawing.parts[other.node.scope or part.node.id].node.scope == scope
                and drawing.parts[other.node.scope or part.node.id].by_event
            )  # fmt: skip
        if scope is None or inside is None:
            return
        yield from (
            other
            for other in drawing.parts.values()
            if other.node.attached_to == scope and other.node.event == kind
        )
        scope = inside.node.scope


def _compensate(drawing: Drawing, part: Part, _around: Any) -> None:
    if part.node.kind == "boundaryEvent":
        return
    definition = event_definition(drawing.elements[part.node.id])
    if definition is not None and definition.get("waitForCompletion") == "false":
        _say(
            drawing,
            part,
            "compensation.wait",
            "必须等补偿完成（waitForCompletion）。",
            "must wait for completion.",
        )
    undone = drawing.parts.get(part.undoes or "")
    if part.undoes and undone is None:
        _say(
            drawing, part, "ref.compensation",
            f"要补偿的活动“{part.undoes}”不存在。", f'undoes "{part.undoes}", which does not exist.',
        )  # fmt: skip
    elif not any(other.undone_by for other in drawing.parts.values()):
        _say(
            drawing, part, "compensation.nothing",
            "没有什么可补偿：没有一个活动有补偿处理。", "undoes nothing: no activity has a compensation handler.",
        )  # fmt: skip


def _cancel(drawing: Drawing, part: Part, _around: Any) -> None:
    if part.node.kind != "endEvent":
        return
    scope = drawing.parts.get(part.node.scope or "")
    if scope is None or scope.node.kind != "transaction":
        _say(
            drawing,
            part,
            "cancel.here",
            "只能直接画在事务子流程里。",
            "may stand only directly in a transaction.",
        )


_RULES = {
    "message": _message,
    "signal": _signal,
    "conditional": _conditional,
    "error": _error,
    "escalation": _escalation,
    "compensate": _compensate,
    "cancel": _cancel,
}


def _boundary(drawing: Drawing, part: Part) -> None:
    node = part.node
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
    elif node.event == "compensate":
        _compensation_boundary(drawing, part, host)
    elif host.node.kind not in WAITING or host.by_event or host.is_handler:
        _say(
            drawing, part, "boundary.never",
            "所附着的活动不会停留，边界事件永远不会发生。", "can never happen: its host does not wait.",
        )  # fmt: skip
    elif host.node.kind not in THROWS.get(node.event or "", WAITING):
        _say(drawing, part, "boundary.never", "所附着的活动不会抛出它。", "can never happen.")
    if node.event == "cancel" and not part.interrupting:
        _say(drawing, part, "boundary.cancel", "是取消事件，必须中断活动。", "must interrupt.")


def _compensation_boundary(drawing: Drawing, part: Part, host: Part) -> None:
    if host.node.kind not in ACTIVITIES or host.by_event:
        _say(drawing, part, "compensation.host", "只能附着在活动上。", "must be attached to an activity.")
    handler = drawing.parts.get(host.undone_by or "")
    if handler is None or not handler.is_handler:
        _say(
            drawing, part, "compensation.handler",
            "没有用关联线连到补偿处理（isForCompensation 的活动）。",
            "has no association to a compensation handler.",
        )  # fmt: skip


def _event_sub_process(drawing: Drawing, part: Part) -> None:
    starts = [
        other
        for other in drawing.parts.values()
        if other.node.scope == part.node.id and other.node.kind == "startEvent"
    ]
    if len(starts) != 1:
        _say(
            drawing, part, "subprocess.event",
            "是事件子流程，要有且只有一个带类型的开始事件。", "needs exactly one start event with a type.",
        )  # fmt: skip
    if any(link.flow.target == part.node.id or link.flow.source == part.node.id for link in drawing.links):
        _say(drawing, part, "subprocess.flow", "是事件子流程，不能有顺序流连入连出。", "may not have flows.")


def _handler(drawing: Drawing, part: Part) -> None:
    if not any(other.undone_by == part.node.id for other in drawing.parts.values()):
        _say(
            drawing, part, "compensation.alone",
            "用于补偿，但没有补偿边界事件用关联线连到它。", "is for compensation but nothing is associated with it.",
        )  # fmt: skip
    if part.node.kind not in UNDOING or part.loop is not None:
        _say(drawing, part, "compensation.kind", "不能用作补偿处理。", "may not be a compensation handler.")
    if any(link.flow.target == part.node.id or link.flow.source == part.node.id for link in drawing.links):
        _say(drawing, part, "compensation.flow", "用于补偿，不能有顺序流连入连出。", "may not have flows.")


def _transaction(drawing: Drawing, part: Part) -> None:
    cancels = any(
        other.node.scope == part.node.id and other.node.event == "cancel" for other in drawing.parts.values()
    )
    caught = any(
        other.node.attached_to == part.node.id and other.node.event == "cancel"
        for other in drawing.parts.values()
    )
    if cancels != caught:
        _say(
            drawing, part, "transaction.cancel",
            "的取消结束事件和取消边界事件必须成对出现。", "needs a cancel end and boundary event together.",
        )  # fmt: skip
