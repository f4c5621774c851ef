"""Linter rules about variables: names that nothing sets, and names that are nearly those that something sets."""

from collections.abc import Iterator
from typing import Any

from webapp.engine import feel
from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text, compiled
from webapp.engine.feel import nodes
from webapp.engine.lint_nodes import label
from webapp.engine.lint_texts import texts
from webapp.engine.plan import Part

LOOP = frozenset({"loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "result"})
SHORTEST = 4


def review(drawing: Drawing, around: Any) -> None:
    """Tell of every name that is read and never set: an error where nothing else can set it, else a warning."""
    known = (
        set(around.catalogue.variables) | LOOP | set(_of_forms(around.forms)) | (drawing.parameters or set())
    )
    for part in drawing.parts.values():
        known |= set(_set_by(part))
    closed = bool(around.catalogue.variables) and drawing.key not in around.called and not is_open(drawing)
    for element_id, what, text in read(drawing):
        for name in sorted(_names(text) - known):
            near = _nearest(name, known)
            if near is not None or closed:
                _tell(drawing, element_id, what, name, near, "error" if closed else "warning")


def _tell(drawing: Drawing, element_id: str, what: str, name: str, near: str | None, level: str) -> None:
    hint = f"，是不是“{near}”？" if near else "，请检查写法。"
    drawing.say(
        element_id,
        "variable.unknown",
        f"{what}用到变量“{name}”，但表单、任务和脚本都没有给它赋值{hint}",
        f'Nothing sets the variable "{name}"' + (f'; do you mean "{near}"?' if near else "."),
        level,
    )


def read(drawing: Drawing) -> Iterator[tuple[str, str, Text]]:
    """Every text over the variables of a drawing, with its element and what it is.

    What a called process hands back is read from its own variables.
    """
    for part in drawing.parts.values():
        inside = [text for _, text in part.returns]
        for what, text in texts(part):
            if text is not None and not any(text is one for one in inside):
                yield part.node.id, f"{label(part)}的{what}", text
    for link in drawing.links:
        if link.condition is not None:
            yield link.flow.id, f"顺序流“{link.flow.name or link.flow.id}”的条件", link.condition


def _names(text: Text) -> frozenset[str]:
    if text.source is None:
        return frozenset()
    try:
        return compiled(text.source).names
    except (feel.FeelSyntaxError, feel.FeelBudgetError):
        return frozenset()


def is_open(drawing: Drawing) -> bool:
    """Whether variables may come from where the diagram does not say their names."""
    return any(
        part.node.event in ("message", "signal")
        or part.node.kind in ("receiveTask", "businessRuleTask")
        or part.returns_all
        or (part.node.kind == "serviceTask" and part.node.result_variable is None)
        for part in drawing.parts.values()
    )


def _of_forms(forms: Any) -> Iterator[str]:
    for form in forms.values():
        yield from _of_components(form.get("components"))


def _of_components(components: Any) -> Iterator[str]:
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            found = component.get("properties")
            if isinstance(found, dict) and isinstance(found.get("variable"), str):
                yield found["variable"]
            yield from _of_components(component.get("components"))


def _set_by(part: Part) -> Iterator[str]:
    yield from (name for name in (part.node.result_variable, part.code_variable) if name)
    yield from (name for name, _ in (*part.inputs, *part.outputs, *part.returns))
    if part.loop is not None and part.loop.variable:
        yield part.loop.variable
    if part.script is not None and part.script.source is not None:
        yield from _of_script(part.script.source)


def _of_script(source: str) -> Iterator[str]:
    try:
        tree = compiled(source).tree
    except (feel.FeelSyntaxError, feel.FeelBudgetError):
        return
    if isinstance(tree, nodes.ContextOf):
        yield from (entry.key for entry in tree.entries)


def _nearest(name: str, known: set[str]) -> str | None:
    """A known name from which ``name`` differs by one letter; names that are only numbered are not near."""
    if len(name) < SHORTEST:
        return None
    plain = name.rstrip("0123456789")
    others = (one for one in sorted(known - LOOP) if one.rstrip("0123456789") != plain)
    return next((one for one in others if _is_near(name, one)), None)


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rests = ((one[at + 1 :], other[at + 1 :]), (one[at:], other[at + 1 :]), (one[at + 1 :], other[at:]))
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or any(left == right for left, right in rests)
