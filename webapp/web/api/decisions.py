"""``/engine-rest/decision-definition`` 决策表: list, count, get, evaluate."""

from typing import Any

from webapp.queries import definitions
from webapp.services import decisions
from webapp.services.decisions import Decision
from webapp.web.api import lists, schema, shapes, values
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import Asked, Example
from webapp.web.session import current_actor, office, today

FILTERS = lists.filters(
    key="text",
    keyLike="text",
    name="text",
    nameLike="text",
    version="number",
    latestVersion="flag",
    withoutTenantId="flag",
)
ORDERS = ("key", "name", "version", "id")
ROWS = shapes.many("Variables")
EVALUATING = schema.record(variables=values.VARIABLES)
D09 = {
    "variables": {
        "severity_reported": {"value": "low", "type": "String"},
        "source_count": {"value": 1, "type": "Integer"},
        "credibility": {"value": "plausible", "type": "String"},
    }
}
D01 = {
    "variables": {
        "track": {"value": "party", "type": "String"},
        "kind": {"value": "serious_warning", "type": "String"},
    }
}


@ENGINE_REST.get(
    "/decision-definition",
    query=lists.paged(FILTERS, ORDERS),
    answer=shapes.many("DecisionDefinition"),
    examples=(Example("liucheng", query={"keyLike": "d%"}),),
)
def decision_definitions(asked: Asked) -> Any:
    """现行版本中的决策表。"""
    wanted, sorting = lists.taken(asked)
    found = [_shape(one) for one in _found(wanted)]
    for name, descending in reversed(sorting):
        found.sort(key=lambda one: one[name], reverse=descending)
    first = wanted["firstResult"]
    return found[first : first + wanted["maxResults"]]


@ENGINE_REST.get(
    "/decision-definition/count",
    query=lists.params(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("liucheng"),),
)
def count_decision_definitions(asked: Asked) -> Any:
    """决策表数。"""
    return {"count": len(_found(lists.taken(asked)[0]))}


def _found(wanted: dict[str, Any]) -> list[Decision]:
    definitions.require_may_read(current_actor(), today())
    return [one for one in decisions.listed(office()) if _fits(one, wanted)]


def _fits(one: Decision, wanted: dict[str, Any]) -> bool:
    texts = {"key": one.key, "name": one.name}
    exact = all(wanted.get(name) in (None, text) for name, text in texts.items())
    alike = all(_like(text, wanted.get(f"{name}Like")) for name, text in texts.items())
    return exact and alike and wanted.get("version") in (None, one.version["version"])


def _like(text: str, pattern: str | None) -> bool:
    """``%`` stands for anything, piece by piece from the left."""
    if pattern is None:
        return True
    first, *rest = pattern.split("%")
    if not rest:
        return text == pattern
    if not text.startswith(first) or not text.removeprefix(first).endswith(rest[-1]):
        return False
    place = len(first)
    for piece in rest[:-1]:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return place <= len(text) - len(rest[-1])


def _shape(one: Decision) -> dict[str, Any]:
    row = one.version
    return dict.fromkeys(shapes.SCHEMAS["DecisionDefinition"]["properties"]) | {
        "id": shapes.full_id(one.key, row["version"], row["id"]),
        "key": one.key,
        "name": one.name,
        "version": row["version"],
        "category": "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "resource": f"{one.key}.dmn",
        "deploymentId": row["id"],
        "decisionRequirementsDefinitionKey": one.model,
    }


@ENGINE_REST.get(
    "/decision-definition/<decision_id>",
    answer=shapes.ref("DecisionDefinition"),
    examples=(Example("liucheng"),),
)
def decision_definition(_asked: Asked, decision_id: str) -> Any:
    """一张决策表。"""
    definitions.require_may_read(current_actor(), today())
    return _shape(decisions.one(office(), decision_id.partition(":")[0]))


@ENGINE_REST.get(
    "/decision-definition/key/<decision_key>",
    answer=shapes.ref("DecisionDefinition"),
    examples=(Example("liucheng"),),
)
def decision_definition_by_key(_asked: Asked, decision_key: str) -> Any:
    """一张决策表的现行版本。"""
    definitions.require_may_read(current_actor(), today())
    return _shape(decisions.one(office(), decision_key))


@ENGINE_REST.post(
    "/decision-definition/key/<decision_key>/evaluate",
    body=EVALUATING,
    answer=ROWS,
    examples=(Example("liucheng", D09),),
)
def evaluate_decision(asked: Asked, decision_key: str) -> Any:
    """按给出的值计算决策表：命中的每一行一个结果。不影响任何卷宗。"""
    return _evaluated(asked, decision_key)


@ENGINE_REST.post(
    "/decision-definition/<decision_id>/evaluate",
    body=EVALUATING,
    answer=ROWS,
    examples=(Example("liucheng", D01),),
)
def evaluate_decision_by_id(asked: Asked, decision_id: str) -> Any:
    """按编号计算决策表；只有现行版本可以计算。"""
    return _evaluated(asked, decision_id.partition(":")[0])


def _evaluated(asked: Asked, decision_key: str) -> Any:
    definitions.require_may_read(current_actor(), today())
    sent, _ = values.apart(values.plain(asked.body.get("variables")))
    rows = decisions.evaluate(office(), decisions.one(office(), decision_key), sent)
    return [{name: values.typed(value) for name, value in row.items()} for row in rows]
