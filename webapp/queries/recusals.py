"""Who steps aside from an item 回避, why and since when; and whose kinship is still to be confirmed (F05)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from webapp.persistence.models import cases, identity, people
from webapp.persistence.models import meetings as tables
from webapp.persistence.unit_of_work import Reads, Row

RECUSALS_ZH = {"declared": "本人声明回避", "noted": "会议记录人登记回避", "kin": "与干部本人有亲属关系"}
EXCLUDED_ZH = "已登记对本卷宗回避"
USERS = identity.User.__table__


@dataclass(frozen=True, slots=True)
class Line:
    """Why a member leaves for an item; ``since``: when it was entered, None for what was always on file.

    ``is_noted``: for this item alone, by the member or the recorder; ``declared_by``: the person who did it.
    """

    why: str
    since: datetime | None = None
    is_noted: bool = False
    declared_by: str | None = None


def of_items(reads: Reads, items: Sequence[Row], members: Iterable[str]) -> dict[str, dict[str, Line]]:
    """item → member → why: noted for the item, kept out of the case, or on file as a relative."""
    found: dict[str, dict[str, Line]] = {item["id"]: {} for item in items}
    inside = sorted(members)
    out, kin = _kept_out(reads, items, inside), _kin(reads, items, inside)
    for item in items:
        gone = found[item["id"]]
        gone.update(out.get(item["case_id"], {}))
        gone.update(kin.get(item["person_id"], {}))
    for item_id, lines in _noted(reads, list(found)).items():
        found[item_id].update(lines)
    return found


def _kept_out(reads: Reads, items: Sequence[Row], inside: list[str]) -> dict[str, dict[str, Line]]:
    table = cases.case_exclusion
    case_ids = [item["case_id"] for item in items]
    query = select(table.c.case_id, table.c.person_id, table.c.since)
    found: dict[str, dict[str, Line]] = {}
    for one in reads.fetch_all(query.where(table.c.case_id.in_(case_ids), table.c.person_id.in_(inside))):
        found.setdefault(one["case_id"], {})[one["person_id"]] = Line(EXCLUDED_ZH, one["since"])
    return found


def _kin(reads: Reads, items: Sequence[Row], inside: list[str]) -> dict[str, dict[str, Line]]:
    kin = people.kinship
    subjects = sorted({item["person_id"] for item in items})
    both = or_(
        kin.c.person_id.in_(inside) & kin.c.relative_id.in_(subjects),
        kin.c.relative_id.in_(inside) & kin.c.person_id.in_(subjects),
    )
    found: dict[str, dict[str, Line]] = {}
    for row in reads.fetch_all(select(kin.c.person_id, kin.c.relative_id, kin.c.since).where(both)):
        line = Line(RECUSALS_ZH["kin"], row["since"])
        found.setdefault(row["person_id"], {})[row["relative_id"]] = line
        found.setdefault(row["relative_id"], {})[row["person_id"]] = line
    return found


def _noted(reads: Reads, item_ids: list[str]) -> dict[str, dict[str, Line]]:
    table = tables.item_recusal
    query = select(table, USERS.c.person_id.label("by")).outerjoin(USERS, USERS.c.id == table.c.entered_by)
    found: dict[str, dict[str, Line]] = {}
    for one in reads.fetch_all(query.where(table.c.item_id.in_(item_ids))):
        is_own = one["by"] == one["person_id"]
        line = Line(RECUSALS_ZH["declared" if is_own else "noted"], None, True, one["by"])
        found.setdefault(one["item_id"], {})[one["person_id"]] = line
    return found


def in_own_words(
    recused: Mapping[str, Mapping[str, Line]], reasons: Mapping[str, str]
) -> dict[str, dict[str, Line]]:
    """Where somebody said why, that is shown instead of the bare fact."""
    return {
        item_id: {
            member: replace(line, why=reasons.get(f"recusal.{item_id}.{member}", line.why))
            for member, line in lines.items()
        }
        for item_id, lines in recused.items()
    }


def unsettled(reads: Reads, items: Sequence[Row], members: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """item → members whose kinship with the cadre waits for the second person."""
    waiting = reads.all(people.kinship_request, status="waiting")
    inside = set(members)
    pairs = {(str(s), str(m)) for row in waiting for s, m in row["pairs"] if m in inside}
    return {item["id"]: tuple(sorted(m for s, m in pairs if s == item["person_id"])) for item in items}
