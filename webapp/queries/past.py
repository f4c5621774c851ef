"""A case as it stood right after one of its events 时点回看: rebuilt from the events, never from present rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, tuple_

from webapp.domain.errors import NotFound
from webapp.domain.impact import BARS_ZH
from webapp.domain.lifecycle import STAGES_ZH
from webapp.domain.roles import ROLES
from webapp.domain.workdays import local_date
from webapp.persistence import rebuild
from webapp.persistence.models import identity, people, repository
from webapp.persistence.rebuild import Rebuilt
from webapp.persistence.unit_of_work import Reading, Row
from webapp.queries import cadres, diagrams, records
from webapp.queries.parts import Diagram, Event, FormView

EVENT = records.EVENT
MOST_EVENTS = 1000
ROLES_ZH = {one.code: one.zh for one in ROLES}
Definitions = Callable[[str, str], Any]
Pictures = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PastTask:
    """A task as it stood then: who might take it 候选, who held it."""

    name: str
    state: str
    holder: str
    candidates: tuple[str, ...]
    due_on: date | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """An impact period 影响期 as it was computed then."""

    bar: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class PastView:
    """The whole moment; ``form`` is put in by the page that opened the sealed values."""

    case_id: str
    case_no: str
    subject: str
    seq: int
    first: int
    last: int
    event: Event
    steps: tuple[Event, ...]
    stage: str
    status: str
    outcome: str
    tasks: tuple[PastTask, ...]
    periods: tuple[PastPeriod, ...]
    holders: tuple[tuple[str, tuple[str, ...]], ...]
    excluded: tuple[str, ...]
    diagrams: tuple[Diagram, ...]
    form: FormView | None = None
    erased: tuple[str, ...] = ()


def chain(reads: Reading, case_id: str, definitions: Definitions | None = None) -> tuple[Event, ...]:
    """The records of a case's chain in order, the newest thousand of them."""
    query = select(EVENT).where(EVENT.c.stream == f"case:{case_id}").order_by(EVENT.c.seq.desc())
    rows = reads.fetch_all(query.limit(MOST_EVENTS))
    return tuple(reversed(records.lines_of(reads, rows, definitions)))


def show(reads: Reading, case_id: str, seq: int, *, definitions: Definitions, picture: Pictures) -> PastView:
    """The case right after event ``seq`` of its chain; NotFound for a number the chain does not have."""
    steps = chain(reads, case_id, definitions)
    event = next((one for one in steps if one.seq == seq), None)
    if event is None:
        raise NotFound("这一卷办理记录没有这一条，请从步骤列表中选择。")
    then = rebuild.rebuild_until(reads, case_id, f"case:{case_id}", seq)
    case = then.rows["case_file"].get((case_id,), {})
    items = _of_case(then, "work_item", case_id)
    who = _names(reads, case, items, then, case_id)
    return PastView(
        case_id=case_id,
        case_no=event.case_no,
        subject=who.get(case.get("person_id", ""), ""),
        seq=seq,
        first=steps[0].seq,
        last=steps[-1].seq,
        event=event,
        steps=steps,
        stage=STAGES_ZH.get(case.get("stage", ""), ""),
        status=case.get("status", "open"),
        outcome=case.get("outcome") or "",
        tasks=_tasks(then, items, who),
        periods=tuple(_periods(then, case_id)),
        holders=_holders(reads, then, items, who, local_date(event.effective_at)),
        excluded=tuple(
            who.get(str(key[1]), str(key[1])) for key in then.rows["case_exclusion"] if key[0] == case_id
        ),
        diagrams=tuple(_diagrams(reads, then, case_id, seq, items, who, definitions, picture)),
    )


def _of_case(then: Rebuilt, table: str, case_id: str) -> dict[str, dict[str, Any]]:
    """The rows of a case with one key, in the order they came."""
    return {key[0]: row for key, row in then.rows[table].items() if row.get("case_id") == case_id}


def _candidates(then: Rebuilt, item_id: str) -> list[dict[str, Any]]:
    return [row for row in then.rows["work_candidate"].values() if row.get("work_item_id") == item_id]


def _names(
    reads: Reading,
    case: Mapping[str, Any],
    items: Mapping[str, Mapping[str, Any]],
    then: Rebuilt,
    case_id: str,
) -> dict[str, str]:
    ids: set[Any] = {
        case.get("person_id"),
        *(key[1] for key in then.rows["case_exclusion"] if key[0] == case_id),
    }
    for item_id, row in items.items():
        ids |= {row.get("assignee_id"), row.get("completed_by")}
        ids |= {one.get("person_id") for one in _candidates(then, item_id)}
    found = cadres.names(reads, ids)
    places = sorted({str(one["organisation_id"]) for one in then.rows["work_candidate"].values()
                     if one.get("organisation_id") and one.get("work_item_id") in items})  # fmt: skip
    table = people.organisation
    rows = reads.fetch_all(select(table.c.id, table.c.name).where(table.c.id.in_(places))) if places else []
    return found | {row["id"]: row["name"] for row in rows}


def _tasks(
    then: Rebuilt, items: Mapping[str, Mapping[str, Any]], who: Mapping[str, str]
) -> tuple[PastTask, ...]:
    return tuple(
        PastTask(
            name=row["name"],
            state="claimed" if row.get("assignee_id") else "open",
            holder=who.get(row.get("assignee_id") or "", ""),
            candidates=tuple(dict.fromkeys(_candidate(one, who) for one in _candidates(then, item_id))),
            due_on=local_date(datetime.fromisoformat(row["due_at"])) if row.get("due_at") else None,
            withheld=bool(row.get("withheld")),
        )
        for item_id, row in items.items()
        if row.get("status") == "open"
    )


def _candidate(row: Mapping[str, Any], who: Mapping[str, str]) -> str:
    if row.get("person_id"):
        return f"{who.get(row['person_id'], '')}（指定）"
    return f"{who.get(row.get('organisation_id') or '', '')}{ROLES_ZH.get(row.get('role') or '', '')}"


def _periods(then: Rebuilt, case_id: str) -> Iterable[PastPeriod]:
    bars = {str(code): words for code, words in BARS_ZH.items()}
    for row in _of_case(then, "impact_period", case_id).values():
        yield PastPeriod(f"不得{bars.get(row['bar'], '')}", row["starts_on"], row.get("ends_on") or "")


def _holders(
    reads: Reading, then: Rebuilt, items: Mapping[str, Mapping[str, Any]], who: Mapping[str, str], day: date
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who held the posts that the open tasks were offered to, by the dates of their grants."""
    wanted = {
        (str(one["role"]), str(one["organisation_id"]))
        for item_id, row in items.items()
        if row.get("status") == "open"
        for one in _candidates(then, item_id)
        if one.get("role") and one.get("organisation_id")
    }
    if not wanted:
        return ()
    grant, users, person = identity.role_grant, cadres.USERS, people.person
    query = (
        select(grant.c.role, grant.c.organisation_id, person.c.name)
        .join(users, users.c.id == grant.c.user_id)
        .join(person, person.c.id == users.c.person_id)
        .where(tuple_(grant.c.role, grant.c.organisation_id).in_(sorted(wanted)))
        .where(grant.c.valid_from <= day, or_(grant.c.valid_to.is_(None), grant.c.valid_to >= day))
        .order_by(grant.c.role, person.c.name)
    )
    found: dict[str, list[str]] = {}
    for row in reads.fetch_all(query):
        label = f"{who.get(row['organisation_id'], '')}{ROLES_ZH.get(row['role'], '')}"
        found.setdefault(label, []).append(row["name"])
    return tuple((label, tuple(dict.fromkeys(names))) for label, names in found.items())


def _diagrams(
    reads: Reading, then: Rebuilt, case_id: str, seq: int, items: Mapping[str, Mapping[str, Any]],
    who: Mapping[str, str], definitions: Definitions, picture: Pictures,
) -> Iterable[Diagram]:  # fmt: skip
    for instance_id, row in _of_case(then, "process_instance", case_id).items():
        deployed = reads.get(repository.definition, id=row["definition_id"])
        definition = definitions(deployed["digest"], deployed["key"])
        marks = diagrams.marks_of(reads, instance_id, until=seq)
        own = {one["element_id"]: _as_row(one) for one in items.values() if one["instance_id"] == instance_id}
        yield diagrams.drawn(
            instance_id, definition, deployed["version"], picture(instance_id), marks, own, who
        )


def _as_row(item: Mapping[str, Any]) -> Mapping[str, Any]:
    closed = item.get("closed_at")
    return {
        "closed_at": datetime.fromisoformat(closed) if closed else None,
        "completed_by": item.get("completed_by"),
    }


def picture(reads: Reading, case_id: str, seq: int, instance_id: str) -> dict[str, Any]:
    """The drawing of one process as it stood right after the event; NotFound when it did not run yet."""
    then = rebuild.rebuild_until(reads, case_id, f"case:{case_id}", seq)
    row: Row | None = _of_case(then, "process_instance", case_id).get(instance_id)
    if row is None:
        raise NotFound("当时还没有这个流程。")
    deployed = reads.get(repository.definition, id=row["definition_id"])
    return {
        "name": deployed["name"],
        "xml": diagrams.xml_of(reads, deployed["digest"], deployed["key"]),
        "marks": diagrams.marks_of(reads, instance_id, until=seq),
    }
