"""Which process variables 流程变量 may be put right by hand, and with what: as their forms ask, never raw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp import engine as bpmn
from webapp.domain.errors import Conflict, Invalid, NotFound, Reason, RuleBroken
from webapp.domain.fields import Field
from webapp.services import charts, forms
from webapp.services.advance import Run
from webapp.services.office import STANDARD_VARIABLES, Work

# Kinds whose answer may be typed again by itself.
PLAIN = frozenset({"textfield", "textarea", "number", "checkbox", "radio", "select", "date", "checklist"})


@dataclass(frozen=True, slots=True)
class Settable:
    """One variable 变量 that an ordinary step fills in, with the field that asks for it."""

    name: str
    element_id: str
    step: str
    field: Field


def of_definition(definition: bpmn.Definition) -> dict[str, Settable]:
    """The variables that only ordinary steps fill in; those of gates are answered there and nowhere else."""
    chart = charts.chart_of(definition)
    found: dict[str, Settable] = {}
    barred = set(STANDARD_VARIABLES) | {node.result_variable for node in definition.nodes.values()}
    for node, field in _fields(definition):
        name = str(field.variable)
        if chart.gate(node.id) is not None or field.kind not in PLAIN:
            barred.add(name)
        found.setdefault(name, Settable(name, node.id, node.name, field))
    return {name: one for name, one in found.items() if name not in barred}


def _fields(definition: bpmn.Definition) -> Iterator[tuple[bpmn.Node, Field]]:
    for node in definition.nodes.values():
        if node.kind == "userTask" and node.form_key:
            for field in forms.every(forms.fields_of_task(definition, node.form_key)):
                if field.variable and field.is_input:
                    yield node, field


def changeable(work: Work, run: Run) -> dict[str, Settable]:
    """What has been filled in by an ordinary step and no gate has relied upon."""
    present = bpmn.variables(run.state or b"")
    found = {name: one for name, one in of_definition(run.definition).items() if name in present}
    steps = {one.element_id: one for one in found.values()}
    fixed = {element_id for element_id, one in steps.items() if _relied_upon(work, run, one)}
    return {name: one for name, one in found.items() if one.element_id not in fixed}


def typed(work: Work, run: Run, posted: Mapping[str, Any]) -> dict[str, Any]:
    """Posted values by variable name → as their fields read them; Invalid with every problem."""
    known = of_definition(run.definition)
    problems = {name: _why_not(run.definition, name) for name in posted if name not in known}
    values: dict[str, Any] = {}
    present = bpmn.variables(run.state or b"")
    for name, value in posted.items():
        if name in known:
            field = known[name].field
            try:
                answers = forms.fill(work, (field,), {field.key: value}, present)
            except Invalid as invalid:
                problems[name] = "；".join(invalid.problems.values())
                continue
            values |= answers.variables
            if name not in answers.variables:
                problems[name] = f"按目前的填写，“{field.name}”不需要填写。"
    if problems:
        raise Invalid(problems)
    return values


def _why_not(definition: bpmn.Definition, name: str) -> str:
    if name in STANDARD_VARIABLES:
        return f"“{name}”由系统填写，不能更改。"
    chart = charts.chart_of(definition)
    for node, field in _fields(definition):
        if field.variable == name and chart.gate(node.id) is not None:
            return f"“{field.name}”在“{node.name}”中填写，不能直接更改；请退回到该环节重新办理。"
    return f"流程的表单中没有“{name}”这一栏，不能更改。"


def require(work: Work, run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the variables are now; RuleBroken where a gate has been passed on the strength of one."""
    known = of_definition(run.definition)
    present = bpmn.variables(run.state or b"")
    reasons = []
    if not values:
        raise Invalid({"values": "请填写要更改的内容。"})
    for name in values:
        if name not in known:
            raise NotFound(_why_not(run.definition, name))
        if name not in present:
            raise Conflict(f"“{known[name].field.name}”还没有填写过，请在“{known[name].step}”中填写。")
        reasons += _relied_upon(work, run, known[name])
    if reasons:
        raise RuleBroken(reasons)
    return {name: present[name] for name in values}


def _relied_upon(work: Work, run: Run, one: Settable) -> list[Reason]:
    chart = charts.chart_of(run.definition)
    later = [step for step in _left_since(work, run, one.element_id) if chart.gate(step) is not None]
    if not later:
        return []
    sentence = (
        f"“{chart.name(later[0])}”已据“{one.field.name}”办理，不能直接更改；请退回到“{one.step}”重新办理。"
    )
    return [Reason("RELIED_UPON", sentence, "F02")]


def _left_since(work: Work, run: Run, element_id: str) -> list[str]:
    """The elements done since an element was done last."""
    found: list[str] = []
    for facts in charts.told(work, run.instance_id, run.stream):
        for kind, element in facts.get("moves", []):
            if kind == "left" and element == element_id:
                found.clear()
            elif kind == "left":
                found.append(element)
    return found
