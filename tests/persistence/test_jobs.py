"""Leases on jobs: one job, one worker, for a time."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from webapp.persistence import jobs
from webapp.persistence.models.runtime import job
from webapp.persistence.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=2)


def a_job(due_at: datetime) -> dict[str, Any]:
    row = {"id": str(uuid4()), "kind": "timer", "status": "due", "due_at": due_at, "payload": {}}
    return {**row, "created_at": due_at}


def claim(work: UnitOfWork, owner: str, limit: int = 10, lease: timedelta = LEASE) -> list[str]:
    with work:
        found = jobs.claim_due_jobs(work, limit=limit, owner=owner, lease=lease)
        work.settle()
    return [row["id"] for row in found]


@pytest.fixture
def due(work: UnitOfWork) -> list[str]:
    """Five jobs that are due, the earliest first, and one that is not."""
    rows = [a_job(work.now - timedelta(hours=hours)) for hours in (5, 4, 3, 2, 0)]
    with work:
        work.insert(job, [*reversed(rows), a_job(work.now + timedelta(seconds=1))])
        work.settle()
    return [row["id"] for row in rows]


def test_due_jobs_are_leased_earliest_first_and_to_nobody_else(work: UnitOfWork, due: list[str]) -> None:
    first, second = claim(work, "a", limit=3), claim(work, "b")

    assert first == due[:3]
    assert second == due[3:]
    with work:
        row = work.get(job, id=due[0])
        assert (row["status"], row["lease_owner"]) == ("leased", "a")
        theirs = {"id": due[0], "status": "leased", "lease_owner": "b"}
        assert work.update(job, theirs, {"status": "done"}).count == 0


def test_a_lease_that_has_run_out_is_taken_over_and_its_owner_is_kept_out(
    work: UnitOfWork, due: list[str]
) -> None:
    claim(work, "a", lease=timedelta(seconds=-1))

    assert claim(work, "b") == due
    with work:
        assert jobs.postpone(work, due[0], owner="a", wait=LEASE) is False


def test_a_job_that_was_handed_back_waits_for_its_time(work: UnitOfWork, due: list[str]) -> None:
    claim(work, "a")
    with work:
        assert jobs.postpone(work, due[0], owner="a", wait=timedelta(seconds=-1)) is True
        assert jobs.postpone(work, due[1], owner="a", wait=timedelta(minutes=1)) is True
        work.settle()

    assert claim(work, "b") == [due[0]]
    with work:
        assert [work.get(job, id=one)["attempts"] for one in due[:3]] == [1, 1, 0]


def test_workers_at_once_never_get_the_same_job(engine: Engine, work: UnitOfWork) -> None:
    with work:
        work.insert(job, [a_job(work.now) for _ in range(60)])
        work.settle()
    claimed: list[str] = []

    def worker(owner: str) -> None:
        own = UnitOfWork(engine, now=work.now)
        while found := claim(own, owner, limit=7):
            claimed.extend(found)

    threads = [Thread(target=worker, args=(owner,)) for owner in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == len(set(claimed)) == 60


def test_a_worker_does_not_wait_for_a_job_another_one_holds(postgresql_engine: Engine, now: datetime) -> None:
    holder, other = UnitOfWork(postgresql_engine, now=now), UnitOfWork(postgresql_engine, now=now)
    first, second = a_job(now - LEASE), a_job(now)
    with holder:
        holder.insert(job, [first, second])
        holder.settle()

    with holder:
        holder.get(job, id=first["id"], lock=True)

        assert claim(other, "b") == [second["id"]]
