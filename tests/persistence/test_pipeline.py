"""What is sent to PostgreSQL together: in how many goes, and that nothing half is kept when one part is refused."""

from typing import Any
from uuid import uuid4

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, text

from bench import timers
from bench import world as worlds
from tests.persistence.test_unit_of_work import person, signed_in
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import Conflict
from webapp.persistence import pipeline
from webapp.persistence.failures import DatabaseUnavailable, Unreadable
from webapp.persistence.models import administration, history, people, runtime
from webapp.persistence.unit_of_work import Reading, UnitOfWork
from webapp.services import instances, jobs

PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


@pytest.fixture
def work(postgresql_engine: Engine, now: Any) -> UnitOfWork:
    """Only PostgreSQL has a way to go."""
    return UnitOfWork(postgresql_engine, now=now)


@pytest.fixture
def goes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went out in each go."""
    seen: list[int] = []
    ask = pipeline.Pipeline.ask

    def asked(self: Any, statements: Any, **how: bool) -> Any:
        seen.append(len(statements))
        return ask(self, statements, **how)

    monkeypatch.setattr(pipeline.Pipeline, "ask", asked)
    return seen


def test_a_step_goes_to_the_database_three_times(
    postgresql_engine: Engine, keyring: Keyring, goes: list[int]
) -> None:
    world = worlds.build(postgresql_engine, keyring)
    _, task_id = world.begin(world.open_case("2026-调-0001"))
    goes.clear()

    world.complete(task_id)

    assert goes == [1, 6, 2]


def test_a_timer_goes_to_the_database_three_times(
    postgresql_engine: Engine, keyring: Keyring, goes: list[int]
) -> None:
    world = worlds.build(postgresql_engine, keyring)
    files = {f"{timers.KEY}.bpmn": timers.DIAGRAM.encode(), "forms/paper.json": worlds.form()}
    worlds.deploy(world, timers.KEY, files)
    instances.start(world.office.begin(), world.actors[0], key=timers.KEY, variables={})
    with world.office.begin() as work:
        (due,) = work.all(runtime.job, kind="timer")
        leased = {"status": "leased", "lease_owner": "worker"}
        work.update(runtime.job, {"id": due["id"]}, leased)
        work.settle()
    goes.clear()

    assert jobs._run_once(world.office.begin(at=due["due_at"]), due, "another") is False
    assert jobs._run_once(world.office.begin(at=due["due_at"]), due, "worker") is True
    assert jobs._run_once(world.office.begin(at=due["due_at"]), due, "worker") is False

    assert goes == [2, 2, 3, 2, 2]


def test_a_refused_part_leaves_nothing_of_the_whole(work: UnitOfWork) -> None:
    row = person("李云汀", work.now)

    def command() -> None:
        with work:
            work.insert(people.person, person("江小满", work.now))
            work.insert(people.person, [row, row])
            work.insert(administration.setting, {"key": "a", "value": 1})
            work.commit(signed_in(work))

    with pytest.raises(Conflict):
        command()

    with work:
        assert work.all(people.person) == []
        assert work.all(administration.setting) == []
        assert work.all(history.history_event) == []


def test_a_commit_after_a_refusal_nobody_heeded_is_a_fault_not_a_loss(work: UnitOfWork) -> None:
    row = person("李云汀", work.now)

    with work:
        work.insert(people.person, [row, row])
        with pytest.raises(Conflict):
            work.flush()
        with pytest.raises(Exception, match="InFailedSqlTransaction"):
            work._transaction.commit()


def test_what_must_be_one_row_is_checked_before_the_commit(engine: Engine, now: Any) -> None:
    work = UnitOfWork(engine, now=now)
    refusal = "该待办刚刚已由他人办结，请刷新后查看。"

    def act() -> None:
        with work:
            work.insert(people.person, person("李云汀", now))
            work.update(people.person, {"name": "无名"}, {"sex": "女"}).just_one(refusal)
            work.commit(signed_in(work))

    def keep_books() -> None:
        with work:
            work.update(runtime.job, {"id": str(uuid4())}, {"status": "done"}).just_one(refusal)
            work.settle()

    for command in (act, keep_books):
        with pytest.raises(Conflict, match="他人办结"):
            command()

    with work:
        assert work.all(people.person) == []
        work.insert(people.person, person("李云汀", now))
        work.update(people.person, {"name": "李云汀"}, {"sex": "女"}).just_one(refusal)
        work.commit(signed_in(work))
    with work:
        assert work.get(people.person)["sex"] == "女"


def test_a_look_sees_what_was_changed_before_it(work: UnitOfWork) -> None:
    with work:
        work.insert(people.person, person("李云汀", work.now))
        changed = work.update(people.person, {"name": "李云汀"}, {"sex": "男"})

        assert work.get(people.person, name="李云汀")["sex"] == "男"
        assert changed.count == 1
        assert work.delete(people.person, {"sex": "男"}).count == 1
        assert work.all(people.person) == []


def test_what_is_prepared_outlives_a_rollback_and_the_oldest_gives_way(
    work: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MOST_PREPARED", 3)

    for _ in range(3):
        with work:
            for table in (people.person, administration.setting, history.stream, runtime.job):
                assert work.all(table) == []
    with work:
        assert work._connection.execute(PREPARED).scalar() == 3


def test_what_was_prepared_for_a_table_that_has_changed_is_prepared_anew(
    work: UnitOfWork, postgresql_engine: Engine
) -> None:
    with work:
        assert work.all(administration.setting) == []
    with postgresql_engine.begin() as other:
        other.execute(text("ALTER TABLE setting ALTER COLUMN key TYPE text"))

    with work, pytest.raises(Exception, match="cached plan"):
        work.all(administration.setting)

    with work:
        assert work.all(administration.setting) == []


def test_a_statement_the_server_could_not_prepare_is_tried_anew(work: UnitOfWork) -> None:
    row = person("李云汀", work.now)
    with work:
        work.insert(people.person, [row, row])
        work.insert(administration.setting, {"key": "a", "value": 1})
        with pytest.raises(Conflict):
            work.flush()

    with work:
        work.insert(administration.setting, {"key": "a", "value": 1})
        work.settle()
    with work:
        assert work.get(administration.setting, key="a")["value"] == 1


def test_a_value_the_server_cannot_keep_is_refused_at_once(work: UnitOfWork) -> None:
    with work, pytest.raises(Unreadable):
        work.insert(people.person, person("李\x00云汀", work.now))


def test_a_lost_connection_keeps_nothing_and_the_next_command_gets_another(
    work: UnitOfWork, postgresql_engine: Engine
) -> None:
    def command() -> None:
        with work:
            mine = work._connection.execute(text("SELECT pg_backend_pid()")).scalar()
            with postgresql_engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            work.insert(people.person, person("李云汀", work.now))
            work.commit(signed_in(work))

    with pytest.raises(DatabaseUnavailable):
        command()

    with work:
        assert work.all(people.person) == []


def test_more_than_a_socket_holds_goes_out_in_one_go(work: UnitOfWork, goes: list[int]) -> None:
    rows = [person("甲" * 60, work.now) | {"sex": "女"} for _ in range(9000)]

    with work:
        work.insert(people.person, rows)
        assert len(work.all(people.person, limit=10_000)) == 9000

    assert goes == [9001]


def test_a_lone_look_begins_nothing_and_leaves_nothing_to_roll_back(engine: Engine, now: Any) -> None:
    with UnitOfWork(engine, now=now) as work:
        work.put(administration.setting, {"key": "a", "value": 1})
        work.settle()

    with Reading(engine, now=now, lone=True) as look:
        assert look.get(administration.setting, key="a")["value"] == 1
        driver: Any = look._transaction._driver
        if engine.dialect.name == "sqlite":
            assert not driver.in_transaction
        else:
            assert driver.info.transaction_status == TransactionStatus.IDLE


def test_a_lone_look_can_still_say_what_was_read(engine: Engine, now: Any) -> None:
    look = Reading(engine, now=now, lone=True)

    with look:
        assert look.all(administration.setting) == []
        look.disclose(signed_in(look))

    with UnitOfWork(engine, now=now) as work:
        assert len(work.all(history.history_event)) == 1
