"""A search of the history 办理记录 as pages: keys are found and put in order first, bodies read for one page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select, and_, column, select, union, values

from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import records
from webapp.queries.parts import MOST_COUNTED, PAGE_SIZE

EVENT = records.EVENT
KEY = (EVENT.c.recorded_at, EVENT.c.stream, EVENT.c.seq)
# More records than that are pages nobody turns; counting them would read them all.
WORTH_COUNTING = 1_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search comes to.

    ``conditions`` every record found meets. ``among``: the keys of the few records it can be, each from an
    index of its own; a search without them walks back in time.
    """

    conditions: tuple[ColumnElement[bool], ...]
    among: tuple[CompoundSelect[Any], ...] = ()

    def where(self, *conditions: ColumnElement[bool]) -> Self:
        """The same, narrowed further."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def within(self, *found: Select[Any]) -> Self:
        """The same among the records whose keys are found one of these ways."""
        return replace(self, among=(*self.among, union(*found)))

    def keys(self) -> Select[Any]:
        """SELECT the keys of what is found, newest first."""
        found = [one.subquery() for one in self.among]
        return self._newest_first(select(*_key(found)), found)

    def rows(self) -> Select[Any]:
        """SELECT what is found, newest first."""
        return self._newest_first(select(EVENT), [one.subquery() for one in self.among])

    def _newest_first(self, query: Select[Any], found: Sequence[FromClause]) -> Select[Any]:
        at, stream, seq = _key(found)
        query = query.select_from(_joined(found)).where(*self.conditions)
        return query.order_by(at.desc(), stream, seq.desc())


def _key(found: Sequence[FromClause]) -> tuple[ColumnElement[Any], ...]:
    """Moment, chain and number: as they were found, so that no index tempts a database to walk back in time."""
    return tuple(found[0].c[one.name] for one in KEY) if found else KEY


def _joined(found: Sequence[FromClause]) -> FromClause:
    """The records behind the keys: one looked up for each of them."""
    joined: FromClause = EVENT
    for place, keys in enumerate(found):
        same = and_(EVENT.c.stream == keys.c.stream, EVENT.c.seq == keys.c.seq)
        joined = joined.join(keys, same) if place else keys.join(EVENT, same)
    return joined


def page(reads: Reads, sought: Sought, number: int) -> list[Row]:
    """The records of a page, and one more where there is a next one; newest first."""
    first = PAGE_SIZE * (number - 1)
    if sought.among:
        return _of_keys(reads, reads.fetch_all(sought.keys().limit(PAGE_SIZE + 1).offset(first)))
    return reads.fetch_all(sought.rows().limit(PAGE_SIZE + 1).offset(first))


def counted(reads: Reads, sought: Sought, number: int) -> tuple[list[Row], int]:
    """As ``page``, and how many there are, said as more than is counted beyond what is worth counting."""
    keys = reads.fetch_all(sought.keys().limit(WORTH_COUNTING + 1))
    first, total = PAGE_SIZE * (number - 1), len(keys)
    if total <= WORTH_COUNTING or first + PAGE_SIZE < total:
        found = _of_keys(reads, keys[first : first + PAGE_SIZE + 1])
    else:
        found = page(reads, sought, number)
    return found, total if total <= WORTH_COUNTING else MOST_COUNTED + 1


def _of_keys(reads: Reads, keys: Sequence[Row]) -> list[Row]:
    """The records of these keys, in their order."""
    if not keys:
        return []
    names = [(one["stream"], one["seq"]) for one in keys]
    stream, seq = EVENT.c.stream, EVENT.c.seq
    # Joined, not asked for with IN: SQLite would read all records to compare pairs.
    wanted = values(column("stream", stream.type), column("seq", seq.type)).data(names).cte("wanted")
    same = and_(stream == wanted.c.stream, seq == wanted.c.seq)
    rows = reads.fetch_all(select(EVENT).select_from(wanted.join(EVENT, same)))
    found = {(row["stream"], row["seq"]): row for row in rows}
    return [found[one] for one in names]
