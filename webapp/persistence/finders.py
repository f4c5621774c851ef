"""The joined look-ups that verbs need, each one statement; a step's own look-up locks its chain as well."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    func,
    select,
)

from webapp.persistence.models import cases, history, identity, meetings, people, repository, runtime
from webapp.persistence.unit_of_work import Reads, UnitOfWork, database_clock
from webapp.persistence.versions import last_version as last_version
from webapp.persistence.versions import latest_definition as latest_definition
from webapp.persistence.versions import latest_definitions as latest_definitions
from webapp.persistence.versions import versions_of as versions_of

ITEM, INSTANCE, DEFINITION = runtime.work_item, runtime.process_instance, repository.definition
CASE, STREAM, IDEMPOTENCY = cases.case_file, history.stream, runtime.idempotency

# They join the parts of one aggregated look-up; neither can occur in an id, a role or an element id.
PART, ENTRY = "|", ","
# Before the key of a process in a diagram's separateFrom.
WHOLE_PROCESS = "process:"


def load_task(
    work: UnitOfWork, task_id: str, *, actor_id: str = "", key: str = ""
) -> Mapping[str, Any] | None:
    """A task with its instance, case, chain head, candidates and kin, in one statement that locks the chain.

    Also the reply already given to this actor's idempotency key, if any. None for an unknown task.
    """
    return _first(
        work, _task_query(work.dialect, work.writes), {"subject": task_id, "actor": actor_id, "key": key}
    )


def load_instance(work: UnitOfWork, instance_id: str) -> Mapping[str, Any] | None:
    """An instance with its case and chain head, locked; for timers, messages and services."""
    return ask_for_instance(work, instance_id)()


def ask_for_instance(work: UnitOfWork, instance_id: str) -> Callable[[], Mapping[str, Any] | None]:
    """As ``load_instance``, for somebody who has more to send before the answer is needed."""
    asked = work.ask(_instance_query(work.dialect, work.writes), {"subject": instance_id})
    return lambda: _adopted(work, asked())


def load_case(work: UnitOfWork, case_id: str) -> Mapping[str, Any] | None:
    """A case with its chain head, recusals and kin, locked; for acts on the case itself."""
    return _first(work, _case_query(work.dialect, work.writes), {"subject": case_id})


def load_user(reads: Reads, session_key: str) -> Mapping[str, Any] | None:
    """An active user by session key, with name, grants and whether told of an own matter, in one statement."""
    return reads.look(_user_query(), {"session_key": session_key})


def load_user_of(reads: Reads, user_id: str) -> Mapping[str, Any] | None:
    """An active user by id, with the password's hash, name and grants, in one statement."""
    return reads.fetch(_user_by_id_query(), {"user": user_id})


def load_user_of_token(reads: Reads, digest: str) -> Mapping[str, Any] | None:
    """The user behind a token's digest, active or not, with the token's ``expires_at`` and ``revoked_at``."""
    return reads.fetch(_token_query(), {"digest": digest})


@cache
def _user_query() -> Select[Any]:
    user = identity.User.__table__
    return _users().where(user.c.fs_uniquifier == bindparam("session_key"), user.c.active)


@cache
def _user_by_id_query() -> Select[Any]:
    user = identity.User.__table__
    return _users().add_columns(user.c.password).where(user.c.id == bindparam("user"), user.c.active)


@cache
def _token_query() -> Select[Any]:
    user, token = identity.User.__table__, identity.api_token
    columns = [user.c.active, token.c.expires_at, token.c.revoked_at]
    is_its = token.c.user_id == user.c.id
    return _users().add_columns(*columns).where(is_its, token.c.digest == bindparam("digest"))


def _users() -> Select[Any]:
    user, grant = identity.User.__table__, identity.role_grant
    granted = _joined(
        _parts(grant.c.role, grant.c.organisation_id, grant.c.valid_from, grant.c.valid_to),
        grant.c.user_id == user.c.id,
    )
    source = user.outerjoin(people.person, people.person.c.id == user.c.person_id)
    own = select(CASE.c.id).where(CASE.c.person_id == user.c.person_id, CASE.c.talked_on.is_not(None))
    columns = [
        user.c.id, user.c.username, user.c.person_id, people.person.c.name, granted.label("grants"),
        _stood_in_for(user.c.id).label("stand_ins"),
        own.exists().label("was_told"),
    ]  # fmt: skip
    return select(*columns).select_from(source)


def _stood_in_for(user_id: ColumnElement[str]) -> ScalarSelect[Any]:
    """Whom a user stands in for: the role while the other still holds it, both periods, and who that is."""
    named, grant, person = identity.substitution, identity.role_grant, people.person.alias("principal")
    user = identity.User.__table__.alias("principal_user")
    parts = _parts(
        named.c.role, named.c.organisation_id, named.c.valid_from, named.c.valid_to, grant.c.valid_from,
        grant.c.valid_to, user.c.person_id, user.c.id, func.replace(func.replace(person.c.name, PART, ""), ENTRY, ""),
    )  # fmt: skip
    source = (
        named.join(user, user.c.id == named.c.principal_id)
        .join(person, person.c.id == user.c.person_id)
        .join(
            grant,
            and_(
                grant.c.user_id == named.c.principal_id,
                grant.c.role == named.c.role,
                grant.c.organisation_id == named.c.organisation_id,
            ),
        )
    )
    standing = [named.c.substitute_id == user_id, named.c.ended_at.is_(None), user.c.active]
    return (
        select(func.aggregate_strings(cast(parts, String), ENTRY))
        .select_from(source)
        .where(*standing)
        .scalar_subquery()
    )


def stood_in_for(reads: Reads, user_id: str) -> str | None:
    """The aggregated ``stand_ins`` of one user, as a session's look-up has them."""
    row = reads.fetch(_stand_ins_query(), {"user": user_id})
    return row["stand_ins"] if row else None


@cache
def _stand_ins_query() -> Select[Any]:
    user = identity.User.__table__
    return select(_stood_in_for(user.c.id).label("stand_ins")).where(user.c.id == bindparam("user"))


def _first(work: UnitOfWork, query: Select[Any], values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return _adopted(work, work.look(query, values))


def _adopted(work: UnitOfWork, row: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if row is not None:
        work.adopt_head(row["stream_name"], row["head_seq"], row["head_digest"], row["clock"])
    return row


@cache
def _task_query(dialect: str, lock: bool) -> Select[Any]:
    source = (
        ITEM.join(INSTANCE, INSTANCE.c.id == ITEM.c.instance_id)
        .join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id)
        .join(STREAM, STREAM.c.name == INSTANCE.c.stream)
        .outerjoin(CASE, CASE.c.id == ITEM.c.case_id)
        .outerjoin(
            IDEMPOTENCY,
            and_(IDEMPOTENCY.c.actor_id == bindparam("actor"), IDEMPOTENCY.c.key == bindparam("key")),
        )
    )
    columns = [
        *ITEM.c,
        *_instance_columns(),
        *_case_columns(dialect),
        *_named("known", IDEMPOTENCY, "reply", "request_digest"),
        _joined(
            _parts(runtime.work_candidate.c.role, runtime.work_candidate.c.organisation_id,
                    runtime.work_candidate.c.person_id),
            runtime.work_candidate.c.work_item_id == ITEM.c.id,
        ).label("candidates"),
    ]  # fmt: skip
    query = select(*columns).select_from(source).where(ITEM.c.id == bindparam("subject"))
    return query.with_for_update(of=[STREAM, INSTANCE, ITEM]) if lock else query


@cache
def _instance_query(dialect: str, lock: bool) -> Select[Any]:
    source = (
        INSTANCE.join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id)
        .join(STREAM, STREAM.c.name == INSTANCE.c.stream)
        .outerjoin(CASE, CASE.c.id == INSTANCE.c.case_id)
    )
    columns = [INSTANCE.c.id.label("instance_id"), *_instance_columns(), *_case_columns(dialect)]
    query = select(*columns).select_from(source).where(INSTANCE.c.id == bindparam("subject"))
    return query.with_for_update(of=[STREAM, INSTANCE]) if lock else query


@cache
def _case_query(dialect: str, lock: bool) -> Select[Any]:
    query = (
        select(*_case_columns(dialect))
        .select_from(CASE.join(STREAM, STREAM.c.name == CASE.c.stream))
        .where(CASE.c.id == bindparam("subject"))
    )
    return query.with_for_update(of=[STREAM, CASE]) if lock else query


def _instance_columns() -> list[Label[Any]]:
    return [
        *_named("instance", INSTANCE, "state", "rev", "status"),
        *_named("definition", DEFINITION, "id", "key", "digest", "version"),
    ]


def _case_columns(dialect: str) -> list[Label[Any]]:
    """The case, the head of its chain, the database clock, and everything access is decided on."""
    exclusion, kin, body = cases.case_exclusion, people.kinship, people.authority_body
    return [
        *(column.label(f"case_{column.name}") for column in CASE.c),
        STREAM.c.name.label("stream_name"),
        *_named("head", STREAM, "seq", "digest"),
        database_clock(dialect).label("clock"),
        _joined(exclusion.c.person_id, exclusion.c.case_id == CASE.c.id).label("excluded"),
        _joined(kin.c.relative_id, kin.c.person_id == CASE.c.person_id).label("kin"),
        _joined(kin.c.person_id, kin.c.relative_id == CASE.c.person_id).label("kin_back"),
        _joined(meetings.agenda_item.c.body, meetings.agenda_item.c.case_id == CASE.c.id).label("agenda"),
        _joined(
            _parts(body.c.body, body.c.organisation_id, body.c.valid_from, body.c.valid_to),
            body.c.committee_id == CASE.c.committee_id,
        ).label("bodies"),
    ]


def _named(prefix: str, table: Table, *names: str) -> list[Label[Any]]:
    return [table.c[name].label(f"{prefix}_{name}") for name in names]


def _joined(value: ColumnElement[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.aggregate_strings(cast(value, String), ENTRY)).where(*where).scalar_subquery()


def _parts(*parts: ColumnElement[Any]) -> ColumnElement[str]:
    texts: list[ColumnElement[str]] = [func.coalesce(cast(part, String), "") for part in parts]
    whole = texts[0]
    for text in texts[1:]:
        whole = whole.concat(PART).concat(text)
    return whole


def entries(text: str | None) -> list[list[str]]:
    """An aggregated look-up taken apart again: a list of entries, each a list of parts."""
    return [entry.split(PART) for entry in text.split(ENTRY)] if text else []


def as_id(text: str) -> str | None:
    """An id out of an aggregated look-up (SQLite gives it without dashes), None for an empty part."""
    if len(text) != 32:
        return text or None
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def done_by(reads: Reads, row: Mapping[str, Any], elements: frozenset[str]) -> dict[str, frozenset[str]]:
    """Which users did the elements (``process:<key>``: a whole process) in the case of a loaded task.

    Asked only where duties are separated.

    Of the task's own element (one done by several at once) only this round counts: another may be theirs again.
    """
    values = {
        "case": row["case_id"], "elements": sorted(elements), "own": row["element_id"], "opened": row["opened_at"],
    }  # fmt: skip
    found: dict[str, set[str]] = {}
    for one in reads.fetch_all(_done_query(), values):
        found.setdefault(one["element_id"], set()).update(_hands(one))
    keys = [one.removeprefix(WHOLE_PROCESS) for one in elements if one.startswith(WHOLE_PROCESS)]
    if keys:
        for one in reads.fetch_all(_processes_query(), {"case": row["case_id"], "keys": sorted(keys)}):
            found.setdefault(f"{WHOLE_PROCESS}{one['process_key']}", set()).update(_hands(one))
    return {element: frozenset(users) for element, users in found.items()}


def _hands(row: Mapping[str, Any]) -> set[str]:
    """Who did it, and for whom: what a substitute did counts as done by both."""
    return {one for one in (row["completed_by"], row["on_behalf_id"]) if one}


@cache
def _processes_query() -> Select[Any]:
    query = select(ITEM.c.process_key, ITEM.c.completed_by, ITEM.c.on_behalf_id).where(
        ITEM.c.case_id == bindparam("case", type_=ITEM.c.case_id.type),
        ITEM.c.process_key.in_(bindparam("keys", expanding=True)),
        ITEM.c.completed_by.is_not(None),
    )
    return query.distinct()


@cache
def _done_query() -> Select[Any]:
    this_round = (ITEM.c.element_id != bindparam("own")) | (
        ITEM.c.opened_at == bindparam("opened", type_=ITEM.c.opened_at.type)
    )
    query = select(ITEM.c.element_id, ITEM.c.completed_by, ITEM.c.on_behalf_id).where(
        ITEM.c.case_id == bindparam("case", type_=ITEM.c.case_id.type),
        ITEM.c.element_id.in_(bindparam("elements", expanding=True)),
        ITEM.c.completed_by.is_not(None),
        this_round,
    )
    return query.distinct()


def deliverable(work: UnitOfWork, starting: frozenset[str], limit: int) -> list[str]:
    """Ids of waiting messages that somebody can receive now: a subscription, or a definition they start."""
    box, subscription = runtime.outbox, runtime.message_subscription
    matched = (
        select(subscription.c.id)
        .where(
            subscription.c.message == box.c.message,
            func.coalesce(subscription.c.correlation, "") == func.coalesce(box.c.correlation, ""),
        )
        .exists()
    )
    query = (
        select(box.c.id)
        .where(box.c.status == "waiting", matched | box.c.message.in_(sorted(starting)))
        .order_by(box.c.effective_at, box.c.id)
        .limit(limit)
    )
    return [row["id"] for row in work.fetch_all(query, {})]


def expired_messages(work: UnitOfWork, limit: int) -> list[str]:
    """Ids of waiting messages whose life time is over at ``work.now``."""
    box = runtime.outbox
    moment = bindparam("moment", type_=box.c.expires_at.type)
    query = select(box.c.id).where(box.c.status == "waiting", box.c.expires_at <= moment).limit(limit)
    return [row["id"] for row in work.fetch_all(query, {"moment": work.now})]


def receivers(work: UnitOfWork, message: str, correlation: str | None) -> list[Mapping[str, Any]]:
    """The subscriptions a message fits, by name and correlation key."""
    subscription = runtime.message_subscription
    query = select(subscription).where(
        subscription.c.message == message,
        func.coalesce(subscription.c.correlation, "") == (correlation or ""),
    )
    return work.fetch_all(query, {})


def next_due(work: UnitOfWork) -> Any:
    """The earliest instant at which a job falls due, None when none waits."""
    row = work.fetch(
        select(func.min(runtime.job.c.due_at).label("due_at")).where(runtime.job.c.status == "due"), {}
    )
    return row["due_at"] if row else None


def ids(text: str | None) -> list[str]:
    """An aggregated list of ids."""
    return [one for (part,) in entries(text) if (one := as_id(part))]


def bodies_of(text: str | None, day: date) -> dict[str, str]:
    """The aggregated ``bodies`` of a case: body 机构 → organisation in charge on the day."""
    found = {}
    for body, organisation, since, until in entries(text):
        if date.fromisoformat(since) <= day and (not until or day <= date.fromisoformat(until)):
            found[body] = as_id(organisation) or ""
    return found
