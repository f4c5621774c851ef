"""``python -m bench``: measure both databases in one process and print the ratios beside their targets."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import cte, databases, engine, report, timers
from bench.measures import QUICK, SHORT, Figures, Settings, measure

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

BY_HAND = "## 一步的时间花在哪里"


def run(settings: Settings, kinds: tuple[str, ...], *, loud: bool = True) -> list[Figures]:
    """The figures of each kind of database."""

    def log(line: str) -> None:
        if loud:
            print(f"· {line}", file=sys.stderr, flush=True)

    found = []
    with databases.scratch(kinds) as scratches:
        for scratch in scratches:
            with tempfile.TemporaryDirectory() as home:
                found.append(measure(scratch, Path(home), settings, log))
    return found


def on_postgresql(settings: Settings, kinds: tuple[str, ...]) -> report.Beside | None:
    """What is measured on PostgreSQL alone: timers of two workers, and a step beside one statement."""
    if "postgresql" not in kinds:
        return None
    with databases.scratch(("postgresql",)) as (scratch,), tempfile.TemporaryDirectory() as home:
        _log("timers with two workers")
        rate = timers.a_second(scratch, Path(home), settings.timers)
    with databases.scratch(("postgresql",)) as (scratch,), tempfile.TemporaryDirectory() as home:
        _log("a step beside one statement")
        return report.Beside(scratch.version, rate, cte.ratio(scratch, Path(home), settings))


def _log(line: str) -> None:
    print(f"· {line}", file=sys.stderr, flush=True)


def _by_hand() -> str:
    """What people wrote below the figures: it stays."""
    written = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    _, mark, kept = written.partition(BY_HAND)
    return f"\n{mark}{kept}" if mark else ""


def main() -> int:
    """Measure, print, and write the document when asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="only see whether everything runs")
    parser.add_argument("--short", action="store_true", help="smaller numbers, a minute or two")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--engine", action="store_true", help="only the engine and the timers")
    wanted = parser.parse_args()
    settings = QUICK if wanted.quick else SHORT if wanted.short else Settings()
    kinds = (wanted.database,) if wanted.database else ("sqlite", "postgresql")
    own = report.engine_text(engine.measure(settings, _log), on_postgresql(settings, kinds))
    if wanted.engine:
        print(own)
        return 0
    text = f"{report.text(run(settings, kinds), settings)}\n\n{own}"
    print(text)
    if wanted.write:
        DOCUMENT.write_text(text + "\n" + _by_hand(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
