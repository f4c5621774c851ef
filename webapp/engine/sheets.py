"""Decision tables as people read them 决策表: columns, rows and texts, exactly as written; nothing is evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from webapp.engine import markup
from webapp.engine.markup import split

POLICIES = {
    "UNIQUE": "唯一命中", "FIRST": "取第一行", "PRIORITY": "按优先级", "ANY": "结果相同", "COLLECT": "收集",
    "RULE ORDER": "按行的次序", "OUTPUT ORDER": "按结果的次序",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One decision 决策: a table with its rows, or the one expression in ``text``."""

    id: str
    name: str
    policy: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""


def sheets(content: bytes, file: str) -> tuple[Sheet, ...]:
    """Every decision of a DMN file; none for a file that cannot be read."""
    try:
        root = markup.parse(content, file)
    except markup.Unreadable:
        return ()
    return tuple(_sheet(one) for one in _named(root, "decision"))


def decision_names(files: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """The decisions of a bundle: id and name."""
    found = [
        (sheet.id, sheet.name or sheet.id)
        for name, data in sorted(files.items())
        if name.endswith(".dmn")
        for sheet in sheets(data, name)
    ]
    return tuple(found)


def _sheet(decision: Any) -> Sheet:
    key, name = decision.get("id") or "", decision.get("name") or ""
    table = next(_children(decision, "decisionTable"), None)
    if table is None:
        return Sheet(
            key, name, text=" ".join(_words(one) for one in _children(decision, "literalExpression"))
        )
    inputs, outputs = list(_children(table, "input")), list(_children(table, "output"))
    policy = table.get("hitPolicy") or "UNIQUE"
    return Sheet(
        key,
        name,
        POLICIES.get(policy, policy),
        tuple(one.get("label") or _words(one) or "条件" for one in inputs),
        tuple(one.get("label") or one.get("name") or "结果" for one in outputs),
        tuple(_row(one) for one in _children(table, "rule")),
    )


def _row(rule: Any) -> tuple[str, ...]:
    cells = [_words(one) or "—" for kind in ("inputEntry", "outputEntry") for one in _children(rule, kind)]
    return (*cells, " ".join(_words(one) for one in _children(rule, "annotationEntry", "description")))


def _words(element: Any) -> str:
    return "".join(" ".join(_texts(element))).strip()


def _texts(element: Any) -> Iterator[str]:
    for one in element.iter(etree.Element):
        if split(one.tag)[1] in ("text", "description") or one is element:
            yield (one.text or "").strip()


def _children(element: Any, *names: str) -> Iterator[Any]:
    return (one for one in element.iterchildren(etree.Element) if split(one.tag)[1] in names)


def _named(root: Any, name: str) -> Iterator[Any]:
    return (one for one in root.iter(etree.Element) if split(one.tag)[1] == name)
