"""The designers' pages 流程设计: what is published and who works on it, one draft, versions, differences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.engine import Difference, Problem
from webapp.persistence.models import designs
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, definitions

HOW_ZH = {"added": "新增", "removed": "删去", "changed": "改动", "moved": "移动"}
LONGEST_SHOWN = 400


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list; ``mine``: of the reader."""

    id: str
    key: str
    name: str
    owner: str
    base_version: int
    revision: int
    saved_at: datetime
    saved_by: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A published process with the drafts of it."""

    key: str
    name: str
    version: int
    deployed_at: datetime
    deployed_by: str
    running: int
    drafts: tuple[DraftLine, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of the linter 检查结果 with the element it stands at."""

    level: str
    element_id: str
    element_name: str
    sentence: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One difference in words 差异."""

    how: str
    kind: str
    name: str
    element_id: str
    file: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One note on a file: at which element, in which line, what."""

    element_id: str
    element_name: str
    line: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was done to one file of another tool 外来文件的说明, in three lists; each line: element, words."""

    file: str
    source: str
    made_at: datetime
    by_hand: tuple[ReportLine, ...]
    written: tuple[ReportLine, ...]
    not_run: tuple[ReportLine, ...]


def reports(reads: Reads, draft_id: str, names: Mapping[str, str]) -> tuple[Report, ...]:
    """The reports of a draft by file; ``names``: its elements' names by id."""
    rows = reads.all(designs.draft_report, draft_id=draft_id, order=("file",))
    return tuple(_report(row, names) for row in rows)


def _report(row: Row, names: Mapping[str, str]) -> Report:
    lists: dict[str, list[ReportLine]] = {"by_hand": [], "written": [], "not_run": []}
    for level, code, element, line, words in row["notes"]:
        kind = "by_hand" if level == "error" else "not_run" if code == "import.foreign" else "written"
        lists[kind].append(ReportLine(element or "", names.get(element or "", ""), line, words))
    found = {kind: tuple(lines) for kind, lines in lists.items()}
    return Report(row["file"], row["source"], row["made_at"], **found)


def reported(reads: Reads, draft_id: str) -> int:
    """How many notes there are on the files of a draft."""
    return sum(len(row["notes"]) for row in reads.all(designs.draft_report, draft_id=draft_id))


def drafts(reads: Reads, reader_id: str) -> tuple[DraftLine, ...]:
    """Every draft, the newest first."""
    rows = reads.all(designs.draft, order=("-saved_at",))
    who = cadres.names(reads, [one for row in rows for one in (row["owner_id"], row["saved_by"])])
    return tuple(_draft(row, who, reader_id) for row in rows)


def _draft(row: Row, who: Mapping[str, str], reader_id: str) -> DraftLine:
    return DraftLine(
        row["id"],
        row["key"],
        row["name"],
        who[row["owner_id"]],
        row["base_version"],
        row["revision"],
        row["saved_at"],
        who[row["saved_by"]],
        row["owner_id"] == reader_id,
    )


def processes(reads: Reads, found: Sequence[DraftLine]) -> tuple[ProcessLine, ...]:
    """Every published process with its drafts."""
    rows = definitions.newest(reads)
    who = cadres.names(reads, [row["deployed_by"] for row in rows])
    return tuple(
        ProcessLine(
            row["key"],
            row["name"],
            row["version"],
            row["deployed_at"],
            who[row["deployed_by"]],
            int(row["running"]),
            tuple(one for one in found if one.key == row["key"]),
        )
        for row in rows
    )


def findings(problems: Iterable[Problem], names: Mapping[str, str]) -> tuple[Finding, ...]:
    """The linter's findings, errors first."""
    ordered = sorted(problems, key=lambda one: (one.level != "error", one.line or 0))
    return tuple(
        Finding(
            one.level,
            one.element_id or "",
            names.get(one.element_id or "", ""),
            one.zh,
            one.file or "",
            one.line,
        )
        for one in ordered
    )


def changes(found: Iterable[Difference]) -> tuple[ChangeLine, ...]:
    """Differences in words, long texts shortened."""
    return tuple(
        ChangeLine(
            HOW_ZH[one.how],
            one.kind,
            one.name,
            one.element_id,
            one.file,
            tuple((part.label, _short(part.before), _short(part.after)) for part in one.parts),
        )
        for one in found
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "……"


def marks(found: Iterable[Difference], *hows: str) -> dict[str, str]:
    """Element id → how it differs, for the canvas; a changed element that moved too counts as changed."""
    marked: dict[str, str] = {}
    for one in found:
        if one.file.endswith(".bpmn") and one.element_id and one.how in hows:
            marked.setdefault(one.element_id, one.how)
    return marked


def trials(reads: Reads, draft_id: str, reader_id: str) -> list[dict[str, Any]]:
    """The reader's own trial runs of a draft, the newest first."""
    rows = reads.all(designs.trial_run, draft_id=draft_id, owner_id=reader_id, order=("-started_at",))
    return [dict(row) for row in rows]
