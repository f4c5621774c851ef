"""Deployed definitions 流程定义: the list, one version with what it is made of, its drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, and_, case, func, select

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import NotFound
from webapp.engine import Definition, Problem
from webapp.persistence import versions as versions_
from webapp.persistence.models import repository, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres
from webapp.queries.parts import Diagram, Step

# Who may look at the processes; nothing personal stands in them.
READING = (
    "process_designer", "cadre_section", "cadre_supervision", "org_dept_head", "org_dept_deputy_head",
    "archive_section", "system_admin", "auditor", "audit_admin",
)  # fmt: skip
LONGEST_SUMMARY = 120
# Nodes a reader wants listed in words: what somebody or a service does, and where it ends.
TOLD = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "endEvent"}
)

TABLE, INSTANCE = repository.definition, runtime.process_instance
# A version that was taken away is in the history alone.
KEPT = versions_.STATE != "removed"


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One process of the list, in its newest version."""

    key: str
    name: str
    version: int
    deployed_at: datetime
    deployed_by: str
    digest: str
    running: int
    documentation: str
    problems: int
    rests: bool = False


@dataclass(frozen=True, slots=True)
class DefinitionsView:
    """The list of processes."""

    rows: tuple[DefinitionRow, ...]
    q: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version with how many instances run and ran on it."""

    version: int
    deployed_at: datetime
    deployed_by: str
    digest: str
    running: int
    finished: int
    current: bool
    rests: bool = False


@dataclass(frozen=True, slots=True)
class LintLine:
    """One finding of the linter 检查结果."""

    level: str
    element_id: str
    element_name: str
    sentence: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """The page of one version."""

    key: str
    name: str
    version: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    approved_by: str
    documentation: str
    versions: tuple[VersionLine, ...]
    messages: tuple[LintLine, ...]
    diagram: Diagram
    forms: tuple[tuple[str, str], ...]
    decisions: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, int], ...]


class Parsed(Protocol):
    """A version's parsed definition with the linter's findings, as a service gives them."""

    @property
    def definition(self) -> Definition:
        """The parsed definition."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What the linter found."""


def require_may_read(actor: Actor, day: Any) -> None:
    """NotAllowed for who has nothing to do with the processes."""
    require_role(actor, *READING, day=day)


def newest(reads: Reads, q: str = "") -> list[Row]:
    """The newest version of every process, with how many instances run on any of its versions."""
    last = (
        select(TABLE.c.key, func.max(TABLE.c.version).label("version"))
        .select_from(versions_.KEPT)
        .where(KEPT)
        .group_by(TABLE.c.key)
        .subquery()
    )
    every = TABLE.alias("every")
    running = (
        select(every.c.key, func.count().label("running"))
        .join(INSTANCE, INSTANCE.c.definition_id == every.c.id)
        .where(INSTANCE.c.status == "running")
        .group_by(every.c.key)
        .subquery()
    )
    query = (
        select(TABLE, func.coalesce(running.c.running, 0).label("running"), versions_.STATE.label("state"))
        .select_from(versions_.KEPT)
        .join(last, and_(last.c.key == TABLE.c.key, last.c.version == TABLE.c.version))
        .outerjoin(running, running.c.key == TABLE.c.key)
        .order_by(TABLE.c.key)
    )
    rows = reads.fetch_all(query)
    return [row for row in rows if q.lower() in f"{row['key']}{row['name']}".lower()]


def index(reads: Reads, rows: Sequence[Row], parsed: Mapping[str, Parsed], q: str) -> DefinitionsView:
    """The list; ``parsed`` by bundle digest."""
    who = cadres.names(reads, [row["deployed_by"] for row in rows])
    return DefinitionsView(tuple(_row(row, parsed[row["digest"]], who) for row in rows), q)


def _row(row: Row, parsed: Parsed, who: Mapping[str, str]) -> DefinitionRow:
    text = " ".join(parsed.definition.documentation.split())
    summary = text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY] + "……"
    return DefinitionRow(
        key=row["key"],
        name=row["name"],
        version=row["version"],
        deployed_at=row["deployed_at"],
        deployed_by=who[row["deployed_by"]],
        digest=row["digest"],
        running=row["running"],
        documentation=summary,
        problems=len(parsed.problems),
        rests=row["state"] == "suspended",
    )


def versions(reads: Reads, key: str) -> list[Row]:
    """Every version of a process, newest first, with the instances on it; NotFound for an unknown key."""
    is_running = case((INSTANCE.c.status == "running", 1), else_=0)
    query: Select[Any] = (
        select(
            TABLE,
            func.count(INSTANCE.c.id).label("all"),
            func.coalesce(func.sum(is_running), 0).label("running"),
            versions_.STATE.label("state"),
        )
        .select_from(versions_.KEPT)
        .outerjoin(INSTANCE, INSTANCE.c.definition_id == TABLE.c.id)
        .where(TABLE.c.key == key, KEPT)
        .group_by(*TABLE.c, versions_.STANDING.c.state)
        .order_by(TABLE.c.version.desc())
    )
    rows = reads.fetch_all(query)
    if not rows:
        raise NotFound(f"没有已部署的流程“{key}”。")
    return rows


def version_of(rows: Sequence[Row], version: int | None) -> Row:
    """The version asked for, the newest when none is; NotFound for one that was never deployed."""
    for row in rows:
        if version in (None, row["version"]):
            return row
    raise NotFound(f"该流程没有第{version}版。")


def show(reads: Reads, rows: Sequence[Row], row: Row, parsed: Parsed, url: str) -> DefinitionView:
    """The page of one version; ``url`` answers its drawing."""
    who = cadres.names(reads, [one["deployed_by"] for one in rows])
    definition = parsed.definition
    return DefinitionView(
        key=row["key"],
        name=row["name"],
        version=row["version"],
        digest=row["digest"],
        deployed_at=row["deployed_at"],
        deployed_by=who[row["deployed_by"]],
        approved_by="",
        documentation=definition.documentation,
        versions=tuple(_version(one, who, one is rows[0]) for one in rows),
        messages=tuple(_message(one, definition) for one in parsed.problems),
        diagram=Diagram("", row["name"], row["key"], row["version"], url, _steps(definition)),
        forms=_forms(definition),
        decisions=tuple(
            (code, _decision_name(model, code)) for code, model in sorted(definition.decisions.items())
        ),
        files=sizes(reads, row["digest"]),
    )


def _version(row: Row, who: Mapping[str, str], current: bool) -> VersionLine:
    by = who[row["deployed_by"]]
    running = int(row["running"])
    return VersionLine(
        row["version"], row["deployed_at"], by, row["digest"], running, int(row["all"]) - running, current,
        rests=row["state"] == "suspended",
    )  # fmt: skip


def _message(problem: Problem, definition: Definition) -> LintLine:
    node = definition.nodes.get(problem.element_id or "")
    name = node.name if node else ""
    return LintLine(
        problem.level, problem.element_id or "", name, problem.zh, problem.file or "", problem.line
    )


def _steps(definition: Definition) -> tuple[Step, ...]:
    told = (node for node in definition.nodes.values() if node.kind in TOLD and node.name)
    return tuple(Step(node.id, node.name, "ahead", None, node.lane or "") for node in told)


def _forms(definition: Definition) -> tuple[tuple[str, str], ...]:
    used: dict[str, list[str]] = {key: [] for key in sorted(definition.forms)}
    for node in definition.nodes.values():
        if node.form_key in used:
            used[node.form_key].append(node.name)
    return tuple((key, "、".join(names) or "未使用") for key, names in used.items())


def _decision_name(model: object, code: str) -> str:
    node = getattr(model, "nodes", {}).get(code)
    return getattr(node, "name", "") or code


def sizes(reads: Reads, digest: str) -> tuple[tuple[str, int], ...]:
    """The files of a bundle with their sizes in bytes."""
    file, content = repository.bundle_file, repository.content
    query = select(file.c.name, func.length(content.c.bytes).label("size"))
    query = query.join(content, content.c.digest == file.c.content_digest).where(
        file.c.bundle_digest == digest
    )
    return tuple((row["name"], row["size"]) for row in reads.fetch_all(query.order_by(file.c.name)))


def drawing(reads: Reads, digest: str, key: str) -> bytes:
    """The BPMN file of the process ``key`` in a bundle, byte for byte as deployed; NotFound when it is gone."""
    file, content = repository.bundle_file, repository.content
    query = select(content.c.bytes).join(file, content.c.digest == file.c.content_digest)
    # A bundle may hold diagrams of called processes too.
    own = case((file.c.name == f"{key}.bpmn", 0), else_=1)
    row = reads.fetch(
        query.where(file.c.bundle_digest == digest, file.c.name.like("%.bpmn")).order_by(own, file.c.name)
    )
    if row is None:
        raise NotFound("没有找到该流程版本的文件。")
    found: bytes = row["bytes"]
    return found
