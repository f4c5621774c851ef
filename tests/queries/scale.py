"""A history of any length behind a site: one cadre's few records among everybody's many, spread over five years."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from tests.site import CADRE, Site, user_id
from webapp.persistence import mentions, schema, triggers
from webapp.persistence.models import cases, history

SPAN = timedelta(days=5 * 365)
END = datetime(2026, 1, 5, tzinfo=UTC)
USERS, CASES = 40, 400
OTHER = "顾半夏"
OWN = 400
AT_ONCE = 20_000
KINDS = ("task_claimed", "task_completed", "job_run", "comment_added")


def fill(site: Site, events: int) -> str:
    """So many records, ``OWN`` of them about one case and cadre → the case. The chains of it are no real ones."""
    case_id = site.open_case(CADRE)
    (row,) = site.rows(cases.case_file, id=case_id)
    with site.office.engine.begin() as connection:
        # Other cases, which an auditor sees too.
        others = [
            {"id": _case(n), "number": f"2020-调-{n:04d}", "person_id": site.person(OTHER)}
            for n in range(CASES)
        ]
        connection.execute(history.stream.insert(), [_head(f"case:{one['id']}", 0) for one in others])
        connection.execute(
            cases.case_file.insert(), [{**row, **one, "stream": f"case:{one['id']}"} for one in others]
        )
    _write(site, events, 0, (case_id, row["person_id"]))
    return case_id


def more(site: Site, events: int) -> None:
    """So many records besides, about others."""
    _write(site, events, events, None)


def _write(site: Site, events: int, first: int, own: tuple[str, str] | None) -> None:
    owner = schema.migration_engine(site.office.engine.url)
    with owner.begin() as connection:
        _drop_guards(connection)
        connection.execute(history.stream.insert(), list(_streams(events, first)))
        rows = _events(events, first, own)
        while batch := list(islice(rows, AT_ONCE)):
            connection.execute(history.history_event.insert(), batch)
        triggers.install(connection)
    owner.dispose()
    if site.office.engine.dialect.name == "postgresql":
        # As its own housekeeping does by the hour.
        with site.office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    while not mentions.catch_up(site.office.engine, 200_000):
        pass


def _drop_guards(connection: Connection) -> None:
    for one in triggers.expected(connection.dialect.name):
        connection.execute(text(triggers._dropping(connection.dialect.name, one)))


def _streams(events: int, first: int) -> Iterator[dict[str, Any]]:
    for number in range(USERS):
        yield _head(f"user:{_id('user', first + number)}", events)
    for number in range(CASES):
        yield _head(f"case:{_case(number)}/{first}", events)


def _head(name: str, seq: int) -> dict[str, Any]:
    return {"name": name, "seq": seq, "digest": "0" * 64, "recorded_at": END}


def _case(number: int) -> str:
    """An id of one of the other cases."""
    return _id("case", number)


def _id(kind: str, number: int) -> str:
    return str(UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest()))


def _events(events: int, first: int, own: tuple[str, str] | None) -> Iterator[dict[str, Any]]:
    step, every = SPAN / events, max(1, events // OWN)
    seqs: dict[str, int] = {}
    for number in range(events):
        at, is_own = END - SPAN + step * number, own is not None and number % every == 0
        is_look = (number // every if is_own else number) % 5 < 3
        case = own[0] if own and is_own else _case(number % CASES)
        person = own[1] if own and is_own else _id("person", first + number)
        user = _id("user", first + number % USERS)
        name = f"user:{user}" if is_look else f"case:{_case(number % CASES)}/{first}"
        seq = seqs[name] = seqs.get(name, 0) + 1
        kind = "read" if is_look else KINDS[number % len(KINDS)]
        facts = {
            "what": "case",
            "case_id": case if is_own else _id("looked at", first + number // 30),
            "person_id": person,
        }
        yield {
            "stream": name, "seq": seq, "kind": kind, "schema_version": 1, "case_id": None if is_look else case,
            "actor_id": user_id("ganbu1") if is_own else user, "recorded_at": at, "effective_at": at,
            "previous": "0" * 64, "digest": f"{number:064x}",
            "body": json.dumps({"kind": kind, "facts": facts, "pad": "x" * 300}).encode(),
        }  # fmt: skip
