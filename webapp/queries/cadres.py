"""What several pages say of a cadre 干部: names and posts, measures and impact periods."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, or_, select

from webapp.domain import impact
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.domain.measures import TRACKS
from webapp.domain.measures import measure as kind_of
from webapp.domain.workdays import zh_date
from webapp.persistence import counting
from webapp.persistence.models import cases, identity, people
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries.measure_words import note_of
from webapp.queries.parts import MeasureLine, Period, PersonRef
from webapp.queries.visibility import visible_cases

USERS = identity.User.__table__
SYSTEM_NAMES = {"system": "系统", "installation": "系统安装"}


@dataclass(frozen=True, slots=True)
class Post:
    """Where a cadre serves on a day: unit 单位 and title 职务, '' where unknown."""

    unit: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """星屿市水务局副局长, in the way an office says it."""
        return f"{self.unit}{self.title}"


def valid_on(table: FromClause, day: date) -> ColumnElement[bool]:
    """True for dated rows valid on the day."""
    return and_(table.c.valid_from <= day, or_(table.c.valid_to.is_(None), table.c.valid_to >= day))


def is_id(text: object) -> bool:
    """True for a UUID in its text form; actor columns also hold words such as ``system``."""
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def names(reads: Reads, ids: Iterable[object]) -> dict[str, str]:
    """Names behind user ids and person ids, in two statements; what is nobody's keeps its code."""
    wanted = {str(one) for one in ids if one}
    found = {one: SYSTEM_NAMES.get(one, one) for one in wanted if not is_id(one)}
    rest = sorted(wanted - found.keys())
    if not rest:
        return found
    person = people.person
    users = select(USERS.c.id, USERS.c.username, person.c.name).outerjoin(
        person, person.c.id == USERS.c.person_id
    )
    for row in reads.fetch_all(users.where(USERS.c.id.in_(rest))):
        found[row["id"]] = row["name"] or row["username"]
    rest = sorted(wanted - found.keys())
    if rest:
        query = select(person.c.id, person.c.name).where(person.c.id.in_(rest))
        found |= {row["id"]: row["name"] for row in reads.fetch_all(query)}
    return {one: found.get(one, one) for one in wanted}


def posts(reads: Reads, person_ids: Collection[str], day: date) -> dict[str, Post]:
    """Where cadres serve on the day; persons who are no cadres of this installation are left out."""
    if not person_ids:
        return {}
    cadre, unit = people.cadre, people.organisation
    query = (
        select(cadre.c.person_id, cadre.c.title, unit.c.name)
        .join(unit, unit.c.id == cadre.c.unit_id)
        .where(cadre.c.person_id.in_(sorted(person_ids)), valid_on(cadre, day))
    )
    return {row["person_id"]: Post(row["name"], row["title"]) for row in reads.fetch_all(query)}


def person_ref(person_id: str, name: str, found: Mapping[str, Post]) -> PersonRef:
    """A person with the post looked up before."""
    return PersonRef(person_id, name, found.get(person_id, Post()).words)


def measure_words(track: str, code: str) -> str:
    """The Chinese name of a kind of measure; its code for one no longer known."""
    try:
        return kind_of(track, code).zh
    except Invalid:
        return code


def track_words(code: str) -> str:
    """The Chinese name of a legal track; its code for one no longer known."""
    found: Mapping[str, str] = {str(track): zh for track, zh in TRACKS.items()}
    return found.get(code, code)


def measures(reads: Reads, actor: Actor, person_id: str, day: date) -> tuple[MeasureLine, ...]:
    """The measures of a cadre 措施 on all cases the actor may see, oldest first."""
    table, case = cases.measure, cases.case_file
    query = (
        select(table)
        .join(case, case.c.id == table.c.case_id)
        .where(table.c.person_id == person_id, visible_cases(actor, day))
        .order_by(table.c.effective_on, table.c.id)
    )
    return tuple(_measure_line(row) for row in reads.fetch_all(query))


def _measure_line(row: Row) -> MeasureLine:
    return MeasureLine(
        id=row["id"],
        kind=measure_words(row["track"], row["kind"]),
        track=track_words(row["track"]),
        decided_on=row["decided_on"],
        effective_on=row["effective_on"],
        decided_by=row["organ"] or "",
        document_no=row["document_no"] or "",
        months=row["months_decided"],
        note=note_of(row),
    )


def periods(reads: Reads, actor: Actor, person_id: str, day: date) -> tuple[Period, ...]:
    """The impact periods 影响期 of a cadre with how each was counted, those still running first."""
    table, measure, case = cases.impact_period, cases.measure, cases.case_file
    query = (
        select(table, measure.c.track, measure.c.kind, measure.c.document_no, measure.c.ended_by)
        .join(measure, measure.c.id == table.c.measure_id)
        .join(case, case.c.id == table.c.case_id)
        .where(table.c.person_id == person_id, visible_cases(actor, day))
        .order_by(table.c.starts_on, table.c.id)
    )
    rows = reads.fetch_all(query)
    # A measure that is neither talked about nor in a case the actor may see moves no day the actor reads.
    kept_back = counting.without_untold(reads, person_id, known=[row["case_id"] for row in rows])
    found = [_period(counting.as_counted(row, kept_back), day) for row in rows]
    return tuple(sorted(found, key=lambda one: one.state in ("over", "revoked")))


def _period(row: Row, day: date) -> Period:
    one = impact.ImpactPeriod(row["bar"], row["starts_on"], row["ends_on"], "", row["rule"], row["track"])
    state = "unsettled" if one.ends_on is None else "over" if one.is_over(day) else "running"
    state = "revoked" if row["ended_by"] == "revoked" else state
    document = f"（{row['document_no']}）" if row["document_no"] else ""
    return Period(
        bar=f"不得{impact.BARS_ZH[one.bar]}",
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        days_left=(one.ends_on - day).days if one.ends_on and state == "running" else None,
        state=state,
        basis=f"{track_words(row['track'])}：{measure_words(row['track'], row['kind'])}{document}",
        explanation=_counted(one, row["months"]),
    )


def _counted(one: impact.ImpactPeriod, months: int | None) -> tuple[str, ...]:
    start = f"自{zh_date(one.starts_on)}生效之日起计算。"
    if one.ends_on is None:
        return (start, "截止日未定：须待后续决定（如恢复党员权利、停职结束）后另行计算。")
    last = "届满日当日仍受限制" if one.rule == impact.END_BARRED else "届满日当日不再受限制"
    end = f"至{zh_date(one.ends_on)}届满；遇节假日不顺延，{last}。"
    if months is None:
        return (start, end)
    plain = impact.end_of(one.starts_on, months) == one.ends_on
    added = f"新影响期{months}个月，与原影响期尚未执行部分或决定载明的期限合并计算。"
    how = f"规定期限{months}个月。" if plain else added
    return (start, how, end)
