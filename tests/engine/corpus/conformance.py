"""Random walks over public diagrams: ``python -m tests.engine.corpus.conformance [DIR] [-v]``.

DIR defaults to $CONFORMANCE_DATA/corpus, and that to ../shared/corpus. Each walk takes the same steps in the plain
engine and in ours, which is stored, pruned and restored before every one of them. A difference must be one of the
corrections named here; exits 1 when one is not, or when there are fewer walks than promised; 2 without data.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.engine.corpus.corrections import CORRECTED
from tests.engine.corpus.plain import Ours, Plain, definition_of, drawings, plain_specs
from webapp.engine.drawing import Drawing
from webapp.engine.faults import EngineError

SEED = 20261122
LEAST = 2000
WALKS = 60
STEPS = 20
PATIENCE = 6
SAME = ("finished", "waits", "both stop")
CHOICES = ("Yes", "No", "A", "B")


def values(chance: random.Random, number: int) -> dict[str, Any]:
    """What a person enters."""
    return {
        "k": number, "approved": chance.random() < 0.5, "x": chance.randint(0, 3), "choice": chance.choice(CHOICES)
    }  # fmt: skip


def outcome(step: Callable[..., Any], *arguments: Any) -> str | None:
    """None when a step went well, else what stopped it."""
    try:
        step(*arguments)
    except EngineError as error:
        return f"EngineError {error.code}"
    except RecursionError:
        return "RecursionError"
    except Exception as error:  # the plain engine raises many kinds
        return type(error).__name__
    return None


def walk(specs: tuple[Any, Any], drawing: Drawing, others: list[Drawing], number: int) -> str:
    """One walk → how it ended, or the first difference."""
    chance = random.Random(SEED + number)
    plain, ours = Plain(*specs), Ours(definition_of(drawing, others))
    left, right = outcome(plain.start), outcome(ours.start)
    for count in range(STEPS):
        if left or right:
            return "both stop" if left and right else f"differs: step {count}: plain {left}, ours {right}"
        if (plain.open(), plain.finished) != (ours.open(), ours.finished):
            return f"differs: step {count}: plain {plain.open()} {plain.finished}, ours {ours.open()} {ours.finished}"
        if not ours.tasks:
            return "finished" if ours.finished else "waits"
        element, entered = chance.choice(ours.open()), values(chance, count)
        left, right = outcome(plain.complete, element, entered), outcome(ours.complete, element, entered)
    return "finished"


def called(drawing: Drawing, known: dict[str, tuple[Path, Drawing]]) -> list[str]:
    """The processes that a drawing calls, directly or not."""
    found: list[str] = []
    todo = [drawing]
    while todo:
        for part in todo.pop().parts.values():
            name = part.node.called
            if name in known and name not in found:
                found.append(name)
                todo.append(known[name][1])
    return found


def cases(folder: Path) -> list[tuple[Path, Drawing, dict[str, tuple[Path, Drawing]]]]:
    """Every process that both can be asked to run, with what lies beside it."""
    found = []
    for file in sorted(folder.rglob("*.bpmn")):
        beside: dict[str, tuple[Path, Drawing]] = {}
        for other in sorted(file.parent.glob("*.bpmn")):
            try:
                beside |= {drawing.key: (other, drawing) for drawing in drawings([other])}
            except Exception:  # a neighbour that cannot be read is none
                continue
        found += [(file, drawing, beside) for other, drawing in beside.values() if other == file]
    return found


class Hangs(BaseException):
    """The plain engine came to no end; nothing of it may swallow this."""


def _stop(*_args: object) -> None:
    raise Hangs


def walks_of(
    place: str, file: Path, drawing: Drawing, beside: dict[str, tuple[Path, Drawing]]
) -> Iterator[str]:
    """What came of every walk over one process."""
    names = called(drawing, beside)
    others = [beside[name][1] for name in names]
    try:
        specs = plain_specs(sorted({file, *(beside[name][0] for name in names)}), drawing.key)
        definition_of(drawing, others)
    except Exception as error:  # many kinds
        yield f"not read by the plain engine: {type(error).__name__} {str(error)[:90]}"
        return
    for number in range(WALKS):
        try:
            yield walk(specs, drawing, others, number)
        except Exception as error:
            yield f"build: {type(error).__name__} {str(error)[:80]}"


def run(folder: Path, *, verbose: bool) -> int:
    """Walk over everything → the exit code."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGALRM, _stop)
    total: Counter[str] = Counter()
    unnamed: list[str] = []
    for file, drawing, beside in cases(folder):
        place = f"{file.name}#{drawing.key}"
        signal.alarm(PATIENCE)
        try:
            for found in walks_of(place, file, drawing, beside):
                kind = found.partition(":")[0]
                named = place in CORRECTED
                total["corrected" if named and kind not in SAME else kind] += 1
                if kind not in SAME:
                    if not named and not kind.startswith("not read"):
                        unnamed.append(f"{place}: {found}")
                    elif verbose:
                        sys.stdout.write(f"{place}: {found}\n")
                    break
        except Hangs:
            total["the plain engine hangs"] += 1
        finally:
            signal.alarm(0)
    for line in sorted(unnamed):
        sys.stdout.write(f"not named: {line}\n")
    walks = sum(total.values())
    sys.stdout.write(f"{walks} walks: {dict(total)}\n")
    return 1 if unnamed or walks < LEAST else 0


def main() -> int:
    """Read the arguments and run."""
    given = [one for one in sys.argv[1:] if not one.startswith("-")]
    data = Path(given[0] if given else os.environ.get("CONFORMANCE_DATA") or "../shared")
    folder = data / "corpus" if (data / "corpus").is_dir() else data
    if not folder.is_dir():
        sys.stderr.write(f"没有测试数据：{folder}。 There is no folder {folder}.\n")
        return 2
    return run(folder, verbose="-v" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
