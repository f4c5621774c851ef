"""Leases on due jobs 定时作业: who may run a job, until when; real time, whatever a demo's clock says."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Interval, Update, bindparam, func, or_, select, update

from webapp.persistence.database import Instant
from webapp.persistence.models.runtime import job
from webapp.persistence.statements import clock
from webapp.persistence.unit_of_work import UnitOfWork


def claim_due_jobs(work: UnitOfWork, *, limit: int, owner: str, lease: timedelta) -> list[Mapping[str, Any]]:
    """Lease the jobs that are due at ``work.now``, earliest first; ``work.settle()`` makes the lease last.

    Two workers never get the same job (PostgreSQL passes over rows another one holds). A lease that has run
    out is taken over; its former owner is kept out by the owner in its condition.
    """
    work.fetch_all(_freeing(work.dialect))
    values = {"now": work.now, "owner": owner, "limit": limit, "span": span(work.dialect, lease)}
    claimed = work.fetch_all(_claiming(work.dialect), values)
    return sorted(claimed, key=lambda row: (row["due_at"], row["id"]))


def postpone(work: UnitOfWork, job_id: str, *, owner: str, wait: timedelta) -> bool:
    """Hand a leased job back for a later try → False when the lease was no longer the owner's."""
    values = {"job": job_id, "owner": owner, "span": span(work.dialect, wait)}
    return bool(work.fetch_all(_postponing(work.dialect), values))


def span(dialect: str, length: timedelta) -> Any:
    """A length of time as ``after_span`` takes it."""
    return length if dialect == "postgresql" else f"{length.total_seconds():+.3f} seconds"


def after_span(dialect: str) -> Any:
    """The instant that lies the parameter ``span`` after now on the database's clock."""
    if dialect == "postgresql":
        return clock(dialect) + bindparam("span", type_=Interval())
    return func.strftime("%Y-%m-%d %H:%M:%f000", "now", bindparam("span"), type_=Instant())


@lru_cache
def _freeing(dialect: str) -> Update:
    expired = update(job).where(job.c.status == "leased", job.c.lease_until <= clock(dialect))
    return expired.values(status="due", lease_owner=None, lease_until=None).returning(job.c.id)


@lru_cache
def _claiming(dialect: str) -> Update:
    # While a job waits for another try, lease_until says from when on.
    free = or_(job.c.lease_until.is_(None), job.c.lease_until <= clock(dialect))
    due = (
        select(job.c.id)
        .where(job.c.status == "due", job.c.due_at <= bindparam("now", type_=Instant()), free)
        .order_by(job.c.due_at, job.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    leased = {"status": "leased", "lease_owner": bindparam("owner"), "lease_until": after_span(dialect)}
    return update(job).where(job.c.id.in_(select(due.c.id))).values(leased).returning(*job.c)


@lru_cache
def _postponing(dialect: str) -> Update:
    mine = update(job).where(
        job.c.id == bindparam("job", type_=job.c.id.type),
        job.c.status == "leased",
        job.c.lease_owner == bindparam("owner"),
    )
    waiting = {
        "status": "due",
        "lease_owner": None,
        "lease_until": after_span(dialect),
        "attempts": job.c.attempts + 1,
    }
    return mine.values(waiting).returning(job.c.id)
