"""Every event kind in one place: ``events.TaskCompleted``, ``events.SignedIn``, ``events.KINDS``."""

from webapp.domain.event import KINDS as KINDS
from webapp.domain.event import Event as Event
from webapp.domain.event import Scope as Scope
from webapp.domain.event import sentence_of as sentence_of
from webapp.domain.events_cases import *  # noqa: F403
from webapp.domain.events_office import *  # noqa: F403
