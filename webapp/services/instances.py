"""Verbs on process instances 流程实例: start one; and loading one to be moved."""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.persistence import finders
from webapp.services import advance, runs, way_up
from webapp.services.desk import CaseStanding, case_facts, require_sight, standing
from webapp.services.facts import pairs
from webapp.services.office import Work
from webapp.services.runs import Applied, Run
from webapp.services.runs import at_rest as at_rest
from webapp.services.runs import load as load
from webapp.services.runs import running as running
from webapp.services.runs import standard_variables as standard_variables


def begin(
    work: Work,
    definition_row: Mapping[str, Any],
    case: CaseStanding | None,
    *,
    variables: Mapping[str, object],
    started_by: str,
    message: str | None = None,
    element_id: str | None = None,
) -> tuple[Run, Applied]:
    """Start an instance inside the caller's transaction; at the start event of ``message`` or the one named.

    Conflict while the starts of the version are stopped 暂停启动.
    """
    run, command = runs.new(
        work,
        definition_row,
        case,
        variables=variables,
        started_by=started_by,
        message=message,
        element_id=element_id,
    )
    return run, advance.apply(run, command)


def start(
    work: Work,
    actor: Actor,
    *,
    key: str,
    variables: Mapping[str, object],
    case_id: str | None = None,
    roles: tuple[str, ...] = (),
    element_id: str | None = None,
) -> str:
    """Start a process by key, on an open case where given, by one of the roles where named → instance id.

    ``element_id``: the start event to begin at; Conflict for one that something else than a person sets off.
    """
    with work:
        if roles:
            access.require_role(actor, *roles, day=work.today)
        row = finders.latest_definition(work, key)
        if row is None:
            raise NotFound(f"没有已部署的流程“{key}”。")
        case = _open_case(work, actor, case_id) if case_id else None
        if element_id is not None:
            _require_plain_start(work.definition(row["digest"], row["key"]), element_id)
        if case is not None and key == way_up.PROCESS:
            way_up.require_may_begin(work, case)
        run, applied = begin(
            work, row, case, variables=variables, started_by=actor.user_id, element_id=element_id
        )
        _require_may_start(work, actor, case, applied)
        facts = {"variables": pairs(variables), **applied.facts}
        work.commit(
            events.ProcessStarted(
                actor=actor,
                effective_at=work.now,
                stream=run.stream,
                case_id=case.id if case else None,
                facts=facts,
            )
        )
    return run.instance_id


def _require_plain_start(definition: bpmn.Definition, element_id: str) -> None:
    node = definition.nodes.get(element_id)
    if node is None or node.kind != "startEvent" or node.scope is not None:
        raise NotFound(f"流程“{definition.name}”没有开始事件“{element_id}”。")
    if node.event is not None:
        raise Conflict(f"“{node.name or node.id}”由消息、信号、时间或条件启动，不能由人直接启动。")


def _require_may_start(work: Work, actor: Actor, case: CaseStanding | None, applied: Applied) -> None:
    """Whoever starts a process may do one of the tasks it begins with."""
    roles = {code for task in applied.opened for code in task.groups}
    if case is None:
        may = bool(actor.roles_on(work.today) & roles)
    else:
        may = any(actor.holds(code, case.bodies.get(access.role(code).body), work.today) for code in roles)
    if not may and actor.person_id not in {one for task in applied.opened for one in task.people}:
        raise NotAllowed("启动该流程须由其首个环节的承办岗位办理，您没有此项权限。")


def _open_case(work: Work, actor: Actor, case_id: str) -> CaseStanding:
    row = finders.load_case(work, case_id)
    case = standing(work, row) if row else None
    if row is None or case is None:
        raise NotFound("没有找到该工作卷宗，或您无权查看。")
    facts = case_facts(row, case)
    assert facts is not None
    require_sight(work, actor, facts)
    if case.status != "open":
        what = "已暂停办理" if case.status == "suspended" else "已经办结"
        raise Conflict(f"该工作卷宗{what}，不能启动新的流程。")
    return case
