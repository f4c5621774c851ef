"""Past-tense facts 办理记录: one command, one event. The docstring of a kind is its Chinese sentence.

Facts hold ids, codes, dates, numbers and commitments only; sentences are made when read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from webapp.domain.access import Actor
from webapp.domain.errors import Invalid

Scope = Literal["case", "definition", "person", "user", "policy", "system"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """发生了一件事。"""

    kind: ClassVar[str] = ""
    scope: ClassVar[Scope] = "case"
    schema: ClassVar[int] = 1

    actor: Actor
    effective_at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    case_id: str | None = None
    stream: str = ""

    def __init_subclass__(cls, *, kind: str, scope: Scope = "case", schema: int = 1) -> None:
        """Register the kind under its code."""
        cls.kind, cls.scope, cls.schema = kind, scope, schema
        KINDS[kind] = cls

    def __post_init__(self) -> None:
        """Fill in the stream where it follows from the kind; Invalid when it does not."""
        if self.effective_at.tzinfo is None:
            raise Invalid({"effective_at": "办理时间缺少时区。"})
        if not self.stream:
            object.__setattr__(self, "stream", self._stream())

    def _stream(self) -> str:
        if self.scope == "case" and self.case_id:
            return f"case:{self.case_id}"
        if self.scope == "user":
            return f"user:{self.actor.user_id}"
        if self.scope in ("policy", "system"):
            return self.scope
        raise Invalid({"stream": f"“{self.kind}”没有写明属于哪一卷记录。"})

    @property
    def sentence(self) -> str:
        """The Chinese sentence of the kind."""
        return sentence_of(self.kind)


def accounts(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What an event tells, and what is told within it: the first form of a case, other processes moved along."""
    yield facts
    for inner in (facts.get("first"), *facts.get("also", ())):
        if isinstance(inner, Mapping):
            yield from accounts(inner)


KINDS: dict[str, type[Event]] = {}


def sentence_of(kind: str) -> str:
    """The Chinese sentence of a kind; the code itself for one no longer known."""
    found = KINDS.get(kind)
    return (found.__doc__ or "").strip() if found else kind
