"""Who acts 操作人: a signed-in user or the system, with dated roles 授权."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

ActorKind = Literal["user", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A dated role at an organisation 授权; ``valid_to`` is the last day, None without end.

    ``on_behalf_of``: the person (id) for whom the holder stands in 代理; None for an own grant. ``principal``: that
    person's account and name. Such a grant reaches tasks and nothing else, see ``Actor.desks_on``.
    """

    role: str
    organisation_id: str | None
    valid_from: date
    valid_to: date | None = None
    on_behalf_of: str | None = None
    principal: tuple[str, str] | None = None

    def is_valid_on(self, day: date) -> bool:
        """True from the first to the last day, both included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts 操作人: a signed-in user, or the system (timers, messages) naming its job.

    ``was_told``: a talk was held with this person in an own matter, so that there is something to read of it.
    """

    user_id: str
    person_id: str | None
    name: str
    kind: ActorKind = "user"
    grants: tuple[Grant, ...] = ()
    was_told: bool = False

    @property
    def identity(self) -> str:
        """The person behind the account, so that two accounts are one for separation of duties."""
        return self.person_id or self.user_id

    def desks_on(self, day: date) -> tuple[Grant, ...]:
        """The grants valid on the day, own ones first, with those of whom the holder stands in for: for tasks."""
        valid = [grant for grant in self.grants if grant.is_valid_on(day)]
        return tuple(sorted(valid, key=lambda grant: grant.on_behalf_of is not None))

    def grants_on(self, day: date) -> tuple[Grant, ...]:
        """The own grants valid on the day: what one stands in for gives no sight, no vote and no act of office."""
        return tuple(grant for grant in self.desks_on(day) if grant.on_behalf_of is None)

    def stand_ins_on(self, day: date) -> tuple[Grant, ...]:
        """What one stands in for on the day 代理."""
        return tuple(grant for grant in self.desks_on(day) if grant.on_behalf_of is not None)

    def roles_on(self, day: date) -> frozenset[str]:
        """The codes of the roles held in the own right on the day, at any organisation."""
        return frozenset(grant.role for grant in self.grants_on(day))

    def holds(self, role_code: str, organisation_id: str | None, day: date) -> bool:
        """True when the role is held at this organisation on the day (None: at the installation)."""
        return any(
            (grant.role, grant.organisation_id) == (role_code, organisation_id)
            for grant in self.grants_on(day)
        )


def system_actor(name: str) -> Actor:
    """The actor of a timer or message; ``name`` says which job and diagram version."""
    return Actor(user_id="system", person_id=None, name=name, kind="system")
