"""Versions and proposals 版本与发布申请 as designers see them: who, when, why, and which cases run on which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from webapp.domain.definition_switches import ACTS_ZH
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, definitions

MOST_CASES = 50
STATUS_ZH = {"waiting": "待复核", "approved": "已发布", "rejected": "不予发布", "withdrawn": "已撤回"}
ORIGIN_ZH = {"installation": "随系统安装", "designer": "页面发布", "api": "接口发布"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version; ``proposed_by`` and ``approved_by`` are empty for one that came with the system."""

    version: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    proposed_by: str
    approved_by: str
    reason: str
    decision_reason: str
    origin: str
    running: int
    finished: int
    current: bool
    rests: bool = False
    removable: bool = False


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal 发布申请; ``mine``: made by the reader."""

    id: str
    key: str
    name: str
    digest: str
    base_version: int
    status: str
    status_zh: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    version: int | None
    mine: bool


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """A request to stop or resume starts or to take a version away 启停申请; ``mine``: made by the reader."""

    id: str
    what: str
    status: str
    reason: str
    proposed_at: datetime
    proposed_by: str
    settled_at: datetime | None
    settled_by: str
    mine: bool
    key: str
    act: str
    version: int | None


def switches(reads: Reads, reader_id: str, *, limit: int = 50, **where: Any) -> tuple[SwitchLine, ...]:
    """Such requests, the newest first."""
    rows = reads.all(repository.switch, order=("-proposed_at", "-id"), limit=limit, **where)
    who = cadres.names(reads, [one for row in rows for one in (row["proposed_by"], row["settled_by"])])
    return tuple(_switch(row, who, reader_id) for row in rows)


def _switch(row: Row, who: Mapping[str, str], reader_id: str) -> SwitchLine:
    act = next((zh for code, zh in ACTS_ZH.items() if code == row["act"]), row["act"])
    return SwitchLine(
        id=row["id"],
        what=act if row["version"] is None else f"{act}（第{row['version']}版）",
        status=row["status"],
        reason=row["reason"],
        proposed_at=row["proposed_at"],
        proposed_by=who.get(row["proposed_by"], ""),
        settled_at=row["settled_at"],
        settled_by=who.get(row["settled_by"], "") if row["settled_by"] else "",
        mine=row["proposed_by"] == reader_id,
        key=row["key"],
        act=row["act"],
        version=row["version"],
    )


def proposals(reads: Reads, reader_id: str, *, limit: int = 50, **where: Any) -> tuple[ProposalLine, ...]:
    """Proposals that fit, the newest first."""
    rows = reads.all(repository.proposal, order=("-proposed_at",), limit=limit, **where)
    who = cadres.names(reads, [one for row in rows for one in (row["proposed_by"], row["decided_by"])])
    return tuple(_proposal(row, who, reader_id) for row in rows)


def _proposal(row: Row, who: Mapping[str, str], reader_id: str) -> ProposalLine:
    return ProposalLine(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        digest=row["digest"],
        base_version=row["base_version"],
        status=row["status"],
        status_zh=STATUS_ZH.get(row["status"]) or str(row["status"]),
        reason=row["reason"],
        proposed_at=row["proposed_at"],
        proposed_by=who.get(row["proposed_by"], ""),
        decided_at=row["decided_at"],
        decided_by=who.get(row["decided_by"], "") if row["decided_by"] else "",
        decision_reason=row["decision_reason"] or "",
        version=row["version"],
        mine=row["proposed_by"] == reader_id,
    )


def versions(reads: Reads, rows: Sequence[Row], proposed: Sequence[ProposalLine]) -> tuple[VersionLine, ...]:
    """Every version of a process with the proposal it came from; ``rows`` newest first."""
    by_version = {one.version: one for one in proposed if one.status == "approved"}
    who = cadres.names(reads, [row["deployed_by"] for row in rows])
    return tuple(_version(row, who, by_version.get(row["version"]), row is rows[0]) for row in rows)


def _version(row: Row, who: Mapping[str, str], proposal: ProposalLine | None, current: bool) -> VersionLine:
    running = int(row["running"])
    return VersionLine(
        version=row["version"],
        digest=row["digest"],
        deployed_at=row["deployed_at"],
        deployed_by=who[row["deployed_by"]],
        proposed_by=proposal.proposed_by if proposal else "",
        approved_by=proposal.decided_by if proposal else "",
        reason=row["note"] or "",
        decision_reason=proposal.decision_reason if proposal else "",
        origin=ORIGIN_ZH.get(row["origin"]) or str(row["origin"]),
        running=running,
        finished=int(row["all"]) - running,
        current=current,
        rests=row["state"] == "suspended",
        removable=not int(row["all"]) and row["origin"] != "installation",
    )


def cases_on(reads: Reads, key: str) -> dict[int, tuple[str, ...]]:
    """Numbers of the cases that run on each version, at most fifty of each; a number names nobody."""
    definition, instance, case = repository.definition, runtime.process_instance, cases.case_file
    order = func.row_number().over(partition_by=definition.c.version, order_by=case.c.number).label("place")
    inner = (
        select(definition.c.version, case.c.number, order)
        .join(instance, instance.c.definition_id == definition.c.id)
        .join(case, case.c.id == instance.c.case_id)
        .where(definition.c.key == key, instance.c.status == "running")
        .group_by(definition.c.version, case.c.number)
        .subquery()
    )
    found: dict[int, tuple[str, ...]] = {}
    query = select(inner.c.version, inner.c.number).where(inner.c.place <= MOST_CASES)
    for row in reads.fetch_all(query.order_by(inner.c.version, inner.c.number)):
        found[row["version"]] = (*found.get(row["version"], ()), row["number"])
    return found


def version_row(reads: Reads, key: str, version: int) -> Row:
    """One version's row; NotFound when it was never published."""
    return definitions.version_of(definitions.versions(reads, key), version)
