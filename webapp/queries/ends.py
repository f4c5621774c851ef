"""What ends soon 到期清单: impact periods 影响期, 诫勉 and probation 试用期 of the cadres the actor answers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from webapp.domain.access import Actor
from webapp.domain.impact import BARS_ZH, ImpactPeriod
from webapp.domain.measures import MEASURES
from webapp.persistence.models import cases, people
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import Paging, paging
from webapp.queries.people import visible_cadres
from webapp.queries.tracking import with_cadre
from webapp.queries.visibility import visible_cases

DAYS = (30, 60, 90, 180, 365)
USUAL = 90
KINDS: Mapping[str, str] = {"impact": "影响期（处分期）", "admonishment": "诫勉影响期", "probation": "试用期"}
PAGE = 50
MOST = 2000
CASE, PERIOD, MEASURE, HELD = cases.case_file, cases.impact_period, cases.measure, people.appointment
MEASURES_ZH = {(one.track, one.code): one.zh for one in MEASURES}
ADMONISHMENT = ("mild", "admonishment")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list; ``days``: how far it looks ahead."""

    days: int = USUAL
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing that ends; ``late``: the day is over and somebody has still to act on it."""

    kind: str
    person_id: str
    name: str
    post: str
    unit: str
    what: str
    ends_on: date
    free_on: date | None
    case_id: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class EndsView:
    """One page of what ends within the days chosen; ``counts`` by kind."""

    days: int
    kind: str
    rows: tuple[Ending, ...]
    counts: Mapping[str, int]
    paging: Paging
    until: date


def index(reads: Reads, actor: Actor, asked: Asked, *, day: date) -> EndsView:
    """What ends from the day on within the days asked, the nearest first; probation past its end on top."""
    until = day + timedelta(days=asked.days)
    found = [*_periods(reads, actor, day, until), *_probations(reads, actor, day, until)]
    counts = {kind: sum(one.kind == kind for one in found) for kind in KINDS}
    chosen = [one for one in found if not asked.kind or one.kind == asked.kind]
    chosen.sort(key=lambda one: (one.ends_on, one.name, one.person_id, one.what))
    first = PAGE * (asked.page - 1)
    return EndsView(
        days=asked.days,
        kind=asked.kind,
        rows=tuple(chosen[first : first + PAGE]),
        counts=counts,
        paging=paging(asked.page, len(chosen) - first, len(chosen), size=PAGE),
        until=until,
    )


def _periods(reads: Reads, actor: Actor, day: date, until: date) -> list[Ending]:
    """Impact periods of visible cases; a measure revoked 已撤销 never barred anything."""
    query: Select[Any] = (
        select(
            *PERIOD.c,
            MEASURE.c.track,
            MEASURE.c.kind,
            MEASURE.c.decided_on,
            people.person.c.name,
            people.cadre.c.title,
            people.organisation.c.name.label("unit"),
        )
        .select_from(PERIOD)
        .join(MEASURE, MEASURE.c.id == PERIOD.c.measure_id)
        .join(CASE, CASE.c.id == PERIOD.c.case_id)
        .join(people.person, people.person.c.id == PERIOD.c.person_id)
    )
    stands = or_(MEASURE.c.ended_by.is_(None), MEASURE.c.ended_by != "revoked")
    query = with_cadre(query, PERIOD.c.person_id, day).where(
        PERIOD.c.ends_on.between(day, until), stands, visible_cases(actor, day)
    )
    return [_period(row) for row in reads.fetch_all(query.order_by(PERIOD.c.ends_on).limit(MOST))]


def _period(row: Mapping[str, Any]) -> Ending:
    one = ImpactPeriod(row["bar"], row["starts_on"], row["ends_on"], "", row["rule"])
    key = (row["track"], row["kind"])
    return Ending(
        kind="admonishment" if key == ADMONISHMENT else "impact",
        person_id=row["person_id"],
        name=row["name"],
        post=row["title"] or "",
        unit=row["unit"] or "",
        what=f"{MEASURES_ZH.get(key, '')}：不得{BARS_ZH[one.bar]}",
        ends_on=row["ends_on"],
        free_on=one.first_free_day,
        case_id=row["case_id"],
        late=False,
    )


def _probations(reads: Reads, actor: Actor, day: date, until: date) -> list[Ending]:
    """试用期 of those in post and not yet confirmed; one that is over stays until somebody confirms or ends it."""
    post = people.post
    seen = or_(
        HELD.c.case_id.is_(None),
        HELD.c.case_id.in_(select(CASE.c.id).where(visible_cases(actor, day))),
    )
    query: Select[Any] = (
        select(
            HELD.c.person_id,
            HELD.c.probation_ends_on,
            HELD.c.case_id,
            people.person.c.name,
            post.c.title.label("held"),
            people.cadre.c.title,
            people.organisation.c.name.label("unit"),
        )
        .select_from(HELD)
        .join(people.person, people.person.c.id == HELD.c.person_id)
        .join(post, post.c.id == HELD.c.post_id)
    )
    query = with_cadre(query, HELD.c.person_id, day).where(
        and_(HELD.c.valid_to.is_(None), HELD.c.confirmed_on.is_(None)),
        HELD.c.probation_ends_on <= until,
        visible_cadres(actor, day),
        seen,
    )
    rows = reads.fetch_all(query.order_by(HELD.c.probation_ends_on).limit(MOST))
    return [_probation(row, day) for row in rows]


def _probation(row: Mapping[str, Any], day: date) -> Ending:
    return Ending(
        kind="probation",
        person_id=row["person_id"],
        name=row["name"],
        post=row["title"] or "",
        unit=row["unit"] or "",
        what=f"任{row['held']}",
        ends_on=row["probation_ends_on"],
        free_on=None,
        case_id=row["case_id"],
        late=row["probation_ends_on"] < day,
    )
