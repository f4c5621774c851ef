"""People, organisations, posts and appointments 人员、机构、职务、任职 as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.errors import NotFound

Move = Literal["promotion", "same_level", "lower"]

# From low to high; a committee manages one level down.
RANKS: tuple[tuple[str, str], ...] = (
    ("section_deputy", "乡科级副职"),
    ("section_chief", "乡科级正职"),
    ("division_deputy", "县处级副职"),
    ("division_chief", "县处级正职"),
    ("bureau_deputy", "厅局级副职"),
    ("bureau_chief", "厅局级正职"),
)
RANKS_ZH = dict(RANKS)
_ORDER = {code: number for number, (code, _) in enumerate(RANKS)}


@dataclass(frozen=True, slots=True)
class Organisation:
    """A unit 组织、单位 in the installation's one authority tree."""

    organisation_id: str
    name: str
    parent_id: str | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post 职务: rank, whether it is 领导职务 and elected, and its kind for 试用期 (see probation)."""

    post_id: str
    organisation_id: str
    name: str
    rank: str
    is_leading: bool = True
    is_chief: bool = False
    is_elected: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who holds a post from when 任职; ``ends_on`` is the last day, None while running."""

    person_id: str
    post_id: str
    starts_on: date
    ends_on: date | None = None

    def is_running_on(self, day: date) -> bool:
        """True from the first to the last day, both included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Cadre:
    """A cadre 干部 as rules need one: born on, rank, and the organisation that manages."""

    person_id: str
    name: str
    born_on: date
    rank: str
    managed_by: str


@dataclass(frozen=True, slots=True)
class Authority:
    """Dated 干部管理权限: which organisation manages a cadre from when to when."""

    person_id: str
    organisation_id: str
    valid_from: date
    valid_to: date | None = None


def rank_order(rank: str) -> int:
    """The place of a rank from low to high; NotFound for an unknown code."""
    if rank not in _ORDER:
        raise NotFound(f"没有“{rank}”这个职务层次。")
    return _ORDER[rank]


def move_between(former_rank: str, target_rank: str) -> Move:
    """Whether a target is a promotion 提拔, 平级, or lower; 进一步使用 is for people to say."""
    step = rank_order(target_rank) - rank_order(former_rank)
    return "promotion" if step > 0 else "same_level" if step == 0 else "lower"


def managing_organisation(rows: Iterable[Authority], person_id: str, day: date) -> str:
    """The organisation that manages the cadre on the day; the latest row wins. NotFound when none does."""
    valid = [
        row
        for row in rows
        if row.person_id == person_id
        and row.valid_from <= day
        and (row.valid_to is None or day <= row.valid_to)
    ]
    if not valid:
        raise NotFound("该干部在这一天没有登记管理权限，请先在人员页登记由哪一级党委管理。")
    return max(valid, key=lambda row: row.valid_from).organisation_id


def age_on(born_on: date, day: date) -> int:
    """Full years on the day 周岁: from the day after the birthday's eve."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def months_between(start: date, end: date) -> int:
    """Full months from start to end, never negative (任现职时间)."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def vacancies(approved: int, appointments: Iterable[Appointment], day: date) -> int:
    """职数空缺 of one post on the day; negative when over-staffed 超职数."""
    return approved - sum(a.is_running_on(day) for a in appointments)
