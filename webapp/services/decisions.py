"""Decision tables 决策表 on their own: those of the newest versions, and what one answers to given values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp import engine as bpmn
from webapp.domain.errors import Invalid, NotFound
from webapp.persistence import finders
from webapp.services.office import Office


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a deployed version: its own code and name, and the row of the version it lies in."""

    key: str
    name: str
    model: str
    version: Mapping[str, Any]


def listed(office: Office) -> list[Decision]:
    """Every decision of the newest versions by code; a shared table is named once, with the first process."""
    found: dict[str, Decision] = {}
    with office.glance() as look:
        for row in finders.latest_definitions(look):
            definition = look.definition(row["digest"], row["key"])
            for code, model in sorted(definition.decisions.items()):
                node = model.nodes.get(code)
                found.setdefault(code, Decision(code, getattr(node, "name", "") or code, model.id, row))
    return [found[code] for code in sorted(found)]


def one(office: Office, key: str) -> Decision:
    """A decision by code; NotFound when no newest version has it."""
    for found in listed(office):
        if found.key == key:
            return found
    raise NotFound(f"没有决策“{key}”。")


def evaluate(office: Office, decision: Decision, values: Mapping[str, object]) -> list[dict[str, Any]]:
    """What the decision answers today, rule by rule; Invalid when it cannot be decided on these values."""
    with office.glance() as look:
        row = decision.version
        definition = look.definition(row["digest"], row["key"])
        try:
            return bpmn.decide(definition, decision.key, values, now=look.now, functions=look.functions())
        except bpmn.EngineError as error:
            raise Invalid({decision.key: error.zh}, error.zh) from error
