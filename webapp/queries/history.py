"""The history 办理记录: found by person, case, actor, kind and time, and one record with all it says."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from webapp.domain import formats
from webapp.domain.access import Actor, require_role
from webapp.domain.errors import NotFound
from webapp.domain.event import KINDS, sentence_of
from webapp.domain.event_families import READING, families, kinds_of
from webapp.domain.people import search_word
from webapp.domain.workdays import start_of_day
from webapp.persistence.models import cases, history, people, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, history_pages, records
from webapp.queries.history_pages import KEY, Sought
from webapp.queries.history_scope import body_text, visible
from webapp.queries.parts import PAGE_SIZE, Event, Option, Paging, Problem, like, paging
from webapp.queries.records import Definitions

EVENT = records.EVENT
# Who may search the history; one record is open to everybody who may see its case.
SEARCHING = ("auditor", "audit_admin", "org_dept_head", "org_dept_deputy_head", "cadre_supervision")
MOST_PEOPLE = 50
LONGEST_QUESTION = 60
WHOLE_FAMILY = "family:"
# Every kind, looks at files among them.
ANY = "any"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the history is searched for, as it stands in the address."""

    q: str = ""
    kind: str = ""
    who: str = ""
    case_no: str = ""
    since: str = ""
    until: str = ""
    person: str = ""
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """True when anything was asked for."""
        return any((self.q, self.kind, self.who, self.case_no, self.since, self.until, self.person))


@dataclass(frozen=True, slots=True)
class KindGroup:
    """A family of kinds as a group of one choice; its first option asks for the whole family."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One page of found records."""

    q: str
    kind: str
    who: str
    case_no: str
    since: str
    until: str
    person: str
    kinds: tuple[KindGroup, ...]
    rows: tuple[Event, ...]
    paging: Paging
    is_filtered: bool
    problems: tuple[Problem, ...]


def search(
    reads: Reads, actor: Actor, asked: Asked, *, day: date, definitions: Definitions | None = None
) -> HistoryView:
    """One page of the records the actor may see, newest first. NotAllowed for who does not search the history."""
    require_role(actor, *SEARCHING, day=day)
    sought, problems = sought_of(reads, actor, asked, day)
    rows, total = (
        history_pages.counted(reads, sought, asked.page)
        if asked.is_filtered
        else (history_pages.page(reads, sought, asked.page), None)
    )
    return HistoryView(
        q=asked.q,
        kind=asked.kind,
        who=asked.who,
        case_no=asked.case_no,
        since=asked.since,
        until=asked.until,
        person=asked.person,
        kinds=kinds(),
        rows=records.lines_of(reads, rows[:PAGE_SIZE], definitions),
        paging=paging(asked.page, len(rows), total),
        is_filtered=asked.is_filtered,
        problems=problems,
    )


def sought_of(reads: Reads, actor: Actor, asked: Asked, day: date) -> tuple[Sought, tuple[Problem, ...]]:
    """What a search comes to for this actor; wrong dates are said and narrow nothing."""
    first, last, problems = _span(asked)
    sought = Sought((visible(reads, actor, day),))
    return sought if problems else _asked_for(reads, sought, asked, first, last), problems


def kinds() -> tuple[KindGroup, ...]:
    """Every kind of record by its sentence, in families."""
    return tuple(
        KindGroup(
            one.zh,
            (
                Option(WHOLE_FAMILY + one.code, f"{one.zh}（全部）"),
                *(Option(kind, sentence_of(kind).removesuffix("。")) for kind in one.kinds),
            ),
        )
        for one in families()
    )


def _span(asked: Asked) -> tuple[date | None, date | None, tuple[Problem, ...]]:
    problems, days = [], []
    for name, text in (("since", asked.since), ("until", asked.until)):
        try:
            days.append(formats.day(text) if text else None)
        except formats.Wrong:
            days.append(None)
            problems.append(Problem(name, "日期请写成 2026-11-22 的样子。"))
    first, last = days
    if first and last and last < first:
        problems.append(Problem("until", "止期早于起期，请核对。"))
    return first, last, tuple(problems)


def _asked_for(reads: Reads, sought: Sought, asked: Asked, first: date | None, last: date | None) -> Sought:
    found = [_of_kind(asked.kind)]
    if asked.who:
        found.append(EVENT.c.actor_id.in_(_actors(reads, asked.who)))
    if asked.case_no:
        case = cases.case_file
        numbered = select(case.c.id).where(case.c.number.like(like(asked.case_no), escape="\\"))
        found.append(EVENT.c.case_id.in_(numbered))
    if first:
        found.append(EVENT.c.effective_at >= start_of_day(first))
    if last:
        found.append(EVENT.c.effective_at < start_of_day(last + timedelta(days=1)))
    if asked.q:
        found.append(_about(reads, asked.q))
    sought = sought.where(*found)
    return concerning(reads, sought, asked.person) if asked.person else sought


def _of_kind(asked: str) -> ColumnElement[bool]:
    """The kind or the family asked for; looks at files stand apart unless they are asked for."""
    if asked.startswith(WHOLE_FAMILY):
        return EVENT.c.kind.in_(kinds_of(asked.removeprefix(WHOLE_FAMILY)))
    if asked == ANY:
        return true()
    return EVENT.c.kind == asked if asked else EVENT.c.kind.not_in(kinds_of(READING))


def of_numbered(reads: Reads, sought: Sought, number: str) -> Sought:
    """Of them those that name a case of this number, a file or a task of it, or stand on its chain."""
    case = cases.case_file
    numbered = select(case.c.id).where(case.c.number.like(like(number), escape="\\")).limit(MOST_PEOPLE)
    files = [row["id"] for row in reads.fetch_all(numbered)]
    if not files:
        return sought.where(false())
    return sought.within(_of_cases(files), _mentioning([*files, *_papers(reads, files)]))


def _papers(reads: Reads, files: list[str]) -> list[str]:
    papers = select(cases.attachment.c.id).where(cases.attachment.c.case_id.in_(files))
    return [row["id"] for row in reads.fetch_all(papers)]


def _of_cases(files: list[str]) -> Select[Any]:
    return select(*KEY).where(EVENT.c.case_id.in_(files))


def _mentioning(ids: list[str]) -> Select[Any]:
    """Records without a case that name one of these, by the index made of them."""
    named = history.mention.c
    return select(named.recorded_at, named.stream, named.seq).where(named.about.in_(ids))


def concerning(reads: Reads, sought: Sought, text: str) -> Sought:
    """Of them those of the cases of persons of that name, on their own chains, or that name them or their cases."""
    persons = _people(reads, text)
    if not persons:
        return sought.where(false())
    case = cases.case_file
    rows = reads.fetch_all(select(case.c.id).where(case.c.person_id.in_(persons)))
    files = [row["id"] for row in rows]
    own = select(*KEY).where(EVENT.c.stream.in_([f"person:{one}" for one in persons]))
    return sought.within(own, _of_cases(files), _mentioning([*persons, *files, *_papers(reads, files)]))


def _people(reads: Reads, text: str) -> list[str]:
    token = people.person_token
    query = select(token.c.person_id).where(token.c.token == search_word(text)).limit(MOST_PEOPLE)
    return [row["person_id"] for row in reads.fetch_all(query)]


def _actors(reads: Reads, text: str) -> list[str]:
    """User ids behind a name or a log-in; also the persons themselves, who act on paper without a log-in."""
    if text in cadres.SYSTEM_NAMES.values():
        return [code for code, words in cadres.SYSTEM_NAMES.items() if words == text]
    users, found = cadres.USERS, _people(reads, text)
    query = (
        select(users.c.id)
        .where(or_(users.c.username == text, users.c.person_id.in_(found)))
        .limit(MOST_PEOPLE)
    )
    return [*(row["id"] for row in reads.fetch_all(query)), *found]


def _about(reads: Reads, text: str) -> ColumnElement[bool]:
    """Records whose kind says the words, about a person of that name, or of a task of that name."""
    said = [code for code in KINDS if text in sentence_of(code)]
    persons = _people(reads, text)
    case, item = cases.case_file, runtime.work_item
    tasks = (
        select(item.c.element_id)
        .distinct()
        .where(item.c.name.like(like(text), escape="\\"))
        .limit(MOST_PEOPLE)
    )
    elements = [row["element_id"] for row in reads.fetch_all(tasks)]
    body = body_text(reads)
    return or_(
        EVENT.c.kind.in_(said),
        EVENT.c.stream.in_([f"person:{one}" for one in persons]),
        EVENT.c.case_id.in_(select(case.c.id).where(case.c.person_id.in_(persons))),
        *(body.like(like(f'"element_id":"{one}"'), escape="\\") for one in elements),
    )


def find(reads: Reads, actor: Actor, name: str, day: date) -> Row:
    """The stored record of a name ``<stream>:<seq>``; NotFound also where the actor may not see it."""
    stream, _, number = name.rpartition(":")
    if not stream or not number.isdecimal() or len(number) > 12:
        raise NotFound
    query = select(EVENT).where(
        EVENT.c.stream == stream, EVENT.c.seq == int(number), visible(reads, actor, day)
    )
    row = reads.fetch(query)
    if row is None:
        raise NotFound("没有找到这条办理记录，或您无权查看。")
    return row
