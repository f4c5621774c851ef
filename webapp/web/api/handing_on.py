"""A task handed to a colleague 转办 (Camunda's assignee), and one sent back 退回修改 where the diagram draws it."""

from typing import Any

from webapp.domain.errors import NotAllowed
from webapp.queries import instance_search
from webapp.services import tasks as verbs
from webapp.services.returning import LONGEST
from webapp.web.api import schema
from webapp.web.api.acting import id_of, key, once
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.session import current_actor, reading, work

ASSIGNING = schema.record(
    ("userId",),
    userId=schema.maybe({**schema.LINE, "description": "登录名；null 退回科室待办"}),
    reason=schema.maybe(
        {"type": "string", "maxLength": verbs.LONGEST_REASON, "description": "转办给他人的理由，必须写明"}
    ),
)
RETURNING = schema.record(
    ("reason",), reason={"type": "string", "maxLength": LONGEST, "description": "退回的理由"}
)
OPENED = schema.listed(schema.record_of({name: {"type": "string"} for name in ("id", "name")}, closed=False))


@ENGINE_REST.post(
    "/task/<task_id>/assignee",
    body=ASSIGNING,
    examples=(Example("jiandu1", {"userId": "jiandu2", "reason": "出差。"}, status=400),),
)
def assign(asked: Asked, task_id: str) -> Any:
    """签收人：写本人即签收，写 null 即退回科室待办，写同岗位的同志即转办，理由写在 reason。"""
    actor, sent = current_actor(), asked.body
    receiver = _user(sent["userId"]) if sent["userId"] is not None else None

    def act(one: Any) -> None:
        if receiver is None:
            verbs.release(one, actor, task_id=id_of(task_id))
        elif receiver == actor.user_id:
            verbs.claim(one, actor, task_id=id_of(task_id))
        else:
            reason = sent.get("reason") or ""
            verbs.transfer(one, actor, task_id=id_of(task_id), receiver_id=receiver, reason=reason)

    once(act, sent)
    return NOTHING


def _user(login: str) -> str:
    """The account behind a log-in; one sentence for those that do not exist and those that may not take it."""
    with reading() as reads:
        found = instance_search.user_id(reads, login)
    if found is None:
        raise NotAllowed("所选人员不能承办此事项，请另选他人。")
    return found


@OWN.post(
    "/tasks/<task_id>/return",
    body=RETURNING,
    answer=schema.record(("opened",), closed=False, opened=OPENED),
    examples=(Example("jiandu1", {"reason": "情形与事实对应不上。"}, status=403),),
)
def send_back(asked: Asked, task_id: str) -> Any:
    """退回修改：按流程图画明的去处退回，与办结一样有效；答复中是接着办理的环节。"""
    reply = verbs.send_back(
        work(), current_actor(), task_id=id_of(task_id), reason=asked.body["reason"], key=key()
    )
    return {"opened": [{"id": one["id"], "name": one["name"]} for one in reply["opened"]]}
