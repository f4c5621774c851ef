"""How far the demo has been loaded 载入进度; a row that the loader writes and every page shows."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.persistence.models import administration
from webapp.services import reads
from webapp.services.office import Office, Work, clock_offset

KEY = "demo_progress"
PATIENCE = 15.0


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
        # When it was written tells a loader at work from one that was killed.
        value = {"at": time.time(), "done": done, "total": total, "stage": stage, "loading": loading}
        work.put(administration.setting, {"key": KEY, "value": value})
        work.settle()


def is_loading(office: Office) -> bool:
    """True while a loader is at work, which runs what falls due by itself; a killed one is soon forgotten."""
    with reads.begin(office) as look:
        row = look.one(administration.setting, key=KEY)
    value: Any = row["value"] if row else {}
    return bool(value.get("loading")) and time.time() - value.get("at", 0) < PATIENCE


def wait(office: Office, seconds: int) -> bool:
    """Wait until loading is over → False when it took too long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = read(office, date.min)
        if found.total and not found.loading:
            return True
        time.sleep(0.5)
    return False
