"""The parts that several pages' views are made of, and paging. Codes go in, words come out in the templates."""

from dataclasses import dataclass
from datetime import date, datetime

PAGE_SIZE = 20
# Beyond this nobody pages and no exact number is counted.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person with the present post 职务, '' when there is none."""

    id: str
    name: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one input; ``field`` is its html name, '' for the whole form."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of how many rows; ``next`` and ``previous`` are values for ``?page=``."""

    number: int
    size: int
    total: int | None
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class FileRef:
    """An attachment 附件; ``kind``: pdf, image or other."""

    id: str
    name: str
    size: int
    kind: str
    added_by: str
    added_at: datetime
    note: str
    digest: str


@dataclass(frozen=True, slots=True)
class StageMark:
    """One of the four parts of the ribbon 下、跟踪、回访、再上; ``state``: done, now, ahead or skipped."""

    key: str
    state: str
    since: date | None
    until: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the history 办理记录 as a line a person reads; ``id`` is ``<stream>:<seq>``."""

    id: str
    at: datetime
    effective_at: datetime
    kind: str
    title: str
    who: str
    on_behalf_of: str
    role: str
    lines: tuple[str, ...]
    outcome: str
    paper: bool
    entered_by: str
    late: bool
    hash: str
    seq: int
    case_id: str | None
    case_no: str
    corrected_by: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a diagram in words; ``state``: done, active, ahead, cancelled or error."""

    element_id: str
    name: str
    state: str
    at: datetime | None
    who: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawn diagram 流程图 and its equivalent in words; ``url`` answers the drawing as JSON."""

    instance_id: str
    name: str
    key: str
    version: int
    url: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure 措施; kind and track in words."""

    id: str
    kind: str
    track: str
    decided_on: date
    effective_on: date
    decided_by: str
    document_no: str
    months: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Period:
    """One impact period 影响期; ``bar`` in words, ``state``: running, over, unsettled or revoked."""

    bar: str
    starts_on: date
    ends_on: date | None
    days_left: int | None
    state: str
    basis: str
    explanation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as it is drawn; only what the kind needs is given."""

    key: str
    name: str
    kind: str
    label: str
    value: object = None
    description: str = ""
    required: bool = False
    readonly: bool = False
    error: str = ""
    shown: str = ""
    options: tuple[Option, ...] = ()
    chosen: tuple[Option, ...] = ()
    search: str = ""
    files: tuple[FileRef, ...] = ()
    fields: tuple["Field", ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    min: str = ""
    max: str = ""
    step: str = ""
    max_length: int | None = None
    unit: str = ""
    placeholder: str = ""
    accept: str = ""
    multiple: bool = False
    reveals: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class FormView:
    """A form 表单 as it is drawn; ``version`` is the optimistic token of its draft."""

    fields: tuple[Field, ...]
    problems: tuple[Problem, ...] = ()
    readonly: bool = False
    draft_saved_at: datetime | None = None
    version: int = 0


def page_number(text: str | None) -> int:
    """What stands in ``?page=`` as a page number from 1; anything else is page 1."""
    if not text or not text.isdecimal() or len(text) > len(str(MOST_COUNTED)):
        return 1
    return max(1, min(int(text), MOST_COUNTED))


def like(text: str) -> str:
    """A LIKE pattern (escape ``\\``) for texts that contain the words typed."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def paging(number: int, found: int, total: int | None = None, size: int = PAGE_SIZE) -> Paging:
    """Where a page stands; ``found``: rows fetched, of which one more than ``size`` was asked for."""
    more = str(number + 1) if found > size else None
    before = str(number - 1) if number > 1 else None
    known = total if total is not None and total <= MOST_COUNTED else None
    return Paging(number, size, known, more, before)
