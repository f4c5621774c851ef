"""The ledger 台账 to be taken along: every plan the actor may see that fits, with measures and the next visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from webapp.domain.access import Actor
from webapp.domain.measures import MEASURES
from webapp.persistence.models import cases
from webapp.persistence.unit_of_work import Reads
from webapp.queries.people import SAMPLE_MARK
from webapp.queries.tracking import Asked, PlanRow, every
from webapp.queries.visibility import visible_cases

MOST = 5000
HEADINGS = (
    "姓名", "单位", "现任职务", "措施", "决定日期", "文号", "影响期至", "联系类别", "联系人", "下次回访", "已回访",
    "已安排", "状态",
)  # fmt: skip
CLASSES_ZH = {"A": "一般", "B": "重点", "C": "专项联系"}
STATES_ZH = {"open": "跟踪中", "closed": "已结束"}
MEASURES_ZH = {(one.track, one.code): one.zh for one in MEASURES}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows as they are to stand in the cells, and the plans they tell of."""

    rows: tuple[tuple[str, ...], ...]
    plans: tuple[str, ...]


def taken(reads: Reads, actor: Actor, asked: Asked, *, day: date) -> Ledger:
    """The ledger in two statements, whatever its length."""
    plans = every(reads, actor, asked, day=day, most=MOST)
    measures = _measures(reads, actor, day, sorted({row.case_id for row in plans}))
    rows = tuple(_cells(row, measures.get(row.case_id, ())) for row in plans)
    return Ledger(rows, tuple(row.id for row in plans))


def _measures(
    reads: Reads, actor: Actor, day: date, case_ids: Sequence[str]
) -> dict[str, list[Mapping[str, Any]]]:
    """Measures that stand, by case; of cases the actor may see alone."""
    table, case = cases.measure, cases.case_file
    query = (
        select(table.c.case_id, table.c.track, table.c.kind, table.c.decided_on, table.c.document_no)
        .join(case, case.c.id == table.c.case_id)
        .where(table.c.case_id.in_(case_ids), visible_cases(actor, day))
        .where(or_(table.c.ended_by.is_(None), table.c.ended_by != "revoked"))
        .order_by(table.c.decided_on, table.c.id)
    )
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in reads.fetch_all(query) if case_ids else ():
        found.setdefault(row["case_id"], []).append(row)
    return found


def _cells(row: PlanRow, measures: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return (
        row.subject,
        row.unit.removesuffix(SAMPLE_MARK),
        row.subject_post,
        "；".join(MEASURES_ZH.get((one["track"], one["kind"]), "") for one in measures),
        "；".join(_day(one["decided_on"]) for one in measures),
        "；".join(one["document_no"] or "" for one in measures),
        _day(row.impact_ends_on) or "未定",
        CLASSES_ZH.get(row.tracking_class, ""),
        row.mentor,
        _day(row.next_visit_on) if row.state == "open" else "",
        str(row.visits_done),
        str(row.visits_planned),
        STATES_ZH.get(row.state, ""),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
