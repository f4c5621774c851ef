"""Verbs of a change of version 换版 of running processes: tried, put forward by one, agreed to by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain import corrections as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound, Refused
from webapp.domain.history import digest
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.models.corrections import version_change
from webapp.services import charts, corrections, incidents, moving
from webapp.services.correcting import refusal
from webapp.services.facts import pairs
from webapp.services.office import Office, Work

MOST = 500


@dataclass(frozen=True, slots=True)
class Prospect:
    """One instance before a change of version 试迁移: where it stands, and why it cannot be moved, if it cannot."""

    instance_id: str
    number: str
    stands: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """True when it can be moved."""
        return not self.sentences


@dataclass(frozen=True, slots=True)
class Versions:
    """The two versions of one process 新旧版本, parsed."""

    source: Mapping[str, Any]
    target: Mapping[str, Any]
    old: bpmn.Definition
    new: bpmn.Definition


def versions(work: Work, source_id: str, target_id: str) -> Versions:
    """Both versions; NotFound for one that was never published, Invalid where they are not of one process."""
    source, target = (work.one(repository.definition, id=one) for one in (source_id, target_id))
    if source is None or target is None:
        raise NotFound("没有找到所选的流程版本。")
    if source["key"] != target["key"] or source["id"] == target["id"]:
        raise Invalid({"target": "请选择同一流程的另一个版本。"})
    old, new = (work.definition(one["digest"], one["key"]) for one in (source, target))
    return Versions(source, target, old, new)


def prospects(
    office: Office, actor: Actor, both: Versions, mapping: Mapping[str, str], wanted: Sequence[str] = ()
) -> tuple[Prospect, ...]:
    """The dry run over what runs on the old version, or over the wanted instances; nothing is changed.

    Instances whose case does not exist for the actor are left out.
    """
    require_mapping(both, mapping)
    with office.glance() as look:
        where = {"definition_id": both.source["id"], "status": ["running", "suspended"]}
        rows = look.all(runtime.process_instance, order=("started_at", "id"), limit=MOST, **where)
    chosen = [row for row in rows if not wanted or row["id"] in wanted]
    found = [_prospect(office, actor, both, mapping, row) for row in chosen]
    return tuple(one for one in found if one is not None)


def _prospect(
    office: Office, actor: Actor, both: Versions, mapping: Mapping[str, str], row: Mapping[str, Any]
) -> Prospect | None:
    with office.glance() as look:
        case = look.one(cases.case_file, id=row["case_id"]) if row["case_id"] else None
        number = case["number"] if case else ""
        try:
            run = corrections.take(look, actor, row["id"], corrections.either, running=False)
        except NotFound:
            return None
        stands = charts.standing(look, row["id"], both.old)
        sentences: tuple[str, ...] = ("该流程已暂停办理，恢复办理后才能换版。",)
        if row["status"] == "running":
            reasons = moving.reasons_against(look, run, both.new, mapping)
            sentences = tuple(one.sentence for one in reasons)
    return Prospect(row["id"], number, tuple(both.old.nodes[one].name for one in stands), sentences)


def require_mapping(both: Versions, mapping: Mapping[str, str]) -> None:
    """Invalid for elements the versions do not have, or two that become one."""
    problems = {}
    for old, new in mapping.items():
        if old not in both.old.nodes or new not in both.new.nodes:
            problems["mapping"] = "对应关系中有流程图里没有的环节，请重新选择。"
    if len(set(mapping.values())) != len(mapping):
        problems["mapping"] = "两个环节不能对应到同一个环节，请重新选择。"
    if problems:
        raise Invalid(problems)


def propose(
    work: Work,
    actor: Actor,
    *,
    source_id: str,
    target_id: str,
    mapping: Mapping[str, str],
    instances: Sequence[str],
    reason: str,
) -> str:
    """Put a change of version forward 提出换版 → its id; nothing moves until a second person agrees.

    ``instances``: those it is for, all that fit when empty. Conflict when none fits.
    """
    told = corrections.told_reason(reason)
    office = work.office
    with office.glance() as look:
        both = versions(look, source_id, target_id)
        rules.require_may_propose(actor, None, look.today)
    fitting = [one.instance_id for one in prospects(office, actor, both, mapping, instances) if one.fits]
    if not fitting or (instances and set(instances) - set(fitting)):
        raise Conflict("所选的流程中有不能换版的，请按试迁移的结果重新选择。")
    with work:
        work.lock_stream(_stream(both.source["key"]))
        if work.one(version_change, key=both.source["key"], status="proposed"):
            raise Conflict("该流程已有一项换版等待复核，请先复核或退回。")
        row = _row(work, actor, both, mapping, fitting)
        work.insert(version_change, {**row, "reason": told})
        facts = {"reason_digest": digest(told.encode()), "instances": fitting, "mapping": pairs(mapping)}
        _commit(work, actor, row, events.VersionChangeProposed, facts)
    return str(row["id"])


def _row(
    work: Work, actor: Actor, both: Versions, mapping: Mapping[str, str], fitting: Sequence[str]
) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "key": both.source["key"],
        "source_id": both.source["id"],
        "target_id": both.target["id"],
        "mapping": dict(mapping),
        "instances": list(fitting),
        "status": "proposed",
        "results": [],
        "proposed_by": actor.user_id,
        "proposed_at": work.now,
    }


def confirm(office: Office, actor: Actor, *, change_id: str) -> list[dict[str, Any]]:
    """Agree as second person 复核同意 and move every instance, each in its own transaction → what became of each.

    Called again after a breakdown it goes on with what is left.
    """
    work = office.begin()
    with work:
        row = _taken(work, actor, change_id, rules.require_may_confirm)
        access.require_second_person(actor, corrections.identities(work, row["proposed_by"]))
        if row["status"] == "proposed":
            values = {"status": "agreed", "settled_by": actor.user_id, "settled_at": work.now}
            work.update(version_change, {"id": change_id, "status": "proposed"}, values)
            _commit(work, actor, row, events.VersionChangeAgreed, {"proposed_by": row["proposed_by"]})
        elif row["status"] != "agreed":
            raise Conflict("该项换版已经处理，请刷新。")
    results = [_result(office, actor, row, instance_id) for instance_id in row["instances"]]
    return _conclude(office.begin(), actor, change_id, results)


def _result(office: Office, actor: Actor, change: Mapping[str, Any], instance_id: str) -> dict[str, Any]:
    try:
        _move(office.begin(), actor, change, instance_id)
    except Refused as refused:
        return {"instance_id": instance_id, "moved": False, "sentences": list(refusal(refused))}
    except (bpmn.EngineError, AssertionError, LookupError, TypeError, ValueError) as error:
        sentence = f"换版未能完成（{type(error).__name__}），该流程仍用原版本。"
        incidents.raise_in_own_transaction(
            office, code="MOVE_FAILED", sentence=sentence, instance_id=instance_id
        )
        return {"instance_id": instance_id, "moved": False, "sentences": [sentence]}
    return {"instance_id": instance_id, "moved": True, "sentences": []}


def _move(work: Work, actor: Actor, change: Mapping[str, Any], instance_id: str) -> None:
    with work:
        run = corrections.take(work, actor, instance_id, rules.require_may_confirm)
        if run.definition_id == change["target_id"]:
            return
        if run.definition_id != change["source_id"]:
            raise Conflict("该流程已经不在原来的版本上。")
        both = versions(work, change["source_id"], change["target_id"])
        applied = moving.move(work, run, both.target["id"], both.new, change["mapping"])
        facts = {
            "version_change_id": change["id"],
            "before": str(both.source["version"]),
            "after": str(both.target["version"]),
            **applied.facts,
        }
        work.commit(
            events.ProcessMoved(
                actor=actor,
                effective_at=work.now,
                stream=run.stream,
                case_id=run.case.id if run.case else None,
                facts=facts,
            )
        )


def _conclude(
    work: Work, actor: Actor, change_id: str, results: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    with work:
        row = _taken(work, actor, change_id, rules.require_may_confirm)
        if work.update(version_change, {"id": change_id, "status": "agreed"}, _done(results)).count == 1:
            told = [[one["instance_id"], one["moved"]] for one in results]
            _commit(work, actor, row, events.VersionChangeDone, {"results": told})
    return results


def _done(results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"status": "done", "results": results}


def reject(work: Work, actor: Actor, *, change_id: str, reason: str) -> None:
    """Refuse a change of version 不同意, with a reason; whoever put it forward may take it back."""
    told = corrections.told_reason(reason)
    with work:
        found = work.one(version_change, id=change_id)
        own = found is not None and found["proposed_by"] == actor.user_id
        row = _taken(work, actor, change_id, rules.require_may_propose if own else rules.require_may_confirm)
        values = {
            "status": "withdrawn" if own else "refused",
            "settled_by": actor.user_id,
            "settled_at": work.now,
        }
        if work.update(version_change, {"id": change_id, "status": "proposed"}, values).count != 1:
            raise Conflict("该项换版已经处理，请刷新。")
        facts = {"reason_digest": digest(told.encode()), "withdrawn": own}
        _commit(work, actor, row, events.VersionChangeRefused, facts)


def _taken(work: Work, actor: Actor, change_id: str, guard: corrections.Guard) -> Mapping[str, Any]:
    guard(actor, None, work.today)
    found = work.one(version_change, id=change_id)
    if found is None:
        raise NotFound("没有找到该项换版。")
    work.lock_stream(_stream(found["key"]))
    return work.get(version_change, id=change_id, lock=True)


def _stream(key: str) -> str:
    return f"definition:{key}"


def _commit(
    work: Work, actor: Actor, row: Mapping[str, Any], kind: type[events.Event], facts: Mapping[str, object]
) -> None:
    base = {"version_change_id": row["id"], "key": row["key"]}
    event = kind(actor=actor, effective_at=work.now, stream=_stream(row["key"]), facts={**base, **facts})
    work.commit(event)
