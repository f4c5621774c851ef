"""Small decision models written for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m">'


def model(*elements: str) -> bytes:
    """A whole file of the elements."""
    return f"{HEAD}{''.join(elements)}</definitions>".encode()


def given(name: str, kind: str = "") -> str:
    """An input data element with the id ``i_name``."""
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def literal(source: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(source)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, kind: str = "") -> str:
    """A decision with the id ``name``; needs are ids: ``i_…`` inputs, ``b_…`` knowledge, else decisions."""
    typed = f' typeRef="{kind}"' if kind else ""
    required = "".join(_required(need) for need in needs)
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{required}{logic}</decision>'


def _required(need: str) -> str:
    if need.startswith("b_"):
        return f'<knowledgeRequirement><requiredKnowledge href="#{need}"/></knowledgeRequirement>'
    tag = "requiredInput" if need.startswith("i_") else "requiredDecision"
    return f'<informationRequirement><{tag} href="#{need}"/></informationRequirement>'


def knowledge(name: str, params: Sequence[str], logic: str) -> str:
    """A knowledge model with the id ``b_name``."""
    formal = "".join(f'<formalParameter name="{param}"/>' for param in params)
    return (
        f'<businessKnowledgeModel id="b_{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )


def table(
    policy: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    extra: str = "",
    values: Sequence[str] = (),
    allowed: Sequence[str] = (),
    defaults: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> str:
    """A decision table; rules get the ids r1, r2 … and their cells r1c1, r1c2 …"""
    columns = [_input(place, source, allowed, kinds) for place, source in enumerate(inputs)]
    results = [_output(place, name, values, defaults) for place, name in enumerate(outputs)]
    rows = [_rule(number, cells, len(inputs)) for number, cells in enumerate(rules, 1)]
    return (
        f'<decisionTable id="t" hitPolicy="{policy}" {extra}>'
        f"{''.join(columns)}{''.join(results)}{''.join(rows)}</decisionTable>"
    )


def _at(items: Sequence[str], place: int) -> str:
    return items[place] if place < len(items) else ""


def _input(place: int, source: str, allowed: Sequence[str], kinds: Sequence[str]) -> str:
    limit = _at(allowed, place)
    values = f"<inputValues><text>{escape(limit)}</text></inputValues>" if limit else ""
    kind = f' typeRef="{_at(kinds, place)}"' if _at(kinds, place) else ""
    expression = f"<inputExpression{kind}><text>{escape(source)}</text></inputExpression>"
    return f'<input id="in{place + 1}" label="{escape(source)}">{expression}{values}</input>'


def _output(place: int, name: str, values: Sequence[str], defaults: Sequence[str]) -> str:
    limit, default = _at(values, place), _at(defaults, place)
    inside = f"<outputValues><text>{escape(limit)}</text></outputValues>" if limit else ""
    inside += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output id="out{place + 1}" name="{name}">{inside}</output>'


def _rule(number: int, cells: Sequence[str], inputs: int) -> str:
    made = []
    for place, cell in enumerate(cells, 1):
        tag = "inputEntry" if place <= inputs else "outputEntry"
        made.append(f'<{tag} id="r{number}c{place}"><text>{escape(cell)}</text></{tag}>')
    return f'<rule id="r{number}">{"".join(made)}</rule>'
