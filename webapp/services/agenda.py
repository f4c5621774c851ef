"""Withdrawing an item 撤回上会 before its meeting has opened: the process that filed it hears of it."""

from collections.abc import Mapping
from typing import Any

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import people, repository, runtime
from webapp.services import cases, messages, sealing
from webapp.services.office import Work, bundle

RECALLED, RESULT = "agenda_item_recalled", "meeting_result"
# The body's own recorder: the committee's items are not in the hands of the department's.
MAY_WITHDRAW = {"dept": ("meeting_recorder",), "committee": ("committee_office",)}


def withdraw(work: Work, actor: Actor, *, item_id: str, reason: str, for_good: bool = False) -> None:
    """Take an item off the list 撤回议题, with a written reason; Conflict once its meeting has opened.

    A process that waits for a withdrawal takes it back; any other hears that the item was withdrawn, for good or
    to be put forward again (``recalled``): neither is a decision of a meeting.
    """
    if not reason.strip():
        raise Invalid({"reason": "请写明撤回议题的理由。"})
    with work:
        item = work.one(tables.agenda_item, id=item_id)
        if item is None:
            raise NotFound("没有找到该议题，或您无权查看。")
        case = cases.take_case(work, actor, item["case_id"])
        _require_own(work, actor, item)
        _require_not_taken_up(work, item)
        values = {"status": "recalled", "meeting_id": None, "position": None}
        where = {"id": item_id, "status": ["waiting", "scheduled"]}
        if work.update(tables.agenda_item, where, values).count != 1:
            raise Conflict("该议题已在表决、已有结果或已撤回，请刷新。")
        _tell(work, item, for_good)
        sealed = sealing.seal_values(
            work, {"reason": reason.strip()}, case_id=case.id, owner_kind="withdrawal", owner_id=item_id
        )
        facts = {"item_id": item_id, "matter": item["matter"], "for_good": for_good, "fields": sealed}
        work.commit(
            events.ItemWithdrawn(
                actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
            )
        )


def _require_own(work: Work, actor: Actor, item: Mapping[str, Any]) -> None:
    """NotAllowed but for the recorder of that very body, and whoever's step has put the item on the list."""
    places = work.all(people.authority_body, committee_id=item["committee_id"])
    at = {item["committee_id"], *(one["organisation_id"] for one in places)}
    if any(actor.holds(role, place, work.today) for role in MAY_WITHDRAW[item["body"]] for place in at):
        return
    steps = work.all(
        runtime.work_item,
        instance_id=item["instance_id"],
        status="completed",
        closed_at=item["filed_at"],
        completed_by=actor.user_id,
    )
    if not steps:
        sentence = "议题由召开该会议的会议记录人或者提请上会的经办人撤回，您不能撤回。"
        raise NotAllowed(sentence)


def _require_not_taken_up(work: Work, item: Mapping[str, Any]) -> None:
    if item["meeting_id"] is None:
        return
    meeting = work.get(tables.meeting, id=item["meeting_id"], lock=True)
    if meeting["status"] != "planned":
        raise Conflict("会议已经召开，不能撤回议题；需要再议的请由会议作出缓议。")


def _tell(work: Work, item: Mapping[str, Any], for_good: bool) -> None:
    """The waiting process goes on; an item that is being reconsidered has none."""
    if item["in_favour"] is not None:
        return
    waiting = work.all(runtime.message_subscription, correlation=item["id"])
    heard = {one["message"] for one in waiting}
    if not heard & {RECALLED, RESULT}:
        raise Refused("该议题所在的流程目前不能接受撤回，请刷新后重试。")
    outcome = {
        "meeting_outcome": "withdrawn" if for_good else _put_again(work, item),
        "decided_on": work.today.isoformat(),
    }
    messages.send(
        work,
        case_id=item["case_id"],
        element_id=f"agenda:{item['id']}",
        message=RECALLED if RECALLED in heard else RESULT,
        correlation=item["id"],
        variables={} if RECALLED in heard else outcome,
    )


def _put_again(work: Work, item: Mapping[str, Any]) -> str:
    """What a process hears of an item to be put forward again; an older diagram knows only the way of 缓议."""
    instance = work.get(runtime.process_instance, id=item["instance_id"])
    deployed = work.get(repository.definition, id=instance["definition_id"])
    drawn = bundle(work, deployed["digest"])
    told_apart = any(b'"recalled"' in data for name, data in drawn.items() if name.endswith(".bpmn"))
    return "recalled" if told_apart else "deferred"
