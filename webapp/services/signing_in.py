"""Sign-in attempts 登录尝试: counted in the database, slowed per account and per address, recorded."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from webapp.domain import events
from webapp.domain.access import Actor, system_actor
from webapp.domain.roles import reasons_against_holding
from webapp.persistence.models import administration, identity
from webapp.services import reads
from webapp.services.office import Office

# Whoever guesses is slowed at his own address first; the account itself only under an attack from many,
# so that nobody can lock a colleague out by typing five wrong passwords.
FREE_TRIES = {"pair": 5, "address": 30, "user": 30}
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(hours=24)


def locked_until(office: Office, login: str, address: str) -> datetime | None:
    """Until when no further attempt is taken, real time; None when one may try."""
    moment = datetime.now(UTC)
    with reads.begin(office) as look:
        rows = look.all(administration.login_failure, subject=_subjects(login, address))
    ends = [row["last_at"] + _delay(row["subject"], row["failures"]) for row in rows]
    latest = max(ends, default=moment)
    return latest if latest > moment else None


def _subjects(login: str, address: str) -> list[str]:
    name, place = login.strip().lower()[:50], address[:45]
    return [f"user:{name}", f"address:{place}", f"pair:{name}@{place}"]


def _delay(subject: str, failures: int) -> timedelta:
    beyond = failures - FREE_TRIES[subject.partition(":")[0]]
    return min(FIRST_DELAY * 2 ** min(beyond, 10), LONGEST_DELAY) if beyond >= 0 else timedelta()


def failed(office: Office, login: str, address: str) -> None:
    """Count a failed attempt for the account and the address; the event names neither."""
    moment = datetime.now(UTC)
    work = office.begin()
    with work:
        # One attempt after the other: two at once would count as one.
        work.lock_stream("system")
        for subject in _subjects(login, address):
            row = work.one(administration.login_failure, subject=subject)
            fresh = row is None or moment - row["last_at"] > FORGOTTEN_AFTER
            failures = 1 if fresh or row is None else row["failures"] + 1
            work.put(
                administration.login_failure, {"subject": subject, "failures": failures, "last_at": moment}
            )
        work.commit(events.SignInRefused(actor=system_actor("sign-in"), effective_at=work.now))


def reasons_against_entering(actor: Actor, day: date) -> tuple[str, ...]:
    """Why an account may not be used: roles in one hand that exclude one another 三员分立, whoever granted them."""
    return tuple(reason.sentence for reason in reasons_against_holding(actor.roles_on(day)))


def succeeded(office: Office, actor: Actor, login: str, address: str, *, door: str = "page") -> None:
    """Forget this account's failures at this address and record the sign-in; ``door``: page or api."""
    work = office.begin()
    with work:
        pair = _subjects(login, address)[-1]
        work.delete(administration.login_failure, {"subject": pair})
        facts = {"door": door} if door != "page" else {}
        work.commit(events.SignedIn(actor=actor, effective_at=work.now, facts=facts))


def ended(office: Office, actor: Actor) -> None:
    """Record the sign-out and renew the session key: a copied cookie is worth nothing afterwards."""
    work = office.begin()
    with work:
        work.update(identity.User.__table__, {"id": actor.user_id}, {"fs_uniquifier": uuid4().hex})
        work.commit(events.SignedOut(actor=actor, effective_at=work.now))
