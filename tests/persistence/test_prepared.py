"""What is sent straight to the driver says the same as SQLAlchemy's own way, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, bindparam, event, literal, select

from tests.persistence.test_unit_of_work import WANG, inserted, person
from webapp.domain.errors import Conflict
from webapp.domain.events import SignedIn
from webapp.persistence import finders, statements
from webapp.persistence.direct import Query
from webapp.persistence.models import people, runtime
from webapp.persistence.transaction import Transaction
from webapp.persistence.unit_of_work import UnitOfWork


def test_a_prepared_look_up_gives_what_sqlalchemy_gives(work: UnitOfWork) -> None:
    moment = datetime(2026, 3, 1, 8, 30, 0, 120, tzinfo=timezone(timedelta(hours=8)))
    query = select(people.person, literal("常数").label("constant")).where(
        people.person.c.created_at == bindparam("at", type_=people.person.c.created_at.type)
    )
    with work:
        work.insert(people.person, person("李云汀", moment))

        assert work.look(query, {"at": moment}) == work.fetch(query, {"at": moment})
        assert work.look(query, {"at": moment})["created_at"] == moment.astimezone(UTC)
        assert work.look(query, {"at": moment + timedelta(microseconds=1)}) is None


def test_the_joined_look_ups_are_the_same_both_ways(work: UnitOfWork) -> None:
    for query in (finders._task_query(work.dialect, False), finders._user_query()):
        prepared = Query(query, work.engine.dialect)
        values: dict[str, Any] = dict.fromkeys(("subject", "actor"), str(uuid4())) | {
            "key": "k",
            "session_key": "s",
        }
        with work:
            prepared.rows(work._transaction, values)
            assert prepared.names == tuple(work._connection.execute(query, values).keys())


def test_a_query_with_a_list_is_not_prepared(work: UnitOfWork) -> None:
    query = statements.reading(runtime.job, (("id", statements.IN),), (), False, False)

    with pytest.raises(TypeError):
        Query(query, work.engine.dialect)


def test_an_instant_without_a_zone_is_refused(work: UnitOfWork) -> None:
    with work, pytest.raises(Exception, match="time zone"):
        work.insert(people.person, person("李云汀", datetime(2026, 3, 1)))


def test_a_driver_error_is_the_one_sqlalchemy_would_raise(work: UnitOfWork) -> None:
    row = person("李云汀", work.now)

    with work:
        work.insert(people.person, row)
        with pytest.raises(Conflict):
            inserted(work, people.person, row)


def test_both_ways_see_one_transaction_and_end_together(work: UnitOfWork, engine: Engine) -> None:
    row = person("李云汀", work.now)
    query = select(people.person.c.name).where(
        people.person.c.id == bindparam("id", type_=people.person.c.id.type)
    )

    with work:
        work.insert(people.person, row)
        assert work._connection.execute(query, {"id": row["id"]}).scalar() == "李云汀"
    with work:
        assert work.look(query, {"id": row["id"]}) is None
        work.insert(people.person, row)
        work.fetch(query, {"id": row["id"]})
        work.commit(SignedIn(actor=WANG, effective_at=work.now, facts={}))
    with work:
        assert work.look(query, {"id": row["id"]}) == {"name": "李云汀"}
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_whoever_listens_to_commits_hears_of_them(engine: Engine) -> None:
    heard: list[Any] = []
    listener = heard.append
    event.listen(engine, "commit", listener)

    transaction = Transaction(engine, writing=True)
    transaction.commit()
    transaction.close()

    event.remove(engine, "commit", listener)
    assert len(heard) == 1
