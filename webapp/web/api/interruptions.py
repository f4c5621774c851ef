"""Suspending, resuming, ending 暂停、恢复、因故终止: Camunda's switch on an instance, and the acts on its case."""

from typing import Any

from webapp.domain.errors import Conflict, NotFound
from webapp.queries import instance_search
from webapp.services import interruptions as verbs
from webapp.services.appeals import PROCESS as APPEAL
from webapp.web.api import schema
from webapp.web.api.acting import id_of, once
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor, reading, today

REASON: schema.Schema = {
    "type": "string",
    "maxLength": verbs.LONGEST_REASON,
    "description": "理由；暂停必须写明",
}
SWITCHING = schema.record(("suspended",), suspended=schema.FLAG, reason=schema.maybe(REASON))
TOLD = schema.record(("reason",), reason=REASON)
ENDING = schema.record(
    ("cause", "reason"), cause={"type": "string", "enum": list(verbs.CAUSES)}, reason=REASON
)


@ENGINE_REST.put(
    "/process-instance/<instance_id>/suspended",
    body=SWITCHING,
    examples=(Example("ganbu1", {"suspended": True, "reason": "等待核查结论。"}, status=403),),
)
def switch_process_instance(asked: Asked, instance_id: str) -> Any:
    """暂停、恢复实例所在的卷宗；整卷一并暂停，理由写在 reason，复核、申诉不停。"""
    actor, sent = current_actor(), asked.body
    case_id, reason = _case_of(id_of(instance_id)), sent.get("reason") or ""
    verb = verbs.suspend if sent["suspended"] else verbs.resume
    once(lambda one: verb(one, actor, case_id=case_id, reason=reason), sent)
    return NOTHING


def _case_of(instance_id: str) -> str:
    """The case that stops with an instance; Conflict for what stops with no case."""
    with reading() as reads:
        row = instance_search.one(reads, current_actor(), instance_id, today(), live=True)
    if row is None:
        raise NotFound
    if row["case_id"] is None:
        raise Conflict("该流程不属于工作卷宗，不能暂停；不再需要的，可以撤销。")
    if row["key"] == APPEAL:
        raise Conflict("复核、申诉不因卷宗暂停而停下，不能暂停。")
    return str(row["case_id"])


@OWN.post(
    "/cases/<case_id>/suspend",
    body=TOLD,
    examples=(Example("ganbu1", {"reason": "等待核查结论。"}, status=403),),
)
def suspend_case(asked: Asked, case_id: str) -> Any:
    """暂停办理：待办不能办结，流程中的时限不触发；法定期间照常计算。"""
    actor, reason = current_actor(), asked.body["reason"]
    once(lambda one: verbs.suspend(one, actor, case_id=id_of(case_id), reason=reason), asked.body)
    return NOTHING


@OWN.post(
    "/cases/<case_id>/resume",
    body=schema.record(reason=REASON),
    examples=(Example("ganbu1", {}, status=403),),
)
def resume_case(asked: Asked, case_id: str) -> Any:
    """恢复办理：暂停期间到期的时限，从当天起触发。"""
    actor, reason = current_actor(), asked.body.get("reason", "")
    once(lambda one: verbs.resume(one, actor, case_id=id_of(case_id), reason=reason), asked.body)
    return NOTHING


@OWN.post(
    "/cases/<case_id>/end",
    body=ENDING,
    examples=(Example("ganbu1", {"cause": "retired", "reason": "到龄退休。"}, status=403),),
)
def end_case(asked: Asked, case_id: str) -> Any:
    """因故终止卷宗：died 去世、retired 退休、left_service 离开公职、other 其他。"""
    actor, sent = current_actor(), asked.body
    once(
        lambda one: verbs.end(one, actor, case_id=id_of(case_id), cause=sent["cause"], reason=sent["reason"]),
        sent,
    )
    return NOTHING
