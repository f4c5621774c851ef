"""Why a due day is the day it is 时限依据: counted from which day, by how much, and whether the month's end clamped it.

Kept beside the task when it opens, as ``2026-08-31+P6M`` or ``2026-08-31+W5``; told in words wherever it is shown.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from webapp.domain.workdays import add_months, local_date, zh_date

_START = r"(?P<start>today\(\)|now\(\)|date\([A-Za-z_][\w.]*\)|[A-Za-z_][\w.]*)"
_WORKDAYS = re.compile(rf"=\s*add working days\(\s*{_START}\s*,\s*(?P<count>\d{{1,3}})\s*\)")
_PERIOD = re.compile(rf'=\s*{_START}\s*\+\s*duration\(\s*"(?P<amount>P\d{{1,3}}[YMD])"\s*\)')
_STORED = re.compile(r"(\d{4}-\d{2}-\d{2})\+([PW])(\d{1,3})([YMD]?)")
UNITS_ZH = {"Y": "年", "M": "个月", "D": "天", "": "个工作日"}


@dataclass(frozen=True, slots=True)
class DueBasis:
    """The day counted from, how many, and of what: Y, M, D, or nothing for working days."""

    start: date
    count: int
    unit: str

    @property
    def stored(self) -> str:
        """As it is kept."""
        amount = f"P{self.count}{self.unit}" if self.unit else f"W{self.count}"
        return f"{self.start.isoformat()}+{amount}"

    def words(self, due_on: date) -> str:
        """In words; a month without the day ends on its last one 当月末日."""
        clamped = self.unit in ("Y", "M") and due_on.day != self.start.day
        return f"{zh_date(self.start)} + {self.count}{UNITS_ZH[self.unit]}{'，当月末日' if clamped else ''}"


def read(stored: str | None) -> DueBasis | None:
    """A kept basis; None for none, or for what nobody wrote."""
    found = _STORED.fullmatch(stored or "")
    if found is None:
        return None
    day, _, count, unit = found.groups()
    return DueBasis(date.fromisoformat(day), int(count), unit)


def words(stored: str | None, due_at: datetime | None) -> str:
    """A kept basis in words; empty where there is none."""
    found = read(stored)
    return found.words(local_date(due_at)) if found and due_at else ""


def counted(start: date, due_on: date) -> str:
    """A day that lies whole months behind ``start``, in words; empty for any other."""
    months = (due_on.year - start.year) * 12 + due_on.month - start.month
    if months < 1 or add_months(start, months) != due_on:
        return ""
    return DueBasis(start, months, "M").words(due_on)


def of_expression(text: str, today: date, value: Callable[[str], object]) -> DueBasis | None:
    """The basis of a due day as its diagram writes it; None where it is no simple count.

    ``value``: a process variable by its path, for a day that is not the day the step began.
    """
    found = _WORKDAYS.fullmatch(text.strip()) or _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    start = _start(found["start"], today, value)
    if start is None:
        return None
    if "count" in found.groupdict():
        return DueBasis(start, int(found["count"]), "")
    return DueBasis(start, int(found["amount"][1:-1]), found["amount"][-1])


def _start(text: str, today: date, value: Callable[[str], object]) -> date | None:
    if text in ("today()", "now()"):
        return today
    held = value(text.removeprefix("date(").removesuffix(")"))
    try:
        return date.fromisoformat(held[:10]) if isinstance(held, str) else None
    except ValueError:
        return None
