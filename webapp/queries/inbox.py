"""The inbox 待办: mine, my groups', done, started by me; filtered, sorted and paged in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, String, and_, case, func, literal, or_, select, union_all

from webapp.domain import due_basis
from webapp.domain.access import Actor
from webapp.domain.people import search_word
from webapp.domain.roles import role
from webapp.domain.workdays import local_date, start_of_day
from webapp.persistence.models import cases, identity, people, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries import lapsed
from webapp.queries.parts import PAGE_SIZE, Option, Paging, paging
from webapp.queries.ribbon import PART_OF_PROCESS, part_of
from webapp.queries.visibility import not_barred

TABS = ("mine", "group", "done", "started", "stand_in")
SORTS = ("due", "-due", "created", "-created", "process")
DUES = ("", "overdue", "today", "week", "none")
WEEK = timedelta(days=7)
LONGEST_SEARCH = 60
MOST_COUNTED = 200

ITEM, CANDIDATE, CASE, PERSON = runtime.work_item, runtime.work_candidate, cases.case_file, people.person


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task as the inbox shows it."""

    task_id: str
    name: str
    process_name: str
    stage: str
    case_id: str | None
    case_no: str
    subject: str
    subject_post: str
    created_at: datetime
    due_on: date | None
    due_rule: str
    assignee: str
    waits_for: str
    state: str
    completed_at: datetime | None
    outcome: str
    decisive: bool
    may_claim: bool
    returned: bool
    # The name of whom the reader stands in for 代.
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class InboxView:
    """The inbox page."""

    tab: str
    counts: Mapping[str, int | None]
    q: str
    process: str
    stage: str
    due: str
    sort: str
    processes: tuple[Option, ...]
    stages: tuple[Option, ...]
    rows: tuple[InboxRow, ...]
    paging: Paging
    is_filtered: bool
    # 代理待办 is there for whoever stands in for somebody today.
    tabs: tuple[str, ...] = TABS[:4]
    beginnings: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked the inbox for; anything unknown has been put right before."""

    tab: str = "mine"
    q: str = ""
    process: str = ""
    stage: str = ""
    due: str = ""
    sort: str = "due"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """True when something narrows the list."""
        return bool(self.q or self.process or self.stage or self.due)


def show(reads: Reads, actor: Actor, wish: Wish, *, now: datetime, processes: Mapping[str, str]) -> InboxView:
    """One page of the inbox for the actor."""
    rows = reads.fetch_all(_query(actor, wish, now))
    shown = [_row(row, actor, wish, processes) for row in rows[:PAGE_SIZE]]
    stands_in = bool(actor.stand_ins_on(local_date(now))) or wish.tab == "stand_in"
    return InboxView(
        tab=wish.tab,
        counts=dict.fromkeys(TABS),
        q=wish.q,
        process=wish.process,
        stage=wish.stage,
        due=wish.due,
        sort=wish.sort,
        processes=tuple(Option(key, name) for key, name in sorted(processes.items())),
        stages=(
            Option("down", "下"),
            Option("tracking", "跟踪"),
            Option("visit", "回访"),
            Option("up", "再上"),
        ),
        rows=tuple(shown),
        paging=paging(wish.page, len(rows)),
        is_filtered=wish.is_filtered,
        tabs=TABS if stands_in else TABS[:4],
    )


def in_group(reads: Reads, actor: Actor, *, now: datetime) -> tuple[int, int]:
    """(tasks the actor's groups may take up, how many of them are overdue); counted no further than a page shows."""
    ways = [part.limit(MOST_COUNTED).subquery() for part in _ways(actor, Wish(tab="group"), now)]
    once = union_all(*(select(one.c.id, one.c.due_at) for one in ways)).subquery()
    tasks = select(once).distinct().subquery()
    late = func.sum(case((tasks.c.due_at < start_of_day(local_date(now)), 1), else_=0))
    row = reads.fetch(select(func.count().label("n"), late.label("late")).select_from(tasks))
    return (int(row["n"]), int(row["late"] or 0)) if row else (0, 0)


def _query(actor: Actor, wish: Wish, now: datetime) -> Select[Any]:
    reach = PAGE_SIZE * wish.page + 1
    parts = [part.limit(reach) for part in _ways(actor, wish, now)]
    found = (
        union_all(*(select(part.subquery()) for part in parts)).subquery()
        if len(parts) > 1
        else parts[0].subquery()
    )
    # Sorted outside: PostgreSQL sorts distinct rows only by their own columns.
    once = select(*found.c).distinct().subquery()
    return select(once).order_by(*_order(once, wish)).limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (wish.page - 1))


def _ways(actor: Actor, wish: Wish, now: datetime) -> list[Select[Any]]:
    """One look-up for each way a task can reach the actor, each short and served by an index."""
    if wish.tab == "group":
        day = local_date(now)
        pairs = sorted({(g.role, g.organisation_id) for g in actor.grants_on(day) if g.organisation_id})
        ways = [_grouped(actor, wish, now, *pair) for pair in pairs]
        return ways or [_base(actor, wish, now).where(literal(False))]
    if wish.tab == "stand_in":
        return _stood_in(actor, wish, now) or [_base(actor, wish, now).where(literal(False))]
    if wish.tab == "done":
        return [_sorted(_base(actor, wish, now).where(ITEM.c.completed_by == actor.user_id), wish)]
    if wish.tab == "started":
        started = _base(actor, wish, now).where(ITEM.c.status == "open", CASE.c.opened_by == actor.user_id)
        return [_sorted(started, wish)]
    mine = _open(_base(actor, wish, now)).where(ITEM.c.assignee_id == actor.user_id)
    named = _open(_base(actor, wish, now).join(CANDIDATE, CANDIDATE.c.work_item_id == ITEM.c.id)).where(
        CANDIDATE.c.person_id == (actor.person_id or actor.user_id), ITEM.c.assignee_id.is_(None)
    )
    return [_sorted(mine, wish), _sorted(named, wish)]


def _grouped(
    actor: Actor, wish: Wish, now: datetime, role_code: str, organisation_id: str | None
) -> Select[Any]:
    query = _open(_base(actor, wish, now).join(CANDIDATE, CANDIDATE.c.work_item_id == ITEM.c.id))
    query = query.where(
        CANDIDATE.c.organisation_id == organisation_id,
        CANDIDATE.c.role == role_code,
        or_(
            ITEM.c.assignee_id.is_(None),
            and_(ITEM.c.assignee_id != actor.user_id, lapsed.holder(local_date(now))),
        ),
    )
    if wish.sort == "due":
        return query.order_by(CANDIDATE.c.due_at.nulls_last(), CANDIDATE.c.work_item_id)
    return _sorted(query, wish)


def _stood_in(actor: Actor, wish: Wish, now: datetime) -> list[Select[Any]]:
    """Tasks of whom the actor stands in for 代理, without the cases those are barred from and the own desks."""
    day = local_date(now)
    own = {(one.role, one.organisation_id) for one in actor.grants_on(day)}
    ways: dict[tuple[str, str | None], Select[Any]] = {}
    for one in actor.stand_ins_on(day):
        pair = (one.role, one.organisation_id)
        if pair not in own and pair not in ways:
            open_to = or_(CASE.c.id.is_(None), not_barred(one.on_behalf_of, CASE))
            name = literal(one.principal[1] if one.principal else "", String).label("behalf")
            ways[pair] = _grouped(actor, wish, now, *pair).where(open_to).add_columns(name)
    return list(ways.values())


def _open(query: Select[Any]) -> Select[Any]:
    return query.where(ITEM.c.status == "open", ITEM.c.withheld.is_(False))


def _base(actor: Actor, wish: Wish, now: datetime) -> Select[Any]:
    """Tasks with their case and cadre; what the actor is barred from does not exist."""
    cadre = people.cadre
    columns = [
        ITEM.c.id, ITEM.c.name, ITEM.c.process_key, ITEM.c.case_id, ITEM.c.opened_at, ITEM.c.due_at, ITEM.c.due_basis,
        ITEM.c.status, ITEM.c.assignee_id, ITEM.c.closed_at, ITEM.c.on_behalf_id, CASE.c.number,
        PERSON.c.name.label("subject"),
        cadre.c.title, *_waiting(wish),
    ]  # fmt: skip
    source = (
        ITEM.outerjoin(CASE, CASE.c.id == ITEM.c.case_id)
        .outerjoin(PERSON, PERSON.c.id == CASE.c.person_id)
        .outerjoin(cadre, and_(cadre.c.person_id == CASE.c.person_id, cadre.c.valid_to.is_(None)))
    )
    query = select(*columns).select_from(source).where(reachable(actor))
    return query.where(*_filters(wish, now))


def _waiting(wish: Wish) -> list[Label[Any]]:
    """Whom a task waits for 现由谁办理: asked only by the tab that shows it."""
    if wish.tab != "started":
        return []
    user, person, offered = identity.User.__table__, people.person.alias("holder"), CANDIDATE.alias("offered")
    holder = (
        select(person.c.name)
        .join(user, user.c.person_id == person.c.id)
        .where(user.c.id == ITEM.c.assignee_id)
        .scalar_subquery()
    )
    named = people.person.alias("named")
    names = (
        select(func.aggregate_strings(named.c.name, ","))
        .join(offered, offered.c.person_id == named.c.id)
        .where(offered.c.work_item_id == ITEM.c.id)
        .scalar_subquery()
    )
    roles = select(func.aggregate_strings(offered.c.role, ",")).where(offered.c.work_item_id == ITEM.c.id)
    return [holder.label("holder"), names.label("named"), roles.scalar_subquery().label("roles")]


def _waits_for(row: Mapping[str, Any]) -> str:
    if "holder" not in row:
        return ""
    if row["holder"]:
        return str(row["holder"])
    codes = [code for code in (row["roles"] or "").split(",") if code]
    words = [*(row["named"] or "").split(","), *(role(code).zh for code in codes)]
    return "、".join(dict.fromkeys(word for word in words if word))


def reachable(actor: Actor) -> ColumnElement[bool]:
    """True for tasks without a case, of cases the actor is not barred from, and the cadre's own after the talk."""
    own = CASE.c.person_id == actor.person_id if actor.person_id else literal(False)
    # The subject's own task (核对签字) is shown to the subject; every other own matter stays invisible.
    theirs = and_(own, CASE.c.talked_on.is_not(None), ITEM.c.id.in_(_named_for(actor)))
    return or_(CASE.c.id.is_(None), not_barred(actor.person_id, CASE), theirs)


def _named_for(actor: Actor) -> Select[Any]:
    return select(CANDIDATE.c.work_item_id).where(CANDIDATE.c.person_id == (actor.person_id or actor.user_id))


def _filters(wish: Wish, now: datetime) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.process:
        found.append(ITEM.c.process_key == wish.process)
    if wish.stage:
        keys = [key for key, part in PART_OF_PROCESS.items() if part == wish.stage]
        found.append(ITEM.c.process_key.in_(keys))
    if wish.due:
        found.append(_due(wish.due, now))
    if wish.q:
        found.append(_search(wish.q))
    return found


def _due(due: str, now: datetime) -> ColumnElement[bool]:
    today = start_of_day(local_date(now))
    tomorrow = today + timedelta(days=1)
    if due == "overdue":
        return ITEM.c.due_at < today
    if due == "today":
        return and_(ITEM.c.due_at >= today, ITEM.c.due_at < tomorrow)
    if due == "week":
        return and_(ITEM.c.due_at >= today, ITEM.c.due_at < today + WEEK)
    return ITEM.c.due_at.is_(None)


def _search(text: str) -> ColumnElement[bool]:
    """By the cadre's name in characters or pinyin, the case number, the task's name."""
    token = search_word(text)
    person = select(people.person_token.c.person_id).where(people.person_token.c.token == token)
    return or_(
        CASE.c.person_id.in_(person),
        CASE.c.number.contains(token, autoescape=True),
        ITEM.c.name.contains(text.strip()[:LONGEST_SEARCH], autoescape=True),
    )


def _sorted(query: Select[Any], wish: Wish) -> Select[Any]:
    return query.order_by(*_order(ITEM, wish))


def _order(source: Any, wish: Wish) -> list[ColumnElement[Any]]:
    orders: dict[str, list[ColumnElement[Any]]] = {
        "due": [source.c.due_at.is_(None), source.c.due_at],
        "-due": [source.c.due_at.is_(None), source.c.due_at.desc()],
        "created": [source.c.opened_at],
        "-created": [source.c.opened_at.desc()],
        "process": [source.c.process_key, source.c.due_at.is_(None), source.c.due_at],
    }
    return [*orders["-created" if wish.tab == "done" and wish.sort == "due" else wish.sort], source.c.id]


def _on_behalf_of(row: Mapping[str, Any], actor: Actor, wish: Wish) -> str:
    """Whom a claimed or handled task is or was done for; on the tab of what one stands in for, all of them."""
    if wish.tab in ("mine", "done") and row["on_behalf_id"]:
        names = dict(grant.principal for grant in actor.grants if grant.principal)
        return names.get(row["on_behalf_id"], "他人")
    return str(row["behalf"]) if wish.tab == "stand_in" else ""


def _row(row: Mapping[str, Any], actor: Actor, wish: Wish, processes: Mapping[str, str]) -> InboxRow:
    state = row["status"]
    # What stands in the group's list is free to be claimed, whoever held it before.
    if state == "open" and row["assignee_id"] is not None and wish.tab not in ("group", "stand_in"):
        state = "claimed"
    return InboxRow(
        task_id=row["id"],
        name=row["name"],
        process_name=processes.get(row["process_key"], row["process_key"]),
        stage=part_of(row["process_key"]),
        case_id=row["case_id"],
        case_no=row["number"] or "",
        subject=row["subject"] or "",
        subject_post=row["title"] or "",
        created_at=row["opened_at"],
        due_on=local_date(row["due_at"]) if row["due_at"] else None,
        due_rule=due_basis.words(row["due_basis"], row["due_at"]),
        assignee="",
        waits_for=_waits_for(row),
        state=state,
        completed_at=row["closed_at"],
        outcome="",
        decisive=False,
        may_claim=wish.tab in ("group", "stand_in"),
        returned=False,
        on_behalf_of=_on_behalf_of(row, actor, wish),
    )
