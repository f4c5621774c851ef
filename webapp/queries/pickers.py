"""What a picker 选择框 offers: persons, posts and organisations found by what is typed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, and_, select

from webapp.domain.people import search_word
from webapp.persistence.models import identity, people
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import Option

MOST = 12
LONGEST = 40


def matches(reads: Reads, kind: str, text: str) -> tuple[Option, ...]:
    """At most a dozen choices for what was typed; none for an empty search."""
    typed = "".join(text.split()).lower()[:LONGEST]
    if not typed:
        return ()
    query = {"organisation": _organisations, "post": _posts}.get(kind, _persons)(typed)
    return tuple(_option(row) for row in reads.fetch_all(query.limit(MOST)))


def named(reads: Reads, kind: str, ids: Iterable[str]) -> dict[str, Option]:
    """The choices of given ids, in words."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    if kind == "organisation":
        query = _organisation().where(people.organisation.c.id.in_(wanted))
    elif kind == "post":
        query = _post().where(people.post.c.id.in_(wanted))
    else:
        query = _person().where(people.person.c.id.in_(wanted))
    return {row["id"]: _option(row) for row in reads.fetch_all(query)}


def _option(row: Mapping[str, Any]) -> Option:
    hint = "　".join(part for part in (row["unit"], row["title"]) if part)
    return Option(row["id"], row["name"], hint)


def _person() -> Select[Any]:
    cadre, unit, user = people.cadre, people.organisation, identity.User.__table__
    source = (
        people.person.outerjoin(
            cadre, and_(cadre.c.person_id == people.person.c.id, cadre.c.valid_to.is_(None))
        )
        .outerjoin(unit, unit.c.id == cadre.c.unit_id)
        .outerjoin(user, user.c.person_id == people.person.c.id)
    )
    columns = [people.person.c.id, people.person.c.name, unit.c.name.label("unit"), cadre.c.title]
    return select(*columns).select_from(source).order_by(people.person.c.name)


def _persons(typed: str) -> Select[Any]:
    token = people.person_token
    found = select(token.c.person_id).where(token.c.token == search_word(typed))
    return _person().where(people.person.c.id.in_(found))


def _organisation() -> Select[Any]:
    table = people.organisation
    nothing = table.c.code.label("title")
    return select(table.c.id, table.c.name, table.c.kind.label("unit"), nothing).order_by(table.c.name)


def _organisations(typed: str) -> Select[Any]:
    return _organisation().where(people.organisation.c.name.contains(typed, autoescape=True))


def _post() -> Select[Any]:
    unit = people.organisation
    source = people.post.join(unit, unit.c.id == people.post.c.organisation_id)
    columns = [
        people.post.c.id,
        people.post.c.title.label("name"),
        unit.c.name.label("unit"),
        people.post.c.rank.label("title"),
    ]
    return select(*columns).select_from(source).order_by(unit.c.name, people.post.c.title)


def _posts(typed: str) -> Select[Any]:
    unit = people.organisation
    either = unit.c.name.contains(typed, autoescape=True) | people.post.c.title.contains(
        typed, autoescape=True
    )
    return _post().where(either)
