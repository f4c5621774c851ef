"""Kinship 亲属关系 on file of a person with where it comes from, and what waits for a second person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from webapp.domain.access import Actor
from webapp.domain.kinship import ACTS_ZH, KINDS_ZH, SOURCES_ZH
from webapp.domain.workdays import local_date
from webapp.persistence.models import people
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres
from webapp.queries.visibility import committees_answered_by

KIN, REQUEST = people.kinship, people.kinship_request
# Who may confirm; the verb asks again, for this very request.
SETTLING = ("cadre_section", "cadre_supervision", "org_dept_head", "org_dept_deputy_head")
BEFORE_ENTRIES = "系统登记以前的记载"
# The words of a relation read from the relative's side.
_TURNED = {"parent": "子女"}
# By request: what was written with it, unsealed by the caller.
Told = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class KinLine:
    """One relative on file; ``derived``: known through other entries; ``may_change``: nothing of it waits."""

    relative_id: str
    name: str
    relation: str
    relation_code: str
    derived: bool
    since: date | None
    source: str
    evidence: str
    entered_by: str
    confirmed_by: str
    waiting: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry, correction or withdrawal that waits for a second person."""

    id: str
    person_id: str
    name: str
    relative: str
    act: str
    before: str
    after: str
    source: str
    told: str
    entered_by: str
    entered_on: date
    bears_on: tuple[str, ...]
    may_settle: bool


@dataclass(frozen=True, slots=True)
class KinshipView:
    """The page of what waits, and what was settled last."""

    waiting: tuple[Waiting, ...]
    problems: tuple[Any, ...] = field(default=())


def of_person(reads: Reads, person_id: str) -> list[Row]:
    """The rows of a person's relatives, either way round."""
    either = or_(KIN.c.person_id == person_id, KIN.c.relative_id == person_id)
    columns = [REQUEST.c.source, REQUEST.c.entered_by, REQUEST.c.settled_by, REQUEST.c.status, REQUEST.c.act]
    query = select(KIN, *columns).outerjoin(REQUEST, REQUEST.c.id == KIN.c.request_id).where(either)
    return reads.fetch_all(query.order_by(KIN.c.derived, KIN.c.since, KIN.c.person_id, KIN.c.relative_id))


def request_ids(rows: Iterable[Row]) -> list[str]:
    """The requests whose words belong to the rows."""
    return sorted({row["request_id"] for row in rows if row["request_id"]})


def lines(reads: Reads, person_id: str, rows: list[Row], told: Told) -> tuple[KinLine, ...]:
    """The relatives of a person, recorded ones first."""
    ids = [row[name] for row in rows for name in ("person_id", "relative_id", "entered_by", "settled_by")]
    names = cadres.names(reads, ids)
    pending = {
        frozenset((one["person_id"], one["relative_id"])): ACTS_ZH[one["act"]]
        for one in reads.all(REQUEST, status="waiting")
    }
    return tuple(_line(person_id, row, names, told, pending) for row in rows)


def _line(
    person_id: str, row: Row, names: Mapping[str, str], told: Told, pending: Mapping[frozenset[str], str]
) -> KinLine:
    turned = row["relative_id"] == person_id
    other = row["person_id"] if turned else row["relative_id"]
    words = KINDS_ZH.get(row["relation"], "亲属")
    said = told.get(row["request_id"] or "", {})
    return KinLine(
        relative_id=other,
        name=names.get(other, ""),
        relation=_TURNED.get(row["relation"], words) if turned else words,
        relation_code=row["relation"],
        derived=bool(row["derived"]),
        since=local_date(row["since"]) if row["since"] else None,
        source="由其他登记推知" if row["derived"] else SOURCES_ZH.get(row["source"] or "", BEFORE_ENTRIES),
        evidence="" if row["derived"] else str(said.get("evidence") or said.get("reason") or ""),
        entered_by=names.get(row["entered_by"] or "", ""),
        confirmed_by=names.get(row["settled_by"] or "", ""),
        waiting=pending.get(frozenset((person_id, other)), ""),
    )


def own(reads: Reads, person_id: str) -> tuple[KinLine, ...]:
    """What is on file of the reader's own relatives: without who entered it and on what paper."""
    rows = [row for row in of_person(reads, person_id) if not row["derived"]]
    names = cadres.names(reads, [row[name] for row in rows for name in ("person_id", "relative_id")])
    return tuple(_line(person_id, row, names, {}, {}) for row in rows)


def waiting_rows(reads: Reads, actor: Actor, day: date, person_id: str = "") -> list[Row]:
    """What waits of the cadres the actor's organisation department answers for, never of the own kin."""
    places = sorted(
        {
            grant.organisation_id
            for grant in actor.grants_on(day)
            if grant.role in SETTLING and grant.organisation_id
        }
    )
    if not places or actor.person_id is None:
        return []
    managed = [
        people.cadre.c.committee_id.in_(committees_answered_by("org_dept", place, day)) for place in places
    ]
    cadre = select(people.cadre.c.person_id).where(people.cadre.c.valid_to.is_(None), or_(*managed))
    about = [REQUEST.c.person_id == person_id] if person_id else []
    query = select(REQUEST).where(REQUEST.c.status == "waiting", REQUEST.c.person_id.in_(cadre), *about)
    mine = actor.person_id
    query = query.where(REQUEST.c.person_id != mine, REQUEST.c.relative_id != mine)
    rows = reads.fetch_all(query.order_by(REQUEST.c.entered_at, REQUEST.c.id))
    return [row for row in rows if all(mine not in pair for pair in row["pairs"])]


def waiting(reads: Reads, actor: Actor, rows: list[Row], told: Told) -> tuple[Waiting, ...]:
    """The requests in words; nobody settles the own."""
    ids = [row[name] for row in rows for name in ("person_id", "relative_id", "entered_by")]
    names = cadres.names(reads, [*ids, *(m for row in rows for _, m in row["pairs"])])
    return tuple(_waiting(actor, row, names, told.get(row["id"], {})) for row in rows)


def _waiting(actor: Actor, row: Row, names: Mapping[str, str], said: Mapping[str, object]) -> Waiting:
    words = KINDS_ZH.get(row["relation"], "亲属")
    return Waiting(
        id=row["id"],
        person_id=row["person_id"],
        name=names.get(row["person_id"], ""),
        relative=names.get(row["relative_id"], ""),
        act=ACTS_ZH[row["act"]],
        before=KINDS_ZH.get(row["before"] or "", "没有登记"),
        after="不再登记" if row["act"] == "withdraw" else words,
        source=SOURCES_ZH.get(row["source"], "") if row["act"] == "enter" else "",
        told=str(said.get("evidence") or said.get("reason") or ""),
        entered_by=names.get(row["entered_by"], ""),
        entered_on=local_date(row["entered_at"]),
        bears_on=tuple(sorted({names.get(str(m), "") for _, m in row["pairs"]})),
        may_settle=row["entered_by"] != actor.user_id,
    )
