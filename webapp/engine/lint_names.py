"""Linter rules about variables: names that nothing sets, and names that are nearly those that something sets.

An input parameter, the item of a loop: each is a name of its own element and of what lies in it, set for nobody else.
"""

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
    heard = {drawing.key} | {part.node.message for part in drawing.parts.values() if _hears(part)}
    known |= {one for name, names in around.catalogue.brought if name in heard for one in names}
    closed = bool(around.catalogue.variables) and drawing.key not in around.called
    closed = closed and not is_open(drawing, around)
    scopes = {link.flow.id: link.scope for link in drawing.links}
    for element_id, what, text in read(drawing):
        own = _own(drawing, element_id, scopes.get(element_id), text)
        for name in sorted(_names(text) - known - own):
            near = _nearest(name, known | own)
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


def local(drawing: Drawing, element_id: str | None) -> frozenset[str]:
    """Names set for an element alone: its own parameters, the item of its loop, and those of what it lies in."""
    names: set[str] = set()
    part = drawing.parts.get(element_id or "")
    while part is not None:
        names |= {name for name, _ in part.inputs} | _item(part)
        part = drawing.parts.get(part.node.scope or "")
    return frozenset(names)


def _item(part: Part) -> set[str]:
    return {part.loop.variable} if part.loop is not None and part.loop.variable else set()


def _own(drawing: Drawing, element_id: str, scope: str | None, text: Text) -> frozenset[str]:
    """Local names that ``text`` may read: an input parameter reads those written before it, never itself."""
    part = drawing.parts.get(element_id)
    if part is None:
        return local(drawing, scope)
    at = next((number for number, (_, one) in enumerate(part.inputs) if one is text), None)
    if at is not None:
        before = {name for name, _ in part.inputs[:at]} | _item(part)
        return local(drawing, part.node.scope) | before
    return local(drawing, element_id) | local(drawing, part.node.attached_to)


def _names(text: Text) -> frozenset[str]:
    if text.source is None:
        return frozenset()
    try:
        return compiled(text.source).names
    except (feel.FeelSyntaxError, feel.FeelBudgetError):
        return frozenset()


def is_open(drawing: Drawing, around: Any) -> bool:
    """Whether variables may come from where neither the diagram nor the catalogue says their names."""
    told = {name for name, _ in around.catalogue.brought}
    return any(
        (_hears(part) and part.node.message not in told)
        or part.returns_all
        or (part.node.kind == "serviceTask" and part.node.topic is not None)
        for part in drawing.parts.values()
    )


def _hears(part: Part) -> bool:
    thrown = part.node.kind in ("intermediateThrowEvent", "endEvent", "sendTask")
    return part.node.kind == "receiveTask" or (part.node.event in ("message", "signal") and not thrown)


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
    yield from (name for name, _ in (*part.outputs, *part.returns))
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
