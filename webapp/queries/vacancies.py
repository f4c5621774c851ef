"""Vacancies 职数与空缺: per unit and level the quota, how many hold it, how many are free; counts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from webapp.domain.access import Actor, Grant
from webapp.domain.quotas import ESTABLISHMENT, Quota, in_force
from webapp.domain.roles import APART, AUDITING, role
from webapp.persistence.models import people
from webapp.persistence.unit_of_work import Reads
from webapp.queries.cadres import valid_on
from webapp.queries.parts import Option
from webapp.queries.people import DECIDING, SAMPLE_MARK
from webapp.queries.visibility import committees_answered_by

MOST = 3000
Fixed = Mapping[tuple[str, str], Quota]
UNIT, POST, HELD = people.organisation, people.post, people.appointment


@dataclass(frozen=True, slots=True)
class Places:
    """How many places there are 职数 and how many hold one 实配."""

    quota: int
    held: int

    @property
    def vacant(self) -> int:
        """How many more may be appointed 空缺."""
        return max(self.quota - self.held, 0)

    @property
    def over(self) -> int:
        """How many there are beyond the quota 超配."""
        return max(self.held - self.quota, 0)


@dataclass(frozen=True, slots=True)
class PostLine(Places):
    """One kind of post of a unit."""

    title: str
    rank: str


@dataclass(frozen=True, slots=True)
class LevelLine(Places):
    """One level of a unit: the places fixed by a document, or the sum of its posts' where none is recorded."""

    level: str
    posts: tuple[PostLine, ...]
    document_no: str
    since: date | None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with its levels, their sums, and the whole establishment 编制 where one is recorded."""

    id: str
    name: str
    levels: tuple[LevelLine, ...]
    establishment: Quota | None

    @property
    def quota(self) -> int:
        """核定职数."""
        return sum(one.quota for one in self.levels)

    @property
    def held(self) -> int:
        """实配."""
        return sum(one.held for one in self.levels)

    @property
    def vacant(self) -> int:
        """空缺."""
        return sum(one.vacant for one in self.levels)

    @property
    def over(self) -> int:
        """超配."""
        return sum(one.over for one in self.levels)


@dataclass(frozen=True, slots=True)
class VacanciesView:
    """The units asked for, by code; ``only`` ``vacant`` or ``over`` narrows to such posts."""

    unit: str
    rank: str
    only: str
    units: tuple[Option, ...]
    ranks: tuple[str, ...]
    rows: tuple[UnitLine, ...]

    @property
    def is_filtered(self) -> bool:
        """True when something narrows the list."""
        return bool(self.unit or self.rank or self.only)


ONLY = ("vacant", "over")


def index(reads: Reads, actor: Actor, *, unit: str, rank: str, only: str, day: date) -> VacanciesView:
    """Posts and holders on the day, of the units whose cadres the actor answers for; three statements."""
    query = (
        select(
            UNIT.c.id,
            UNIT.c.name,
            UNIT.c.code,
            POST.c.id.label("post_id"),
            POST.c.title,
            POST.c.rank,
            POST.c.quota,
        )
        .join(POST, POST.c.organisation_id == UNIT.c.id)
        .where(answered(actor, day), valid_on(UNIT, day))
        .order_by(UNIT.c.code, POST.c.rank.desc(), POST.c.title, POST.c.id)
        .limit(MOST)
    )
    rows = reads.fetch_all(query)
    held = select(HELD.c.post_id, func.count().label("n")).where(valid_on(HELD, day)).group_by(HELD.c.post_id)
    counts = {row["post_id"]: int(row["n"]) for row in reads.fetch_all(held)}
    chosen = [row for row in rows if (not unit or row["id"] == unit) and (not rank or row["rank"] == rank)]
    return VacanciesView(
        unit=unit,
        rank=rank,
        only=only,
        units=tuple(Option(one, name) for one, name in _names(rows).items()),
        ranks=tuple(sorted({row["rank"] for row in rows})),
        rows=tuple(line for line in _grouped(chosen, counts, fixed_on(reads, day), only) if line.levels),
    )


def _names(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {row["id"]: row["name"].removesuffix(SAMPLE_MARK) for row in rows}


def _grouped(
    rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int], fixed: Fixed, only: str
) -> list[UnitLine]:
    posts: dict[tuple[str, str], dict[str, PostLine]] = {}
    for row in rows:
        lines, title = posts.setdefault((row["id"], row["rank"]), {}), row["title"]
        one = lines.get(title, PostLine(0, 0, title, row["rank"]))
        held = one.held + counts.get(row["post_id"], 0)
        lines[title] = PostLine(one.quota + row["quota"], held, title, row["rank"])
    levels: dict[str, list[LevelLine]] = {}
    for (unit, rank), lines in posts.items():
        levels.setdefault(unit, []).append(_level(rank, tuple(lines.values()), fixed.get((unit, rank))))
    return [
        UnitLine(
            unit,
            name,
            tuple(one for one in levels[unit] if not only or getattr(one, only)),
            fixed.get((unit, ESTABLISHMENT)),
        )
        for unit, name in _names(rows).items()
    ]


def _level(rank: str, posts: tuple[PostLine, ...], fixed: Quota | None) -> LevelLine:
    held = sum(one.held for one in posts)
    if fixed is None:
        return LevelLine(sum(one.quota for one in posts), held, rank, posts, "", None)
    return LevelLine(fixed.places, held, rank, posts, fixed.document_no, fixed.valid_from)


def fixed_on(reads: Reads, day: date) -> Fixed:
    """What is fixed on a day for every unit and level."""
    rows = reads.fetch_all(select(people.staffing_quota).where(people.staffing_quota.c.valid_from <= day))
    return in_force((Quota(**{name: row[name] for name in Quota.__dataclass_fields__}) for row in rows), day)


def answered(actor: Actor, day: date) -> ColumnElement[bool]:
    """True for units under a committee, or with cadres, the actor answers for; auditors see all."""
    roles = actor.roles_on(day)
    if actor.kind == "system" or roles & APART:
        return true() if roles & AUDITING else false()
    ways = [way for grant in actor.grants_on(day) if (way := _through(grant, day)) is not None]
    return or_(*ways) if ways else false()


def _through(grant: Grant, day: date) -> ColumnElement[bool] | None:
    body = role(grant.role).body
    if grant.organisation_id is None or role(grant.role).named:
        return None
    cadre = people.cadre
    if body in ("org_dept", "discipline"):
        committees = committees_answered_by(body, grant.organisation_id, day)
        managed = select(cadre.c.unit_id).where(cadre.c.committee_id.in_(committees), valid_on(cadre, day))
        return or_(UNIT.c.parent_id.in_(committees), UNIT.c.id.in_(managed))
    if grant.role in DECIDING:
        place = grant.organisation_id
        managed = select(cadre.c.unit_id).where(and_(cadre.c.committee_id == place, valid_on(cadre, day)))
        return or_(UNIT.c.parent_id == place, UNIT.c.id.in_(managed))
    return None
