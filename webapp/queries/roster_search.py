"""Roster search 花名册查找: cadres by unit, rank, age to the month, sex, party, education and restrictions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from webapp.domain.access import Actor
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import PAGE_SIZE, Option, Paging, paging
from webapp.queries.people import CADRE, PERSON, SAMPLE_MARK, UNIT, current, month_day, visible_cadres
from webapp.queries.people_standing import Standing, standings

MOST = 5000

# What of a query string is a column, and how it sorts.
SORTS: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "unit": (UNIT.c.code, CADRE.c.rank.desc()),
    "name": (PERSON.c.name,),
    "older": (PERSON.c.birth_month.is_(None), PERSON.c.birth_month),
    "younger": (PERSON.c.birth_month.is_(None), PERSON.c.birth_month.desc()),
    "longest": (CADRE.c.valid_from,),
}
SEXES = ("男", "女")
PARTIES = ("member", "other")

LEVELS = ("leading", "rank_only")
# Gives the education 学历 of persons by id; it lies sealed and is opened only when asked for.
Educations = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; ages in months of life, None where not asked."""

    unit: str = ""
    rank: str = ""
    level: str = ""
    sex: str = ""
    party: str = ""
    education: str = ""
    standing: str = ""
    age_from: int | None = None
    age_to: int | None = None
    sort: str = "unit"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """True when something narrows the list."""
        words = (self.unit, self.rank, self.level, self.sex, self.party, self.education, self.standing)
        return any(words) or self.age_from is not None or self.age_to is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One cadre found; ``age`` in months of life."""

    id: str
    name: str
    sex: str
    born_on: date | None
    age: int | None
    party: str
    post: str
    unit: str
    rank: str
    since: date
    status: str


@dataclass(frozen=True, slots=True)
class RosterView:
    """One page of the roster."""

    asked: Asked
    units: tuple[Option, ...]
    ranks: tuple[str, ...]
    rows: tuple[Line, ...]
    paging: Paging


def index(reads: Reads, actor: Actor, asked: Asked, educations: Educations, *, day: date) -> RosterView:
    """The cadres the actor may see that fit; own and relatives' rows are never among them."""
    found = list(reads.fetch_all(_query(actor, asked, day)))
    if asked.education:
        known = educations([row["id"] for row in found])
        found = [row for row in found if asked.education in known.get(row["id"], "")]
    first = PAGE_SIZE * (asked.page - 1)
    stands = standings(reads, actor, [row["id"] for row in found], day) if asked.standing else {}
    if asked.standing:
        found = [row for row in found if stands[row["id"]].status == asked.standing]
    rows = found[first : first + PAGE_SIZE]
    stands = stands or standings(reads, actor, [row["id"] for row in rows], day)
    units, ranks = _choices(reads, actor, day)
    return RosterView(
        asked=asked,
        units=units,
        ranks=ranks,
        rows=tuple(_line(row, stands[row["id"]], day) for row in rows),
        paging=paging(asked.page, len(found) - first, len(found)),
    )


def _query(actor: Actor, asked: Asked, day: date) -> Select[Any]:
    columns = [
        PERSON.c.id, PERSON.c.name, PERSON.c.sex, PERSON.c.birth_month, PERSON.c.party, CADRE.c.title, CADRE.c.rank,
        CADRE.c.valid_from, UNIT.c.name.label("unit"),
    ]  # fmt: skip
    source = CADRE.join(PERSON, PERSON.c.id == CADRE.c.person_id).join(UNIT, UNIT.c.id == CADRE.c.unit_id)
    query = select(*columns).select_from(source).where(visible_cadres(actor, day), current(day))
    query = query.where(*_conditions(asked, day))
    return query.order_by(*SORTS[asked.sort], PERSON.c.name, PERSON.c.id).limit(MOST)


def _conditions(asked: Asked, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.unit:
        found.append(CADRE.c.unit_id == asked.unit)
    if asked.rank:
        found.append(CADRE.c.rank == asked.rank)
    if asked.level:
        found.append(CADRE.c.is_leading.is_(asked.level == "leading"))
    if asked.sex:
        found.append(PERSON.c.sex == asked.sex)
    if asked.party:
        is_member = PERSON.c.party.startswith("中共")
        found.append(is_member if asked.party == "member" else ~is_member)
    # Months of birth are kept, no days: a month of life is full once its month has come.
    if asked.age_from is not None:
        found.append(PERSON.c.birth_month <= _born(day, asked.age_from))
    if asked.age_to is not None:
        found.append(PERSON.c.birth_month >= _born(day, asked.age_to))
    return found


def _born(day: date, months: int) -> str:
    """The month of birth of whom so many months of life are full in the day's month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def _choices(reads: Reads, actor: Actor, day: date) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    query = select(UNIT.c.id, UNIT.c.name, UNIT.c.code, CADRE.c.rank).join(
        CADRE, CADRE.c.unit_id == UNIT.c.id
    )
    rows = reads.fetch_all(
        query.where(visible_cadres(actor, day), current(day)).distinct().order_by(UNIT.c.code, CADRE.c.rank)
    )
    names = {row["id"]: row["name"].removesuffix(SAMPLE_MARK) for row in rows}
    return tuple(Option(one, name) for one, name in names.items()), tuple(
        sorted({row["rank"] for row in rows})
    )


def _line(row: Mapping[str, Any], stands: Standing, day: date) -> Line:
    born_on = month_day(row["birth_month"])
    age = (day.year - born_on.year) * 12 + day.month - born_on.month if born_on else None
    return Line(
        id=row["id"],
        name=row["name"],
        sex=row["sex"] or "",
        born_on=born_on,
        age=age,
        party=row["party"] or "",
        post=row["title"],
        unit=row["unit"].removesuffix(SAMPLE_MARK),
        rank=row["rank"],
        since=row["valid_from"],
        status=stands.status,
    )
