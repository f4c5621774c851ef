"""What the rule tables said before a task 规则参考: shown to whoever does it, binding only where a rule says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.engine import Definition
from webapp.persistence.unit_of_work import Row
from webapp.queries import history_words as wording


@dataclass(frozen=True, slots=True)
class Advice:
    """One table's result: the step that asked it, and each output with its value in words."""

    name: str
    lines: tuple[tuple[str, str], ...]


def given(definition: Definition, node: Any, row: Row, variables: Mapping[str, Any]) -> tuple[Advice, ...]:
    """The results that the diagram shows at an open task; ``zaishang:advice`` names the rule steps they come from."""
    if row["status"] != "open":
        return ()
    known = {**variables, **row["locals"]}
    steps = [
        definition.nodes[one] for one in node.extras.get("advice", "").split() if one in definition.nodes
    ]
    told = [(step.name, known.get(str(step.result_variable))) for step in steps]
    labels = wording.labels_of(definition) if told else {}
    return tuple(Advice(name, lines) for name, result in told if (lines := _lines(result, labels)))


def _lines(result: object, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if not isinstance(result, Mapping):
        # A table with one output gives the bare value.
        return () if result is None else (("结果", wording.value_words("", result, labels, {})),)
    return tuple(
        (wording.output_name(str(name)), wording.value_words(str(name), value, labels, {}))
        for name, value in result.items()
        if value is not None
    )
