"""Accounts 账号 with their roles, and roles that wait for a second person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from webapp.domain.errors import NotFound
from webapp.domain.roles import ROLES
from webapp.persistence.models import identity, people
from webapp.persistence.unit_of_work import Reads
from webapp.queries import cadres
from webapp.queries.cadres import valid_on
from webapp.queries.parts import FormView, Problem

ROLES_ZH: dict[str, str] = {str(one.code): str(one.zh) for one in ROLES}
USERS = identity.User.__table__
MOST = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One role held 授权."""

    id: str
    role_zh: str
    place: str
    place_code: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """One account 账号."""

    id: str
    username: str
    name: str
    active: bool
    grants: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role that waits for a second security administrator."""

    id: str
    name: str
    role_zh: str
    place: str
    proposed_by: str
    may_settle: bool


@dataclass(frozen=True, slots=True)
class AccountsView:
    """The page of accounts."""

    accounts: tuple[Account, ...]
    proposals: tuple[Proposal, ...]
    form: FormView
    problems: tuple[Problem, ...] = ()


def everyone(reads: Reads, day: date) -> tuple[Account, ...]:
    """Every account with the roles it holds from the day on, by log-in."""
    person, grant, place = people.person, identity.role_grant, people.organisation
    users = select(USERS.c.id, USERS.c.username, USERS.c.active, person.c.name)
    rows = reads.fetch_all(
        users.outerjoin(person, person.c.id == USERS.c.person_id).order_by(USERS.c.username).limit(MOST)
    )
    held = select(grant, place.c.name.label("place"), place.c.code).join(
        place, place.c.id == grant.c.organisation_id
    )
    by_user: dict[str, list[Held]] = {}
    for one in reads.fetch_all(held.where(valid_on(grant, day)).order_by(grant.c.role)):
        line = Held(
            one["id"],
            ROLES_ZH.get(str(one["role"]), str(one["role"])),
            one["place"],
            one["code"],
            one["valid_to"],
        )
        by_user.setdefault(one["user_id"], []).append(line)
    return tuple(
        Account(
            row["id"],
            row["username"],
            row["name"] or "",
            bool(row["active"]),
            tuple(by_user.get(row["id"], ())),
        )
        for row in rows
    )


def proposals(reads: Reads, user_id: str) -> tuple[Proposal, ...]:
    """The roles that wait, oldest first; nobody settles the own proposal."""
    table, place = identity.role_proposal, people.organisation
    query = select(table, place.c.name.label("place")).join(place, place.c.id == table.c.organisation_id)
    rows = reads.fetch_all(query.where(table.c.status == "proposed").order_by(table.c.proposed_at))
    names = cadres.names(reads, [row[one] for row in rows for one in ("user_id", "proposed_by")])
    return tuple(
        Proposal(
            row["id"],
            names[row["user_id"]],
            ROLES_ZH.get(str(row["role"]), str(row["role"])),
            row["place"],
            names[row["proposed_by"]],
            user_id not in (row["proposed_by"], row["user_id"]),
        )
        for row in rows
    )


def grant_of(reads: Reads, username: str, role: str, code: str, day: date) -> str:
    """The id of a role held; NotFound when there is none."""
    grant, place = identity.role_grant, people.organisation
    query: Any = select(grant.c.id).join(place, place.c.id == grant.c.organisation_id)
    query = query.join(USERS, USERS.c.id == grant.c.user_id)
    query = query.where(USERS.c.username == username, grant.c.role == role, place.c.code == code)
    row = reads.fetch(query.where(valid_on(grant, day)))
    if row is None:
        raise NotFound("没有找到该项授权。")
    return str(row["id"])


def username_of(reads: Reads, user_id: str) -> str:
    """The log-in name of an account."""
    return str(reads.get(identity.User.__table__, id=user_id)["username"])


def places(reads: Reads) -> list[tuple[str, str]]:
    """Every organisation by id and name, for a choice."""
    rows = reads.all(people.organisation, order=("code",))
    return [(row["id"], row["name"]) for row in rows]
