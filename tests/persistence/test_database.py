"""How the databases are opened, and what their errors become."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from tests.persistence.test_unit_of_work import inserted
from webapp.domain.errors import Conflict
from webapp.persistence.database import open_engine
from webapp.persistence.failures import DatabaseUnavailable, translate
from webapp.persistence.models import administration, runtime
from webapp.persistence.unit_of_work import Reading, UnitOfWork


def test_sqlite_is_durable_checks_references_and_lets_readers_read(sqlite_engine: Engine) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}

    with sqlite_engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected}

    assert found == expected


def test_a_locked_database_is_unavailable_and_says_so(sqlite_engine: Engine, now: datetime) -> None:
    other = open_engine(sqlite_engine.url, connect_args={"timeout": 0.05})

    with (
        UnitOfWork(sqlite_engine, now=now),
        pytest.raises(DatabaseUnavailable) as refusal,
        UnitOfWork(other, now=now),
    ):
        pass

    other.dispose()
    assert refusal.value.status == 503
    assert "没有保存" in refusal.value.sentence


def test_a_locked_row_is_unavailable_after_a_while(postgresql_engine: Engine, now: datetime) -> None:
    hurried = open_engine(postgresql_engine.url, connect_args={"options": "-c lock_timeout=50ms"})
    holder, other = UnitOfWork(postgresql_engine, now=now), UnitOfWork(hurried, now=now)

    with holder:
        holder.lock_stream("policy")
        with other, pytest.raises(DatabaseUnavailable):
            other.lock_stream("policy")
    hurried.dispose()


def test_a_server_that_does_not_answer_is_unavailable(postgresql_engine: Engine, now: datetime) -> None:
    nowhere = make_url(postgresql_engine.url).update_query_dict({"host": "/nowhere"})

    with pytest.raises(DatabaseUnavailable), Reading(open_engine(nowhere), now=now):
        pass


def test_a_connection_that_was_cut_is_unavailable_and_the_next_one_works(
    postgresql_engine: Engine, now: datetime
) -> None:
    page = Reading(postgresql_engine, now=now)
    with postgresql_engine.connect() as keeper, page:
        own = page.fetch(text("SELECT pg_backend_pid() AS pid"))
        keeper.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), own)
        with pytest.raises(DatabaseUnavailable):
            page.all(administration.setting)

    with page:
        assert page.all(administration.setting) == []


def test_a_reference_to_nothing_is_a_fault_of_the_program_not_a_refusal(work: UnitOfWork) -> None:
    row = {
        "id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        "kind": "timer",
        "status": "due",
        "due_at": work.now,
    }
    missing = {**row, "payload": {}, "created_at": work.now, "case_id": row["id"]}

    with pytest.raises(Exception, match=r"(?i)foreign key") as fault, work:
        inserted(work, runtime.job, missing)

    assert translate(fault.value) is None


def test_a_disk_that_is_full_is_unavailable_and_nothing_is_half_written(
    migrated_file: Path, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "full.db"
    path.write_bytes(migrated_file.read_bytes())
    plain = sqlite3.connect(path)
    pages = plain.execute("PRAGMA page_count").fetchone()[0]
    plain.close()
    engine = open_engine(f"sqlite:///{path}", guarded=False)
    work = UnitOfWork(engine, now=now)

    with work:
        work.fetch_all(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(DatabaseUnavailable):
            work.insert(administration.setting, {"key": "a", "value": "x" * 100_000})

    with work:
        assert work.all(administration.setting) == []
    engine.dispose()


def test_a_serialisation_failure_is_a_conflict(work: UnitOfWork) -> None:
    with work:
        work.insert(administration.setting, {"key": "a", "value": 1})
        with pytest.raises(Conflict):
            inserted(work, administration.setting, {"key": "a", "value": 2})
