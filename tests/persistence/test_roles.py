"""The application's own database role can work, and cannot touch what is kept."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import Engine, exc, text

from webapp.domain.access import Actor
from webapp.domain.events import SignedIn
from webapp.persistence import roles
from webapp.persistence.database import open_engine
from webapp.persistence.models import administration, cases
from webapp.persistence.unit_of_work import UnitOfWork

WANG = Actor(user_id="u-wang", person_id=None, name="王星屿")


@pytest.fixture
def application(postgresql_engine: Engine) -> Iterator[Engine]:
    """The database as the application's role sees it."""
    role = f"app_{uuid4().hex[:8]}"
    with postgresql_engine.begin() as owner:
        owner.execute(text(f"CREATE ROLE {role} LOGIN"))
        roles.grant(owner, role)
    engine = open_engine(postgresql_engine.url.set(username=role))
    yield engine
    engine.dispose()
    with postgresql_engine.begin() as owner:
        owner.execute(text(f"DROP OWNED BY {role}"))
        owner.execute(text(f"DROP ROLE {role}"))


def test_the_application_s_role_can_work_and_erase(application: Engine, now: datetime) -> None:
    key = str(uuid4())
    sealed = {"id": key, "owner_kind": "t", "owner_id": "t1", "field": "f", "commitment": "c", "key_id": "k"}
    work = UnitOfWork(application, now=now)

    with work:
        work.insert(cases.sealed_value, {**sealed, "ciphertext": b"x", "wrapped_key": b"y"})
        work.put(administration.setting, {"key": "a", "value": 1})
        work.commit(SignedIn(actor=WANG, effective_at=now))
    with work:
        erased = {"ciphertext": None, "wrapped_key": None, "erased_at": now}
        assert work.update(cases.sealed_value, {"id": key}, erased).count == 1
        work.commit(SignedIn(actor=WANG, effective_at=now))

    with work:
        assert work.get(cases.sealed_value, id=key)["ciphertext"] is None


REFUSED = (
    "UPDATE history_event SET kind = 'x'",
    "DELETE FROM history_event",
    "TRUNCATE history_event",
    "ALTER TABLE history_event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TABLE history_event",
    "DELETE FROM stream",
    "UPDATE sealed_value SET commitment = 'x'",
    "UPDATE content SET bytes = 'x'",
)


def test_the_application_s_role_is_refused_before_any_trigger(application: Engine) -> None:
    for attempt in REFUSED:
        with (
            application.connect() as connection,
            pytest.raises(exc.ProgrammingError, match=r"permission|owner"),
        ):
            connection.execute(text(attempt))


def test_who_owns_the_history_is_told_from_who_does_not(
    application: Engine, postgresql_engine: Engine, sqlite_engine: Engine
) -> None:
    found = []
    for engine in (application, postgresql_engine, sqlite_engine):
        with engine.connect() as connection:
            found.append(roles.owns_history(connection))

    assert found == [False, True, True]
