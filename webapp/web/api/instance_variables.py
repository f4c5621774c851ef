"""``/process-instance/{id}/variables`` 流程变量, and ``/condition``: what is kept, never what was written in forms."""

from typing import Any

from webapp.domain.errors import NotFound
from webapp.queries import instance_search
from webapp.services import condition_starts, variables
from webapp.web.api import lists, schema, shapes, values
from webapp.web.api.acting import id_of, once, read_event
from webapp.web.api.doors import ENGINE_REST
from webapp.web.api.registry import Asked, Example
from webapp.web.session import current_actor, office, reading, today

TYPED = lists.params({"deserializeValues": schema.FLAG, "deserializeValue": schema.FLAG})
EVALUATING = schema.record(
    ("businessKey",),
    businessKey={**schema.LINE, "minLength": 1},
    variables=schema.NO_ENTRIES,
    processDefinitionId=schema.maybe(schema.LINE),
    tenantId=schema.NONE,
    withoutTenantId=schema.maybe(schema.FLAG),
)


def _variables(instance_id: str) -> dict[str, Any]:
    with reading() as reads:
        row = instance_search.one(reads, current_actor(), id_of(instance_id), today(), live=True)
        if row is None:
            raise NotFound
        found = variables.shown(office(), row["id"])
        told = read_event("variables", instance_id=row["id"], case_id=row["case_id"], count=len(found))
        reads.disclose(told)
    return {name: values.typed(value) for name, value in found.items()}


@ENGINE_REST.get(
    "/process-instance/<instance_id>/variables",
    query=TYPED,
    answer=shapes.ref("Variables"),
    examples=(Example("jiandu1"),),
)
def process_variables(_asked: Asked, instance_id: str) -> Any:
    """流程变量：编号、代码、日期、数目和结果；表单里写的内容不在其中，受限可见的栏目不列出。"""
    return _variables(instance_id)


@ENGINE_REST.get(
    "/process-instance/<instance_id>/variables/<variable>",
    query=TYPED,
    answer=schema.named("TypedValue"),
    examples=(Example("jiandu1"),),
)
def process_variable(_asked: Asked, instance_id: str, variable: str) -> Any:
    """一个流程变量。"""
    found = _variables(instance_id)
    if variable not in found:
        raise NotFound("没有这个流程变量，或者它不对外显示。")
    return found[variable]


@ENGINE_REST.post(
    "/condition",
    body=EVALUATING,
    answer=shapes.many("ProcessInstance"),
    examples=(Example("jiandu1", {"businessKey": "2026-调-0999"}, status=404),),
)
def evaluate_start_conditions(asked: Asked) -> Any:
    """按在办流程的现有变量重新判断启动条件，启动满足条件、卷宗上没有在办的流程；不接受变量，都不满足的答复空清单。"""
    body, actor = asked.body, current_actor()
    key = str(body.get("processDefinitionId") or "").partition(":")[0] or None
    made = once(lambda one: condition_starts.evaluate(one, actor, number=body["businessKey"], key=key), body)
    sent = made if isinstance(made, list) else list(made["outbox_ids"])
    with reading() as reads:
        begun = condition_starts.begun(office(), sent)
        rows = [instance_search.one(reads, actor, one, today()) for one in begun]
    return [shapes.instance(row) for row in rows if row is not None]
