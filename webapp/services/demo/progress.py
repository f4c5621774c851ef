"""How far the demo has been loaded 载入进度; a row that the loader writes and every page shows."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.persistence.models import administration
from webapp.services import reads
from webapp.services.office import Office, Work, clock_offset

KEY = "demo_progress"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo banner shows; ``today`` only where the clock is shifted."""

    loading: bool
    done: int
    total: int
    stage: str
    today: date | None


def read(office: Office, today: date) -> Demo:
    """The progress as the loader last wrote it."""
    with reads.begin(office) as look:
        row = look.one(administration.setting, key=KEY)
        shifted = bool(clock_offset(look))
    value: Any = row["value"] if row else {"done": 0, "total": 0, "stage": "", "loading": False}
    return Demo(value["loading"], value["done"], value["total"], value["stage"], today if shifted else None)


def write(work: Work, *, done: int, total: int, stage: str, loading: bool) -> None:
    """Note the progress; an operating value, not an act, so it has no event."""
    with work:
        value = {"done": done, "total": total, "stage": stage, "loading": loading}
        work.put(administration.setting, {"key": KEY, "value": value})
        work.settle()


def wait(office: Office, seconds: int) -> bool:
    """Wait until loading is over → False when it took too long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = read(office, date.min)
        if found.total and not found.loading:
            return True
        time.sleep(0.5)
    return False
