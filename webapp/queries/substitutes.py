"""Substitutes 代理 of an account: whom one has named, for whom one stands in, whom one may name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from webapp.domain.access import Actor
from webapp.domain.roles import role
from webapp.domain.substitutes import SUBSTITUTABLE
from webapp.persistence.models import identity, people
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres
from webapp.queries.cadres import valid_on
from webapp.queries.kinship import KinLine
from webapp.queries.parts import Option, Problem

TABLE = identity.substitution
USERS = identity.User.__table__
MOST = 200
SHOWN = 20
SPLIT = ":"
FIELDS = ("substitute", "desk", "valid_from", "valid_to", "reason")


@dataclass(frozen=True, slots=True)
class Line:
    """One substitution, seen from either side."""

    id: str
    other: str
    role: str
    place: str
    valid_from: date
    valid_to: date
    state: str
    reason: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """The page of the own account: substitutes, and the relatives on file."""

    named: tuple[Line, ...]
    standing: tuple[Line, ...]
    desks: tuple[Option, ...]
    colleagues: tuple[Option, ...]
    kin: tuple[KinLine, ...]
    problems: tuple[Problem, ...]
    typed: dict[str, str]


def rows(reads: Reads, user_id: str) -> list[Row]:
    """The substitutions of a user, newest first."""
    place = people.organisation
    either = or_(TABLE.c.principal_id == user_id, TABLE.c.substitute_id == user_id)
    query = select(TABLE, place.c.name.label("place")).join(place, place.c.id == TABLE.c.organisation_id)
    return reads.fetch_all(query.where(either).order_by(TABLE.c.named_at.desc(), TABLE.c.id).limit(SHOWN))


def lines(
    reads: Reads, actor: Actor, found: list[Row], day: date, reasons: dict[str, str]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Whom one has named, and for whom one stands in."""
    names = cadres.names(reads, [row[name] for row in found for name in ("principal_id", "substitute_id")])
    mine = actor.user_id
    named = [row for row in found if row["principal_id"] == mine]
    standing = [row for row in found if row["principal_id"] != mine]
    return (
        tuple(_line(row, names[row["substitute_id"]], day, reasons) for row in named),
        tuple(_line(row, names[row["principal_id"]], day, reasons) for row in standing),
    )


def _line(row: Row, other: str, day: date, reasons: dict[str, str]) -> Line:
    over = row["ended_at"] is not None or row["valid_to"] < day
    state = "已结束" if over else "尚未开始" if day < row["valid_from"] else "代理中"
    words = (row["id"], other, role(row["role"]).zh, row["place"], row["valid_from"], row["valid_to"], state)
    return Line(*words, reasons.get(row["id"], ""), not over)


def _own(actor: Actor, day: date) -> list[tuple[str, str]]:
    """The own (role, organisation) one may have done by a substitute."""
    grants = actor.grants_on(day)
    return [
        (one.role, one.organisation_id) for one in grants if one.role in SUBSTITUTABLE and one.organisation_id
    ]


def desks(reads: Reads, actor: Actor, day: date) -> tuple[Option, ...]:
    """The own roles one may have done by a substitute, for a choice."""
    own = _own(actor, day)
    rows = reads.all(people.organisation, id=[place for _, place in own]) if own else []
    places = {row["id"]: row["name"] for row in rows}
    return tuple(
        Option(f"{code}{SPLIT}{place}", f"{role(code).zh}（{places[place]}）") for code, place in own
    )


def colleagues(reads: Reads, actor: Actor, day: date) -> tuple[Option, ...]:
    """Who works in a section of the own organisations."""
    at = sorted({place for _, place in _own(actor, day)})
    if not at:
        return ()
    grant, person = identity.role_grant, people.person
    query = (
        select(USERS.c.id, person.c.name, person.c.id.label("person_id"))
        .distinct()
        .join(grant, grant.c.user_id == USERS.c.id)
        .join(person, person.c.id == USERS.c.person_id)
        .where(USERS.c.active, grant.c.organisation_id.in_(at), grant.c.role.in_(sorted(SUBSTITUTABLE)))
        .where(valid_on(grant, day), USERS.c.id != actor.user_id)
    )
    found = reads.fetch_all(query.order_by(person.c.name, USERS.c.id).limit(MOST))
    return tuple(Option(row["id"], row["name"]) for row in found if row["person_id"] != actor.person_id)
