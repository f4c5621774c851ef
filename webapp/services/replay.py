"""Replay 重演核对: rows rebuilt from the events, stored engine states and sealed values against what was recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.crypto import sealing as crypto
from webapp.domain import history
from webapp.domain.errors import NotFound, Refused
from webapp.persistence import rebuild
from webapp.persistence.ledger import Finding, Tick, quiet
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.reading import Reading
from webapp.persistence.rebuild import Rebuilt
from webapp.services.office import Office, bundle
from webapp.services.reads import begin
from webapp.services.sealing import aad

INSTANCE = runtime.process_instance


def replay(office: Office) -> list[Finding]:
    """Everything in which the tables differ from what all events make of them; empty when nothing does."""
    return findings(office)


def findings(office: Office, case_id: str | None = None, tick: Tick = quiet) -> list[Finding]:
    """The same, for one case when given; reads the database as it is at one moment, without locking anybody out."""
    with begin(office, frozen=True) as reads:
        rebuilt = rebuild.rebuild(reads, case_id, tick)
        found = list(rebuild.compare(reads, rebuilt, case_id))
        found += rebuild.readable(INSTANCE, _states(office, reads, rebuilt, case_id))
        found += rebuild.readable(cases.sealed_value, _sealed(office, reads, rebuilt, case_id))
    return found


def _of(case_id: str | None) -> dict[str, Any]:
    return {} if case_id is None else {"case_id": case_id}


def _states(office: Office, reads: Reading, rebuilt: Rebuilt, case_id: str | None) -> Iterator[Finding]:
    """Engine state against its recorded digest (I8), its open tasks against the open rows (I7)."""
    open_rows: dict[str, set[str]] = {}
    for item in reads.all(runtime.work_item, status="open", **_of(case_id)):
        open_rows.setdefault(item["instance_id"], set()).add(item["id"])
    definitions = {row["id"]: row for row in reads.all(repository.definition)}
    for row in reads.each(INSTANCE, **_of(case_id)):
        there = open_rows.pop(row["id"], set())
        sentence = _state_fault(office, reads, row, definitions.get(row["definition_id"]), there)
        if sentence is not None:
            code, text = sentence
            place = rebuilt.where(INSTANCE, (row["id"],))
            yield Finding(*place, code, f"流程实例 {row['id']}：{text}")


def _state_fault(
    office: Office,
    reads: Reading,
    row: Mapping[str, Any],
    definition: Mapping[str, Any] | None,
    there: set[str],
) -> tuple[str, str] | None:
    if history.digest(row["state"]) != row["state_digest"]:
        return "STATE_DIGEST", "流程状态与记录的摘要不符，可能被直接改动过。"
    inside = _open_inside(office, reads, row, definition)
    if inside is None:
        return "STATE_UNREADABLE", "流程状态无法解读。"
    if inside != there:
        return "STATE_TASKS", f"流程状态中有{len(inside)}项待办，待办表中有{len(there)}项，两者不一致。"
    return None


def _open_inside(
    office: Office, reads: Reading, row: Mapping[str, Any], definition: Mapping[str, Any] | None
) -> set[str] | None:
    if row["status"] not in ("running", "suspended"):
        return set()
    try:
        parsed = _parsed(office, reads, definition)
        return {task.id for task in bpmn.open_tasks(row["state"], parsed)}
    except (bpmn.EngineError, Refused, ValueError, LookupError, TypeError):
        return None


def _parsed(office: Office, reads: Any, definition: Mapping[str, Any] | None) -> bpmn.Definition:
    if definition is None:
        raise NotFound
    digest = definition["digest"]
    known = office._definitions.get(digest)
    if known is None:
        known = bpmn.parse(bundle(reads, digest), office.catalogue, process_id=definition["key"])
        office.remember_definition(digest, known)
    return known


def _sealed(office: Office, reads: Reading, rebuilt: Rebuilt, case_id: str | None) -> Iterator[Finding]:
    """Every sealed value opens and keeps its commitment, unless erased; every commitment has its value."""
    missing = rebuilt.commitments
    for row in reads.each(cases.sealed_value, **_of(case_id)):
        place = missing.pop(row["commitment"], None)
        if place is None:
            text = "在办理记录中没有承诺值。"
            yield Finding(
                "", 0, row["case_id"], "SEALED_EXTRA", f"加密保存的 {row['id']}（{row['field']}）{text}"
            )
        elif row["erased_at"] is None and not _holds(office, row):
            text = "打不开或与承诺值不符，可能被直接改动过。"
            yield Finding(*place, "SEALED", f"加密保存的 {row['id']}（{row['field']}）{text}")
    files = rebuild.kept_files(reads) if missing else frozenset()
    for commitment, (stream, seq, case) in missing.items():
        if commitment not in files and (case_id is None or case == case_id):
            yield Finding(
                stream, seq, case, "SEALED_MISSING", f"第{seq}条记录所指的加密内容在数据库中不存在。"
            )


def _holds(office: Office, row: Mapping[str, Any]) -> bool:
    try:
        key = crypto.disclose(office.keyring, row["wrapped_key"])
        value = crypto.open_(
            office.keyring, row["ciphertext"], row["wrapped_key"], aad(row["owner_id"], row["field"])
        )
        return history.commitment_holds(key, value, row["commitment"])
    except (Refused, ValueError, TypeError):
        return False
