"""Who asks 会话: the actor behind the signed session, the office, a page's look-ups."""

import time
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app, g, session

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import NotAllowed
from webapp.domain.workdays import local_date
from webapp.services import identity, reads
from webapp.services.office import Office, Work

SESSION_KEY = "_user_id"
SIGNED_IN_AT = "signed_in_at"
# However busy, a session ends after a working day; an idle one ends by the life of its cookie.
LONGEST_SESSION = 8 * 3600


class SignInNeeded(NotAllowed):
    """请先登录。"""

    status = 401


def office() -> Office:
    """The office of this process."""
    found: Office = current_app.extensions["office"]
    return found


def work() -> Work:
    """A new unit of work for one verb."""
    return office().begin()


def reading() -> Any:
    """A page's look-ups; ``with reading() as reads: …`` and ``reads.disclose(event)`` before bytes leave."""
    return reads.begin(office())


def now() -> datetime:
    """The instant this request is answered at, on the office's clock."""
    if "now" not in g:
        g.now = reads.clock(office()) if office().shifted else datetime.now(UTC)
    found: datetime = g.now
    return found


def today() -> date:
    """The legal date of this request."""
    return local_date(now())


def actor_or_none() -> Actor | None:
    """The signed-in actor, None for a visitor; read once a request in one statement."""
    if "actor" not in g:
        is_over = time.time() - session.get(SIGNED_IN_AT, time.time()) > LONGEST_SESSION
        key = None if is_over else session.get(SESSION_KEY)
        g.actor = identity.actor_of_session(office(), key) if key else None
    found: Actor | None = g.actor
    return found


def current_actor() -> Actor:
    """The signed-in actor; SignInNeeded for a visitor."""
    actor = actor_or_none()
    if actor is None:
        raise SignInNeeded
    return actor


def read_event(actor: Actor, what: str, **facts: object) -> events.Event:
    """The access event 查阅留痕 of a page: ids and counts only."""
    return events.Read(actor=actor, effective_at=now(), facts={"what": what, **facts})
