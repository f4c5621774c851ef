"""The one place where a step of the engine becomes rows, delegate acts, timers and messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain.errors import Reason, Refused, RuleBroken
from webapp.domain.history import digest
from webapp.domain.lifecycle import NOT_BACK_TO
from webapp.domain.roles import SILENT_UNTIL_TALK
from webapp.persistence.models import cases, identity, runtime
from webapp.services import calls, due_bases, external_rows, signals, start_conditions
from webapp.services.desk import CaseStanding, places
from webapp.services.dossier import mentors_of, relatives_of
from webapp.services.facts import pairs, plain
from webapp.services.office import Work
from webapp.services.outbox import outbox_row
from webapp.services.runs import Applied as Applied
from webapp.services.runs import Run as Run
from webapp.services.totals import Total

MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class Call:
    """What a delegate is handed 服务调用: its inputs, the case and the transaction."""

    run: Run
    element_id: str
    inputs: Mapping[str, Any]
    variables: Mapping[str, Any]

    @property
    def work(self) -> Work:
        """The transaction the delegate writes in."""
        return self.run.work

    @property
    def case(self) -> CaseStanding:
        """The case; a delegate that needs one refuses an instance without."""
        if self.run.case is None:
            raise Refused(f"环节“{self.element_id}”须在工作卷宗中办理。")
        return self.run.case


class DelegateError(Exception):
    """A delegate's BPMN error: the diagram's boundary event catches its code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def apply(run: Run, command: bpmn.Command) -> Applied:
    """Run the command and every delegate it calls, and write all rows; the caller commits with the event."""
    run.fired = command.timer_id if isinstance(command, bpmn.TimerFired) else None
    watched = start_conditions.watch(run.work, run.state, command)
    run.tells = run.tells and not isinstance(command, bpmn.Cancel)
    return follow(run, _engine(run, command, 0), watched)


def follow(run: Run, step: bpmn.Step, watched: start_conditions.Watched | None = None) -> Applied:
    """As ``apply``, from the engine's first step on; ``watched``: what the conditions that start are compared with."""
    total = Total()
    total.add(step)
    pending: list[bpmn.ServiceCall | bpmn.Command] = [*_delegated(step)]
    for number in range(1, MOST_CALLS + 2):
        if not pending:
            break
        if number > MOST_CALLS:
            raise Refused(f"一次办理引发的自动环节超过{MOST_CALLS}个，请联系流程设计员检查流程图。")
        call = pending.pop(0)
        if isinstance(call, bpmn.ServiceCall) and call.process is not None:
            pending[:0] = calls.begin(run, call, apply)
            continue
        command = _delegate(run, call, step.variables) if isinstance(call, bpmn.ServiceCall) else call
        step = _engine(run, command, number)
        total.add(step)
        gone = set(step.calls_closed)
        pending = [*(one for one in pending if _call_id(one) not in gone), *_delegated(step)]
    _write(run, total, step.finished)
    calls.call_off(run, total.calls_closed, apply)
    if step.called and run.tells:
        calls.tell_caller(run, step.finished, apply)
    start_conditions.notice(run.work, watched, step.variables, run.case.id if run.case else None)
    opened = (*total.opened.values(), *(task for one in run.others for task in one.opened))
    return Applied(opened, step.finished, _facts(run, total, step))


def _call_id(one: bpmn.ServiceCall | bpmn.Command) -> str:
    return one.id if isinstance(one, bpmn.ServiceCall) else str(getattr(one, "call_id", ""))


def _delegated(step: bpmn.Step) -> list[bpmn.ServiceCall]:
    """The calls answered in this transaction; those with a topic wait for a program outside."""
    return [one for one in step.calls if one.topic is None]


def _engine(run: Run, command: bpmn.Command, number: int) -> bpmn.Step:
    work = run.work
    step = bpmn.run(
        run.state,
        run.definition,
        command,
        now=work.now,
        seed=f"{run.instance_id}:{run.rev}:{number}",
        functions=work.functions(),
    )
    run.state = step.state
    run.thrown += step.thrown
    return step


def _delegate(run: Run, call: bpmn.ServiceCall, variables: Mapping[str, Any]) -> bpmn.Command:
    act = run.work.office.delegates.get(call.delegate or "")
    if act is None:
        raise Refused(f"环节“{call.element_id}”调用的服务“{call.delegate}”未登记，请联系管理员。")
    try:
        result = act(Call(run, call.element_id, call.inputs, variables))
    except DelegateError as error:
        run.acts.append(_act(call, {"error": error.code}))
        return bpmn.ServiceFailed(call.id, error.code)
    run.acts.append(_act(call, result))
    return bpmn.ServiceReturned(call.id, dict(result))


def _act(call: bpmn.ServiceCall, result: Mapping[str, object]) -> dict[str, object]:
    return {
        "element_id": call.element_id,
        "delegate": call.delegate or "",
        "inputs": pairs(call.inputs),
        "result": pairs(result),
    }


def _write(run: Run, total: Total, finished: bool) -> None:
    _write_instance(run, finished)
    if total.closed:
        _close_items(run, total.closed)
    if total.opened:
        _open_items(run, list(total.opened.values()))
    awaited = [one.element_id for one in total.subscriptions.values()]
    _move_stage(run, awaited + [one.element_id for one in total.opened.values()])
    _write_timers(run, total)
    case_id = run.case.id if run.case else None
    external_rows.write(run.work, run.instance_id, case_id, run.definition.key, total.calls.values())
    external_rows.call_off(run.work, total.calls_closed)
    _write_messages(run, total)


def _write_timers(run: Run, total: Total) -> None:
    closed = [one for one in total.timers_closed if one != run.fired]
    if closed:
        run.work.update(runtime.job, {"id": closed, "status": "due"}, {"status": "cancelled"})
    if total.timers:
        run.work.insert(runtime.job, [_timer_row(run, one) for one in total.timers.values()])


def _write_messages(run: Run, total: Total) -> None:
    work, opened = run.work, total.subscriptions.values()
    case_id = run.case.id if run.case else None
    if total.subscriptions_closed:
        work.delete(runtime.message_subscription, {"id": total.subscriptions_closed})
    if opened:
        work.insert(runtime.message_subscription, [_subscription_row(run, one) for one in opened])
    if total.outbox:
        work.insert(runtime.outbox, [_outbox_row(run, one) for one in total.outbox])
    signalled = [row for one in total.signals for row in signals.rows(work, run.instance_id, case_id, one)]
    if signalled:
        work.insert(runtime.outbox, signalled)
    if total.outbox or opened or signalled:
        # A message may be waiting for the receiver that has come just now.
        work.after_commit(work.office.wake)


def _write_instance(run: Run, finished: bool) -> None:
    assert run.state is not None
    values: dict[str, Any] = {"state": run.state, "state_digest": digest(run.state), "rev": run.rev + 1}
    if finished:
        values |= {"status": "finished", "ended_at": run.work.now}
    mine = {"id": run.instance_id, "rev": run.rev}
    run.work.update(runtime.process_instance, mine, values).just_one()
    run.rev += 1


def _close_items(run: Run, closed: list[bpmn.ClosedTask]) -> None:
    """Completed tasks were closed by the verb with who did it; what the engine cancelled is closed here."""
    cancelled = [one.id for one in closed if one.how == "cancelled"]
    if cancelled:
        values = {"status": "cancelled", "closed_at": run.work.now}
        run.work.update(runtime.work_item, {"id": cancelled, "status": "open"}, values)
    run.work.delete(runtime.work_candidate, {"work_item_id": [one.id for one in closed]})


def _open_items(run: Run, opened: list[bpmn.UserTask]) -> None:
    for one in opened:
        _require_nobody_recused(run, one)
    run.work.insert(runtime.work_item, [_item_row(run, one) for one in opened])
    candidates = [row for one in opened for row in _candidate_rows(run, one)]
    if candidates:
        run.work.insert(runtime.work_candidate, candidates)


def _require_nobody_recused(run: Run, task: bpmn.UserTask) -> None:
    """RuleBroken when a task would be opened for a person who steps aside from it 回避 by its diagram (F05)."""
    node, case = run.definition.nodes[task.element_id], run.case
    rules = frozenset(node.extras.get("recusal", "").split())
    named = {*task.people, *([task.assignee] if task.assignee else [])}
    if case is None or not rules or not named:
        return
    aside: set[str] = {case.person_id} if "subject" in rules else set()
    if "relatives" in rules:
        aside.update(relatives_of(run.work, case.person_id))
    if "mentor" in rules:
        aside |= mentors_of(run.work, case.person_id)
    if named & aside:
        sentence = f"“{task.name}”指定的人员中有应当回避的（本人、近亲属或帮带责任人），请另行指定。"
        raise RuleBroken([Reason("RECUSAL", sentence, "F05")])


def _item_row(run: Run, task: bpmn.UserTask) -> dict[str, Any]:
    node = run.definition.nodes[task.element_id]
    silent = run.case is not None and run.case.talked_on is None
    return {
        "id": task.id,
        "instance_id": run.instance_id,
        "case_id": run.case.id if run.case else None,
        "process_key": run.definition.key,
        "element_id": task.element_id,
        "name": task.name,
        "stage": node.extras.get("stage"),
        "form_key": task.form_key,
        "status": "open",
        "assignee_id": _user_of(run.work, task.assignee),
        "priority": task.priority,
        "due_at": task.due_at,
        "due_basis": due_bases.stored(node, task, run.state, run.work.today),
        "follow_up_at": task.follow_up_at,
        "opened_at": run.work.now,
        "locals": dict(task.locals),
        "withheld": silent and _is_outside(run, task),
    }


def _is_outside(run: Run, task: bpmn.UserTask) -> bool:
    """For the unit, the helper or the cadre alone: such a task is held back until the talk is recorded."""
    if task.groups:
        return SILENT_UNTIL_TALK.issuperset(task.groups)
    named = {*task.people, *([task.assignee] if task.assignee else [])}
    return bool(named) and run.case is not None and named == {run.case.person_id}


def _user_of(work: Work, person_id: str | None) -> str | None:
    if person_id is None:
        return None
    user = work.one(identity.User.__table__, person_id=person_id)
    return user["id"] if user else None


def _candidate_rows(run: Run, task: bpmn.UserTask) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"role": code, "organisation_id": place, "person_id": None}
        for code in task.groups
        for place in places(run.work, run.case, code)
    ]
    people = dict.fromkeys([*task.people, *([task.assignee] if task.assignee else [])])
    rows += [{"role": None, "organisation_id": None, "person_id": person} for person in people]
    return [{"id": str(uuid7()), "work_item_id": task.id, "due_at": task.due_at, **row} for row in rows]


def _move_stage(run: Run, reached: list[str]) -> None:
    """The stage of what is waited for now; what goes on beside it never pulls a case back."""
    stages = [run.definition.nodes[element_id].extras.get("stage") for element_id in reached]
    stage = next((one for one in reversed(stages) if one), None)
    if run.case is None or run.case.status != "open" or stage is None or stage == run.case.stage:
        return
    if stage in NOT_BACK_TO.get(run.case.stage, ()):
        return
    run.case.stage = stage
    run.work.update(cases.case_file, {"id": run.case.id}, {"stage": stage, "stage_since": run.work.now})


def _timer_row(run: Run, timer: bpmn.Timer) -> dict[str, Any]:
    return {
        "id": timer.id,
        "kind": "timer",
        "status": "due",
        "due_at": timer.due_at,
        "instance_id": run.instance_id,
        "case_id": run.case.id if run.case else None,
        "element_id": timer.element_id,
        "payload": {},
        "attempts": 0,
        "created_at": run.work.now,
    }


def _subscription_row(run: Run, one: bpmn.Subscription) -> dict[str, Any]:
    is_signal = one.kind == "signal"
    return {
        "id": one.id,
        "instance_id": run.instance_id,
        "case_id": run.case.id if run.case else None,
        "element_id": one.element_id,
        "message": signals.awaited(one.message) if is_signal else one.message,
        "correlation": one.id if is_signal else one.correlation,
        "opened_at": run.work.now,
    }


def _outbox_row(run: Run, one: bpmn.OutMessage) -> dict[str, Any]:
    return outbox_row(
        instance_id=run.instance_id,
        seq=one.seq,
        element_id=one.element_id,
        case_id=run.case.id if run.case else None,
        message=one.message,
        correlation=one.correlation,
        variables=dict(one.variables),
        at=run.work.now,
    )


def _facts(run: Run, total: Total, step: bpmn.Step) -> dict[str, object]:
    return {
        "instance_id": run.instance_id,
        "process_key": run.definition.key,
        "definition_id": run.definition_id,
        "definition_digest": run.definition.digest,
        "rev": run.rev,
        "state_digest": digest(step.state),
        "moves": [[one.kind, one.element_id] for one in total.moves],
        "opened": [{"work_item_id": one.id, "element_id": one.element_id} for one in total.opened.values()],
        "cancelled": [one.id for one in total.closed if one.how == "cancelled"],
        "delegates": run.acts,
        "decisions": [_decision(one) for one in total.decisions],
        "messages": [[one.message, one.correlation or ""] for one in total.outbox],
        **({"signals": [one.signal for one in total.signals]} if total.signals else {}),
        **({"external": external} if (external := external_rows.told(total.calls.values())) else {}),
        **({"also": [one.facts for one in run.others]} if run.others else {}),
        "finished": step.finished,
    }


def _decision(trace: bpmn.DecisionTrace) -> dict[str, object]:
    return {
        "decision_id": trace.decision_id,
        "element_id": trace.element_id,
        "inputs": pairs(trace.inputs),
        "rules": list(trace.rules_hit),
        "outputs": plain(trace.outputs),
    }
