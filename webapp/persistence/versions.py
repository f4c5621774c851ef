"""Versions of process definitions 流程版本 as verbs look them up: the newest, and whether it may begin anything."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from webapp.persistence.models import repository
from webapp.persistence.unit_of_work import UnitOfWork

DEFINITION, STANDING = repository.definition, repository.standing
# A version without a row of its own may begin.
STATE: ColumnElement[str] = func.coalesce(STANDING.c.state, "active", type_=STANDING.c.state.type)
KEPT = DEFINITION.outerjoin(STANDING, STANDING.c.definition_id == DEFINITION.c.id)


def latest_definition(work: UnitOfWork, key: str) -> Mapping[str, Any] | None:
    """The newest version of a process definition that was not taken away, with its ``state`` 启停."""
    of_key = _standing().where(DEFINITION.c.key == bindparam("key"))
    return work.fetch(of_key.order_by(DEFINITION.c.version.desc()).limit(1), {"key": key})


def latest_definitions(work: UnitOfWork, *, resting: bool = True) -> list[Mapping[str, Any]]:
    """The newest version of every process definition; ``resting=False``: only of those that may begin 可以启动."""
    last = func.max(DEFINITION.c.version).label("version")
    newest = (
        select(DEFINITION.c.key, last)
        .select_from(KEPT)
        .where(STATE != "removed")
        .group_by(DEFINITION.c.key)
        .subquery()
    )
    query = _standing().join(
        newest, and_(newest.c.key == DEFINITION.c.key, newest.c.version == DEFINITION.c.version)
    )
    rows = work.fetch_all(query.order_by(DEFINITION.c.key), {})
    return [row for row in rows if resting or row["state"] == "active"]


def versions_of(work: UnitOfWork, key: str) -> list[Mapping[str, Any]]:
    """Every version of a process that was not taken away, newest first, each with its ``state`` 启停."""
    of_key = _standing().where(DEFINITION.c.key == bindparam("key"))
    return work.fetch_all(of_key.order_by(DEFINITION.c.version.desc()), {"key": key})


def last_version(work: UnitOfWork, key: str) -> int:
    """The highest number a version of the process ever had, 0 for a process that is new: none is given twice."""
    found = select(func.max(DEFINITION.c.version).label("version")).where(
        DEFINITION.c.key == bindparam("key")
    )
    row = work.fetch(found, {"key": key})
    return int(row["version"] or 0) if row else 0


def _standing() -> Select[Any]:
    return select(*DEFINITION.c, STATE.label("state")).select_from(KEPT).where(STATE != "removed")
