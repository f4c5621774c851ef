"""The auditor takes the bundle of one case along 导出证据包: scope, purpose and what is disclosed are on record."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.crypto import sealing as crypto
from webapp.domain import events
from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Conflict, NotFound
from webapp.domain.event import accounts
from webapp.domain.exporting import UNSAID, require_purpose
from webapp.domain.fields import flat
from webapp.domain.history import canonical
from webapp.domain.roles import AUDITING
from webapp.exchange import case_bundle, verify_bundle
from webapp.exchange.case_bundle import Bundle, Disclosure, Record
from webapp.persistence.models import cases, runtime
from webapp.persistence.models.history import history_event
from webapp.persistence.reading import Reading
from webapp.services import bundled_papers, forms, looking, reads, sealing
from webapp.services.bundled_papers import FILES
from webapp.services.history import definition
from webapp.services.office import Office, bundle, clock_offset

ALL = "all"
MOST_RECORDS = 10_000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was handed in: which record names it, its task, how many sealed fields it has."""

    work_item_id: str
    seq: int
    name: str
    fields: int


@dataclass(frozen=True, slots=True)
class Handed:
    """Where a form's version and commitments stand."""

    seq: int
    definition_digest: str
    process_key: str
    form_key: str
    commitments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be taken along of a case: forms to disclose, how many attachments of how many bytes.

    ``withheld``: how many of its ``records`` stay, as they tell who chose what.
    """

    case_no: str
    forms: tuple[Form, ...]
    papers: int
    bytes: int
    records: int
    withheld: int


def offered(office: Office, actor: Actor, case_id: str) -> Offer:
    """The case's number and what of it an auditor may disclose."""
    _require(office, actor, case_id)
    with reads.begin(office) as look:
        case = look.get(cases.case_file, id=case_id)
        records = _rows(look, case_id)
        handed, withheld = _handed(records), sum(_record(row).withheld for row in records)
        rows = look.all(cases.sealed_value, case_id=case_id, owner_kind="form")
        names = {row["id"]: row["name"] for row in look.all(runtime.work_item, case_id=case_id)}
        papers, size = bundled_papers.offered(look, case_id, _restricted(office, handed))
    counts: dict[str, int] = {}
    for row in rows:
        if row["owner_id"] in handed and row["field"] not in _kept_back(office, handed[row["owner_id"]]):
            counts[row["owner_id"]] = counts.get(row["owner_id"], 0) + 1
    found = (Form(one, handed[one].seq, names.get(one, "表单"), n) for one, n in counts.items())
    return Offer(
        case["number"], tuple(sorted(found, key=lambda one: one.seq)), papers, size, len(records), withheld
    )


def export(
    office: Office, actor: Actor, *, case_id: str, purpose: str, disclose: Collection[str]
) -> tuple[str, Bundle]:
    """The case's number and its bundle; It is an event.

    ``disclose``: ids of the tasks whose forms are opened, or ``all``; ``files`` for the attachments' bytes.
    """
    _require(office, actor, case_id)
    purpose = require_purpose(purpose)
    with reads.begin(office, frozen=True) as look:
        case = look.get(cases.case_file, id=case_id)
        rows = _rows(look, case_id)
        if sum(len(row["body"]) for row in rows) > MOST_BYTES:
            raise Conflict("本卷宗的记录过大，不能在页面上导出，请联系系统管理员。")
        chosen, handed = frozenset(disclose), _handed(rows)
        papers, names = bundled_papers.of_case(
            office, look, case_id, rows, told=FILES in chosen, restricted=_restricted(office, handed)
        )
        parts = case_bundle.Parts(
            case_id=case_id,
            case_no=case["number"],
            stream=case["stream"],
            suite=json.loads(rows[0]["body"])["suite"],
            made_at=canonical(look.now + clock_offset(look)).decode().strip('"'),
            made_by=actor.user_id,
            purpose=purpose,
            records=[_record(row) for row in rows],
            definitions={one: bundle(look, one) for one in sorted(_digests(rows))},  # type: ignore[arg-type]
            disclosed=[*_disclosed(office, look, case_id, handed, chosen), *names],
            papers=papers,
        )
    made = case_bundle.write(parts)
    with office.begin() as work:
        facts = {"digest": made.digest, **_told(parts, handed)}
        work.commit(events.Exported(actor=actor, effective_at=work.now, facts=facts))
    return case["number"], made


def _told(parts: case_bundle.Parts, handed: Mapping[str, Handed]) -> dict[str, object]:
    """What the record of an export says of it: ids and counts."""
    return {
        "what": "case.bundle",
        "case_id": parts.case_id,
        "purpose": parts.purpose,
        "events": len(parts.records),
        "withheld": sum(one.withheld for one in parts.records),
        "disclosed": len(parts.disclosed),
        "tasks": sorted({one.task for one in parts.disclosed if one.task in handed}),
        "attachments": sorted(one.id for one in parts.papers if one.data is not None),
    }


def verifier() -> bytes:
    """The program that checks a bundle alone 核验程序."""
    return Path(verify_bundle.__file__).read_bytes()


def _require(office: Office, actor: Actor, case_id: str) -> None:
    with office.glance() as look:
        require_role(actor, *sorted(AUDITING), day=look.today)
    looking.at_case(office, actor, case_id)


def _rows(look: Reading, case_id: str) -> list[Mapping[str, Any]]:
    rows = look.all(history_event, stream=f"case:{case_id}", order=("seq",), limit=MOST_RECORDS + 1)
    if not rows:
        raise NotFound("这个卷宗还没有办理记录。")
    if len(rows) > MOST_RECORDS:
        raise Conflict(f"本卷宗的记录超过{MOST_RECORDS}条，不能在页面上导出，请联系系统管理员。")
    return rows


def _record(row: Mapping[str, Any]) -> Record:
    body = bytes(row["body"])
    return Record(row["seq"], body, row["digest"], case_bundle.tells_who_chose(body, UNSAID))


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["body"]).get("facts", {})
    return found


def _digests(rows: list[Mapping[str, Any]]) -> set[str]:
    found = (part.get("definition_digest") for row in rows for part in accounts(_facts(row)))
    return {str(one) for one in found if one}


def _handed(rows: list[Mapping[str, Any]]) -> dict[str, Handed]:
    """Task id → the record its form was handed in with; the first form of a case stands inside ``first``."""
    found: dict[str, Handed] = {}
    for row in rows:
        facts = _facts(row)
        inner = facts.get("first") if isinstance(facts.get("first"), Mapping) else facts
        fields = [one for one in (inner or {}).get("fields", []) if isinstance(one, Mapping)]
        task, key = (inner or {}).get("work_item_id"), (inner or {}).get("form_key")
        if task and key and fields and facts.get("definition_digest"):
            commitments = frozenset(str(one["commitment"]) for one in fields)
            found[task] = Handed(
                row["seq"], facts["definition_digest"], facts["process_key"], key, commitments
            )
    return found


def _kept_back(office: Office, handed: Handed) -> frozenset[str]:
    """Who was heard, health and family 受限可见 go to no auditor."""
    parsed = definition(office, handed.definition_digest, handed.process_key)
    fields = forms.fields_of_task(parsed, handed.form_key)
    return frozenset(
        inner.key for one in fields if "restricted" in dict(one.properties) for inner in (one, *flat((one,)))
    )


def _restricted(office: Office, handed: Mapping[str, Handed]) -> frozenset[str]:
    """The tasks whose forms have parts that go to no auditor: their files stay too."""
    return frozenset(task for task, one in handed.items() if _kept_back(office, one))


def _disclosed(
    office: Office, look: Reading, case_id: str, handed: Mapping[str, Handed], wanted: frozenset[str]
) -> Iterator[Disclosure]:
    rows = look.all(cases.sealed_value, case_id=case_id, owner_kind="form", order=("owner_id", "field"))
    for row in rows:
        place = handed.get(row["owner_id"])
        if place is None or not {ALL, row["owner_id"]} & wanted or row["commitment"] not in place.commitments:
            continue
        if row["field"] in _kept_back(office, place):
            continue
        common = (place.seq, row["owner_id"], row["field"], row["commitment"])
        if row["ciphertext"] is None:
            yield Disclosure(*common, b"", None, erased=True)
        else:
            value = sealing.open_row(office.keyring, row)
            yield Disclosure(*common, crypto.disclose(office.keyring, row["wrapped_key"]), value)
