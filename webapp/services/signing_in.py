"""Sign-in attempts 登录尝试: counted in the database, slowed per account and per address, recorded."""

from datetime import UTC, datetime, timedelta

from webapp.domain import events
from webapp.domain.access import Actor, system_actor
from webapp.persistence.models import administration
from webapp.services import reads
from webapp.services.office import Office

FREE_TRIES = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(hours=24)


def locked_until(office: Office, login: str, address: str) -> datetime | None:
    """Until when no further attempt is taken, real time; None when one may try."""
    with reads.begin(office) as look:
        rows = look.all(administration.login_failure, subject=_subjects(login, address))
    ends = [row["last_at"] + _delay(row["failures"]) for row in rows if row["failures"] >= FREE_TRIES]
    latest = max(ends, default=None)
    return latest if latest is not None and latest > datetime.now(UTC) else None


def _subjects(login: str, address: str) -> list[str]:
    return [f"user:{login.strip().lower()[:80]}", f"address:{address[:60]}"]


def _delay(failures: int) -> timedelta:
    doubled: timedelta = FIRST_DELAY * int(2 ** min(failures - FREE_TRIES, 10))
    return min(doubled, LONGEST_DELAY)


def failed(office: Office, login: str, address: str) -> None:
    """Count a failed attempt for the account and the address; the event names neither."""
    moment = datetime.now(UTC)
    work = office.begin()
    with work:
        for subject in _subjects(login, address):
            row = work.one(administration.login_failure, subject=subject)
            fresh = row is None or moment - row["last_at"] > FORGOTTEN_AFTER
            failures = 1 if fresh or row is None else row["failures"] + 1
            work.put(
                administration.login_failure, {"subject": subject, "failures": failures, "last_at": moment}
            )
        work.commit(events.SignInRefused(actor=system_actor("sign-in"), effective_at=work.now))


def succeeded(office: Office, actor: Actor, login: str, address: str) -> None:
    """Forget the account's failures and record the sign-in."""
    work = office.begin()
    with work:
        work.delete(administration.login_failure, {"subject": _subjects(login, address)})
        work.commit(events.SignedIn(actor=actor, effective_at=work.now))


def ended(office: Office, actor: Actor) -> None:
    """Record the sign-out."""
    work = office.begin()
    with work:
        work.commit(events.SignedOut(actor=actor, effective_at=work.now))
