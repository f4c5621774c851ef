"""职数 and 编制: how many places a unit has at a level by which document, and how many of them are free (D3#10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.domain.errors import Invalid

# The whole establishment 编制 of a unit; every other level is a rank of posts such as 副处.
ESTABLISHMENT = ""
ESTABLISHMENT_ZH = "编制"
MOST_PLACES = 9_999
LONGEST_DOCUMENT = 80
EARLIEST = date(1990, 1, 1)
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Quota:
    """What was fixed for a level of a unit, from a day on, by a document; a later one takes its place."""

    organisation_id: str
    level: str
    places: int
    valid_from: date
    document_no: str
    recorded_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Which unit and level it is for."""
        return self.organisation_id, self.level


def level_zh(level: str) -> str:
    """The level in words."""
    return level or ESTABLISHMENT_ZH


def in_force(quotas: Iterable[Quota], day: date) -> dict[tuple[str, str], Quota]:
    """What holds on a day for each unit and level: the newest, and of one day the one recorded last."""
    begun = [one for one in quotas if one.valid_from <= day]
    return {one.key: one for one in sorted(begun, key=lambda one: (one.valid_from, one.recorded_at))}


def vacancies(post_quota: int, post_held: int, level: Quota | None, level_held: int) -> int:
    """How many may still be appointed to a post: by the post's own places and by its level's, whichever is less."""
    free = post_quota - post_held
    return free if level is None else min(free, level.places - level_held)


def require(places: int | None, valid_from: date | None, document_no: str, today: date) -> None:
    """Invalid, by field, for a number, a day or a document that cannot be."""
    problems: dict[str, str] = {}
    if places is None or not 0 <= places <= MOST_PLACES:
        problems["places"] = f"请填写0至{MOST_PLACES}的整数。"
    if valid_from is None or not EARLIEST <= valid_from <= today + AHEAD:
        problems["valid_from"] = "请填写起始日期，最早1990年，最晚一年以后。"
    if not 0 < len(document_no.strip()) <= LONGEST_DOCUMENT:
        problems["document_no"] = f"请填写依据文件的名称或文号，不超过{LONGEST_DOCUMENT}字。"
    if problems:
        raise Invalid(problems)
