"""Which records without a case name whom 检索索引: read out of their bytes behind the writers, chain by chain.

Records of a case are found by its column. The others (looks at files, exports, meetings, accounts) name people and
cases inside; they are indexed by the worker, and by whoever searches before the worker came to it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from webapp.persistence.database import WRITING
from webapp.persistence.models.history import history_event, mention, mention_head, stream
from webapp.persistence.reading import translated

ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
AT_ONCE = 2_000
CASES = ("case:", "case;")
EVENT = history_event.c


def catch_up(engine: Engine, most: int) -> bool:
    """Index at most so many records, in short transactions → True when nothing is left to read."""
    done = 0
    while done < most:
        with translated(), engine.connect().execution_options(**WRITING) as connection, connection.begin():
            read = _some(connection, min(AT_ONCE, most - done))
        if not read:
            return True
        done += read
    return False


def _some(connection: Connection, most: int) -> int:
    """Index the next records of the chains that lag; how many were read."""
    left = most
    for name, seen, newest in _lagging(connection):
        until = min(newest, seen + left)
        rows = [row for one in _named(connection, name, seen, until) for row in one]
        if rows:
            connection.execute(_insert(connection, mention).on_conflict_do_nothing(), rows)
        head = _insert(connection, mention_head)
        farther = mention_head.c.seq < head.excluded.seq
        moved = head.on_conflict_do_update(
            index_elements=["stream"], set_={"seq": head.excluded.seq}, where=farther
        )
        connection.execute(moved, {"stream": name, "seq": until})
        left -= until - seen
        if left <= 0:
            break
    return most - left


def _insert(connection: Connection, table: Any) -> Any:
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _lagging(connection: Connection) -> list[tuple[str, int, int]]:
    """(chain, read so far, newest) of the chains of no case that have unread records."""
    seen = func.coalesce(mention_head.c.seq, 0)
    apart = or_(stream.c.name < CASES[0], stream.c.name >= CASES[1])
    query = (
        select(stream.c.name, seen, stream.c.seq)
        .select_from(stream.outerjoin(mention_head, mention_head.c.stream == stream.c.name))
        .where(apart, stream.c.seq > seen)
        .order_by(stream.c.name)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in connection.execute(query)]


def _named(connection: Connection, name: str, seen: int, until: int) -> Iterator[list[Mapping[str, Any]]]:
    span = and_(EVENT.stream == name, EVENT.seq > seen, EVENT.seq <= until, EVENT.case_id.is_(None))
    query = select(EVENT.seq, EVENT.recorded_at, EVENT.actor_id, EVENT.body).where(span)
    for row in connection.execute(query):
        # Whoever writes to a SQLite file by hand may leave a text where bytes were.
        body = row.body if isinstance(row.body, bytes) else str(row.body).encode()
        ids = {one.decode() for one in ID.findall(body)} - {row.actor_id}
        yield [
            {"about": one, "recorded_at": row.recorded_at, "stream": name, "seq": row.seq}
            for one in sorted(ids)
        ]
