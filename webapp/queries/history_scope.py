"""Which records of the history 办理记录 an actor may see 可见范围: chains of cases, and those of no case."""

from datetime import date

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, not_, or_, select

from webapp.domain.access import Actor
from webapp.domain.roles import APART, AUDITING
from webapp.persistence.models import cases, people
from webapp.persistence.unit_of_work import Reads
from webapp.queries import records
from webapp.queries.visibility import not_barred, whole_cases

EVENT = records.EVENT


def body_text(reads: Reads) -> ColumnElement[str]:
    """The stored bytes of a record as text to search in."""
    if reads.dialect == "postgresql":
        return func.convert_from(EVENT.c.body, "UTF8")
    return cast(EVENT.c.body, Text)


def visible(reads: Reads, actor: Actor, day: date) -> ColumnElement[bool]:
    """Auditors see every chain but what concerns themselves and their relatives; others the chains of their cases.

    A record without a case (a look at a file, an export, a meeting) is hidden when it names a hidden file.
    """
    # Judged on each record that is found: taken as a way to find them, it would read all cases one by one.
    case_id = func.coalesce(EVENT.c.case_id, EVENT.c.case_id, type_=EVENT.c.case_id.type)
    case = cases.case_file
    inside = select(case.c.id).where(case.c.id == case_id, whole_cases(actor, day)).exists()
    roles = actor.roles_on(day)
    if not roles & APART:
        return inside
    if not roles & AUDITING:
        return false()
    if actor.person_id is None:
        return or_(case_id.is_(None), inside)
    hidden = _hidden(reads, actor.person_id)
    body = body_text(reads)
    streams = [f"person:{one}" for one in hidden]
    outside = and_(
        case_id.is_(None),
        EVENT.c.stream.not_in(streams),
        or_(EVENT.c.stream == f"user:{actor.user_id}", not_(or_(*(body.like(f"%{one}%") for one in hidden)))),
    )
    return or_(outside, inside)


def _hidden(reads: Reads, person_id: str) -> list[str]:
    """The person, the relatives on file, and the cases the person is kept out of."""
    case = cases.case_file
    rows = reads.fetch_all(select(case.c.id).where(not_(not_barred(person_id, case))))
    one_way = [row["relative_id"] for row in reads.all(people.kinship, person_id=person_id)]
    other_way = [row["person_id"] for row in reads.all(people.kinship, relative_id=person_id)]
    return sorted({person_id, *one_way, *other_way, *(row["id"] for row in rows)})
