"""Verbs of correction 流程纠正: try it, put it forward, agree as second person, refuse; look at conditions again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain import corrections as rules
from webapp.domain.access import Actor
from webapp.domain.corrections import Effects
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.persistence import finders
from webapp.persistence.models import runtime
from webapp.persistence.models.corrections import correction
from webapp.services import advance, charts, correcting, instances, sealing, settable
from webapp.services.advance import Run
from webapp.services.cases import take_case
from webapp.services.correcting import Wish
from webapp.services.desk import case_facts, standing
from webapp.services.facts import pairs
from webapp.services.identity import USERS
from webapp.services.office import Work

LONGEST_REASON = 500
Guard = Callable[[Actor, Mapping[str, str] | None, Any], None]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a correction would do 试办结果: sentences, and what was typed as it would be stored."""

    effects: Effects
    wish: Wish
    sentences: tuple[str, ...]


def rehearse(work: Work, actor: Actor, *, instance_id: str, wish: Wish) -> Outlook:
    """Do it and keep nothing 试办; refused as the correction itself would be."""
    with work:
        run = take(work, actor, instance_id, rules.require_may_propose)
        wish = _typed(work, actor, run, wish)
        outcome = correcting.carry_out(work, run, wish)
        effects = correcting.effects(run, outcome)
        sentences = rules.effect_sentences(effects, charts.chart_of(run.definition).name)
    return Outlook(effects, wish, sentences)


def propose(work: Work, actor: Actor, *, instance_id: str, wish: Wish, reason: str) -> str:
    """Put a correction forward 提出纠正 → its id; nothing moves until a second person agrees.

    RuleBroken, Conflict or Invalid where it could not be carried out now.
    """
    told = told_reason(reason)
    tried = rehearse(work.office.begin(), actor, instance_id=instance_id, wish=wish)
    with work:
        run = take(work, actor, instance_id, rules.require_may_propose)
        wish = _typed(work, actor, run, wish)
        if work.one(correction, instance_id=instance_id, status="proposed"):
            raise Conflict("该流程已有一项纠正等待复核，请先复核或退回。")
        correction_id = str(uuid7())
        row = {
            "id": correction_id,
            "instance_id": instance_id,
            "case_id": run.case.id if run.case else None,
            "kind": wish.kind,
            "status": "proposed",
            "plan": {**wish.plan, "effects": [list(one) for one in tried.effects]},
            "rev": run.rev,
            "proposed_by": actor.user_id,
            "proposed_at": work.now,
        }
        work.insert(correction, row)
        facts = {
            "correction": wish.kind,
            "plan": pairs(wish.plan),
            "fields": _sealed(work, run, correction_id, told),
        }
        _commit(work, actor, run, events.CorrectionProposed, {"correction_id": correction_id, **facts})
    return correction_id


def confirm(work: Work, actor: Actor, *, correction_id: str) -> None:
    """Agree as second person 复核同意: the correction is carried out at once."""
    row = _known(work, correction_id)
    with work:
        run = take(work, actor, row["instance_id"], rules.require_may_confirm)
        row = _open(work, correction_id)
        access.require_second_person(actor, identities(work, row["proposed_by"]))
        if run.rev != row["rev"]:
            raise Conflict("流程在提出纠正后已有办理，请退回并按现在的情况重新提出。")
        wish = correcting.wish_of(row["kind"], row["plan"])
        outcome = correcting.carry_out(work, run, wish)
        _settle(work, actor, correction_id, "agreed")
        facts = {"correction_id": correction_id, "proposed_by": row["proposed_by"]}
        _commit(work, actor, run, events.ProcessCorrected, {**facts, **outcome.facts(wish)})


def reject(work: Work, actor: Actor, *, correction_id: str, reason: str) -> None:
    """Refuse a correction 不同意, with a written reason; whoever put it forward may take it back."""
    told = told_reason(reason)
    row = _known(work, correction_id)
    own = row["proposed_by"] == actor.user_id
    with work:
        guard = rules.require_may_propose if own else rules.require_may_confirm
        run = take(work, actor, row["instance_id"], guard, running=False)
        row = _open(work, correction_id)
        _settle(work, actor, correction_id, "withdrawn" if own else "refused")
        sealed = _sealed(work, run, correction_id, told, "refusal")
        facts = {"correction_id": correction_id, "correction": row["kind"], "fields": sealed}
        _commit(work, actor, run, events.CorrectionRefused, facts)


def evaluate(work: Work, actor: Actor, *, instance_id: str) -> None:
    """Look at the conditions an instance waits for once more 重新判断; Conflict when none has come true."""
    with work:
        run = take(work, actor, instance_id, either)
        applied = advance.apply(run, bpmn.SetVariables())
        if not applied.facts["moves"]:
            raise Conflict("等待的条件仍不具备，流程没有变化。")
        _commit(work, actor, run, events.ProcessReleased, dict(applied.facts))


def either(actor: Actor, bodies: Mapping[str, str] | None, day: Any) -> None:
    """NotAllowed for who may neither put a correction forward nor agree to one."""
    if not rules.may_confirm(actor, bodies, day):
        rules.require_may_propose(actor, bodies, day)


def take(work: Work, actor: Actor, instance_id: str, guard: Guard, *, running: bool = True) -> Run:
    """A process the actor may put right, locked; NotFound for whom its case does not exist.

    Who runs the installation sees where a process stands and nothing of its case, except of the own and relatives'.
    """
    row = work.one(runtime.process_instance, id=instance_id)
    if row is None:
        raise NotFound("没有找到该流程实例，或您无权查看。")
    bodies = None
    if row["case_id"] is not None:
        bodies = bodies_for(work, actor, row["case_id"])
    guard(actor, bodies, work.today)
    if running or row["status"] == "running":
        return instances.load(work, instance_id)[0]
    return instances.at_rest(work, instance_id)


def bodies_for(work: Work, actor: Actor, case_id: str) -> Mapping[str, str]:
    """Who answers for the case; NotFound for whom it does not exist."""
    if not is_technical(actor, work):
        return take_case(work, actor, case_id).bodies
    found = finders.load_case(work, case_id)
    case = standing(work, found) if found else None
    facts = case_facts(found, case) if found else None
    if case is None or facts is None or actor.person_id in facts.barred:
        raise NotFound("没有找到该流程实例，或您无权查看。")
    return case.bodies


def is_technical(actor: Actor, work: Work) -> bool:
    """True for who runs the installation or designs its diagrams, and sees no case."""
    return bool(actor.roles_on(work.today) & {"system_admin", "process_designer"})


def _typed(work: Work, actor: Actor, run: Run, wish: Wish) -> Wish:
    if wish.kind != "variables":
        return wish
    if run.case is not None and is_technical(actor, work):
        raise NotAllowed("更正卷宗中已填的内容须由干部监督科提出。")
    return Wish("variables", values=settable.typed(work, run, wish.values))


def told_reason(reason: str) -> str:
    """The reason as written; Invalid without one or with one too long."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def _known(work: Work, correction_id: str) -> Mapping[str, Any]:
    with work.office.glance() as look:
        row = look.one(correction, id=correction_id)
    if row is None:
        raise NotFound("没有找到该项纠正，或您无权查看。")
    return row


def _open(work: Work, correction_id: str) -> Mapping[str, Any]:
    row = work.get(correction, id=correction_id, lock=True)
    if row["status"] != "proposed":
        raise Conflict("该项纠正已经复核，请刷新。")
    return row


def _settle(work: Work, actor: Actor, correction_id: str, status: str) -> None:
    values = {"status": status, "settled_by": actor.user_id, "settled_at": work.now}
    if work.update(correction, {"id": correction_id, "status": "proposed"}, values).count != 1:
        raise Conflict("该项纠正已经复核，请刷新。")


def identities(work: Work, user_id: str) -> list[str]:
    """The account and the person behind it."""
    user = work.one(USERS, id=user_id)
    return [user_id, *([user["person_id"]] if user and user["person_id"] else [])]


def _sealed(work: Work, run: Run, owner: str, told: str, name: str = "reason") -> list[dict[str, str]]:
    case_id = run.case.id if run.case else None
    return sealing.seal_values(work, {name: told}, case_id=case_id, owner_kind="correction", owner_id=owner)


def _commit(work: Work, actor: Actor, run: Run, kind: type[events.Event], facts: Mapping[str, Any]) -> None:
    case_id = run.case.id if run.case else None
    base = {"instance_id": run.instance_id, "process_key": run.definition.key}
    work.commit(
        kind(actor=actor, effective_at=work.now, stream=run.stream, case_id=case_id, facts={**base, **facts})
    )
