"""Messages from outside 外部消息: a program tells what a person has decided; the act behind it is done, with its right.

Messages between processes carry results of meetings and talks. They are never taken from outside: whoever could
send them could decide without deciding.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from webapp.domain.access import Actor
from webapp.domain.errors import Invalid, NotAllowed, Refused
from webapp.persistence.models import runtime
from webapp.persistence.models.meetings import agenda_item
from webapp.services import agenda, cases
from webapp.services.desk import CaseStanding
from webapp.services.office import Office, Work
from webapp.services.starting import case_of


class NobodyWaits(Refused):
    """没有流程在等待这条消息，请核对消息名称和卷宗编号。"""

    status = 400


def _rights_restored(work: Work, actor: Actor, case: CaseStanding, values: Mapping[str, Any]) -> None:
    try:
        restored_on = date.fromisoformat(str(values.get("restored_on", ""))[:10])
    except ValueError:
        raise Invalid({"restored_on": "请给出恢复党员权利的日期。"}) from None
    told = {name: str(values.get(name) or "") for name in ("organ", "document_no")}
    cases.restore_rights(work, actor, case_id=case.id, restored_on=restored_on, **told)


def _item_recalled(work: Work, actor: Actor, case: CaseStanding, values: Mapping[str, Any]) -> None:
    with work.office.glance() as look:
        rows = look.all(agenda_item, case_id=case.id, status=["waiting", "scheduled"])
    if len(rows) != 1:
        raise NobodyWaits
    agenda.withdraw(work, actor, item_id=rows[0]["id"], reason=str(values.get("reason") or ""))


# Message → the act of a person that sends it.
ACTS: Mapping[str, Callable[[Work, Actor, CaseStanding, Mapping[str, Any]], None]] = {
    "rights_restored": _rights_restored,
    agenda.RECALLED: _item_recalled,
}


def receive(work: Work, actor: Actor, *, name: str, number: str, values: Mapping[str, Any]) -> None:
    """Do what a message from outside tells, on the case of a number.

    NobodyWaits where no process waits for it, NotAllowed for a message that only processes send.
    """
    if not number:
        raise Invalid({"businessKey": "请在 businessKey 中给出工作卷宗编号。"})
    case = case_of(work.office, actor, number)
    act = ACTS.get(name)
    if act is None:
        _refuse(work.office, case, name)
        raise NobodyWaits
    act(work, actor, case, values)


def _refuse(office: Office, case: CaseStanding, name: str) -> None:
    with office.glance() as look:
        waits = look.all(runtime.message_subscription, case_id=case.id, message=name, limit=1)
    if waits:
        raise NotAllowed("这条消息由流程在相应环节办结时自动发出，不能从外部发送；请办理该环节。")
