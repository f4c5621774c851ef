"""The words that test: each part says in one line how it went, pytest has the last word."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.speech import Stop, complain, say

PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff format", ("-m", "ruff", "format", "--check", "--quiet", "--diff", ".")),
    ("ruff check", ("-m", "ruff", "check", "--quiet", ".")),
    ("import contracts", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    ("mypy", ("-m", "mypy")),
)
AT_ONCE = 2
FAILED_PARTS = "ZAISHANG_FAILED_PARTS"


def run_parts(place: Place, parts: Sequence[tuple[str, tuple[str, ...]]] = PARTS) -> list[str]:
    """Run formatter, linters and type checks side by side; the names of those that found something."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        codes = list(pool.map(lambda part: _run_part(place, *part), parts))
    return [name for (name, _), code in zip(parts, codes, strict=True) if code != 0]


def _run_part(place: Place, name: str, words: Sequence[str]) -> int:
    began = time.monotonic()
    done = subprocess.run(
        [str(place.python), *words],
        cwd=place.root,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    took = f"({time.monotonic() - began:.0f} s)"
    if done.returncode == 0:
        say(f"✓ {name} {took}")
    else:
        complain(f"{done.stdout}{done.stderr}".rstrip() + f"\n✗ {name} {took}")
    return done.returncode


def hand_over_to_pytest(
    place: Place, arguments: Sequence[str], *, failed: Sequence[str] = (), soak: bool = False
) -> int:
    """Become pytest, so that its closing line is the last one; failed parts are a failed test there."""
    env = {**os.environ, FAILED_PARTS: ", ".join(failed)}
    if soak:
        env["SOAK"] = "1"
    return become(place, ["-m", "pytest", *arguments, *further_arguments()], env)


def further_arguments() -> list[str]:
    """What ``make test ARGS="-k 'this or that'"`` adds to the command."""
    return shlex.split(os.environ.get("ARGS", ""))


def become(place: Place, words: Sequence[str], env: Mapping[str, str]) -> int:
    """Replace this process by the environment's Python; returns only in tests that stand in for it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(place.root)
    os.execve(place.python, [str(place.python), *words], dict(env))


def conformance(place: Place, folder: Path) -> int:
    """Run every ``conformance.py`` of the tests over the public test data; 1 when one found a difference."""
    if not folder.is_dir():
        raise Stop(
            f"找不到一致性测试的数据文件夹 {folder}：请用 CONFORMANCE_DATA=文件夹 指定。",
            f"There is no folder {folder} with conformance data: name it with CONFORMANCE_DATA=FOLDER.",
        )
    modules = sorted((place.root / "tests").rglob("conformance.py"))
    codes = []
    for module in modules:
        name = ".".join(module.relative_to(place.root).with_suffix("").parts)
        say(f"· {name}")
        command = [str(place.python), "-m", name, str(folder.resolve())]
        codes.append(subprocess.run(command, cwd=place.root, check=False).returncode)
    return 1 if any(codes) else 0
