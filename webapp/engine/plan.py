"""What is known of a diagram after reading it: its parts and flows, without any markup left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.engine.expressions import Text
from webapp.engine.nouns import Flow, Node


@dataclass(frozen=True, slots=True)
class Loop:
    """A multi-instance marker 多实例 of a user task."""

    collection: Text | None
    variable: str | None
    until: Text | None
    sequential: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One flow node with everything the engine needs beyond its public ``Node``."""

    node: Node
    line: int | None = None
    default: str | None = None
    interrupting: bool = True
    timer_kind: str | None = None
    timer: Text | None = None
    error_code: str | None = None
    error_variable: str | None = None
    correlation: Text | None = None
    inputs: tuple[tuple[str, Text], ...] = ()
    outputs: tuple[tuple[str, Text], ...] = ()
    script: Text | None = None
    loop: Loop | None = None
    map_result: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One flow with its condition compiled as a text, its scope and its line."""

    flow: Flow
    scope: str | None = None
    condition: Text | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole process: parts by id in drawing order, flows in drawing order."""

    key: str
    parts: Mapping[str, Part]
    links: tuple[Link, ...]
    outgoing: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    incoming: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    attached: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, parts: Mapping[str, Part], links: tuple[Link, ...]) -> "Plan":
        """The plan with its flows indexed by both ends, its boundary events by their hosts."""
        outgoing: dict[str, list[Link]] = {}
        incoming: dict[str, list[Link]] = {}
        attached: dict[str, list[Part]] = {}
        for part in parts.values():
            if part.node.attached_to is not None:
                attached.setdefault(part.node.attached_to, []).append(part)
        for link in links:
            outgoing.setdefault(link.flow.source, []).append(link)
            incoming.setdefault(link.flow.target, []).append(link)
        return cls(
            key,
            parts,
            links,
            {name: tuple(found) for name, found in outgoing.items()},
            {name: tuple(found) for name, found in incoming.items()},
            {name: tuple(watching) for name, watching in attached.items()},
        )

    def boundaries(self, host: str) -> tuple[Part, ...]:
        """The boundary events 边界事件 on ``host``."""
        return self.attached.get(host, ())

    def children(self, scope: str | None) -> tuple[Part, ...]:
        """The parts drawn directly in ``scope`` (None for the process itself)."""
        return tuple(part for part in self.parts.values() if part.node.scope == scope)
