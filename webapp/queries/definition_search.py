"""Versions of processes found by many conditions 流程版本检索, each with the deployment it came from."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, func, select

from webapp.domain.formats import is_id
from webapp.persistence.models import repository
from webapp.persistence.unit_of_work import Reads, Row
from webapp.persistence.versions import KEPT, STATE
from webapp.queries import conditions
from webapp.queries.conditions import Asked, Condition

DEFINITION, PROPOSAL = repository.definition, repository.proposal
NEWEST = (
    select(DEFINITION.c.key, func.max(DEFINITION.c.version).label("version"))
    .select_from(KEPT)
    .where(STATE != "removed")
    .group_by(DEFINITION.c.key)
    .subquery("newest")
)
# A version that was proposed keeps the number of its proposal, which its designer has been told.
DEPLOYMENT_ID: Any = func.coalesce(PROPOSAL.c.id, DEFINITION.c.id, type_=DEFINITION.c.id.type)
FILTERS: dict[str, Condition] = {
    "processDefinitionId": conditions.definition_id(DEFINITION.c.id),
    "processDefinitionIdIn": lambda ids: conditions.among_ids(DEFINITION.c.id)(
        [one.rpartition(":")[2] for one in ids]
    ),
    "key": conditions.equals(DEFINITION.c.key),
    "keysIn": conditions.among(DEFINITION.c.key),
    "keyLike": conditions.like(DEFINITION.c.key),
    "name": conditions.equals(DEFINITION.c.name),
    "nameLike": conditions.like(DEFINITION.c.name),
    "version": conditions.equals(DEFINITION.c.version),
    "latestVersion": conditions.only(DEFINITION.c.version == NEWEST.c.version),
    "deploymentId": conditions.same_id(DEPLOYMENT_ID),
    "deployedAfter": conditions.after(DEFINITION.c.deployed_at),
    "active": conditions.only(STATE == "active"),
    "suspended": conditions.only(STATE == "suspended"),
    "withoutTenantId": conditions.only(DEFINITION.c.id.is_not(None)),
    "id": conditions.same_id(DEPLOYMENT_ID),
    "source": conditions.equals(DEFINITION.c.origin),
    "before": conditions.before(DEFINITION.c.deployed_at),
    "after": conditions.after(DEFINITION.c.deployed_at),
}
ORDERS: dict[str, Any] = {
    "key": DEFINITION.c.key,
    "name": DEFINITION.c.name,
    "version": DEFINITION.c.version,
    "id": DEFINITION.c.id,
    "deployTime": DEFINITION.c.deployed_at,
    "deploymentTime": DEFINITION.c.deployed_at,
    "deploymentId": DEPLOYMENT_ID,
}


def _query(asked: Asked) -> Select[Any]:
    published = and_(PROPOSAL.c.key == DEFINITION.c.key, PROPOSAL.c.version == DEFINITION.c.version)
    source = KEPT.join(NEWEST, NEWEST.c.key == DEFINITION.c.key).outerjoin(PROPOSAL, published)
    columns = (NEWEST.c.version.label("newest"), DEPLOYMENT_ID.label("deployment_id"), STATE.label("state"))
    query = select(*DEFINITION.c, *columns)
    return query.select_from(source).where(STATE != "removed", *conditions.where(FILTERS, asked))


def found(reads: Reads, asked: Asked, sorting: Iterable[tuple[str, bool]]) -> list[Row]:
    """One stretch of the versions."""
    return reads.fetch_all(conditions.page(_query(asked), ORDERS, asked, sorting, DEFINITION.c.id))


def count(reads: Reads, asked: Asked) -> int:
    """How many there are."""
    return conditions.count(reads, _query(asked))


def by_id(reads: Reads, text: str) -> Row | None:
    """The version of ``key:version:id``, or of its id alone."""
    return reads.fetch(_query({"processDefinitionId": text}))


def by_key(reads: Reads, key: str) -> Row | None:
    """The newest version of a process."""
    return reads.fetch(_query({"key": key, "latestVersion": True}))


def deployment(reads: Reads, deployment_id: str) -> Row | None:
    """The version published by a deployment; None while it waits for a second designer, or when unknown."""
    return reads.fetch(_query({"id": deployment_id}))


def proposal(reads: Reads, proposal_id: str) -> Row | None:
    """A proposal, whatever became of it."""
    return reads.one(PROPOSAL, id=proposal_id) if is_id(proposal_id) else None


def proposals(reads: Reads, status: str | None, limit: int) -> list[Row]:
    """The newest proposals."""
    where: dict[str, Any] = {"status": status} if status else {}
    return reads.all(PROPOSAL, order=("-proposed_at", "-id"), limit=limit, **where)
