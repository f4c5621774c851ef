"""Linter rules about the ``zaishang:`` attributes: none that nobody obeys, none that means nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from webapp.domain.lifecycle import STAGES_ZH
from webapp.engine.drawing import Drawing
from webapp.engine.lint_nodes import label
from webapp.engine.plan import Part

TASKS = frozenset({"userTask"})
# Attribute → the kinds of node on which something obeys it; None: any.
OBEYED: Mapping[str, frozenset[str] | None] = {
    "stage": TASKS | {"receiveTask"},
    "legalBasis": TASKS,
    "hint": TASKS,
    "advice": TASKS,
    "decisive": TASKS,
    "recusal": TASKS,
    "separateFrom": TASKS,
    "returnTo": TASKS,
    "returnBy": TASKS,
    "signOff": TASKS,
    "correlation": None,
    "missed": frozenset({"boundaryEvent", "startEvent"}),
}
RECUSED = frozenset({"subject", "relatives", "mentor"})
SIGNED = frozenset({"all", "double"})
_ANSWER = re.compile(r"([A-Za-z_]\w*)=(\w+)")
# What a token passes without anybody waiting, on its way back.
PASSED = frozenset({"exclusiveGateway", "serviceTask", "scriptTask", "businessRuleTask", "manualTask"})


def review(drawing: Drawing, part: Part, around: Any) -> None:
    """Note every attribute of ``part`` that would have no effect."""
    extras = part.node.extras
    for name in extras:
        _known(drawing, part, name)
    _word(drawing, part, "stage", frozenset(STAGES_ZH))
    _word(drawing, part, "decisive", frozenset({"true", "false"}))
    _word(drawing, part, "recusal", RECUSED)
    _word(drawing, part, "signOff", SIGNED)
    _advised(drawing, part)
    _signing(drawing, part)
    _returning(drawing, part, around)


def _say(drawing: Drawing, part: Part, code: str, zh: str, en: str) -> None:
    drawing.say(part.node.id, code, f"{label(part)}{zh}", f'{part.node.kind} "{part.node.id}" {en}', "error")


def _known(drawing: Drawing, part: Part, name: str) -> None:
    kinds = OBEYED.get(name, frozenset())
    if kinds is not None and part.node.kind not in kinds:
        _say(
            drawing, part, "extras.idle",
            f"的属性 zaishang:{name} 在这里不起作用，请删去。", f"has zaishang:{name}, which does nothing here.",
        )  # fmt: skip


def _word(drawing: Drawing, part: Part, name: str, words: frozenset[str]) -> None:
    unknown = sorted(set(part.node.extras.get(name, "").split()) - words)
    if unknown:
        _say(
            drawing, part, f"{name}.unknown",
            f"的 zaishang:{name} 写了“{'、'.join(unknown)}”，没有这样的值；可以用：{'、'.join(sorted(words))}。",
            f"has an unknown zaishang:{name}: {', '.join(unknown)}.",
        )  # fmt: skip


def _advised(drawing: Drawing, part: Part) -> None:
    """The rule steps whose results a task shows, each with a variable to find them in."""
    for name in part.node.extras.get("advice", "").split():
        found = drawing.parts.get(name)
        if found is None or found.node.kind != "businessRuleTask" or not found.node.result_variable:
            _say(
                drawing, part, "advice.unknown",
                f"的 zaishang:advice 写了“{name}”，它不是本图里有结果变量的业务规则任务。",
                f'shows the advice of "{name}", which is no business rule task with a result variable.',
            )  # fmt: skip


def _signing(drawing: Drawing, part: Part) -> None:
    mode, drawn = part.node.extras.get("signOff"), "multiInstanceLoopCharacteristics"
    marked = any(child.tag.endswith(drawn) for child in drawing.elements[part.node.id].iterchildren("{*}*"))
    if mode == "all" and not (marked and (part.node.assignee or part.node.candidate_users)):
        _say(
            drawing, part, "signOff.all",
            "是逐人签字（all），须画成多实例，每一次指定其中一人办理。",
            "is signed by all: make it multi-instance with one person each.",
        )  # fmt: skip
    if mode == "double" and marked:
        _say(
            drawing, part, "signOff.double",
            "是双签字（double），由系统要求两人各办一次，不要再画多实例。", "is signed twice by itself.",
        )  # fmt: skip


def _returning(drawing: Drawing, part: Part, around: Any) -> None:
    targets = part.node.extras.get("returnTo", "").split()
    text = part.node.extras.get("returnBy", "")
    if bool(targets) != bool(text):
        _say(
            drawing, part, "return.half",
            "的退回要写全：zaishang:returnTo 写退回到哪个环节，zaishang:returnBy 写怎样算退回，例如 outcome=returned。",
            "needs both zaishang:returnTo and zaishang:returnBy.",
        )  # fmt: skip
    answer = _ANSWER.fullmatch(text)
    if text and (answer is None or answer.groups() not in set(_answers(around.forms, part.node.form_key))):
        _say(
            drawing, part, "return.answer",
            f"的 zaishang:returnBy“{text}”不是它的表单里某个流程变量的一个选项。",
            f'has a returnBy "{text}" that is no option of its form.',
        )  # fmt: skip
    before = _reached(drawing, part.node.id) if targets else set()
    for name in targets:
        if name not in before:
            _say(
                drawing, part, "return.way",
                f"之后没有直接退回到“{name}”的路，请画出退回的顺序流。", f'has no way back to "{name}".',
            )  # fmt: skip


def _answers(forms: Mapping[str, Any], form_key: str | None) -> Iterator[tuple[str, str]]:
    """The (variable, value) pairs a form can answer."""
    waiting = [forms[form_key]] if form_key and form_key in forms else []
    while waiting:
        component = waiting.pop()
        waiting += component.get("components", ())
        variable = component.get("properties", {}).get("variable")
        if variable:
            yield from ((variable, str(one.get("value"))) for one in component.get("values", ()))


def _reached(drawing: Drawing, start: str) -> set[str]:
    """The user tasks a token comes to from ``start`` before anything else waits."""
    found: set[str] = set()
    seen, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        for target in (link.flow.target for link in drawing.links if link.flow.source == at):
            kind = drawing.parts[target].node.kind if target in drawing.parts else ""
            if kind == "userTask":
                found.add(target)
            if kind in PASSED and target not in seen:
                seen.add(target)
                waiting.append(target)
    return found
