"""The history only grows: the database refuses every other change, and an edit behind its back is found."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, exc, insert, select, text, update

from webapp.domain.access import Actor
from webapp.domain.events import CalendarChanged, SignedIn
from webapp.domain.history import digest
from webapp.persistence import ledger, triggers
from webapp.persistence.database import open_engine
from webapp.persistence.models import cases, history, repository
from webapp.persistence.unit_of_work import UnitOfWork

WANG = Actor(user_id="u-wang", person_id=None, name="王星屿")
EVENT, STREAM = history.history_event, history.stream
KEY = str(uuid4())


@pytest.fixture
def filled(work: UnitOfWork) -> UnitOfWork:
    """Two chains of three events each, a sealed value, a deployed definition with one file."""
    now = work.now
    for count in range(3):
        with work:
            if count == 0:
                _deploy(work)
                work.insert(cases.sealed_value, _sealed())
            signed_in = SignedIn(actor=WANG, effective_at=now, facts={"count": count})
            work.commit(signed_in, CalendarChanged(actor=WANG, effective_at=now, facts={"count": count}))
    return work


def _deploy(work: UnitOfWork) -> None:
    now = work.now
    work.insert(repository.content, {"digest": "c" * 64, "bytes": b"<bpmn/>"})
    work.insert(
        repository.bundle_file, {"bundle_digest": "b" * 64, "name": "a.bpmn", "content_digest": "c" * 64}
    )
    definition = {
        "id": KEY,
        "key": "p01",
        "version": 1,
        "name": "下",
        "digest": "b" * 64,
        "origin": "installation",
    }
    work.insert(repository.definition, {**definition, "deployed_at": now, "deployed_by": "installation"})


def _sealed() -> dict[str, object]:
    owner = {
        "id": KEY,
        "owner_kind": "work_item",
        "owner_id": "t1",
        "field": "reason",
        "commitment": "d" * 64,
    }
    return {**owner, "ciphertext": b"x", "wrapped_key": b"y", "key_id": "master-1"}


CHANGES = {
    "history_event": ["kind = 'x'", "body = NULL", "seq = seq + 10"],
    "definition": ["name = 'x'", "version = 2"],
    "bundle_file": ["content_digest = 'x'"],
    "content": ["bytes = NULL"],
    "stream": [
        "seq = seq + 2",
        "seq = 0",
        "name = 'x'",
        "seq = seq + 1, recorded_at = '2001-01-01 00:00:00'",
    ],
    "sealed_value": ["commitment = 'x'", "ciphertext = NULL", "field = 'x'", "wrapped_key = ciphertext"],
}


def test_the_database_refuses_to_change_or_remove_what_is_kept(filled: UnitOfWork) -> None:
    attempts = [f"UPDATE {table} SET {change}" for table, changes in CHANGES.items() for change in changes]
    attempts += [f"DELETE FROM {table}" for table in CHANGES]
    if filled.dialect == "postgresql":
        attempts += [f"TRUNCATE {table} CASCADE" for table in CHANGES]
    else:
        attempts += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in CHANGES]

    before = _contents(filled)
    passed = [attempt for attempt in attempts if not _refused(filled.engine, attempt)]

    assert passed == []
    assert _contents(filled) == before


def _refused(engine: Engine, statement: str) -> bool:
    """Tried by somebody with a plain connection: no guard, no setting of ours, the owner of the tables."""
    if engine.dialect.name == "sqlite":
        return _refused_plainly(str(engine.url.database), statement)
    with engine.connect() as connection:
        try:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(statement))
        except exc.DBAPIError as error:
            return getattr(error.orig, "sqlstate", "") == "23001"
        connection.commit()
        return False


def _refused_plainly(path: str, statement: str) -> bool:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(statement)
    except sqlite3.IntegrityError as error:
        return error.sqlite_errorname == "SQLITE_CONSTRAINT_TRIGGER"
    finally:
        connection.close()
    return False


def _contents(work: UnitOfWork) -> list[object]:
    with work:
        return [
            work.all(table, order=[column.name for column in table.primary_key]) for table in triggers.KEPT
        ]


def test_an_event_that_does_not_follow_its_head_is_refused(filled: UnitOfWork) -> None:
    copied = {column.name: column for column in EVENT.c}
    forged = [
        select(*[(EVENT.c.seq + 1 if name == "seq" else column) for name, column in copied.items()]),
        select(*[(EVENT.c.seq + 3 if name == "seq" else column) for name, column in copied.items()]),
        select(EVENT),
    ]

    for rows in forged:
        newest = rows.where(EVENT.c.stream == "policy", EVENT.c.seq == 3)
        with filled.engine.connect() as connection, pytest.raises(exc.IntegrityError):
            connection.execute(insert(EVENT).from_select(list(copied), newest))


def test_the_product_s_own_connection_cannot_touch_the_guards(sqlite_engine: Engine) -> None:
    attempts = [
        "DROP TRIGGER guard_history_event_update",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA writable_schema = ON",
        "ATTACH DATABASE ':memory:' AS other",
        "ALTER TABLE history_event RENAME TO old",
        "CREATE TRIGGER mine AFTER INSERT ON stream BEGIN SELECT 1; END",
        "DROP TABLE history_event",
    ]
    for attempt in attempts:
        with sqlite_engine.connect() as connection, pytest.raises(exc.DatabaseError, match="not authorized"):
            connection.execute(text(attempt))


def test_a_sealed_value_can_be_erased_once_and_its_commitment_stays(filled: UnitOfWork) -> None:
    erased = {"ciphertext": None, "wrapped_key": None, "erased_at": filled.now}

    with filled:
        assert filled.update(cases.sealed_value, {"id": KEY}, erased).count == 1
        filled.commit(CalendarChanged(actor=WANG, effective_at=filled.now, facts={}))

    assert _refused(filled.engine, "UPDATE sealed_value SET erased_at = '2001-01-01 00:00:00'")
    with filled:
        row = filled.get(cases.sealed_value, id=KEY)
        assert (row["ciphertext"], row["commitment"]) == (None, "d" * 64)
        assert ledger.verify(filled._connection) == []


@contextmanager
def _copy(work: UnitOfWork) -> Iterator[Connection]:
    """The rows of the history where no trigger stands: what somebody with the database file can do."""
    engine = open_engine(work.engine.url, guarded=False)
    schema = "main" if work.dialect == "sqlite" else "public"
    with engine.connect() as connection:
        for table in (STREAM, EVENT):
            connection.execute(text(f"CREATE TEMP TABLE {table.name} AS SELECT * FROM {schema}.{table.name}"))
        yield connection
    engine.dispose()


def _at(stream: str, seq: int) -> Any:
    return (EVENT.c.stream == stream) & (EVENT.c.seq == seq)


EDITS = {
    "a changed body": (
        update(EVENT).where(_at("policy", 2)).values(body=b'{"seq":2}'),
        ("policy", 2, "DIGEST"),
    ),
    "a changed column": (
        update(EVENT).where(_at("policy", 2)).values(actor_id="u-li"),
        ("policy", 2, "COLUMN"),
    ),
    "a changed time": (
        update(EVENT)
        .where(_at("policy", 3))
        .values(recorded_at=datetime.fromisoformat("2001-01-01T00:00:00Z")),
        ("policy", 3, "COLUMN"),
    ),
    "a removed event": (delete(EVENT).where(_at("policy", 2)), ("policy", 3, "SEQUENCE")),
    "a removed first event": (delete(EVENT).where(_at("policy", 1)), ("policy", 2, "SEQUENCE")),
    "a removed last event": (delete(EVENT).where(_at("policy", 3)), ("policy", 2, "HEAD")),
    "a removed chain": (delete(EVENT).where(EVENT.c.stream == "policy"), ("policy", 3, "MISSING")),
    "a removed head": (delete(STREAM).where(STREAM.c.name == "policy"), ("policy", 3, "HEAD")),
    "a head set back": (update(STREAM).where(STREAM.c.name == "policy").values(seq=2), ("policy", 3, "HEAD")),
}


def test_an_edited_history_is_found_where_it_was_edited(filled: UnitOfWork) -> None:
    with _copy(filled) as connection:
        assert ledger.verify(connection) == []
        for edit, (statement, expected) in EDITS.items():
            with connection.begin_nested() as attempt:
                assert connection.execute(statement).rowcount > 0, edit
                found = ledger.verify(connection)
                assert [(one.stream, one.seq, one.code) for one in found] == [expected], edit
                assert ledger.verify(connection, ["user:u-wang"]) == [], edit
                attempt.rollback()


def test_an_event_forged_with_its_digest_breaks_the_link_behind_it(filled: UnitOfWork) -> None:
    with _copy(filled) as connection:
        row = connection.execute(select(EVENT).where(_at("policy", 2))).one()
        body = row.body.replace(b'"count":1', b'"count":7')
        forged = {"body": body, "digest": digest(body)}
        connection.execute(update(EVENT).where(_at("policy", 2)).values(forged))

        (found,) = ledger.verify(connection)

    assert (found.stream, found.seq, found.code) == ("policy", 3, "LINK")
    assert "第3条" in found.sentence


def test_a_chain_is_walked_in_order_from_any_point(filled: UnitOfWork) -> None:
    with filled:
        assert [row.seq for row in ledger.walk(filled._connection, "policy")] == [1, 2, 3]
        assert [row.seq for row in ledger.walk(filled._connection, "policy", after=2)] == [3]
