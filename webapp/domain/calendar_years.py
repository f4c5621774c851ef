"""The holiday notice of a year 节假日安排 as text, read into days; nothing is guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
LONGEST_RANGE = 16
LONGEST_NOTE = 80
MOST_LINES = 100
YEARS = range(2019, 2100)
_DAY = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:~|～|至|—|--)\s*{_DAY})?[\s,，]+(休|班)[\s,，]*(.*)")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a notice: worked 班 or free 休, and what for."""

    day: date
    is_workday: bool
    note: str

    @property
    def is_exception(self) -> bool:
        """True where the day is not what its weekday says."""
        return self.is_workday != (self.day.weekday() < 5)


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's days as read, and what is wrong with the text; only one without problems can be entered."""

    year: int
    days: tuple[Day, ...]
    problems: tuple[str, ...]

    @property
    def exceptions(self) -> tuple[Day, ...]:
        """What differs from Monday to Friday."""
        return tuple(one for one in self.days if one.is_exception)


def read(text: str, year: int) -> Notice:
    """Read lines such as ``2027-10-01至2027-10-07 休 国庆节`` and ``2027-10-09 班 国庆节调休``."""
    days: dict[date, Day] = {}
    problems: list[str] = []
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) > MOST_LINES:
        return Notice(year, (), (f"不超过{MOST_LINES}行，请核对是否粘贴了别的内容。",))
    for number, line in enumerate(lines, 1):
        if line:
            problems += _take(days, line, number, year)
    kept = tuple(days[day] for day in sorted(days))
    return Notice(year, kept, (*problems, *_missing(kept)))


def _take(days: dict[date, Day], line: str, number: int, year: int) -> Iterator[str]:
    match = _LINE.fullmatch(line)
    span = _span(match) if match else None
    if match is None or span is None:
        yield f"第{number}行没有读懂：“{line[:40]}”。请写成“2027-10-01至2027-10-07 休 国庆节”的样子。"
        return
    worked, note = match[7] == "班", match[8].strip()[:LONGEST_NOTE]
    for day in span:
        if day.year != year:
            yield f"第{number}行的{day.isoformat()}不在{year}年。"
        elif day in days and days[day].is_workday != worked:
            yield f"第{number}行的{day.isoformat()}前后不一致，既休又班。"
        elif worked and day.weekday() < 5:
            yield f"第{number}行的{day.isoformat()}本来就是工作日，调休上班日应在周六、周日。"
        else:
            days.setdefault(day, Day(day, worked, note))


def _span(match: re.Match[str]) -> list[date] | None:
    try:
        first = date(int(match[1]), int(match[2]), int(match[3]))
        last = date(int(match[4]), int(match[5]), int(match[6])) if match[4] else first
    except ValueError:
        return None
    length = (last - first).days
    return [first + timedelta(days=n) for n in range(length + 1)] if 0 <= length <= LONGEST_RANGE else None


def _missing(days: Iterable[Day]) -> Iterator[str]:
    free = [one for one in days if not one.is_workday]
    absent = [name for name in FESTIVALS if not any(name in one.note for one in free)]
    if absent:
        yield f"没有写到{'、'.join(absent)}的放假安排，请补全后再提出。"


def missing_years(known: Iterable[int], today: date) -> tuple[int, ...]:
    """Years whose notice should be there: this one, and from November on the coming one."""
    due = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    return tuple(year for year in due if year not in set(known))


def differences(before: Mapping[date, bool], after: Iterable[Day]) -> tuple[int, int]:
    """How many days of the year become free and how many become working days, against what stands."""
    new = {one.day: one.is_workday for one in after if one.is_exception}
    touched = before.keys() | new.keys()
    then = {day: before.get(day, day.weekday() < 5) for day in touched}
    now = {day: new.get(day, day.weekday() < 5) for day in touched}
    freed = sum(then[day] and not now[day] for day in touched)
    worked = sum(now[day] and not then[day] for day in touched)
    return freed, worked
