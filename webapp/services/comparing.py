"""Drafts and versions as people look at them 对照: what differs, what a table says, what an element is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp import engine as bpmn
from webapp.services.definition_drafts import Draft


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two bundles 差异."""

    changes: tuple[bpmn.Difference, ...]

    def count(self, how: str) -> int:
        """How many elements differ in this way."""
        return sum(one.how == how for one in self.changes)


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Differences:
    """Every difference of two bundles, exact, from their files."""
    return Differences(bpmn.compare(before, after))


def names_of(draft: Draft) -> dict[str, str]:
    """The names of a draft's nodes by id."""
    return bpmn.process_names(draft.diagram[1])


def sheets_of(data: bytes, name: str) -> tuple[bpmn.Sheet, ...]:
    """The decisions of a file as they are written."""
    return bpmn.sheets(data, name)
