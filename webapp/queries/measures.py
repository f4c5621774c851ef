"""One measure 措施 with its decision, its periods and every change made to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.domain.access import Actor, holds_for
from webapp.domain.measure_changes import KINDS_ZH, Registered, Standing, kinds_open_to
from webapp.domain.measures import MEASURES, TRACKS
from webapp.domain.workdays import zh_date
from webapp.persistence.models import cases
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import briefs, cadres
from webapp.queries.parts import Period, PersonRef, Problem

MEASURES_ZH = {one.key: f"{TRACKS[one.track]}：{one.zh}" for one in MEASURES}
COLUMNS: tuple[tuple[str, str], ...] = (
    ("measure", "措施"),
    ("organ", "决定机关"),
    ("document_no", "文号"),
    ("decided_on", "决定日期"),
    ("effective_on", "生效日期"),
    ("months_decided", "决定载明月数"),
    ("restored_on", "恢复党员权利"),
    ("ended_on", "撤销或结束日期"),
)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One correction or later decision: what it changes, who proposed and who agreed; words are sealed elsewhere."""

    id: str
    kind: str
    state: str
    proposed_by: str
    proposed_at: datetime
    settled_by: str
    settled_at: datetime | None
    paper: str
    differences: tuple[tuple[str, str, str], ...]
    reason: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class MeasureFile:
    """The page of one measure; ``kinds``: the changes the reader may propose, code and words."""

    id: str
    case_id: str
    case_no: str
    subject: PersonRef
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    periods: tuple[Period, ...]
    changes: tuple[ChangeLine, ...]
    kinds: tuple[tuple[str, str], ...]
    may_settle: bool
    may_withdraw: bool
    registered: Registered
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of a case as it is registered; ``state``: in_force, revoked or ended."""

    id: str
    state: str
    registered: Registered


def of_case(reads: Reads, case_id: str) -> tuple[MeasureLine, ...]:
    """The measures of a case, in the order of their decisions."""
    rows = reads.all(cases.measure, case_id=case_id, order=("decided_on", "id"))
    return tuple(MeasureLine(row["id"], row["ended_by"] or "in_force", registered(row)) for row in rows)


def show(
    reads: Reads,
    actor: Actor,
    row: Row,
    *,
    bodies: Mapping[str, str],
    roles: tuple[tuple[str, ...], tuple[str, ...]],
    day: date,
) -> MeasureFile:
    """The page of a measure on a case the reader sees whole; ``roles``: who proposes, who agrees."""
    case = briefs.case_row(reads, row["case_id"])
    assert case is not None
    brief = briefs.brief(reads, case)
    assert brief.subject is not None
    changes = reads.all(cases.measure_change, measure_id=row["id"], order=("-proposed_at", "-id"))
    open_ = next((one for one in changes if one["status"] == "proposed"), None)
    standing = _standing(row)
    may_propose = open_ is None and holds_for(actor, bodies, roles[0], day)
    own = open_ is not None and open_["proposed_by"] == actor.user_id
    names = cadres.names(reads, [one[name] for one in changes for name in ("proposed_by", "settled_by")])
    return MeasureFile(
        id=row["id"],
        case_id=row["case_id"],
        case_no=brief.case_no,
        subject=brief.subject,
        title=MEASURES_ZH[f"{row['track']}.{row['kind']}"],
        state=row["ended_by"] or "in_force",
        facts=_facts(row),
        periods=tuple(briefs.periods_of_measure(reads, row, day)),
        changes=tuple(_line(one, names) for one in changes),
        kinds=tuple((kind, KINDS_ZH[kind]) for kind in kinds_open_to(standing)) if may_propose else (),
        may_settle=open_ is not None and not own and holds_for(actor, bodies, roles[1], day),
        may_withdraw=own,
        registered=standing.registered,
    )


def registered(row: Row) -> Registered:
    """What the register says of a stored measure."""
    return Registered(
        row["track"], row["kind"], row["organ"] or "", row["document_no"] or "", row["decided_on"],
        row["effective_on"], row["months_decided"],
    )  # fmt: skip


def _standing(row: Row) -> Standing:
    return Standing(registered(row), row["restored_on"], row["ended_on"], row["ended_by"])


def _facts(row: Row) -> tuple[tuple[str, str], ...]:
    values = {name: row[name] for name, _ in COLUMNS if name != "measure"}
    return tuple((label, _words(name, values.get(name))) for name, label in COLUMNS if values.get(name))


def _line(row: Row, names: Mapping[str, str]) -> ChangeLine:
    before, after = row["before"], row["after"]
    changed = [(name, label) for name, label in COLUMNS if before.get(name) != after.get(name)]
    return ChangeLine(
        id=row["id"],
        kind=KINDS_ZH[row["kind"]],
        state=row["status"],
        proposed_by=names.get(row["proposed_by"], ""),
        proposed_at=row["proposed_at"],
        settled_by=names.get(row["settled_by"], "") if row["settled_by"] else "",
        settled_at=row["settled_at"],
        paper=f"{row['organ']}，{row['document_no']}，{zh_date(row['decided_on'])}",
        differences=tuple(
            (label, _words(name, before.get(name)), _words(name, after.get(name))) for name, label in changed
        ),
    )


def _words(name: str, value: Any) -> str:
    if value is None:
        return "未载"
    if name == "measure":
        return MEASURES_ZH.get(str(value), str(value))
    if name == "months_decided":
        return f"{value}个月"
    if name.endswith("_on"):
        return zh_date(value if isinstance(value, date) else date.fromisoformat(str(value)))
    return str(value)
