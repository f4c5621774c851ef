"""The shifted clock 演示时钟: from due instant to due instant, each job at its own now."""

import re
from datetime import UTC, date, datetime, timedelta
from math import ceil

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import Invalid, NotAllowed
from webapp.domain.workdays import BUSINESS_ZONE, add_months
from webapp.persistence.models import administration
from webapp.services import jobs, reads
from webapp.services.office import Office

PERIOD = re.compile(r"P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})D)?")
OWNER = "demo-clock"


def advance(office: Office, period: str) -> tuple[date, int]:
    """Move the clock on by an ISO 8601 period, running what falls due → (the day reached, jobs run)."""
    return advance_to(office, _target(reads.clock(office), period))


def _target(start: datetime, period: str) -> datetime:
    found = PERIOD.fullmatch(period.strip().upper())
    if not found or not any(found.groups()):
        raise Invalid({"period": f"“{period}”不是时长，请写成 P6M、P10D、P1Y 这样的形式。"})
    years, months, days = (int(part or 0) for part in found.groups())
    local = start.astimezone(BUSINESS_ZONE)
    day = add_months(local.date(), years * 12 + months) + timedelta(days=days)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def advance_to(office: Office, target: datetime) -> tuple[date, int]:
    """Move the clock on to an instant, never back."""
    if not office.shifted:
        raise NotAllowed("正式环境不能拨动时钟。")
    ran = jobs.run_due(office, OWNER)
    target = max(target, reads.clock(office))
    while True:
        due = jobs.next_instant(office)
        if due is None or due > target:
            break
        _set(office, max(due, reads.clock(office)))
        done = jobs.run_due(office, OWNER)
        ran += done
        if not done and jobs.next_instant(office) == due:
            break
    _set(office, target)
    ran += jobs.run_due(office, OWNER)
    return target.astimezone(BUSINESS_ZONE).date(), ran


def place(office: Office, instant: datetime) -> None:
    """Set the clock anywhere, back too: where a story begins. Runs nothing."""
    if not office.shifted:
        raise NotAllowed("正式环境不能拨动时钟。")
    _set(office, instant)


def reset(office: Office) -> None:
    """Back to the real time; what has fallen due meanwhile runs."""
    work = office.begin(at=datetime.now(UTC))
    with work:
        work.put(administration.clock, {"id": 1, "offset_seconds": 0, "moved_at": work.now})
        work.commit(
            events.ClockAdvanced(
                actor=system_actor("demo-clock"), effective_at=work.now, facts={"offset_seconds": 0}
            )
        )
    jobs.run_due(office, OWNER)


def _set(office: Office, instant: datetime) -> None:
    work = office.begin(at=instant)
    with work:
        # Rounded up: at a due instant the clock must show it.
        offset = ceil((instant - datetime.now(UTC)).total_seconds())
        work.put(administration.clock, {"id": 1, "offset_seconds": offset, "moved_at": datetime.now(UTC)})
        actor = system_actor("demo-clock")
        work.commit(events.ClockAdvanced(actor=actor, effective_at=instant, facts={"offset_seconds": offset}))
