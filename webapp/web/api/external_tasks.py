"""``/engine-rest/external-task`` 外部任务: what programs outside fetch, hold, finish or give back."""

from datetime import timedelta
from typing import Any

from webapp.domain.errors import NotFound
from webapp.queries import external_search
from webapp.services import external_tasks as verbs
from webapp.web.api import lists, schema, shapes, values
from webapp.web.api.acting import counted, id_of, listed, once, read_event
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor, office, reading, today

FILTERS = lists.filters(
    externalTaskId="text", externalTaskIdIn="texts", topicName="text", workerId="text", activityId="text",
    activityIdIn="texts", processInstanceId="text", processInstanceIdIn="texts", processDefinitionId="text",
    lockExpirationBefore="moment", lockExpirationAfter="moment", active="flag", suspended="flag", locked="flag",
    notLocked="flag", withRetriesLeft="flag", noRetriesLeft="flag",
)  # fmt: skip
# A day at most: a program that holds a task for longer asks for more.
MILLIS: schema.Schema = {"type": "integer", "minimum": 0, "maximum": 24 * 60 * 60 * 1000}
RETRIES: schema.Schema = {"type": "integer", "minimum": 0, "maximum": 100}
NAMES = schema.maybe(schema.listed(schema.LINE, 100))
MAYBE_LINE, MAYBE_FLAG = schema.maybe(schema.LINE), schema.maybe(schema.FLAG)
WORKER: schema.Schema = {"type": "string", "minLength": 1, "maxLength": 80, "description": "程序自己的名称"}
TOPIC = schema.record(
    ("topicName", "lockDuration"),
    topicName={**schema.LINE, "minLength": 1},
    lockDuration=MILLIS,
    variables=NAMES,
    businessKey=MAYBE_LINE,
    processDefinitionId=MAYBE_LINE,
    processDefinitionIdIn=NAMES,
    processDefinitionKey=MAYBE_LINE,
    processDefinitionKeyIn=NAMES,
    localVariables=MAYBE_FLAG,
    deserializeValues=MAYBE_FLAG,
    includeExtensionProperties=MAYBE_FLAG,
    processVariables=schema.NO_ENTRIES,
    tenantIdIn=schema.NO_ITEMS,
    withoutTenantId=MAYBE_FLAG,
)
FETCHING = schema.record(
    ("workerId", "maxTasks"),
    workerId=WORKER,
    maxTasks={"type": "integer", "minimum": 1, "maximum": 100},
    usePriority=MAYBE_FLAG,
    asyncResponseTimeout={**schema.COUNT, "type": ["integer", "null"]},
    topics=schema.maybe(schema.listed(TOPIC, 20)),
)
COMPLETING = schema.record(
    ("workerId",), workerId=WORKER, variables=values.VARIABLES, localVariables=schema.NO_ENTRIES
)
FAILING = schema.record(
    ("workerId",),
    workerId=WORKER,
    errorMessage=schema.maybe(schema.TEXT),
    errorDetails={"type": ["string", "null"], "maxLength": 20_000, "description": "不保存"},
    retries={**RETRIES, "type": ["integer", "null"]},
    retryTimeout={**MILLIS, "type": ["integer", "null"]},
    variables=schema.NO_ENTRIES,
    localVariables=schema.NO_ENTRIES,
)
ERRING = schema.record(
    ("workerId", "errorCode"),
    workerId=WORKER,
    errorCode={**schema.LINE, "minLength": 1},
    errorMessage=schema.maybe(schema.TEXT),
    variables=values.VARIABLES,
)
EXTENDING = schema.record(("workerId", "newDuration"), workerId=WORKER, newDuration=MILLIS)
ASKING = {
    "workerId": "duijie",
    "maxTasks": 5,
    "topics": [{"topicName": "cadre_lookup", "lockDuration": 60_000}],
}
NOT_HELD = {"workerId": "duijie"}


@ENGINE_REST.get(
    "/external-task",
    query=lists.paged(FILTERS, external_search.ORDERS),
    answer=shapes.many("ExternalTask"),
    examples=(Example("duijie", query={"topicName": "cadre_lookup"}), Example("ganbu1", status=403)),
)
def external_tasks(asked: Asked) -> Any:
    """等待外部程序办理的任务，按主题、程序、环节、流程、锁定情况筛选。"""
    return listed(asked, external_search.found, shapes.external_task, "external_tasks")


@ENGINE_REST.post(
    "/external-task",
    query=(lists.FIRST, lists.LAST),
    body=lists.sent(FILTERS, external_search.ORDERS),
    answer=shapes.many("ExternalTask"),
    examples=(Example("duijie", {"noRetriesLeft": True}),),
)
def query_external_tasks(asked: Asked) -> Any:
    """等待外部程序办理的任务，条件以 JSON 提交。"""
    return listed(asked, external_search.found, shapes.external_task, "external_tasks")


@ENGINE_REST.get(
    "/external-task/count", query=lists.params(FILTERS), answer=lists.COUNTED, examples=(Example("duijie"),)
)
def count_external_tasks(asked: Asked) -> Any:
    """等待外部程序办理的任务数。"""
    return counted(asked, external_search.count)


@ENGINE_REST.post(
    "/external-task/count",
    body=lists.sent(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("xitong", {"locked": True}),),
)
def query_external_tasks_count(asked: Asked) -> Any:
    """等待外部程序办理的任务数，条件以 JSON 提交。"""
    return counted(asked, external_search.count)


@ENGINE_REST.post(
    "/external-task/fetchAndLock",
    body=FETCHING,
    answer=shapes.many("LockedExternalTask"),
    examples=(Example("duijie", ASKING), Example("ganbu1", ASKING, status=403)),
)
def fetch_external_tasks(asked: Asked) -> Any:
    """按主题领取任务并锁定一段时间；没有任务时立即返回空列表，不等待 asyncResponseTimeout。"""
    body = asked.body
    topics = [_topic(one) for one in body.get("topics") or ()]
    found = verbs.fetch(
        office(), current_actor(), worker=body["workerId"], most=body["maxTasks"], topics=topics
    )
    wanted = {one["topicName"]: one.get("variables") for one in body.get("topics") or ()}
    with reading() as reads:
        rows = external_search.some(reads, current_actor(), found, today())
    return [_locked(row, wanted[row["topic"]]) for row in rows]


def _topic(one: Any) -> verbs.Topic:
    keys = [*(one.get("processDefinitionKeyIn") or ()), one.get("processDefinitionKey")]
    versions = [*(one.get("processDefinitionIdIn") or ()), one.get("processDefinitionId")]
    return verbs.Topic(
        one["topicName"],
        timedelta(milliseconds=one["lockDuration"]),
        tuple(key for key in keys if key),
        tuple(id_of(version.rpartition(":")[2]) for version in versions if version),
        one.get("businessKey"),
    )


def _locked(row: Any, names: Any) -> dict[str, Any]:
    inputs = {name: one for name, one in row["inputs"].items() if names is None or name in names}
    more = {
        "variables": {name: values.typed(one) for name, one in inputs.items()},
        "extensionProperties": {},
    }
    return shapes.external_task(row) | more


@ENGINE_REST.get(
    "/external-task/<external_task_id>",
    answer=shapes.ref("ExternalTask"),
    examples=(Example("duijie", status=404),),
)
def external_task(_asked: Asked, external_task_id: str) -> Any:
    """一项等待外部程序办理的任务。"""
    with reading() as reads:
        found = external_search.some(reads, current_actor(), [id_of(external_task_id)], today())
        if not found:
            raise NotFound
        reads.disclose(read_event("external_task", task_id=external_task_id))
    return shapes.external_task(found[0])


@ENGINE_REST.post(
    "/external-task/<external_task_id>/complete",
    body=COMPLETING,
    examples=(Example("duijie", NOT_HELD, status=404),),
)
def complete_external_task(asked: Asked, external_task_id: str) -> Any:
    """办结：变量写入流程，流程在同一事务中继续；只能办结自己锁定的。"""
    body, task_id = asked.body, id_of(external_task_id)
    sent = values.plain(body.get("variables"))
    once(
        lambda one: verbs.complete(
            one, current_actor(), task_id=task_id, worker=body["workerId"], variables=sent
        ),
        body,
    )
    return NOTHING


@ENGINE_REST.post(
    "/external-task/<external_task_id>/failure",
    body=FAILING,
    examples=(Example("duijie", {**NOT_HELD, "retries": 0}, status=404),),
)
def fail_external_task(asked: Asked, external_task_id: str) -> Any:
    """未能办理：过 retryTimeout 毫秒后可以重新领取；retries 为 0 时登记流程异常，由管理员处理。"""
    body, task_id = asked.body, id_of(external_task_id)
    wait = timedelta(milliseconds=body.get("retryTimeout") or 0)
    error, retries = body.get("errorMessage") or "", body.get("retries") or 0
    once(
        lambda one: verbs.failure(
            one, current_actor(), task_id=task_id, worker=body["workerId"], error=error, retries=retries, wait=wait
        ),
        body,
    )  # fmt: skip
    return NOTHING


@ENGINE_REST.post(
    "/external-task/<external_task_id>/bpmnError",
    body=ERRING,
    examples=(Example("duijie", {**NOT_HELD, "errorCode": "NOT_FOUND"}, status=404),),
)
def external_task_error(asked: Asked, external_task_id: str) -> Any:
    """报告流程图中的错误：由边界事件或事件子流程处理；没有处理的不受理。"""
    body, task_id = asked.body, id_of(external_task_id)
    sent, code = values.plain(body.get("variables")), body["errorCode"]
    once(
        lambda one: verbs.bpmn_error(
            one, current_actor(), task_id=task_id, worker=body["workerId"], code=code, variables=sent
        ),
        body,
    )
    return NOTHING


@ENGINE_REST.post(
    "/external-task/<external_task_id>/extendLock",
    body=EXTENDING,
    examples=(Example("duijie", {**NOT_HELD, "newDuration": 1000}, status=404),),
)
def extend_external_task(asked: Asked, external_task_id: str) -> Any:
    """从现在起再锁定 newDuration 毫秒。"""
    body, lock = asked.body, timedelta(milliseconds=asked.body["newDuration"])
    verbs.extend(
        office().begin(), current_actor(), task_id=id_of(external_task_id), worker=body["workerId"], lock=lock
    )
    return NOTHING


@ENGINE_REST.post("/external-task/<external_task_id>/unlock", examples=(Example("duijie", status=404),))
def unlock_external_task(_asked: Asked, external_task_id: str) -> Any:
    """放开，其他程序可以立即领取。"""
    once(lambda one: verbs.unlock(one, current_actor(), task_id=id_of(external_task_id)))
    return NOTHING


@ENGINE_REST.put(
    "/external-task/<external_task_id>/retries",
    body=schema.record(("retries",), retries=RETRIES),
    examples=(Example("xitong", {"retries": 3}, status=404),),
)
def set_external_task_retries(asked: Asked, external_task_id: str) -> Any:
    """还可以试几次。"""
    retries, task_id = asked.body["retries"], id_of(external_task_id)
    once(lambda one: verbs.set_retries(one, current_actor(), task_id=task_id, retries=retries), asked.body)
    return NOTHING
