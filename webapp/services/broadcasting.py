"""Broadcasting a signal 信号 from outside: one row for each process that waits for it and is the actor's to move."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from webapp.domain import corrections as rules
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid, NotAllowed
from webapp.persistence import finders
from webapp.persistence.models import runtime
from webapp.services import sealing, signals
from webapp.services.desk import case_facts, standing
from webapp.services.office import Office, Work
from webapp.services.outbox import outbox_row
from webapp.services.receiving import NobodyWaits

LONGEST_NAME = 80
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Awaited:
    """A signal that somebody waits for 等待的信号: processes that go on, and names of those it begins."""

    name: str
    waiting: int
    begins: tuple[str, ...]


def awaited(office: Office, actor: Actor) -> tuple[Awaited, ...]:
    """The signals that reach something the actor answers for; NotAllowed without a role that agrees to corrections."""
    with office.glance() as look:
        rules.require_may_confirm(actor, None, look.today)
        prefix = signals.awaited("")
        rows = [row for row in look.all(runtime.message_subscription) if row["message"].startswith(prefix)]
        mine = [row for row in rows if _is_answered_for(look, actor, row["case_id"])]
        counts = Counter(row["message"].removeprefix(prefix) for row in mine)
        begins: dict[str, list[str]] = {}
        for one in finders.latest_definitions(look, resting=False):
            for name in look.definition(one["digest"], one["key"]).signals_starting:
                begins.setdefault(name, []).append(one["name"])
    names = sorted({*counts, *begins})
    return tuple(Awaited(name, counts[name], tuple(begins.get(name, ()))) for name in names)


def told_reason(reason: str) -> str:
    """The reason as written; Invalid without one or with one too long."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def broadcast(work: Work, actor: Actor, *, name: str, reason: str = "") -> int:
    """Send a signal to all who wait for it → how many it reaches; each takes it in its own transaction.

    NotAllowed without a role that agrees to corrections; cases the actor does not answer for are not reached, and
    suspended ones take it when they go on. NobodyWaits when none is reached. No values come along. ``reason``: a
    page asks for one, programs need not give any.
    """
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": f"请给出信号名称，不超过{LONGEST_NAME}字。"})
    with work.office.glance() as look:
        rules.require_may_confirm(actor, None, look.today)
        waiting = look.all(
            runtime.message_subscription, message=signals.awaited(name), order=("opened_at", "id")
        )
        mine = [row for row in waiting if _is_answered_for(look, actor, row["case_id"])]
    with work:
        rows = [_row(work, signals.awaited(name), row) for row in mine]
        rows += [
            _row(work, signals.starting(name, one["key"]), None)
            for one in finders.latest_definitions(work, resting=False)
            if name in work.definition(one["digest"], one["key"]).signals_starting
        ]
        if not rows:
            if waiting:
                raise NotAllowed("等待这一信号的流程不在您的干部管理权限范围内。")
            raise NobodyWaits("没有流程在等待这一信号，请核对信号名称。")
        work.lock_stream("system")
        work.insert(runtime.outbox, rows)
        work.after_commit(work.office.wake)
        facts: dict[str, object] = {
            "signal": name,
            "instances": [row["instance_id"] for row in mine],
            "reached": len(rows),
            **({"fields": _sealed(work, reason)} if reason.strip() else {}),
        }
        work.commit(events.SignalBroadcast(actor=actor, effective_at=work.now, facts=facts))
    return len(rows)


def _sealed(work: Work, reason: str) -> list[dict[str, str]]:
    told = {"reason": told_reason(reason)}
    return sealing.seal_values(work, told, case_id=None, owner_kind="signal", owner_id=str(uuid7()))


def _is_answered_for(work: Work, actor: Actor, case_id: str | None) -> bool:
    if case_id is None:
        return True
    found = finders.load_case(work, case_id)
    case = standing(work, found) if found else None
    facts = case_facts(found, case) if found else None
    if case is None or facts is None or actor.person_id in facts.barred:
        return False
    return rules.may_confirm(actor, case.bodies, work.today)


def _row(work: Work, message: str, waiting: Mapping[str, Any] | None) -> dict[str, Any]:
    return outbox_row(
        instance_id=None,
        seq=0,
        element_id="broadcast",
        case_id=waiting["case_id"] if waiting else None,
        message=message,
        correlation=waiting["correlation"] if waiting else None,
        variables={},
        at=work.now,
    )
