"""What a correction 流程纠正 does to an instance, inside the caller's transaction: judged, carried out, tidied up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from webapp import engine as bpmn
from webapp.domain import corrections as rules
from webapp.domain.corrections import Effects, Move
from webapp.domain.errors import Conflict, Invalid, Refused, RuleBroken
from webapp.persistence.models import cases, meetings, runtime
from webapp.services import advance, calls, charts, settable
from webapp.services.advance import Applied, Run
from webapp.services.facts import pairs
from webapp.services.office import Work

Kind = Literal["return", "modify", "variables"]
MOST_MOVES = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for 纠正内容: back from ``at`` to ``to``, moves one by one, or variables as their forms ask."""

    kind: Kind
    at: str = ""
    to: str = ""
    moves: tuple[Move, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> dict[str, Any]:
        """As it is stored: elements, codes and numbers."""
        if self.kind == "return":
            return {"at": self.at, "to": self.to}
        if self.kind == "modify":
            return {"moves": [[one.what, one.element_id] for one in self.moves]}
        return {"values": dict(self.values)}


def wish_of(kind: Kind, plan: Mapping[str, Any]) -> Wish:
    """A stored plan as what it asks for."""
    moves = tuple(Move(what, element_id) for what, element_id in plan.get("moves", ()))
    return Wish(kind, plan.get("at", ""), plan.get("to", ""), moves, plan.get("values", {}))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an instance: where it stood and stands, and what the system did on the way."""

    stood: tuple[str, ...]
    stands: tuple[str, ...]
    applied: Applied
    before: Mapping[str, Any] = field(default_factory=dict)

    def facts(self, wish: Wish) -> dict[str, object]:
        """For the event: before and after."""
        told: dict[str, object] = {
            "correction": wish.kind,
            "stood": list(self.stood),
            "stands": list(self.stands),
        }
        if wish.kind == "variables":
            told |= {"was": pairs(self.before), "variables": pairs(wish.values)}
        elif wish.kind == "return":
            told |= {"asked": [["return", wish.at, wish.to]]}
        else:
            told |= {"asked": [[one.what, one.element_id] for one in wish.moves]}
        return {**told, **self.applied.facts}


def carry_out(work: Work, run: Run, wish: Wish) -> Outcome:
    """Judge the wish by the rules and do it; RuleBroken with every reason, Conflict where the engine sees no sense."""
    stood = charts.standing(work, run.instance_id, run.definition)
    before: Mapping[str, Any] = {}
    if wish.kind == "variables":
        before = settable.require(work, run, wish.values)
        command: bpmn.Command = bpmn.SetVariables(dict(wish.values))
    else:
        _require_no_vote(work, run)
        _require_lawful(work, run, wish, stood)
        command = _command(work, run, wish)
    try:
        applied = advance.apply(run, command)
    except bpmn.EngineError as error:
        raise Conflict(f"按此纠正，流程不能继续：{error.zh}") from error
    if applied.finished:
        raise Conflict("按此纠正，流程即告结束；要结束流程，请办理因故终止或撤销流程。")
    if wish.kind != "variables":
        _tidy(work, run)
    stands = charts.standing(work, run.instance_id, run.definition)
    return Outcome(stood, stands, applied, before)


def _require_lawful(work: Work, run: Run, wish: Wish, stood: Sequence[str]) -> None:
    chart = charts.chart_of(run.definition)
    if wish.kind == "return":
        if wish.at not in stood:
            raise Conflict("流程已经不在所选的环节，请刷新后重新选择。")
        in_force = charts.in_force(work, run.instance_id, run.stream)
        reasons = rules.reasons_against_return(chart, wish.at, wish.to, in_force)
    else:
        if not 0 < len(wish.moves) <= MOST_MOVES:
            raise Invalid({"moves": f"请选择要取消或开始的环节，一次不超过{MOST_MOVES}项。"})
        reasons = rules.reasons_against_moves(chart, stood, wish.moves)
    if reasons:
        raise RuleBroken(reasons)


def _command(work: Work, run: Run, wish: Wish) -> bpmn.Command:
    if wish.kind == "modify":
        return bpmn.Modify(tuple(bpmn.Change(one.what, one.element_id) for one in wish.moves))
    return bpmn.Return(_token(work, run, wish.at), wish.to)


def _token(work: Work, run: Run, element_id: str) -> str:
    """What stands at an element: a task, or a wait for a message, an instant, a program or another process."""
    here: dict[str, Any] = {"instance_id": run.instance_id, "element_id": element_id, "limit": 1}
    found = (
        work.all(runtime.work_item, status="open", **here)
        or work.all(runtime.message_subscription, **here)
        or work.all(runtime.job, kind="timer", status=["due", "leased"], **here)
        or work.all(runtime.external_task, status="open", **here)
    )
    return str(found[0]["id"]) if found else calls.call_at(work, run.instance_id, element_id)


def _require_no_vote(work: Work, run: Run) -> None:
    if work.all(meetings.agenda_item, instance_id=run.instance_id, status="voting", limit=1):
        raise Conflict("该卷宗的议题正在表决，请待会议有结果后再办理。")


def _tidy(work: Work, run: Run) -> None:
    """What hung on a step taken away goes with it: items nobody waits for any more, a publicity left behind."""
    gone = {"status": "recalled", "meeting_id": None, "position": None}
    awaited = {row["correlation"] for row in _subscriptions(work, run)}
    waiting: dict[str, Any] = {"instance_id": run.instance_id, "status": ["waiting", "scheduled"]}
    stale = [row["id"] for row in work.all(meetings.agenda_item, **waiting) if row["id"] not in awaited]
    if stale:
        work.update(meetings.agenda_item, {"id": stale}, gone)
    if run.case is not None and _left_publicity(work, run):
        work.update(cases.publicity, {"case_id": run.case.id, "status": "open"}, {"status": "cancelled"})


def _subscriptions(work: Work, run: Run) -> Collection[Mapping[str, Any]]:
    return work.all(runtime.message_subscription, instance_id=run.instance_id)


def _left_publicity(work: Work, run: Run) -> bool:
    """True when this process puts things on public notice, and does not stand behind that step now."""
    openers = [node.id for node in run.definition.nodes.values() if node.delegate == "open_publicity"]
    chart = charts.chart_of(run.definition)
    stands = charts.standing(work, run.instance_id, run.definition)
    behind = any(rules.comes_before(chart, opener, one) for opener in openers for one in stands)
    return bool(openers) and not behind


def effects(run: Run, outcome: Outcome) -> Effects:
    """What a correction does to the steps of its process."""
    again = [task.element_id for task in outcome.applied.opened if task.element_id in outcome.stood]
    kept = [one for one in outcome.stands if one in outcome.stood and one not in again]
    return (
        ("taken", [one for one in outcome.stood if one not in outcome.stands]),
        ("acted", list(dict.fromkeys(str(act["element_id"]) for act in run.acts))),
        ("begun", [one for one in outcome.stands if one not in outcome.stood]),
        ("again", list(dict.fromkeys(again))),
        ("kept", kept),
    )


def refusal(error: Refused) -> tuple[str, ...]:
    """Why it may not be, sentence by sentence."""
    if isinstance(error, RuleBroken):
        return tuple(one.sentence for one in error.reasons)
    if isinstance(error, Invalid):
        return tuple(error.problems.values())
    return (error.sentence,)
