"""The projections rebuilt from the history 重演核对 and compared, row by row, with what the database holds."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, literal_column, or_, select
from sqlalchemy.exc import DBAPIError

from webapp.persistence.ledger import Finding, Tick, quiet
from webapp.persistence.models import cases, meetings, runtime, tracking
from webapp.persistence.models.history import history_event as event
from webapp.persistence.projections import BY_NAME, PROJECTIONS, Key, Shape, is_secret, shape_of
from webapp.persistence.reading import Reading

Place = tuple[str, int, str | None]
"""Stream, number and case of the event that touched a row last."""
NOWHERE: Place = ("", 0, None)
# How a row without a case of its own belongs to one: its column, and the table that column points to.
PARENTS: Mapping[Table, tuple[str, Table]] = {
    runtime.work_candidate: ("work_item_id", runtime.work_item),
    tracking.visit_visitor: ("visit_id", tracking.visit),
    tracking.periodic_note: ("plan_id", tracking.tracking_plan),
    cases.objection: ("publicity_id", cases.publicity),
    meetings.item_recusal: ("item_id", meetings.agenda_item),
    meetings.item_participation: ("item_id", meetings.agenda_item),
    meetings.item_choice: ("item_id", meetings.agenda_item),
}


@dataclass(slots=True)
class Rebuilt:
    """What the events say the tables hold, and who said it last."""

    rows: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=lambda: {name: {} for name in BY_NAME})
    touched: dict[tuple[str, Key], Place] = field(default_factory=dict)
    commitments: dict[str, Place] = field(default_factory=dict)
    unreadable: list[Finding] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """Apply what one stored event says."""
        place = (row.stream, row.seq, row.case_id)
        try:
            facts = json.loads(row.body)["facts"]
            for commitment in _commitments(facts):
                self.commitments[commitment] = place
            for name, act, keys, values in facts.get("changes", ()):
                self._apply(name, act, keys, values, place)
        except (ValueError, KeyError, TypeError, AttributeError):
            sentence = f"第{row.seq}条记录：内容无法解读，不能据此重建。"
            self.unreadable.append(Finding(*place, "REPLAY_EVENT", sentence))

    def _apply(self, name: str, act: str, keys: list[Any], values: dict[str, Any], place: Place) -> None:
        rows = self.rows[name]
        for one in keys:
            key = tuple(one)
            self.touched[(name, key)] = place
            if act == "delete":
                rows.pop(key, None)
            elif act in ("insert", "put"):
                rows[key] = rows.get(key, {}) | values if act == "put" else dict(values)
            elif key in rows:
                rows[key].update(values)

    def where(self, table: Table, key: Key) -> Place:
        """The event that touched a row last."""
        return self.touched.get((table.name, key), NOWHERE)


def _commitments(value: object) -> Iterator[str]:
    """Every commitment an event names, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("commitment"), str):
            yield value["commitment"]
        for item in value.values():
            yield from _commitments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _commitments(item)


def rebuild(reads: Reading, case_id: str | None = None, tick: Tick = quiet) -> Rebuilt:
    """Every projection as the events make it; for one case from the events that may touch its rows."""
    rebuilt = Rebuilt()
    for row in reads.stream(_events(reads.dialect, case_id)):
        rebuilt.add(row)
        tick()
    return rebuilt


def rebuild_until(reads: Reading, case_id: str, stream: str, seq: int) -> Rebuilt:
    """The projections of one case as they stood right after an event 时点: events up to it, never present rows."""
    rebuilt, reached = Rebuilt(), False
    query = _events(reads.dialect, case_id)
    moment = select(event.c.recorded_at).where(event.c.stream == stream, event.c.seq == seq).scalar_subquery()
    # Read to the end: a cursor of PostgreSQL is not left open.
    for row in reads.stream(query.where(event.c.recorded_at <= moment)):
        if not reached:
            rebuilt.add(row)
        reached = reached or (row.stream == stream and row.seq == seq)
    return rebuilt


def _events(dialect: str, case_id: str | None) -> Select[Any]:
    columns = (event.c.stream, event.c.seq, event.c.case_id, event.c.body)
    query = select(*columns)
    if case_id is not None:
        elsewhere = and_(event.c.case_id.is_(None), event.c.stream.not_like("user:%"))
        query = query.where(or_(event.c.case_id.in_(_of_same_person(case_id)), elsewhere))
    # SQLite's clock knows milliseconds; within one, the order of writing decides (there is one writer).
    last: list[ColumnElement[Any]] = [event.c.stream, event.c.seq]
    if dialect == "sqlite":
        last = [literal_column("rowid")]
    return query.order_by(event.c.recorded_at, *last)


def _of_same_person(case_id: str) -> Select[Any]:
    """One tracking plan serves all cases of a cadre."""
    mine = select(cases.case_file.c.person_id).where(cases.case_file.c.id == case_id).scalar_subquery()
    return select(cases.case_file.c.id).where(cases.case_file.c.person_id == mine)


def kept_files(reads: Reading) -> frozenset[str]:
    """The digests of all files kept: a scan's digest stands in its event where a commitment would."""
    return frozenset(row.digest for row in reads.stream(select(cases.attachment.c.digest)))


def compare(reads: Reading, rebuilt: Rebuilt, case_id: str | None = None) -> Iterator[Finding]:
    """Every row that is missing, one too many, or differs; empties ``rebuilt.rows`` on its way."""
    yield from rebuilt.unreadable
    for table in PROJECTIONS:
        shape = shape_of(table)
        assert shape is not None
        if case_id is None or _belonging(table, case_id) is not None:
            yield from readable(table, _compare(reads, shape, rebuilt, case_id))


def readable(table: Table, found: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, and one more where a stored value cannot even be read (SQLite takes any)."""
    try:
        yield from found
    except (ValueError, TypeError, DBAPIError):
        sentence = f"表 {table.name} 中有无法读取的内容，可能被直接改动过。"
        yield Finding(*NOWHERE, "REPLAY_UNREADABLE", sentence)


def _belonging(table: Table, case_id: str) -> ColumnElement[bool] | None:
    """The condition that a row belongs to the case; None for a table that knows no cases."""
    if table is cases.case_file:
        return table.c.id == case_id
    if "case_id" in table.c:
        return table.c.case_id == case_id
    if table not in PARENTS:
        return None
    name, parent = PARENTS[table]
    return table.c[name].in_(select(parent.c.id).where(parent.c.case_id == case_id))


def _compare(reads: Reading, shape: Shape, rebuilt: Rebuilt, case_id: str | None) -> Iterator[Finding]:
    expected = rebuilt.rows[shape.table.name]
    query = select(*(shape.table.c[name] for name in shape.columns))
    belonging = _belonging(shape.table, case_id) if case_id is not None else None
    if case_id is not None and belonging is not None:
        query = query.where(belonging)
        expected = {
            key: row for key, row in expected.items() if _is_of(rebuilt, shape.table, key, row, case_id)
        }
    for stored in reads.stream(query):
        row = stored._asdict()
        key = shape.key_of(row)
        if not is_secret(shape.table, row):
            yield from _differences(shape, key, row, expected.pop(key, None), rebuilt)
    for key in expected:
        sentence = f"表 {shape.table.name} 中缺少记录 {_named(key)}：办理记录中有，数据库中没有。"
        yield Finding(*rebuilt.where(shape.table, key), "REPLAY_MISSING", sentence)


def _is_of(rebuilt: Rebuilt, table: Table, key: Key, row: Mapping[str, Any], case_id: str) -> bool:
    if table is cases.case_file:
        return key == (case_id,)
    if "case_id" in table.c:
        return bool(_value(table, key, row, "case_id") == case_id)
    name, parent = PARENTS[table]
    above = rebuilt.touched.get((parent.name, (_value(table, key, row, name),)), NOWHERE)
    known = rebuilt.rows[parent.name].get((_value(table, key, row, name),))
    return bool(known is not None and known.get("case_id", above[2]) == case_id)


def _value(table: Table, key: Key, row: Mapping[str, Any], name: str) -> Any:
    shape = shape_of(table)
    assert shape is not None
    return key[shape.keys.index(name)] if name in shape.keys else row.get(name)


def _differences(
    shape: Shape, key: Key, row: Mapping[str, Any], expected: dict[str, Any] | None, rebuilt: Rebuilt
) -> Iterator[Finding]:
    place = rebuilt.where(shape.table, key)
    if expected is None:
        sentence = f"表 {shape.table.name} 中多出记录 {_named(key)}：数据库中有，办理记录中没有。"
        yield Finding(place[0], place[1], place[2] or row.get("case_id"), "REPLAY_EXTRA", sentence)
        return
    for name, value in shape.narrow(row).items():
        if value != expected.get(name):
            sentence = (
                f"表 {shape.table.name} 的记录 {_named(key)} 栏目 {name} 与办理记录不一致，可能被直接改动过。"
            )
            yield Finding(*place, "REPLAY_COLUMN", sentence)


def _named(key: Key) -> str:
    return "、".join(str(part) for part in key)
