"""Corrections 流程纠正 and changes of version 换版 as their pages list them: who, when, what, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.domain.corrections import effect_sentences
from webapp.engine import Definition
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.models.corrections import correction, version_change
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres

KINDS_ZH = {"return": "退回", "modify": "调整环节", "variables": "更正已填内容"}
MOVES_ZH = {"cancel": "取消", "before": "开始", "after": "从其后开始"}
MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One correction; ``mine``: put forward by the reader."""

    id: str
    instance_id: str
    kind: str
    state: str
    words: tuple[str, ...]
    outlook: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    settled_at: datetime | None
    mine: bool
    process: str = ""
    case_no: str = ""
    reason: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of version."""

    id: str
    key: str
    name: str
    before: int
    after: int
    state: str
    reason: str
    count: int
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    settled_at: datetime | None
    mine: bool
    results: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()


def of_instance(
    reads: Reads, reader_id: str, instance_id: str, definition: Definition, labels: Mapping[str, str]
) -> tuple[Line, ...]:
    """The corrections of one process, the newest first; ``labels``: variable → what its form calls it."""
    rows = reads.all(correction, instance_id=instance_id, order=("-proposed_at", "-id"), limit=MOST)
    who = _names(reads, rows)
    return tuple(
        _line(row, who, reader_id, _plan_words(row, definition, labels), _outlook(row, definition))
        for row in rows
    )


def waiting(reads: Reads, reader_id: str) -> tuple[Line, ...]:
    """Everything that waits for a second person, the oldest first, with its case."""
    rows = reads.all(correction, status="proposed", order=("proposed_at", "id"), limit=MOST)
    who = _names(reads, rows)
    places = {row["id"]: row for row in reads.fetch_all(_places([row["instance_id"] for row in rows]))}
    found = []
    for row in rows:
        place = places[row["instance_id"]]
        line = _line(row, who, reader_id)
        found.append(replace(line, process=place["name"], case_no=place["number"] or ""))
    return tuple(found)


def told(line: Line, values: Mapping[str, object]) -> Line:
    """With the reasons given in people's own words."""
    return replace(line, reason=str(values.get("reason", "")), refusal=str(values.get("refusal", "")))


def running(reads: Reads, number: str) -> tuple[Row, ...]:
    """The processes that run on the case of a number, with their names."""
    if not number:
        return ()
    return tuple(reads.fetch_all(_places().where(cases.case_file.c.number == number)))


def _places(ids: Sequence[str] | None = None) -> Any:
    instance, definition, case = runtime.process_instance, repository.definition, cases.case_file
    source = instance.join(definition, definition.c.id == instance.c.definition_id).outerjoin(
        case, case.c.id == instance.c.case_id
    )
    columns = (instance.c.id, instance.c.case_id, instance.c.status, definition.c.name, case.c.number)
    query = select(*columns).select_from(source).order_by(instance.c.started_at, instance.c.id)
    if ids is None:
        return query.where(instance.c.status.in_(("running", "suspended"))).limit(MOST)
    return query.where(instance.c.id.in_(list(ids)))


def _names(reads: Reads, rows: Sequence[Row]) -> Mapping[str, str]:
    return cadres.names(reads, [one for row in rows for one in (row["proposed_by"], row["settled_by"])])


def _line(
    row: Row,
    who: Mapping[str, str],
    reader_id: str,
    words: tuple[str, ...] = (),
    outlook: tuple[str, ...] = (),
) -> Line:
    return Line(
        id=row["id"],
        instance_id=row["instance_id"],
        kind=KINDS_ZH[row["kind"]],
        state=row["status"],
        words=words,
        outlook=outlook,
        proposed_by=who.get(row["proposed_by"], ""),
        proposed_at=row["proposed_at"],
        settled_by=who.get(row["settled_by"], "") if row["settled_by"] else "",
        settled_at=row["settled_at"],
        mine=row["proposed_by"] == reader_id,
    )


def _name(definition: Definition, element_id: str) -> str:
    node = definition.nodes.get(element_id)
    return (node.name or node.id) if node else element_id


def _outlook(row: Row, definition: Definition) -> tuple[str, ...]:
    effects = row["plan"].get("effects", ())
    return effect_sentences(effects, lambda one: _name(definition, one)) if effects else ()


def _plan_words(row: Row, definition: Definition, labels: Mapping[str, str]) -> tuple[str, ...]:
    """What was asked for, in the diagram's own names."""
    plan = row["plan"]
    if row["kind"] == "return":
        return (f"从“{_name(definition, plan['at'])}”退回到“{_name(definition, plan['to'])}”",)
    if row["kind"] == "modify":
        return tuple(f"{MOVES_ZH[what]}“{_name(definition, element)}”" for what, element in plan["moves"])
    return tuple(f"更正“{labels.get(name, name)}”" for name in plan["values"])


def changes(reads: Reads, reader_id: str, **where: Any) -> tuple[ChangeLine, ...]:
    """Changes of version that fit, the newest first, with what became of each process."""
    rows = reads.all(version_change, order=("-proposed_at", "-id"), limit=MOST, **where)
    who = _names(reads, rows)
    versions = {row["id"]: row for row in reads.all(repository.definition)} if rows else {}
    return tuple(_change(reads, row, who, versions, reader_id) for row in rows)


def _change(
    reads: Reads, row: Row, who: Mapping[str, str], versions: Mapping[str, Row], reader_id: str
) -> ChangeLine:
    source, target = versions[row["source_id"]], versions[row["target_id"]]
    return ChangeLine(
        id=row["id"],
        key=row["key"],
        name=target["name"],
        before=source["version"],
        after=target["version"],
        state=row["status"],
        reason=row["reason"],
        count=len(row["instances"]),
        proposed_by=who.get(row["proposed_by"], ""),
        proposed_at=row["proposed_at"],
        settled_by=who.get(row["settled_by"], "") if row["settled_by"] else "",
        settled_at=row["settled_at"],
        mine=row["proposed_by"] == reader_id,
        results=_results(reads, row["results"]),
        mapping=tuple(sorted(row["mapping"].items())),
    )


def _results(
    reads: Reads, results: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    ids = [one["instance_id"] for one in results]
    numbers = {row["id"]: row["number"] or "" for row in reads.fetch_all(_places(ids))} if ids else {}
    return tuple(
        (numbers.get(one["instance_id"], ""), one["moved"], tuple(one["sentences"])) for one in results
    )
