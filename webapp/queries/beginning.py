"""Where to begin 从这里开始: what waits elsewhere in the house for somebody with no task of the own."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from webapp.domain.access import Actor
from webapp.domain.roles import AUDITING
from webapp.domain.workdays import local_date
from webapp.persistence.unit_of_work import Reads
from webapp.queries import accounts, checks, design_versions, designs, inbox, incidents, meetings


@dataclass(frozen=True, slots=True)
class Pointer:
    """One place to go to: ``code`` says which; ``count`` things wait there, ``late`` of them overdue.

    ``id``, ``name`` and ``on`` are those of a meeting.
    """

    code: str
    count: int = 0
    late: int = 0
    id: str = ""
    name: str = ""
    on: date | None = None


def show(
    reads: Reads, actor: Actor, pages: Collection[str], *, own: bool, now: datetime
) -> tuple[Pointer, ...]:
    """What is open to the actor, the most pressing first; ``own``: there are own matters to look at."""
    day = local_date(now)
    found = [*_tasks(reads, actor, now), *_meetings(reads, actor, pages, day)]
    if own:
        found.append(Pointer("own"))
    found += _installation(reads, actor, pages, day)
    if "lookups" in pages and "civil_servant_section" in actor.roles_on(day):
        found.append(Pointer("quotas"))
    return tuple(found)


def _tasks(reads: Reads, actor: Actor, now: datetime) -> Iterator[Pointer]:
    count, late = inbox.in_group(reads, actor, now=now)
    if count:
        yield Pointer("group", count, late)


def _meetings(reads: Reads, actor: Actor, pages: Collection[str], day: date) -> Iterator[Pointer]:
    if "meetings" in pages and not actor.roles_on(day) & AUDITING:
        for row in meetings.coming(reads, actor, day):
            yield Pointer("meeting", row.items, id=row.id, name=row.title, on=row.held_on)


def _installation(reads: Reads, actor: Actor, pages: Collection[str], day: date) -> Iterator[Pointer]:
    """What designers, auditors and administrators look after; nothing of it is a task."""
    if "designs" in pages:
        waiting = design_versions.proposals(reads, actor.user_id, status="waiting")
        if others := sum(not one.mine for one in waiting):
            yield Pointer("reviews", others)
        yield Pointer("drafts", sum(one.mine for one in designs.drafts(reads, actor.user_id)))
    if "accounts" in pages:
        yield Pointer("grants", sum(one.may_settle for one in accounts.proposals(reads, actor.user_id)))
    if "incidents" in pages and actor.roles_on(day) & {"system_admin"}:
        yield Pointer("incidents", len(incidents.index(reads, 1).rows))
    if "audit" in pages:
        yield Pointer("records", checks.size(reads))
        yield Pointer("looks")
        yield Pointer("acts")
