"""Who acts 操作人: a user's person, and the dated roles held."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain.access import Actor, Grant
from webapp.domain.errors import NotFound
from webapp.persistence import finders
from webapp.persistence.models import identity, people
from webapp.services import reads

USERS = identity.User.__table__


def actor_of(work: Any, user_id: str) -> Actor:
    """The actor behind a log-in, with every grant ever given (validity is judged by day). NotFound if disabled."""
    user = work.one(USERS, id=user_id)
    if user is None or not user["active"]:
        raise NotFound("该账号不存在或已停用，请联系安全保密管理员。")
    return _actor(work, user)


def actor_of_person(work: Any, person_id: str) -> Actor | None:
    """The actor a person acts as: through the person's log-in, or with no grants where there is none."""
    user = work.one(USERS, person_id=person_id)
    if user is not None:
        return _actor(work, user)
    person = work.one(people.person, id=person_id)
    return Actor(user_id=person_id, person_id=person_id, name=person["name"]) if person else None


def name_of(work: Any, user_id: str) -> str:
    """What colleagues call the person behind a log-in, disabled or not."""
    user = work.get(USERS, id=user_id)
    person = work.one(people.person, id=user["person_id"]) if user["person_id"] else None
    return str(person["name"] if person else user["username"])


def _actor(work: Any, user: Any) -> Actor:
    person = work.one(people.person, id=user["person_id"]) if user["person_id"] else None
    grants = tuple(
        Grant(row["role"], row["organisation_id"], row["valid_from"], row["valid_to"])
        for row in work.all(identity.role_grant, user_id=user["id"])
    )
    grants += stand_ins(finders.stood_in_for(work, user["id"]))
    name = person["name"] if person else user["username"]
    return Actor(user_id=user["id"], person_id=user["person_id"], name=name, grants=grants)


def actor_of_session(office: Any, session_key: str) -> Actor | None:
    """The actor of a signed session key in one statement; None once the account is disabled or the key renewed."""
    with reads.begin(office, lone=True) as look:
        row = finders.load_user(look, session_key)
    return of_row(row) if row is not None else None


def with_password(office: Any, user_id: str) -> tuple[Actor, str] | None:
    """An active user with the password's hash, None once the account is disabled."""
    with reads.begin(office) as look:
        row = finders.load_user_of(look, user_id)
    return (of_row(row), row["password"] or "") if row is not None else None


def of_row(row: Mapping[str, Any]) -> Actor:
    """The actor of a user's row with its grants in one column."""
    grants = tuple(
        Grant(
            role,
            finders.as_id(place),
            date.fromisoformat(since),
            date.fromisoformat(until) if until else None,
        )
        for role, place, since, until in finders.entries(row["grants"])
    )
    return Actor(
        user_id=row["id"],
        person_id=row["person_id"],
        name=row["name"] or row["username"],
        grants=grants + stand_ins(row["stand_ins"]),
        was_told=bool(row["was_told"]),
    )


def stand_ins(text: str | None) -> tuple[Grant, ...]:
    """What a user stands in for 代理: for the days on which it was named and the principal holds the role."""
    found = []
    for role, place, since, until, held_since, held_until, person, user, name in finders.entries(text):
        last = min(one for one in (until, held_until) if one)
        grant = Grant(
            role,
            finders.as_id(place),
            date.fromisoformat(max(since, held_since)),
            date.fromisoformat(last),
            on_behalf_of=finders.as_id(person),
            principal=(finders.as_id(user) or "", name),
        )
        found.append(grant)
    return tuple(found)
