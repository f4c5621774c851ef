"""职数与编制登记: what was recorded for each unit and level, by which document, and what holds today."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from webapp.domain.access import Actor
from webapp.domain.quotas import Quota, in_force, level_zh
from webapp.persistence.models import people
from webapp.persistence.unit_of_work import Reads
from webapp.queries import cadres
from webapp.queries.parts import FormView, Option, Problem
from webapp.queries.people import SAMPLE_MARK
from webapp.queries.vacancies import answered

RECORDED, UNIT, POST = people.staffing_quota, people.organisation, people.post
MOST = 500


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One entry; ``state``: now 现行, ahead 尚未生效, replaced 已被替代."""

    id: str
    unit: str
    level: str
    places: int
    valid_from: date
    document_no: str
    recorded_by: str
    recorded_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class QuotasView:
    """The page: the entries of one unit or of all, and the form where the reader may record."""

    unit: str
    units: tuple[Option, ...]
    rows: tuple[QuotaLine, ...]
    form: FormView | None
    problems: tuple[Problem, ...]


def units(reads: Reads, actor: Actor, day: date) -> tuple[Option, ...]:
    """The units whose posts the actor may look at."""
    query = select(UNIT.c.id, UNIT.c.name).where(answered(actor, day), UNIT.c.kind == "unit")
    rows = reads.fetch_all(query.order_by(UNIT.c.code))
    return tuple(Option(row["id"], row["name"].removesuffix(SAMPLE_MARK)) for row in rows)


def levels(reads: Reads, actor: Actor, day: date) -> tuple[str, ...]:
    """The ranks posts of these units have."""
    query = select(POST.c.rank).join(UNIT, UNIT.c.id == POST.c.organisation_id).where(answered(actor, day))
    return tuple(
        row["rank"] for row in reads.fetch_all(query.distinct().order_by(POST.c.rank)) if row["rank"]
    )


def lines(reads: Reads, actor: Actor, *, unit: str, day: date) -> tuple[QuotaLine, ...]:
    """Entries by unit and level, the newest first."""
    query = select(RECORDED, UNIT.c.name, UNIT.c.code).join(UNIT, UNIT.c.id == RECORDED.c.organisation_id)
    query = query.where(answered(actor, day))
    if unit:
        query = query.where(UNIT.c.id == unit)
    newest = (RECORDED.c.valid_from.desc(), RECORDED.c.recorded_at.desc())
    rows = reads.fetch_all(query.order_by(UNIT.c.code, RECORDED.c.level, *newest).limit(MOST))
    known = {row["id"]: Quota(**{name: row[name] for name in Quota.__dataclass_fields__}) for row in rows}
    now = set(map(id, in_force(known.values(), day).values()))
    who = cadres.names(reads, [row["recorded_by"] for row in rows])
    return tuple(
        QuotaLine(
            row["id"], row["name"].removesuffix(SAMPLE_MARK), level_zh(row["level"]), row["places"],
            row["valid_from"], row["document_no"], who[row["recorded_by"]], row["recorded_at"],
            "now" if id(known[row["id"]]) in now else "ahead" if row["valid_from"] > day else "replaced",
        )
        for row in rows
    )  # fmt: skip
