"""A bundle judged and started once 试启动, the program that ``engine.apart`` starts.

The request comes on standard input, the findings go to standard output as JSON; what is being done at the moment is
told on standard error, so that whoever had to end this program can say where it was.
"""

import base64
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import orjson

from webapp.engine.bundle import Files, check, parse
from webapp.engine.commands import Start
from webapp.engine.faults import BadDiagram, EngineError
from webapp.engine.nouns import Catalogue, Definition, Problem
from webapp.engine.runtime import open_tasks, run

SECONDS = 1.5
MEMORY = 1024**3
CHECKING = "check"
MOMENT = datetime(2026, 3, 2, 1, tzinfo=UTC)
# Faults that no value of a variable would avoid.
CERTAIN = ("budget.", "deadlock", "engine.failed")


def trial(files: Files, catalogue: Catalogue, functions: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """Every finding of the linter, and where nothing is wrong what a first start shows."""
    _tell(CHECKING)
    problems = check(files, catalogue)
    if any(one.level == "error" for one in problems):
        return problems
    try:
        definition = parse(files, catalogue, judged=False)
    except BadDiagram as error:
        return (*problems, *error.found)
    return (*problems, *_starts(definition, catalogue, functions))


def _starts(definition: Definition, catalogue: Catalogue, functions: tuple[str, ...]) -> Iterator[Problem]:
    for part in definition.plan.children(None):
        if part.node.kind == "startEvent":
            _tell(part.node.id)
            fault = _fault(definition, part.node.id, catalogue, functions)
            if fault is not None:
                level: Any = "error" if fault.code.startswith(CERTAIN) else "warning"
                sentence = f"试启动时停在“{fault.element_id or part.node.id}”：{fault.zh}"
                said = f"A first start fails: {fault.code}."
                yield Problem(
                    fault.element_id or part.node.id, f"trial.{fault.code}", sentence, said, level, part.line
                )


def _fault(
    definition: Definition, element_id: str, catalogue: Catalogue, functions: tuple[str, ...]
) -> EngineError | None:
    """Start, store and read again; the functions of the domain give a day."""
    given = dict.fromkeys(sorted(catalogue.variables), "1")
    known = dict.fromkeys(functions, _a_day)
    try:
        step = run(None, definition, Start(given, element_id), now=MOMENT, seed="trial", functions=known)
        open_tasks(step.state, definition)
    except EngineError as error:
        return error
    return None


def _a_day(*_given: object) -> date:
    return MOMENT.date()


def _tell(place: str) -> None:
    sys.stderr.write(f"{place}\n")
    sys.stderr.flush()


def limit(seconds: float = SECONDS, memory: int = MEMORY) -> None:
    """From now on: so much time on the processor, so much memory, and no file is written."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    spent = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) + seconds) + 2
    for what, most in ((resource.RLIMIT_CPU, spent), (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0),
                       (resource.RLIMIT_CORE, 0)):  # fmt: skip
        # A system that has no such limit keeps the others.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def asked(files: Files, catalogue: Catalogue, functions: tuple[str, ...]) -> bytes:
    """The request to this program."""
    return orjson.dumps(
        {
            "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
            "delegates": sorted(catalogue.delegates),
            "roles": sorted(catalogue.roles),
            "variables": sorted(catalogue.variables),
            "brought": [(name, sorted(found)) for name, found in catalogue.brought],
            "functions": list(functions),
        }
    )


def answered(answer: bytes) -> tuple[Problem, ...]:
    """The findings in the answer of this program; ValueError for anything else."""
    found: list[Mapping[str, Any]] = orjson.loads(answer)
    return tuple(Problem(**one) for one in found)


def main() -> int:
    """Read the request, judge, answer; nothing to do when the server has gone meanwhile."""
    sent = sys.stdin.buffer.read()
    if not sent:
        return 0
    request = orjson.loads(sent)
    limit()
    files = {name: base64.b64decode(content) for name, content in request["files"].items()}
    brought = tuple((name, frozenset(found)) for name, found in request["brought"])
    delegates, roles, variables = (frozenset(request[name]) for name in ("delegates", "roles", "variables"))
    catalogue = Catalogue(delegates, roles, variables, brought)
    found = trial(files, catalogue, tuple(request["functions"]))
    sys.stdout.buffer.write(orjson.dumps([asdict(one) for one in found]))
    return 0
