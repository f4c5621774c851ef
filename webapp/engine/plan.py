"""What is known of a diagram after reading it: its parts and flows, without any markup left."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from webapp.engine.expressions import Text
from webapp.engine.nouns import Flow, Node


@dataclass(frozen=True, slots=True)
class Loop:
    """A multi-instance marker 多实例 of an activity, or a standard loop (``again``).

    ``until`` ends a multi-instance activity early; of a standard loop it is what has to hold to go on.
    """

    collection: Text | None
    variable: str | None
    until: Text | None
    sequential: bool
    cardinality: Text | None = None
    again: bool = False
    first: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One flow node with everything the engine needs beyond its public ``Node``.

    ``code`` is the error or escalation code, ``timer`` the time or the condition of an event, ``undoes`` what a
    compensation event undoes, ``undone_by`` the handler of an activity.
    """

    node: Node
    line: int | None = None
    default: str | None = None
    interrupting: bool = True
    timer_kind: str | None = None
    timer: Text | None = None
    code: str | None = None
    code_variable: str | None = None
    correlation: Text | None = None
    inputs: tuple[tuple[str, Text], ...] = ()
    outputs: tuple[tuple[str, Text], ...] = ()
    script: Text | None = None
    loop: Loop | None = None
    map_result: str | None = None
    link: str | None = None
    by_event: bool = False
    undoes: str | None = None
    undone_by: str | None = None
    is_handler: bool = False
    passes_all: bool = False
    returns_all: bool = False
    returns: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One flow with its condition compiled as a text, its scope and its line."""

    flow: Flow
    scope: str | None = None
    condition: Text | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole process: parts by id in drawing order, flows in drawing order.

    ``called`` names the scopes of the processes it calls, each ``key:``.
    """

    key: str
    parts: Mapping[str, Part]
    links: tuple[Link, ...]
    called: tuple[str, ...] = ()
    outgoing: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    incoming: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    attached: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    inside: Mapping[str | None, tuple[Part, ...]] = field(default_factory=dict)
    flowing: Mapping[str | None, tuple[Link, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, key: str, parts: Mapping[str, Part], links: tuple[Link, ...], called: tuple[str, ...] = ()
    ) -> "Plan":
        """The plan with its flows indexed by both ends and by scope, its boundary events by their hosts."""
        return cls(
            key,
            parts,
            links,
            called,
            _by(links, lambda link: link.flow.source),
            _by(links, lambda link: link.flow.target),
            _by(
                [part for part in parts.values() if part.node.attached_to], lambda part: part.node.attached_to
            ),
            _by(parts.values(), lambda part: part.node.scope),
            _by(links, lambda link: link.scope),
        )

    def boundaries(self, host: str) -> tuple[Part, ...]:
        """The boundary events 边界事件 on ``host``."""
        return self.attached.get(host, ())

    def children(self, scope: str | None) -> tuple[Part, ...]:
        """The parts drawn directly in ``scope`` (None for the process itself)."""
        return self.inside.get(scope, ())

    def flows_in(self, scope: str | None) -> tuple[Link, ...]:
        """The flows drawn directly in ``scope``."""
        return self.flowing.get(scope, ())


def _by(items: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, list[Any]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return {name: tuple(kept) for name, kept in found.items()}


def joined(main: Plan, others: Iterable[Plan]) -> Plan:
    """``main`` with the plans of the processes it calls, whose elements are named ``key:id`` from here on."""
    parts, links, called = dict(main.parts), list(main.links), []
    for plan in others:
        called.append(f"{plan.key}:")
        parts |= {f"{plan.key}:{name}": _renamed(plan.key, part) for name, part in plan.parts.items()}
        links += [_moved(plan.key, link) for link in plan.links]
    return Plan.of(main.key, parts, tuple(links), tuple(called))


def _renamed(key: str, part: Part) -> Part:
    def name(one: str | None) -> str | None:
        return f"{key}:{one}" if one else None

    extras = dict(part.node.extras)
    if "separateFrom" in extras:
        extras["separateFrom"] = " ".join(f"{key}:{one}" for one in extras["separateFrom"].split())
    node = replace(
        part.node,
        extras=extras,
        id=f"{key}:{part.node.id}",
        scope=f"{key}:{part.node.scope or ''}",
        attached_to=name(part.node.attached_to),
    )
    return replace(
        part,
        node=node,
        default=name(part.default),
        undoes=name(part.undoes),
        undone_by=name(part.undone_by),
    )


def _moved(key: str, link: Link) -> Link:
    flow = link.flow
    named = replace(flow, id=f"{key}:{flow.id}", source=f"{key}:{flow.source}", target=f"{key}:{flow.target}")
    return replace(link, flow=named, scope=f"{key}:{link.scope or ''}")
