"""The surroundings every verb works in 办公环境: database, keys, clock, calendar and deployed definitions."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from webapp import engine as bpmn
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import NotFound
from webapp.domain.roles import ROLES
from webapp.domain.workdays import Calendar, local_date
from webapp.persistence.models import administration, people, repository
from webapp.persistence.unit_of_work import UnitOfWork

NAMES_KEPT_SECONDS = 60.0
# What every process of a case starts with, see ``instances.standard_variables``.
STANDARD_VARIABLES = frozenset({"caseId", "caseNo", "cadreId", "managedBy", "unitId", "today"})
# What the messages that only services send bring along, and the appeal that only its application starts; a diagram
# that hears other messages may learn anything from them.
BROUGHT: tuple[tuple[str, frozenset[str]], ...] = (
    ("visit_due", frozenset({"visit_id", "plan_id", "visit_kind", "due_on"})),
    ("note_due", frozenset({"note_id", "plan_id", "note_kind", "due_on"})),
    ("meeting_result", frozenset({"meeting_outcome", "decided_on", "meeting_id"})),
    ("agenda_item_recalled", frozenset()),
    ("objection_upheld", frozenset()),
    ("p10_appeal", frozenset({"appeal_id", "route", "body", "accept_by"})),
)
# The names under which ``calendar_functions`` offers them.
FUNCTION_NAMES = ("add working days", "working days between", "add months", "is working day")
ROLE_CODES = frozenset(role.code for role in ROLES)


@dataclass(slots=True)
class Office:
    """What one process shares between its commands. ``shifted``: a demo or test whose clock may be moved."""

    engine: Any
    keyring: Keyring
    delegates: Mapping[str, Callable[..., Mapping[str, object]]]
    shifted: bool = False
    # The linter's word on files from outside; a server asks for it in a program apart.
    judge: Callable[[Mapping[str, bytes], bpmn.Catalogue], tuple[bpmn.Problem, ...]] = bpmn.check
    # Called after a command that sent a message, so that the web process tries to deliver it at once.
    deliver: Callable[["Office"], object] | None = None
    _definitions: dict[str, bpmn.Definition] = field(default_factory=dict)
    _names: tuple[float, dict[str, str]] | None = None
    # The newest definitions that a condition starts, and when they were looked up.
    _conditional: tuple[float, tuple[Mapping[str, Any], ...]] | None = None

    @property
    def catalogue(self) -> bpmn.Catalogue:
        """The names a diagram may use."""
        return bpmn.Catalogue(frozenset(self.delegates), ROLE_CODES, STANDARD_VARIABLES, BROUGHT)

    def process_names(self) -> Mapping[str, str]:
        """The names of the deployed processes by key, looked up again after a minute."""
        moment = time.monotonic()
        if self._names is None or moment - self._names[0] > NAMES_KEPT_SECONDS:
            with UnitOfWork(self.engine, now=datetime.now(UTC)) as work:
                rows = work.all(repository.definition, order=("version",))
            self._names = (moment, {row["key"]: row["name"] for row in rows})
        return self._names[1]

    def wake(self) -> None:
        """Try to deliver waiting messages now; a worker does it anyway."""
        if self.deliver is not None:
            self.deliver(self)

    def remember_definition(self, digest: str, definition: bpmn.Definition) -> None:
        """Keep a definition that has just been parsed for its deployment."""
        self._definitions[digest] = definition
        self._conditional = None

    def forget_starts(self) -> None:
        """What a condition starts is looked up anew: a version was stopped, let begin again or taken away."""
        self._conditional = None

    def glance(self) -> "Glance":
        """A look at what a verb would see, without a lock."""
        return Glance(self)

    def begin(self, at: datetime | None = None) -> "Work":
        """A new unit of work, at the office's clock or at the instant given (a job runs at its own due instant)."""
        return Work(self, at)


class Work(UnitOfWork):
    """A unit of work that knows its office."""

    def __init__(self, office: Office, at: datetime | None = None) -> None:
        super().__init__(office.engine, now=at or datetime.now(UTC))
        self._begun = self.now
        self.office = office
        self._fixed = at is not None
        self.actor_id = "system"

    def __enter__(self) -> Self:
        super().__enter__()
        if self.office.shifted and not self._fixed:
            # From the instant it was made, so that a second transaction is not shifted twice.
            self.now = self._begun + clock_offset(self)
        return self

    @property
    def today(self) -> date:
        """The legal date 办理日 of this command."""
        return local_date(self.now)

    def definition(self, digest: str, key: str) -> bpmn.Definition:
        """The parsed definition of a bundle; parsed once a process, as bundles never change.

        It was judged when it was deployed: a rule for diagrams that came later stops no case under way (F19).
        """
        known = self.office._definitions.get(digest)
        if known is None:
            files = bundle(self, digest)
            known = bpmn.parse(files, self.office.catalogue, process_id=key, judged=False)
            self.office._definitions[digest] = known
        return known

    def calendar(self) -> Calendar:
        """The working-day calendar, read again when its table has grown."""
        return calendar_of(self)

    def functions(self) -> Mapping[str, Callable[..., object]]:
        """The domain's own FEEL functions; the calendar is read when one is first called."""
        return calendar_functions(_once(self.calendar))


class Glance(Work):
    """A page's look through the eyes of a verb 查看: the same guards, no lock, nothing kept."""

    writes = False


def _once(read: Callable[[], Calendar]) -> Callable[[], Calendar]:
    found: list[Calendar] = []

    def calendar() -> Calendar:
        if not found:
            found.append(read())
        return found[0]

    return calendar


def calendar_of(reads: Any) -> Calendar:
    """The working-day calendar as it stands, for verbs and pages alike."""
    days = reads.all(administration.calendar_day)
    years = reads.all(administration.calendar_year)
    overrides = {row["day"]: row["is_workday"] for row in days}
    return Calendar(overrides=overrides, years_known=frozenset(row["year"] for row in years))


def calendar_functions(calendar: Callable[[], Calendar]) -> Mapping[str, Callable[..., object]]:
    """Working-day functions 工作日函数 under the names designers write in FEEL."""
    from webapp.domain.workdays import add_months

    return {
        "add working days": lambda day, n: calendar().add_workdays(_day(day), int(n)),
        "working days between": lambda first, last: calendar().workdays_between(_day(first), _day(last)),
        "add months": lambda day, n: add_months(_day(day), int(n)),
        "is working day": lambda day: calendar().is_workday(_day(day)),
    }


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return local_date(value)
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def clock_offset(work: Any) -> timedelta:
    """How far the demo clock stands from the real one."""
    row = work.one(administration.clock, id=1)
    return timedelta(seconds=row["offset_seconds"]) if row else timedelta()


def bundle(work: UnitOfWork, digest: str) -> dict[str, bytes]:
    """The files of a bundle by name; NotFound when there is none."""
    files = work.all(repository.bundle_file, bundle_digest=digest)
    if not files:
        raise NotFound("没有找到该流程版本的文件。")
    contents = work.all(repository.content, digest=[row["content_digest"] for row in files])
    by_digest = {row["digest"]: row["bytes"] for row in contents}
    return {row["name"]: by_digest[row["content_digest"]] for row in files}


def bodies(work: UnitOfWork, *, committee_id: str, unit_id: str, day: date) -> dict[str, str]:
    """Which organisation answers for each body 机构 of a case on the day."""
    found = {"committee": committee_id, "unit": unit_id}
    for row in work.all(people.authority_body, committee_id=committee_id):
        if row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"]):
            found[row["body"]] = row["organisation_id"]
    return found
