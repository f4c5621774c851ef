"""One command, one transaction: what is kept, what is refused, how many statements it costs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, NotFound, Refused
from webapp.domain.events import PersonImported, Read, SignedIn
from webapp.persistence import ledger
from webapp.persistence.models import administration, history, people
from webapp.persistence.unit_of_work import Reading, UnitOfWork

WANG = Actor(user_id="u-wang", person_id=None, name="王星屿")
DIGEST = "a" * 64


@pytest.fixture
def quick(sqlite_engine: Engine, now: datetime) -> UnitOfWork:
    """For what has nothing to do with the kind of database."""
    return UnitOfWork(sqlite_engine, now=now)


def signed_in(work: UnitOfWork | Reading, **facts: object) -> SignedIn:
    return SignedIn(actor=WANG, effective_at=work.now, facts=facts)


def person(name: str, now: datetime) -> dict[str, Any]:
    return {"id": str(uuid4()), "name": name, "created_at": now}


def inserted(work: UnitOfWork, table: Any, rows: Any) -> None:
    """At once: PostgreSQL would be told of it only with the next look or the commit."""
    work.insert(table, rows)
    work.flush()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", see)
    yield seen
    event.remove(engine, "before_cursor_execute", see)


def test_what_was_committed_with_an_event_is_there_and_the_event_too(work: UnitOfWork) -> None:
    row = person("李云汀", work.now)

    with work:
        work.insert(people.person, row)
        work.commit(signed_in(work, ip="local"))

    with work:
        assert work.get(people.person, id=row["id"])["name"] == "李云汀"
        (stored,) = work.all(history.history_event)
        assert (stored["stream"], stored["seq"], stored["kind"]) == ("user:u-wang", 1, "signed_in")
        assert stored["effective_at"] == work.now
        assert ledger.verify(work._connection) == []


def test_without_a_commit_nothing_is_kept(quick: UnitOfWork) -> None:
    with quick:
        quick.insert(people.person, person("李云汀", quick.now))

    with quick:
        assert quick.all(people.person) == []


def test_after_an_error_nothing_is_kept_and_the_error_passes(quick: UnitOfWork) -> None:
    def command() -> None:
        with quick:
            quick.insert(people.person, person("李云汀", quick.now))
            raise LookupError

    with pytest.raises(LookupError):
        command()

    with quick:
        assert quick.all(people.person) == []


def test_a_commit_without_an_event_is_a_type_error(quick: UnitOfWork) -> None:
    nothing: Any = None
    with quick:
        quick.insert(people.person, person("李云汀", quick.now))
        with pytest.raises(TypeError):
            quick.commit()  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            quick.commit(nothing)

    with quick:
        assert quick.all(people.person) == []


def test_only_bookkeeping_can_be_kept_without_an_event(quick: UnitOfWork) -> None:
    with quick:
        quick.put(administration.login_failure, {"subject": "x", "failures": 1, "last_at": quick.now})
        quick.settle()
    with quick:
        quick.insert(people.person, person("李云汀", quick.now))
        with pytest.raises(TypeError, match="person"):
            quick.settle()

    with quick:
        assert quick.get(administration.login_failure, subject="x")["failures"] == 1
        assert quick.all(people.person) == []


def test_a_commit_costs_one_statement_and_a_lock_one_more(work: UnitOfWork) -> None:
    with work:
        work.commit(signed_in(work))

    with counted(work.engine) as statements, work:
        work.lock_stream("user:u-wang")
        locked = len(statements)
        work.commit(signed_in(work))

    assert (locked, len(statements)) == (1, 2)


def test_many_rows_are_one_statement_and_take_their_defaults(work: UnitOfWork) -> None:
    rows = [person(f"甲{index}", work.now) for index in range(300)]
    rows[7]["sex"] = "女"

    with counted(work.engine) as statements, work:
        work.insert(people.person, rows)
        inserted = len(statements)
        work.commit(signed_in(work))

    assert inserted == 1
    with work:
        assert len(work.all(people.person)) == 300
        assert work.get(people.person, name="甲7")["sex"] == "女"
        assert work.get(people.person, name="甲8")["sex"] is None


def test_a_column_nobody_knows_is_a_type_error(quick: UnitOfWork) -> None:
    with quick, pytest.raises(TypeError, match="colour"):
        quick.insert(people.person, {**person("李云汀", quick.now), "colour": "red"})


def test_look_ups_and_changes_take_values_lists_and_empty_ones(work: UnitOfWork) -> None:
    with work:
        work.insert(people.person, [person("甲", work.now) | {"sex": "女"}, person("乙", work.now)])
        work.insert(people.person, person("丙", work.now))

        names = [row["name"] for row in work.all(people.person, name=("甲", "乙"), order=["-name"])]
        assert names == ["甲", "乙"]
        assert {row["name"] for row in work.all(people.person, sex=None)} == {"乙", "丙"}
        assert work.all(people.person, name=[]) == []
        assert len(work.all(people.person, limit=2)) == 2
        assert work.one(people.person, name="丁") is None
        with pytest.raises(NotFound):
            work.get(people.person, name="丁")

        assert work.update(people.person, {"name": ["甲", "乙"], "sex": None}, {"sex": "男"}).count == 1
        assert work.update(people.person, {"name": "甲", "sex": None}, {"sex": "女"}).count == 0
        assert work.delete(people.person, {"sex": ["男", "女"]}).count == 2
        assert [row["name"] for row in work.all(people.person)] == ["丙"]


def test_rows_are_frozen_and_values_come_back_as_they_were(work: UnitOfWork) -> None:
    day, key = work.now.date(), str(uuid4())
    value = {"months": 6, "names": ["甲"], "none": None}

    with work:
        work.insert(
            administration.policy_value, {"key": "a", "valid_from": day, "value": value, "set_by": key}
        )
        work.insert(administration.policy_value, {"key": "b", "valid_from": day, "value": 6})
        work.insert(people.person, person("甲", work.now))
        row = work.get(administration.policy_value, key="a", lock=True)

        assert (row["value"], row["set_by"], row["valid_from"]) == (value, key, day)
        assert work.get(administration.policy_value, key="b")["value"] == 6
        assert work.get(people.person)["created_at"] == work.now
        assert isinstance(row, MappingProxyType)


def test_put_inserts_and_then_changes(work: UnitOfWork) -> None:
    with work:
        work.put(administration.setting, {"key": "a", "value": "one"})
        work.put(administration.setting, {"key": "a", "value": "two"})

        assert [dict(row) for row in work.all(administration.setting)] == [{"key": "a", "value": "two"}]


def test_the_same_request_gets_the_same_reply_and_another_one_is_refused(work: UnitOfWork) -> None:
    with work:
        assert work.remember(WANG.user_id, "k1", DIGEST) is None
        work.commit(signed_in(work), reply={"task": "t1"})

    with work:
        assert work.remember(WANG.user_id, "k1", DIGEST) == {"task": "t1"}
        with pytest.raises(Refused, match="提交编号") as refusal:
            work.remember(WANG.user_id, "k1", "b" * 64)
        assert work.remember("u-other", "k1", DIGEST) is None

    assert refusal.value.status == 422


def test_two_equal_requests_at_once_leave_one_event(engine: Engine, now: datetime) -> None:
    replies: list[Mapping[str, Any] | None] = []

    def request() -> None:
        work = UnitOfWork(engine, now=now)
        with work:
            work.lock_stream("user:u-wang")
            reply = work.remember(WANG.user_id, "k1", DIGEST)
            if reply is None:
                reply = {"by": 1}
                work.commit(signed_in(work), reply=reply)
        replies.append(reply)

    _at_once(request, 6)

    with UnitOfWork(engine, now=now) as work:
        assert replies == [{"by": 1}] * 6
        assert len(work.all(history.history_event)) == 1


def test_commands_at_once_on_one_chain_are_chained_one_after_the_other(engine: Engine, now: datetime) -> None:
    def command() -> None:
        for _ in range(5):
            work = UnitOfWork(engine, now=now)
            with work:
                row = person("甲", now)
                registered = PersonImported(
                    actor=WANG, effective_at=now, stream="person:p1", facts={"id": row["id"]}
                )
                work.insert(people.person, row)
                work.commit(signed_in(work), registered)

    _at_once(command, 4)

    with UnitOfWork(engine, now=now) as work:
        assert len(work.all(people.person)) == 20
        assert {row["seq"] for row in work.all(history.stream)} == {20}
        assert ledger.verify(work._connection) == []
        times = [
            row["recorded_at"] for row in work.all(history.history_event, stream="person:p1", order=["seq"])
        ]
        assert times == sorted(times)


def _at_once(act: Any, count: int) -> None:
    threads = [Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_event_on_a_head_that_has_moved_is_a_conflict(work: UnitOfWork) -> None:
    with work:
        work.commit(signed_in(work))

    with work:
        work.adopt_head("user:u-wang", 0, "0" * 64, work.now + timedelta(days=4000))
        with pytest.raises(Conflict):
            work.commit(signed_in(work))

    with work:
        assert len(work.all(history.history_event)) == 1


def test_a_row_that_is_there_already_is_a_conflict(work: UnitOfWork) -> None:
    row = {"subject": "x", "failures": 1, "last_at": work.now}
    with work, pytest.raises(Conflict):
        inserted(work, administration.login_failure, [row, row])


def test_recorded_time_never_runs_backwards_within_a_chain(work: UnitOfWork) -> None:
    later = work.now + timedelta(days=40_000)
    with work:
        work.lock_stream("user:u-wang")
        work.adopt_head("user:u-wang", 0, "0" * 64, later)
        work.commit(signed_in(work))

    with work:
        work.commit(signed_in(work))

    with work:
        assert [row["recorded_at"] for row in work.all(history.history_event)] == [later, later]


def test_calls_after_the_commit_come_after_it_and_cannot_undo_it(quick: UnitOfWork) -> None:
    seen: list[int] = []

    def look() -> None:
        with UnitOfWork(quick.engine, now=quick.now) as other:
            seen.append(len(other.all(history.history_event)))
        raise LookupError

    with quick:
        quick.after_commit(look)
        assert seen == []
        quick.commit(signed_in(quick))
    with quick:
        quick.after_commit(look)

    assert seen == [1]


def test_nothing_can_be_read_outside_the_transaction(quick: UnitOfWork) -> None:
    with pytest.raises(RuntimeError):
        quick.all(people.person)
    with quick, pytest.raises(RuntimeError), quick:
        pass


def test_a_page_reads_while_a_command_writes_and_its_reading_is_in_the_history(
    engine: Engine, now: datetime
) -> None:
    with UnitOfWork(engine, now=now) as work:
        work.insert(people.person, person("甲", now))
        work.commit(signed_in(work))
    work = UnitOfWork(engine, now=now)
    page = Reading(engine, now=now)

    with work:
        work.insert(people.person, person("乙", now))
        with page:
            assert [row["name"] for row in page.all(people.person)] == ["甲"]
        work.commit(signed_in(work))
    with counted(engine) as statements, page:
        page.all(people.person)
        page.disclose(Read(actor=WANG, effective_at=now, facts={"list": "people", "count": 2}))

    assert len(statements) == 3
    with page:
        (seen,) = page.all(history.history_event, kind="read")
        assert (seen["stream"], seen["seq"]) == ("user:u-wang", 3)
