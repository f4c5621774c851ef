"""``/engine-rest/process-instance`` 流程实例: list, count, get, cancel."""

from functools import partial
from typing import Any

from webapp.domain.errors import NotFound
from webapp.queries import instance_search
from webapp.services import interruptions
from webapp.web.api import lists, schema, shapes
from webapp.web.api.acting import counted, id_of, listed, once, read_event
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import NOTHING, Asked, Example, Param
from webapp.web.session import current_actor, reading, today

FILTERS = lists.filters(
    processInstanceIds="texts", businessKey="text", businessKeyLike="text", processDefinitionId="text",
    processDefinitionKey="text", processDefinitionKeyIn="texts", active="flag", suspended="flag",
    withoutTenantId="flag", superProcessInstance="text", subProcessInstance="text",
)  # fmt: skip
ORDERS = ("instanceId", "definitionKey", "definitionId", "businessKey")
KEYED = {"processDefinitionKey": "p01_down_adjustment"}
# Nothing of the kind exists here; clients send them with every cancellation.
IGNORED = ("skipCustomListeners", "skipIoMappings", "skipSubprocesses", "failIfNotExists")
RUNNING = partial(instance_search.found, live=True)
COUNTING = partial(instance_search.count, live=True)
REASON = Param("deleteReason", schema.TEXT, "撤销的理由，卷宗中的流程必须写明")


@ENGINE_REST.get(
    "/process-instance",
    query=lists.paged(FILTERS, ORDERS),
    answer=shapes.many("ProcessInstance"),
    examples=(Example("ganbu1", query={"businessKeyLike": "2026-%"}),),
)
def process_instances(asked: Asked) -> Any:
    """办理中的流程实例，按卷宗编号、流程筛选。"""
    return listed(asked, RUNNING, shapes.instance, "instances")


@ENGINE_REST.post(
    "/process-instance",
    query=(lists.FIRST, lists.LAST),
    body=lists.sent(FILTERS, ORDERS),
    answer=shapes.many("ProcessInstance"),
    examples=(Example("ganbu1", KEYED),),
)
def query_process_instances(asked: Asked) -> Any:
    """办理中的流程实例，条件以 JSON 提交。"""
    return listed(asked, RUNNING, shapes.instance, "instances")


@ENGINE_REST.get(
    "/process-instance/count",
    query=lists.params(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("ganbu1", query=KEYED),),
)
def count_process_instances(asked: Asked) -> Any:
    """办理中的流程实例数。"""
    return counted(asked, COUNTING)


@ENGINE_REST.post(
    "/process-instance/count",
    body=lists.sent(FILTERS),
    answer=lists.COUNTED,
    examples=(Example("ganbu1", KEYED),),
)
def query_process_instances_count(asked: Asked) -> Any:
    """办理中的流程实例数，条件以 JSON 提交。"""
    return counted(asked, COUNTING)


@ENGINE_REST.get(
    "/process-instance/<instance_id>", answer=shapes.ref("ProcessInstance"), examples=(Example("ganbu1"),)
)
def process_instance(_asked: Asked, instance_id: str) -> Any:
    """一个办理中的流程实例。"""
    with reading() as reads:
        row = instance_search.one(reads, current_actor(), id_of(instance_id), today(), live=True)
        if row is None:
            raise NotFound
        reads.disclose(read_event("instance", instance_id=instance_id, case_id=row["case_id"]))
    return shapes.instance(row)


@ENGINE_REST.delete(
    "/process-instance/<instance_id>",
    query=(REASON, *lists.params(dict.fromkeys(IGNORED, schema.FLAG))),
    examples=(Example("ganbu1", query={"deleteReason": "重复登记。"}, status=403),),
)
def delete_process_instance(asked: Asked, instance_id: str) -> Any:
    """撤销流程：由本卷宗的组织部负责人办理，卷宗中只有重新任用程序可以单独终止，须在 deleteReason 写明理由。"""
    reason = asked.query.get("deleteReason", "")
    once(
        lambda one: interruptions.cancel(one, current_actor(), instance_id=id_of(instance_id), reason=reason)
    )
    return NOTHING
