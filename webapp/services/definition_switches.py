"""Verbs that stop and resume the starts of a process 流程启停, or take a version away; two designers act."""

from collections.abc import Mapping, Sequence
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, events
from webapp.domain import definition_switches as rules
from webapp.domain.access import Actor
from webapp.domain.definition_switches import Act, Version
from webapp.domain.errors import Conflict, NotFound
from webapp.domain.history import digest
from webapp.persistence import finders
from webapp.persistence.models import repository, runtime
from webapp.services import start_timers
from webapp.services.corrections import identities
from webapp.services.office import Work

KINDS: Mapping[str, type[events.Event]] = {
    "suspend": events.DefinitionSuspended,
    "activate": events.DefinitionActivated,
    "remove": events.DefinitionRemoved,
}


def propose(work: Work, actor: Actor, *, key: str, act: Act, reason: str, version: int | None = None) -> str:
    """Put forward that a process stops or resumes its starts, or that a version goes → the switch's id.

    ``version``: None for every version of the process. Refused as ``domain.definition_switches`` says; Conflict
    while another such request on the process waits.
    """
    told = rules.told_reason(reason)
    with work:
        rules.require_designer(actor, work.today)
        work.lock_stream(_stream(key))
        rules.require_possible(act, key, _facts_of(work, _chosen(work, key, version)))
        if work.one(repository.switch, key=key, status="proposed"):
            raise Conflict("该流程已有一项启停申请等待复核，请先复核或退回。")
        row = {
            "id": str(uuid7()),
            "key": key,
            "act": act,
            "version": version,
            "status": "proposed",
            "reason": told,
            "proposed_by": actor.user_id,
            "proposed_at": work.now,
        }
        work.insert(repository.switch, row)
        facts = {"reason_digest": digest(told.encode())}
        _commit(work, actor, row, events.DefinitionSwitchProposed, facts)
    return str(row["id"])


def confirm(work: Work, actor: Actor, *, switch_id: str) -> tuple[int, ...]:
    """Agree as second designer 复核同意: it takes effect at once → the numbers of the versions changed."""
    with work:
        row = _taken(work, actor, switch_id)
        access.require_second_person(actor, identities(work, row["proposed_by"]))
        versions = _chosen(work, row["key"], row["version"])
        numbers = rules.require_possible(row["act"], row["key"], _facts_of(work, versions))
        _settle(work, actor, row, "done")
        for one in versions:
            if one["version"] in numbers:
                _switch(work, row["act"], one)
        _commit(work, actor, row, KINDS[row["act"]], {"versions": list(numbers)})
    work.office.forget_starts()
    return numbers


def reject(work: Work, actor: Actor, *, switch_id: str, reason: str) -> None:
    """Refuse as second designer 不同意, with a reason; whoever put it forward takes it back."""
    told = rules.told_reason(reason)
    with work:
        row = _taken(work, actor, switch_id)
        own = row["proposed_by"] == actor.user_id
        _settle(work, actor, row, "withdrawn" if own else "refused")
        facts = {"reason_digest": digest(told.encode()), "withdrawn": own}
        _commit(work, actor, row, events.DefinitionSwitchRefused, facts)


def _chosen(work: Work, key: str, version: int | None) -> list[Mapping[str, Any]]:
    """The version meant, else every one that was not taken away; NotFound for none."""
    found = [row for row in finders.versions_of(work, key) if version in (None, row["version"])]
    if not found:
        raise NotFound("没有找到该流程版本。")
    return found


def _facts_of(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[Version]:
    return [
        Version(
            row["version"], row["state"], row["origin"],
            ran=work.one(runtime.process_instance, definition_id=row["id"]) is not None,
            callers=_callers(work, row),
        )
        for row in rows
    ]  # fmt: skip


def _callers(work: Work, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The processes whose newest version, or one that something runs on, calls this version by its number."""
    running = {
        one["definition_id"] for one in work.all(runtime.process_instance, status=["running", "suspended"])
    }
    others = {one["id"]: one for one in finders.latest_definitions(work)}
    others |= {one["id"]: one for one in work.all(repository.definition, id=sorted(running - set(others)))}
    return tuple(
        sorted(
            {
                one["name"]
                for one in others.values()
                for node in work.definition(one["digest"], one["key"]).nodes.values()
                if (node.calls, node.calls_version) == (row["key"], row["version"])
            }
        )
    )


def _taken(work: Work, actor: Actor, switch_id: str) -> Mapping[str, Any]:
    rules.require_designer(actor, work.today)
    found = work.one(repository.switch, id=switch_id)
    if found is None:
        raise NotFound("没有找到该项启停申请。")
    work.lock_stream(_stream(found["key"]))
    row = work.get(repository.switch, id=switch_id, lock=True)
    if row["status"] != "proposed":
        raise Conflict("该项启停申请已经处理，请刷新。")
    return row


def _settle(work: Work, actor: Actor, row: Mapping[str, Any], status: str) -> None:
    values = {"status": status, "settled_by": actor.user_id, "settled_at": work.now}
    if work.update(repository.switch, {"id": row["id"], "status": "proposed"}, values).count != 1:
        raise Conflict("该项启停申请已经处理，请刷新。")


def _switch(work: Work, act: Act, version: Mapping[str, Any]) -> None:
    stand(work, version["id"], rules.STANDS[act])
    if act == "suspend":
        start_timers.rest(work, version["id"])
    elif act == "activate":
        start_timers.resume(work, version["id"])
    else:
        _give_back(work, version)


def stand(work: Work, definition_id: str, state: rules.Standing) -> None:
    """Note how a version stands from now on."""
    work.put(repository.standing, {"definition_id": definition_id, "state": state, "since": work.now})


def _give_back(work: Work, removed: Mapping[str, Any]) -> None:
    """The version before a newest one that goes is the newest again, with its own start timers."""
    before = finders.latest_definition(work, removed["key"])
    if before is None:
        start_timers.call_off(work, removed["key"])
    elif before["version"] < removed["version"]:
        start_timers.replace(work, before, work.definition(before["digest"], before["key"]))
        if before["state"] == "suspended":
            start_timers.rest(work, before["id"])


def _stream(key: str) -> str:
    return f"definition:{key}"


def _commit(
    work: Work, actor: Actor, row: Mapping[str, Any], kind: type[events.Event], facts: Mapping[str, object]
) -> None:
    version = {"version": row["version"]} if row["version"] is not None else {}
    base = {"definition_switch_id": row["id"], "key": row["key"], "act": row["act"], **version}
    event = kind(actor=actor, effective_at=work.now, stream=_stream(row["key"]), facts={**base, **facts})
    work.commit(event)
