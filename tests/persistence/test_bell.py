"""A worker that sleeps is woken by what others file."""

from datetime import datetime
from threading import Timer
from uuid import uuid4

from sqlalchemy import Engine

from webapp.persistence.bell import Bell
from webapp.persistence.models.runtime import job
from webapp.persistence.unit_of_work import UnitOfWork


def test_a_job_filed_by_another_process_rings(postgresql_engine: Engine, now: datetime) -> None:
    bell = Bell(postgresql_engine)
    assert bell.wait(0) is False
    with UnitOfWork(postgresql_engine, now=now) as work:
        row = {
            "id": str(uuid4()),
            "kind": "timer",
            "status": "due",
            "due_at": now,
            "payload": {},
            "created_at": now,
        }
        work.insert(job, row)
        work.settle()

    assert bell.wait(5) is True
    assert bell.wait(0) is False
    bell.close()


def test_on_one_machine_the_bell_is_rung_by_hand(sqlite_engine: Engine) -> None:
    bell = Bell(sqlite_engine)
    Timer(0.01, bell.ring).start()

    assert bell.wait(5) is True
    assert bell.wait(0) is False


def test_without_a_database_the_worker_sleeps_and_listens_again_later(postgresql_engine: Engine) -> None:
    bell = Bell(postgresql_engine)
    bell.wait(0)
    assert bell._line is not None
    bell._line.close()

    assert bell.wait(0) is False
    assert bell.wait(0) is False
    assert bell._line is not None
    bell.close()
