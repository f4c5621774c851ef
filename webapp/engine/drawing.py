"""A process as drawn: what the reader fills and the linter judges."""

from dataclasses import dataclass, field
from typing import Any

from webapp.engine.nouns import Problem
from webapp.engine.plan import Link, Part, Plan


@dataclass(slots=True)
class Drawing:
    """A process as drawn, with the elements the linter looks at again.

    ``parameters``: the variables whoever calls it hands over; None for one that is not made to be called.
    """

    key: str
    name: str
    file: str
    element: Any
    documentation: str = ""
    parts: dict[str, Part] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    elements: dict[str, Any] = field(default_factory=dict)
    foreign: list[tuple[Any, str | None]] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)
    lane_names: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
    associations: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parameters: frozenset[str] | None = None

    def plan(self) -> Plan:
        """What the engine runs."""
        return Plan.of(self.key, self.parts, tuple(self.links))

    def flow_ids(self) -> set[str]:
        """The ids of all flows."""
        return {link.flow.id for link in self.links}

    def say(
        self, element_id: str | None, code: str, zh: str, en: str, level: Any = "error", at: Any = None
    ) -> None:
        """Note a finding at an element."""
        source = at if at is not None else self.elements.get(element_id or "")
        line = source.sourceline if source is not None else None
        self.problems.append(Problem(element_id, code, zh, en, level, line, self.file))
