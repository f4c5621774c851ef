"""``/engine-rest/history`` 历史: process instances, tasks, passages through the nodes of an instance."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from webapp.domain.errors import Invalid, NotFound
from webapp.queries import activities, instance_search, task_search
from webapp.queries.activities import Activity
from webapp.services import history
from webapp.web.api import lists, shapes
from webapp.web.api.acting import read_event
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import Asked, Example
from webapp.web.session import current_actor, office, reading, today

INSTANCES = lists.filters(
    processInstanceId="text", processInstanceIds="texts", processInstanceBusinessKey="text",
    processInstanceBusinessKeyIn="texts", processInstanceBusinessKeyLike="text", processDefinitionId="text",
    processDefinitionKey="text", processDefinitionKeyIn="texts", processDefinitionName="text", finished="flag",
    unfinished="flag", active="flag", suspended="flag", completed="flag", externallyTerminated="flag",
    startedBefore="moment", startedAfter="moment", finishedBefore="moment", finishedAfter="moment", startedBy="text",
)  # fmt: skip
TASKS = lists.filters(
    taskId="text", processInstanceId="text", processInstanceBusinessKey="text", processInstanceBusinessKeyIn="texts",
    processInstanceBusinessKeyLike="text", processDefinitionId="text", processDefinitionKey="text",
    processDefinitionName="text", executionId="text", taskName="text", taskNameLike="text", taskDefinitionKey="text",
    taskDefinitionKeyIn="texts", taskAssignee="text", taskPriority="number", taskDueDate="moment",
    taskDueDateBefore="moment", taskDueDateAfter="moment", finished="flag", unfinished="flag", processFinished="flag",
    processUnfinished="flag", startedBefore="moment", startedAfter="moment", finishedBefore="moment",
    finishedAfter="moment",
)  # fmt: skip
PASSAGES = lists.filters(
    processInstanceId="text", activityId="text", activityName="text", activityType="text", taskAssignee="text",
    finished="flag", unfinished="flag", canceled="flag", startedBefore="moment", startedAfter="moment",
    finishedBefore="moment", finishedAfter="moment",
)  # fmt: skip
INSTANCE_ORDERS = (
    "instanceId", "definitionId", "definitionKey", "definitionName", "definitionVersion", "businessKey", "startTime",
    "endTime",
)  # fmt: skip
LATEST = {"sortBy": "startTime", "sortOrder": "desc", "maxResults": "10"}


@ENGINE_REST.get(
    "/history/process-instance",
    query=lists.paged(INSTANCES, INSTANCE_ORDERS),
    answer=shapes.many("HistoricProcessInstance"),
    examples=(Example("shenji", query=LATEST),),
)
def past_instances(asked: Asked) -> Any:
    """流程实例的历史，在办的也在内。"""
    wanted, sorting = lists.taken(asked)
    with reading() as reads:
        rows = instance_search.found(reads, current_actor(), wanted, sorting, today(), live=False)
        logins = instance_search.logins(reads, {row["started_by"] for row in rows})
        reads.disclose(read_event("past_instances", instances=[row["id"] for row in rows]))
    return [shapes.past_instance(row, logins) for row in rows]


@ENGINE_REST.get(
    "/history/process-instance/count",
    query=lists.params(INSTANCES),
    answer=lists.COUNTED,
    examples=(Example("shenji", query={"unfinished": "true"}),),
)
def count_past_instances(asked: Asked) -> Any:
    """流程实例数。"""
    with reading() as reads:
        wanted = lists.taken(asked)[0]
        return {"count": instance_search.count(reads, current_actor(), wanted, today(), live=False)}


@ENGINE_REST.get(
    "/history/process-instance/<instance_id>",
    answer=shapes.ref("HistoricProcessInstance"),
    examples=(Example("shenji"),),
)
def past_instance(_asked: Asked, instance_id: str) -> Any:
    """一个流程实例的历史。"""
    with reading() as reads:
        row = instance_search.one(reads, current_actor(), instance_id, today())
        if row is None:
            raise NotFound
        logins = instance_search.logins(reads, [row["started_by"]])
        reads.disclose(read_event("past_instance", instance_id=row["id"], case_id=row["case_id"]))
    return shapes.past_instance(row, logins)


@ENGINE_REST.get(
    "/history/task",
    query=lists.paged(TASKS, task_search.PAST_ORDERS),
    answer=shapes.many("HistoricTaskInstance"),
    examples=(Example("shenji", query=LATEST),),
)
def past_tasks(asked: Asked) -> Any:
    """办理过的和在办的环节。"""
    wanted, sorting = lists.taken(asked)
    with reading() as reads:
        rows = task_search.past_tasks(reads, current_actor(), wanted, sorting, today())
        reads.disclose(read_event("past_tasks", tasks=[row["id"] for row in rows]))
    return [shapes.past_task(row) for row in rows]


@ENGINE_REST.get(
    "/history/task/count",
    query=lists.params(TASKS),
    answer=lists.COUNTED,
    examples=(Example("shenji", query={"finished": "true"}),),
)
def count_past_tasks(asked: Asked) -> Any:
    """环节数。"""
    with reading() as reads:
        return {"count": task_search.count_past(reads, current_actor(), lists.taken(asked)[0], today())}


Fits = Callable[[Activity, Any], bool]
FITS: Mapping[str, Fits] = {
    "activityId": lambda one, text: one.element_id == text,
    "activityName": lambda one, text: one.name == text,
    "activityType": lambda one, text: one.kind == text,
    "taskAssignee": lambda one, text: one.assignee == text,
    "finished": lambda one, wanted: not wanted or one.ended_at is not None,
    "unfinished": lambda one, wanted: not wanted or one.ended_at is None,
    "canceled": lambda one, wanted: not wanted or one.cancelled,
    "startedBefore": lambda one, at: one.started_at < at,
    "startedAfter": lambda one, at: one.started_at > at,
    "finishedBefore": lambda one, at: one.ended_at is not None and one.ended_at < at,
    "finishedAfter": lambda one, at: one.ended_at is not None and one.ended_at > at,
}
PASSAGE_ORDERS: Mapping[str, Callable[[Activity], Any]] = {
    "activityId": lambda one: one.element_id,
    "activityName": lambda one: one.name,
    "activityType": lambda one: one.kind,
    "startTime": lambda one: one.started_at.timestamp(),
    "endTime": lambda one: one.ended_at.timestamp() if one.ended_at else float("inf"),
}


@ENGINE_REST.get(
    "/history/activity-instance",
    query=lists.paged(PASSAGES, PASSAGE_ORDERS),
    answer=shapes.many("HistoricActivityInstance"),
    examples=(Example("shenji"),),
)
def past_activities(asked: Asked) -> Any:
    """一个流程实例经过的节点；须给出 processInstanceId。"""
    wanted, sorting = lists.taken(asked)
    row, found = _passages(wanted)
    for name, descending in reversed(sorting):
        found.sort(key=PASSAGE_ORDERS[name], reverse=descending)
    first = wanted["firstResult"]
    return [shapes.activity(one, row) for one in found[first : first + wanted["maxResults"]]]


@ENGINE_REST.get(
    "/history/activity-instance/count",
    query=lists.params(PASSAGES),
    answer=lists.COUNTED,
    examples=(Example("shenji"),),
)
def count_past_activities(asked: Asked) -> Any:
    """经过的节点数；须给出 processInstanceId。"""
    return {"count": len(_passages(lists.taken(asked)[0])[1])}


def _passages(wanted: Mapping[str, Any]) -> tuple[Any, list[Activity]]:
    instance_id = wanted.get("processInstanceId")
    if instance_id is None:
        raise Invalid({"processInstanceId": "必须提供：节点按流程实例查询。"})
    with reading() as reads:
        row = instance_search.one(reads, current_actor(), instance_id, today())
        if row is None:
            return None, []
        definition = history.definition(office(), row["digest"], row["key"])
        found = activities.of_instance(reads, row, definition)
        reads.disclose(read_event("activities", instance_id=row["id"], case_id=row["case_id"]))
    return row, _fitting(found, wanted)


def _fitting(found: Iterable[Activity], wanted: Mapping[str, Any]) -> list[Activity]:
    asked = [(FITS[name], value) for name, value in wanted.items() if name in FITS]
    return [one for one in found if all(fits(one, value) for fits, value in asked)]
