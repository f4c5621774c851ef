"""Leaving a task by an exception its diagram draws: a BPMN error 转入例外办理 or an escalation 提级处理."""

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain import corrections as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, RuleBroken
from webapp.services import advance, charts, incidents
from webapp.services.desk import Desk, naming_the_holder, take, task_event
from webapp.services.office import Work
from webapp.services.tasks import run_of

LONGEST_CODE = 80


def offered(definition: bpmn.Definition, element_id: str) -> tuple[bpmn.Drawn, ...]:
    """The exceptions 例外 a task may be left by, as its diagram draws them on it; none for a gate."""
    chart = charts.chart_of(definition)
    return tuple(
        one
        for one in bpmn.exceptions(definition, element_id)
        if not rules.reasons_against_throwing(chart, element_id, own=True, interrupting=one.interrupting)
    )


def throw_error(work: Work, actor: Actor, *, task_id: str, code: str) -> None:
    """Throw a BPMN error from a task one may complete; refused where the diagram draws no such way on the task."""
    _throw(work, actor, task_id, bpmn.ThrowError(task_id, _code(code)), events.ErrorThrown)


def escalate(work: Work, actor: Actor, *, task_id: str, code: str) -> None:
    """Escalate from a task one may complete; refused where nobody in the diagram hears it."""
    _throw(work, actor, task_id, bpmn.ThrowEscalation(task_id, _code(code)), events.TaskEscalated)


def _code(code: str) -> str:
    told = code.strip()
    if not told or len(told) > LONGEST_CODE:
        raise Invalid({"code": f"请给出流程图中的代码，不超过{LONGEST_CODE}字。"})
    return told


def _throw(
    work: Work,
    actor: Actor,
    task_id: str,
    command: bpmn.ThrowError | bpmn.ThrowEscalation,
    kind: type[events.Event],
) -> None:
    try:
        with work:
            work.actor_id = actor.user_id
            desk = take(work, task_id)
            desk.set_aside_lapsed(work, actor)
            with naming_the_holder(work):
                access.require_may_complete(actor, desk.task, desk.case_facts, work.today)
            caught_by = _require_drawn(desk, command)
            applied = advance.apply(run_of(work, desk), command)
            facts = {"code": command.code, "caught_by": caught_by, **applied.facts}
            work.commit(task_event(kind, work, desk, actor, facts))
    except bpmn.EngineError as error:
        raise incidents.fault(work.office, error, task_id=task_id) from error


def _require_drawn(desk: Desk, command: bpmn.ThrowError | bpmn.ThrowEscalation) -> str:
    """The event that catches it; Conflict when there is none, RuleBroken when it would skip a gate."""
    what = "error" if isinstance(command, bpmn.ThrowError) else "escalation"
    found = bpmn.caught(desk.row["instance_state"], desk.definition, command.task_id, what, command.code)
    if found is None:
        raise Conflict(f"流程图没有为“{desk.row['name']}”画出代码为“{command.code}”的例外，不能转入。")
    chart = charts.chart_of(desk.definition)
    reasons = rules.reasons_against_throwing(
        chart, desk.row["element_id"], own=found.own, interrupting=found.interrupting
    )
    if reasons:
        raise RuleBroken(reasons)
    return found.element_id
