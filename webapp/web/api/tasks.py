"""``/engine-rest/task`` 待办: list, count, get, claim, unclaim, complete, form variables."""

from collections.abc import Mapping
from typing import Any

from webapp.domain.errors import NotAllowed, NotFound
from webapp.queries import instance_search, task_search
from webapp.services import drafts, looking
from webapp.services import forms as answers
from webapp.services import tasks as verbs
from webapp.web.api import lists, schema, shapes, values
from webapp.web.api.acting import counted, id_of, key, listed, once, read_event
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor, office, reading, today, work

FILTERS = lists.filters(
    taskId="text", taskIdIn="texts", name="text", nameLike="text", nameNotEqual="text", nameNotLike="text",
    withoutTenantId="flag", withoutCandidateGroups="flag", processDefinitionNameLike="text",
    followUpBeforeOrNotExistent="moment", assigneeLike="text", assignee="text", assigneeIn="texts", assigned="flag",
    unassigned="flag", candidateGroup="text", candidateGroups="texts", candidateUser="text", withCandidateGroups="flag",
    includeAssignedTasks="flag", processInstanceId="text", processInstanceIdIn="texts",
    processInstanceBusinessKey="text", processInstanceBusinessKeyIn="texts", processInstanceBusinessKeyLike="text",
    processDefinitionId="text", processDefinitionKey="text", processDefinitionKeyIn="texts",
    processDefinitionName="text", taskDefinitionKey="text", taskDefinitionKeyIn="texts", taskDefinitionKeyLike="text",
    executionId="text", priority="number", minPriority="number", maxPriority="number", dueDate="moment",
    dueBefore="moment", dueAfter="moment", withoutDueDate="flag", followUpDate="moment", followUpBefore="moment",
    followUpAfter="moment", createdOn="moment", createdBefore="moment", createdAfter="moment", active="flag",
    suspended="flag",
)  # fmt: skip
MINE = {"candidateGroup": "cadre_supervision", "sortBy": "created", "sortOrder": "desc", "maxResults": "20"}
USER = schema.record(userId=schema.maybe(schema.LINE))
COMPLETING = schema.record(
    variables=values.VARIABLES,
    withVariablesInReturn=schema.NOT,
)
ASSESSED: Mapping[str, Any] = {"assessment_outcome": {"value": "open_case", "type": "String"}}


@ENGINE_REST.get(
    "/task",
    query=lists.paged(FILTERS, task_search.ORDERS),
    answer=shapes.many("Task"),
    examples=(Example("jiandu1", query=MINE),),
)
def tasks(asked: Asked) -> Any:
    """待办列表：只有您能打开的；按候选岗位、签收人、卷宗、流程、环节、时限等筛选。"""
    return listed(asked, task_search.open_tasks, shapes.task, "tasks")


@ENGINE_REST.post(
    "/task",
    query=(lists.FIRST, lists.LAST),
    body=lists.sent(FILTERS, task_search.ORDERS),
    answer=shapes.many("Task"),
    examples=(Example("jiandu1", {"taskDefinitionKey": "assess", "unassigned": True}),),
)
def query_tasks(asked: Asked) -> Any:
    """待办列表，条件以 JSON 提交，可以多重排序。"""
    return listed(asked, task_search.open_tasks, shapes.task, "tasks")


@ENGINE_REST.get(
    "/task/count", query=lists.params(FILTERS), answer=lists.COUNTED, examples=(Example("jiandu1"),)
)
def count_tasks(asked: Asked) -> Any:
    """待办条数。"""
    return counted(asked, task_search.count_open)


@ENGINE_REST.post(
    "/task/count",
    body=lists.sent(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("jiandu1", {"unassigned": True}),),
)
def query_tasks_count(asked: Asked) -> Any:
    """待办条数，条件以 JSON 提交。"""
    return counted(asked, task_search.count_open)


@ENGINE_REST.get("/task/<task_id>", answer=shapes.ref("Task"), examples=(Example("jiandu1"),))
def task(asked: Asked, task_id: str) -> Any:
    """一项待办。"""
    actor = current_actor()
    with reading() as reads:
        row = task_search.task(reads, actor, id_of(task_id), today())
        if row is None or row["status"] != "open":
            raise NotFound
        reads.disclose(read_event("task", task_id=task_id, case_id=row["case_id"]))
    return shapes.task(row)


@ENGINE_REST.get(
    "/task/<task_id>/form-variables",
    query=lists.params({"variableNames": lists.KINDS["texts"], "deserializeValues": schema.FLAG}),
    answer=shapes.ref("Variables"),
    examples=(Example("jiandu1"),),
)
def form_variables(asked: Asked, task_id: str) -> Any:
    """环节表单的栏目和现值：流程变量，以及本人保存的草稿。"""
    sight = looking.at_task(office(), current_actor(), id_of(task_id))
    if "complete" not in sight.may:
        raise NotAllowed(sight.why_not or None)
    with reading() as reads:
        draft = drafts.read(reads, office().keyring, current_actor(), task_id)
        reads.disclose(read_event("form", task_id=task_id, case_id=sight.case_id, fields_count=len(draft)))
    known = {**sight.variables, **sight.row["locals"]}
    wanted = asked.query.get("variableNames")
    found = {}
    for field in answers.every(sight.fields):
        name = field.variable or field.key
        if field.is_input and (wanted is None or name in wanted):
            found[name] = values.typed(draft.get(field.key, known.get(field.variable or "")))
    return found


@ENGINE_REST.post("/task/<task_id>/claim", body=USER, examples=(Example("jiandu1", {"userId": "jiandu1"}),))
def claim(asked: Asked, task_id: str) -> Any:
    """签收：只能为自己签收，userId 可以不写。"""
    _require_self(asked)
    once(lambda one: verbs.claim(one, current_actor(), task_id=id_of(task_id)), asked.body)
    return NOTHING


def _require_self(asked: Asked) -> None:
    """Nobody claims for somebody else."""
    login, actor = asked.body.get("userId"), current_actor()
    if login is None:
        return
    with reading() as reads:
        own = instance_search.logins(reads, [actor.user_id])[actor.user_id]
    if login != own:
        raise NotAllowed("只能为自己签收待办；userId 须是登录账号本人。")


@ENGINE_REST.post("/task/<task_id>/unclaim", examples=(Example("jiandu1"),))
def unclaim(asked: Asked, task_id: str) -> Any:
    """退回科室待办。"""
    once(lambda one: verbs.release(one, current_actor(), task_id=id_of(task_id)))
    return NOTHING


@ENGINE_REST.post(
    "/task/<task_id>/complete",
    body=COMPLETING,
    examples=(Example("jiandu1", {"variables": ASSESSED}, status=400),),
)
def complete(asked: Asked, task_id: str) -> Any:
    """办结：变量按表单栏目或流程变量的名称填写，附件用类型 File。"""
    return _complete(asked, task_id)


@ENGINE_REST.post(
    "/task/<task_id>/submit-form",
    body=COMPLETING,
    examples=(Example("jiandu1", {"variables": {}}, status=400),),
)
def submit_form(asked: Asked, task_id: str) -> Any:
    """提交表单办结，与 complete 相同。"""
    return _complete(asked, task_id)


def _complete(asked: Asked, task_id: str) -> Any:
    sent, files = values.apart(values.plain(asked.body.get("variables")))
    verbs.complete(
        work(),
        current_actor(),
        task_id=id_of(task_id),
        posted=sent,
        key=key(),
        uploads=files,
        reader=values.read,
    )
    return NOTHING
