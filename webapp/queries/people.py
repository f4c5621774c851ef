"""Cadres 干部: who may see whom, the list of those on file, and one person's master data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, false, func, or_, select, true

from webapp.domain import formats
from webapp.domain.access import Actor, Grant
from webapp.domain.errors import NotFound
from webapp.domain.people import search_word
from webapp.domain.roles import APART, AUDITING, role
from webapp.persistence.models import people
from webapp.persistence.unit_of_work import Reads
from webapp.queries.cadres import valid_on
from webapp.queries.parts import PAGE_SIZE, Option, Paging, page_number, paging
from webapp.queries.people_standing import STATUSES, Standing, standings
from webapp.queries.visibility import committees_answered_by, is_stranger

# Who decides on cadres sees them; the other offices of a committee see their cases only.
DECIDING = frozenset({"party_committee", "committee_secretary", "committee_member", "in_charge_leader"})
UNIT_ROLES = frozenset({"unit_party_org", "unit_personnel"})
IMPORTING = frozenset({"cadre_section", "cadre_supervision", "archive_section"})
EXPORTING = IMPORTING | {"org_dept_head", "org_dept_deputy_head", "civil_servant_section"}
LONGEST_SEARCH = 60
MOST_PAGES = 500
MOST_EXPORTED = 5000
SAMPLE_MARK = "（示例）"
CADRE, PERSON, UNIT = people.cadre, people.person, people.organisation


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the list; ``page`` counts from 1."""

    q: str = ""
    unit: str = ""
    status: str = ""
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """True when something narrows the list."""
        return bool(self.q or self.unit or self.status)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One cadre of the list; ``status``: none, barred, tracked or probation."""

    id: str
    name: str
    sex: str
    born_on: date | None
    post: str
    unit: str
    rank: str
    status: str
    bar_until: date | None
    open_cases: int


@dataclass(frozen=True, slots=True)
class PeopleView:
    """The list of cadres."""

    q: str
    unit: str
    status: str
    units: tuple[Option, ...]
    statuses: tuple[Option, ...]
    rows: tuple[PersonRow, ...]
    paging: Paging
    is_filtered: bool
    may_import: bool


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One cadre of an exported roster."""

    id: str
    name: str
    sex: str
    born: str
    nation: str
    party: str
    unit: str
    post: str
    rank: str
    since: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One cadre with the present post, to choose from."""

    id: str
    name: str
    post: str


def wish_of(asked: Mapping[str, str]) -> Wish:
    """The query string put right: what it does not know falls back to the whole list."""
    unit, status = asked.get("unit", ""), asked.get("status", "")
    return Wish(
        q=asked.get("q", "").strip()[:LONGEST_SEARCH],
        unit=unit if formats.is_id(unit) else "",
        status=status if status in STATUSES else "",
        page=min(page_number(asked.get("page")), MOST_PAGES),
    )


def visible_cadres(actor: Actor, day: date, cadre: FromClause = CADRE) -> ColumnElement[bool]:
    """True for the rows of ``cadre`` the actor may see on the day: by 干部管理权限, never own or relatives'.

    Auditors see all, designers and administrators none; roles that only persons named in a case hold, none.
    """
    clear = is_stranger(actor.person_id, cadre.c.person_id) if actor.person_id else true()
    roles = actor.roles_on(day)
    if actor.kind == "system" or roles & APART:
        return clear if roles & AUDITING else false()
    ways = [way for grant in actor.grants_on(day) if (way := _answered_by(grant, day, cadre)) is not None]
    return and_(clear, or_(*ways)) if ways else false()


def _answered_by(grant: Grant, day: date, cadre: FromClause) -> ColumnElement[bool] | None:
    held = role(grant.role)
    if held.named or grant.organisation_id is None:
        return None
    way: ColumnElement[bool]
    if held.body in ("org_dept", "discipline"):
        way = cadre.c.committee_id.in_(committees_answered_by(held.body, grant.organisation_id, day))
    elif grant.role in DECIDING:
        way = cadre.c.committee_id == grant.organisation_id
    elif grant.role in UNIT_ROLES:
        way = cadre.c.unit_id == grant.organisation_id
    else:
        return None
    return way


def current(day: date, cadre: FromClause = CADRE) -> ColumnElement[bool]:
    """True for the row of a cadre that holds on the day."""
    return valid_on(cadre, day)


def may_import(actor: Actor, day: date) -> bool:
    """True for the roles that bring people in."""
    return bool(actor.roles_on(day) & IMPORTING)


def index(reads: Reads, actor: Actor, wish: Wish, *, today: date) -> PeopleView:
    """One page of the cadres the actor may see."""
    seen = visible_cadres(actor, today)
    first = PAGE_SIZE * (wish.page - 1)
    query = _listing(seen, wish, today)
    if wish.status:
        found = reads.fetch_all(query)
        stands = standings(reads, actor, [row["id"] for row in found], today)
        chosen = [row for row in found if stands[row["id"]].status == wish.status]
        total, rows = len(chosen), chosen[first : first + PAGE_SIZE]
    else:
        total = _count(reads, query)
        rows = reads.fetch_all(query.limit(PAGE_SIZE).offset(first))
        stands = standings(reads, actor, [row["id"] for row in rows], today)
    return PeopleView(
        q=wish.q,
        unit=wish.unit,
        status=wish.status,
        units=_units(reads, seen, today),
        statuses=tuple(Option(code, words) for code, words in STATUSES.items()),
        rows=tuple(_row(row, stands[row["id"]]) for row in rows),
        paging=paging(wish.page, total - first, total),
        is_filtered=wish.is_filtered,
        may_import=may_import(actor, today),
    )


def _count(reads: Reads, query: Select[Any]) -> int:
    row = reads.fetch(select(func.count().label("n")).select_from(query.order_by(None).subquery()))
    return int(row["n"]) if row else 0


def _listing(seen: ColumnElement[bool], wish: Wish, day: date) -> Select[Any]:
    source = CADRE.join(PERSON, PERSON.c.id == CADRE.c.person_id).join(UNIT, UNIT.c.id == CADRE.c.unit_id)
    columns = [
        PERSON.c.id, PERSON.c.name, PERSON.c.sex, PERSON.c.birth_month, PERSON.c.nation, PERSON.c.party,
        CADRE.c.title, CADRE.c.rank, CADRE.c.valid_from, UNIT.c.name.label("unit_name"),
    ]  # fmt: skip
    query = select(*columns).select_from(source).where(seen, current(day), *_narrowed(wish))
    return query.order_by(UNIT.c.code, CADRE.c.rank.desc(), PERSON.c.name, PERSON.c.id)


def _narrowed(wish: Wish) -> Iterable[ColumnElement[bool]]:
    if wish.unit:
        yield CADRE.c.unit_id == wish.unit
    if wish.q:
        token = people.person_token
        yield exists().where(token.c.person_id == PERSON.c.id, token.c.token == search_word(wish.q))


def _units(reads: Reads, seen: ColumnElement[bool], day: date) -> tuple[Option, ...]:
    query = select(UNIT.c.id, UNIT.c.name, UNIT.c.code).join(CADRE, CADRE.c.unit_id == UNIT.c.id)
    rows = reads.fetch_all(query.where(seen, current(day)).distinct().order_by(UNIT.c.code))
    return tuple(Option(row["id"], _short(row["name"])) for row in rows)


def _short(name: str) -> str:
    return name.removesuffix(SAMPLE_MARK)


def month_day(month: str | None) -> date | None:
    """``1978-05`` as the first day of the month; the day of birth is not kept."""
    return date(int(month[:4]), int(month[5:7]), 1) if month else None


def _row(row: Mapping[str, Any], stands: Standing) -> PersonRow:
    return PersonRow(
        id=row["id"],
        name=row["name"],
        sex=row["sex"] or "",
        born_on=month_day(row["birth_month"]),
        post=row["title"],
        unit=_short(row["unit_name"]),
        rank=row["rank"],
        status=stands.status,
        bar_until=stands.bar_until,
        open_cases=stands.open_cases,
    )


def roster(reads: Reads, actor: Actor, wish: Wish, *, today: date) -> Sequence[RosterLine]:
    """Every cadre of the list for a roster; what their cases say is not part of it."""
    query = _listing(visible_cadres(actor, today), Wish(q=wish.q, unit=wish.unit), today).limit(MOST_EXPORTED)
    return [
        RosterLine(
            id=row["id"],
            name=row["name"],
            sex=row["sex"] or "",
            born=(row["birth_month"] or "").replace("-", "."),
            nation=row["nation"] or "",
            party=row["party"] or "",
            unit=_short(row["unit_name"]),
            post=row["title"],
            rank=row["rank"],
            since=f"{row['valid_from']:%Y.%m}",
        )
        for row in reads.fetch_all(query)
    ]


def found(reads: Reads, actor: Actor, text: str, *, today: date, most: int) -> tuple[PersonLine, ...]:
    """The cadres one may see whose name is what was typed, or begins so; at most ``most`` of them."""
    query = _listing(visible_cadres(actor, today), Wish(q=text), today).limit(most)
    return tuple(
        PersonLine(row["id"], row["name"], f"{_short(row['unit_name'])}{row['title']}")
        for row in reads.fetch_all(query)
    )


def require_visible(reads: Reads, actor: Actor, person_id: str, *, today: date) -> Mapping[str, Any]:
    """The cadre row of a person the actor may see, own file included. NotFound otherwise."""
    if not formats.is_id(person_id):
        raise NotFound
    is_own = actor.person_id is not None and actor.person_id == person_id
    seen = true() if is_own else visible_cadres(actor, today)
    query = select(CADRE).where(CADRE.c.person_id == person_id, current(today), seen)
    row = reads.fetch(query.order_by(CADRE.c.valid_from.desc()).limit(1))
    if row is None:
        raise NotFound("没有找到该干部，或您无权查看。")
    return row
