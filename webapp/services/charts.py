"""A diagram as the rules of correction 流程纠正 see it: ways, gates, where an instance stands, what is behind."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain.corrections import Chart, Gate, Station
from webapp.domain.event import accounts
from webapp.persistence.models import history, meetings, runtime
from webapp.services import calls, readiness, step_rules
from webapp.services.office import Work

# What may be done again after a return without anything being registered twice; all else stands.
REPEATABLE = frozenset(
    {
        "put_on_agenda", "recall_agenda_item", "record_deemed_consent", "read_plan", "read_visit", "read_note",
        "read_reinstatement_facts", "check_eligibility", "check_panel", "open_publicity", "close_publicity",
    }
)  # fmt: skip
WAITING = ("receiveTask", "userTask", "intermediateCatchEvent", "serviceTask", "sendTask", "callActivity")
CAUGHT = frozenset({"intermediateCatchEvent", "boundaryEvent", "startEvent"})
THROWN = frozenset({"error", "escalation", "cancel", "compensate"})
BRANCHING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
_CHARTS: dict[str, Chart] = {}
_MOST_CHARTS = 64


def chart_of(definition: bpmn.Definition) -> Chart:
    """The chart of a deployed definition, made once."""
    known = _CHARTS.get(definition.digest)
    if known is None:
        if len(_CHARTS) >= _MOST_CHARTS:
            _CHARTS.clear()
        known = _CHARTS[definition.digest] = _drawn(definition)
    return known


def _drawn(definition: bpmn.Definition) -> Chart:
    routes = bpmn.routes(definition)
    ways: dict[str, list[tuple[str, str]]] = {}
    for flow in definition.flows:
        ways.setdefault(flow.source, []).append((flow.target, flow.condition or ""))
    stations = {}
    for name in routes.follows:
        node = definition.nodes.get(name)
        host = definition.nodes.get(name.removesuffix("#left"))
        stations[name] = (
            _station(definition.key, node, ways.get(name, []))
            if node
            else Station(name, host.name if host else "")
        )
    return Chart(stations, routes.follows, routes.starts)


def _station(key: str, node: bpmn.Node, ways: list[tuple[str, str]]) -> Station:
    many = len(ways) > 1
    return Station(
        id=node.id,
        name=node.name,
        gate=_gate(key, node),
        chooses=node.kind == "inclusiveGateway" or (many and node.kind in BRANCHING) or _is_exception(node),
        joins=node.kind == "parallelGateway" or (many and not node.kind.endswith("Gateway")),
        guards=_guards(node),
        act=node.delegate or "",
        ways=tuple(ways) if many and node.kind in BRANCHING else (),
    )


def _guards(node: bpmn.Node) -> frozenset[tuple[str, str]]:
    """What the diagram asks of who does a task 办理人的要求: in person, signed by all, apart from whom, who is out."""
    found = {("decisive", "")} if node.extras.get("decisive") == "true" else set()
    if "signOff" in node.extras:
        found.add(("signOff", node.extras["signOff"]))
    found |= {("apart", one) for one in node.extras.get("separateFrom", "").split()}
    return frozenset(found | {("aside", one) for one in node.extras.get("recusal", "").split()})


def _is_exception(node: bpmn.Node) -> bool:
    """An exception happens, or is thrown by who does the task; nobody else chooses it."""
    return node.kind in CAUGHT and node.event in THROWN


def _gate(key: str, node: bpmn.Node) -> Gate | None:
    """Why a node may not be skipped: what its diagram says of it, what it does, or what later steps ask of it."""
    if node.kind == "userTask":
        return _gate_of_task(key, node)
    if node.kind in ("serviceTask", "sendTask", "intermediateThrowEvent"):
        return "act" if node.kind != "intermediateThrowEvent" or node.event else None
    if node.kind == "businessRuleTask":
        return "table"
    if node.kind == "receiveTask" or node.calls is not None:
        # What a process deployed on its own decides is not drawn here.
        return "awaited"
    if node.kind in CAUGHT and node.event is not None and node.event not in THROWN:
        return "period" if node.event == "timer" else "awaited"
    return None


def _gate_of_task(key: str, node: bpmn.Node) -> Gate | None:
    if node.extras.get("decisive") == "true":
        return "decisive"
    if "signOff" in node.extras:
        return "signature"
    if node.extras.get("separateFrom"):
        return "second"
    return "condition" if (key, node.id) in step_rules.RULES or node.id in _asked_for() else None


def _asked_for() -> frozenset[str]:
    return frozenset(element for papers in readiness.PAPERS.values() for element, _ in papers)


def standing(work: Work, run_id: str, definition: bpmn.Definition) -> tuple[str, ...]:
    """The elements an instance stands at: open tasks, messages, instants and programs awaited, in drawing order."""
    found = {row["element_id"] for row in work.all(runtime.work_item, instance_id=run_id, status="open")}
    found |= {row["element_id"] for row in work.all(runtime.message_subscription, instance_id=run_id)}
    outside = work.all(runtime.external_task, instance_id=run_id, status="open")
    found |= {row["element_id"] for row in outside} | calls.awaited_at(work, run_id)
    waiting: dict[str, Any] = {
        "instance_id": run_id,
        "kind": "timer",
        "status": ["due", "leased", "suspended"],
    }
    found |= {row["element_id"] for row in work.all(runtime.job, **waiting)}
    return tuple(node.id for node in definition.nodes.values() if node.id in found and node.kind in WAITING)


def in_force(work: Work, instance_id: str, stream: str) -> Callable[[str], frozenset[str]]:
    """What an instance has registered, and what a committee has decided for it, since an element was entered last."""
    account = tuple(told(work, instance_id, stream))
    voted = _committee_has_decided(work, instance_id)

    def since(element_id: str) -> frozenset[str]:
        found: set[str] = set()
        for facts in account:
            if ["entered", element_id] in facts.get("moves", []):
                found.clear()
            found.update(act["element_id"] for act in facts.get("delegates", []) if _stands(act, voted))
        return frozenset(found)

    return since


def told(work: Work, instance_id: str, stream: str) -> Iterator[Mapping[str, Any]]:
    """What the events of an instance say of its moves, in order."""
    for row in work.all(history.history_event, stream=stream, order=("seq",)):
        if instance_id.encode() not in bytes(row["body"]):
            continue
        facts = json.loads(row["body"])["facts"]
        for part in accounts(facts):
            if part.get("instance_id") == instance_id:
                yield part


def asked_to_pass(work: Work, item: Mapping[str, Any]) -> str | None:
    """The manner of adjustment an agenda item was filed with; None where none was noted."""
    for facts in told(work, item["instance_id"], f"case:{item['case_id']}"):
        for act in facts.get("delegates", []):
            if ["agenda_item_id", item["id"]] in act.get("result", []):
                manner = dict(act["inputs"]).get("proposed_manner")
                return str(manner) if manner else None
    return None


def _stands(act: Mapping[str, Any], voted: bool) -> bool:
    if act["delegate"] == "put_on_agenda":
        return voted and ["body", "committee"] in act["inputs"]
    return act["delegate"] not in REPEATABLE


def _committee_has_decided(work: Work, instance_id: str) -> bool:
    items = work.all(meetings.agenda_item, instance_id=instance_id, body="committee", status="decided")
    return any(item["result"] == "passed" for item in items)
