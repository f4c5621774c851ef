"""Verbs on the history 办理记录: verify its chains 记录完整性校验, open what a record keeps sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import Actor, require_role, system_actor
from webapp.domain.errors import NotAllowed
from webapp.domain.roles import AUDITING, SILENT_UNTIL_TALK
from webapp.persistence import ledger
from webapp.persistence.models import cases
from webapp.persistence.models.history import stream
from webapp.services import looking, reads, replay
from webapp.services.office import Office, bundle, clock_offset

VERIFIER = system_actor("verify_history")
# What one event of a check lists; the rest is counted.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found 校验结果: how many events were read, and everything that does not hold.

    ``head``: the digest the checked chain ends with, '' when several were checked.
    """

    checked_at: datetime
    streams: int
    events: int
    head: str
    findings: tuple[ledger.Finding, ...]

    @property
    def ok(self) -> bool:
        """True when every chain holds."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The number of the first record that does not hold."""
        return self.findings[0].seq if self.findings else None


def verify(
    office: Office,
    actor: Actor = VERIFIER,
    *,
    case_id: str | None = None,
    streams: Sequence[str] | None = None,
    tick: ledger.Tick = ledger.quiet,
) -> Verified:
    """Recompute the chains of a case, of the streams named, or all, from the stored bytes; the check is an event.

    A case may be checked by whoever may see it, everything else by auditors and the installation itself.
    ``tick``: called for every event read, twice for each where the tables are compared too.
    """
    if case_id is not None:
        if not looking.at_case(office, actor, case_id):
            raise NotAllowed("记录完整性校验由组织、纪检监察机关和审计人员办理。")
        streams = [f"case:{case_id}"]
    elif actor.kind != "system":
        with office.begin() as work:
            require_role(actor, *sorted(AUDITING), day=work.today)
    found = _verify(office, streams, case_id, tick)
    with office.begin() as work:
        work.commit(_event(actor, work.now, found, streams))
    return found


def look_through(office: Office) -> Verified:
    """Recompute every chain without leaving an event: for a copy that must stay as it was made."""
    return _verify(office, None, None)


def _verify(
    office: Office, names: Sequence[str] | None, case_id: str | None, tick: ledger.Tick = ledger.quiet
) -> Verified:
    with reads.begin(office, frozen=True) as look:
        heads = look.all(stream) if names is None else look.all(stream, name=list(names))
        findings = ledger.verify(look._connection, names, tick)
        now = look.now + clock_offset(look)
    if names is None or case_id is not None:
        findings += replay.findings(office, case_id, tick)
    head = heads[0]["digest"] if len(heads) == 1 else ""
    return Verified(now, len(heads), sum(row["seq"] for row in heads), head, tuple(findings))


def _event(actor: Actor, at: datetime, found: Verified, streams: Sequence[str] | None) -> events.Event:
    facts: dict[str, Any] = {
        "scope": "all" if streams is None else list(streams)[:MOST_LISTED],
        "streams": found.streams,
        "events": found.events,
        "head": found.head,
        "ok": found.ok,
        "findings_count": len(found.findings),
        "findings": [[one.stream, one.seq, one.code] for one in found.findings[:MOST_LISTED]],
    }
    return events.HistoryVerified(actor=actor, effective_at=at, facts=facts)


def definition(office: Office, digest: str, key: str) -> bpmn.Definition:
    """The parsed definition an event was made under, for reading; NotFound when its files are gone.

    The history outlives the rules for diagrams: a version that today's would refuse is still shown as it was.
    """
    known = office._definitions.get(digest)
    if known is None:
        with reads.begin(office) as look:
            files = bundle(look, digest)  # type: ignore[arg-type]
        known = bpmn.parse(files, office.catalogue, process_id=key, judged=False)
        office.remember_definition(digest, known)
    return known


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """What was filled in 填写内容: values by field, and the fields whose values were erased by rule."""

    values: Mapping[str, object]
    erased: frozenset[str]

    def __bool__(self) -> bool:
        """True when there is anything to tell."""
        return bool(self.values or self.erased)


NOTHING = OpenedForm({}, frozenset())


def open_form(
    office: Office, actor: Actor, *, case_id: str | None, work_item_id: str, own: bool
) -> OpenedForm:
    """The sealed values of a form as they were handed in, for one who may see the case; the read is kept.

    The unit's roles see only what they wrote themselves (``own``): who told the verifiers what stays with
    the organs in charge. Nothing at all for a form without a case.
    """
    if case_id is None:
        return NOTHING
    looking.at_case(office, actor, case_id)
    with office.begin() as work:
        if not own and not _in_charge(actor.roles_on(work.today)):
            return NOTHING
        rows = work.all(cases.sealed_value, owner_kind="form", owner_id=work_item_id, case_id=case_id)
        if not rows:
            return NOTHING
        values = looking.values_of(work, office, "form", work_item_id)
        facts = {
            "what": "form",
            "case_id": case_id,
            "work_item_id": work_item_id,
            "fields_count": len(values),
        }
        work.commit(events.Read(actor=actor, effective_at=work.now, facts=facts))
    return OpenedForm(values, frozenset(row["field"] for row in rows) - values.keys())


def _in_charge(roles: frozenset[str]) -> bool:
    return bool(roles - SILENT_UNTIL_TALK)
