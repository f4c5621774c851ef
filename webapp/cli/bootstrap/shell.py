"""Run tools quietly: silent when they succeed, their last lines and a sentence when they fail."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from webapp.cli.bootstrap.speech import Stop, complain, say

LINES_SHOWN = 20


class Crew:
    """The tools at work at this moment; stopping it stops them all."""

    def __init__(self, *shared: int) -> None:
        self._shared = shared  # file descriptors that every tool inherits
        self._children: set[subprocess.Popen[bytes]] = set()
        self._is_stopped = False
        self._lock = Lock()

    def run(
        self, command: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str] | None = None
    ) -> int:
        """Run a tool with everything it says in ``log``; its exit code, below zero when it was cut off.

        The tool gets a session of its own: an interrupt reaches it through `stop` alone, so that a tool that
        was cut off never looks like one that failed by itself.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            with self._lock:
                if self._is_stopped:
                    return -signal.SIGTERM
                child = subprocess.Popen(
                    [str(word) for word in command],
                    cwd=cwd,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=self._shared,
                )
                self._children.add(child)
            try:
                return child.wait()
            finally:
                self._children.discard(child)

    def require(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path,
        failure: tuple[str, str],
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Run a tool that must succeed; Stop with ``failure`` after showing its last lines."""
        code = self.run(command, log=log, cwd=cwd, env=env)
        if code > 0:
            complain(last_lines(log))
        if code != 0:
            raise Stop(*failure)

    def stop(self) -> None:
        """Ask every tool at work to end and let none begin."""
        with self._lock:
            self._is_stopped = True
            for child in list(self._children):
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGTERM)


def last_lines(log: Path, count: int = LINES_SHOWN) -> str:
    """The end of a log, for a person."""
    lines = log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    return "\n".join("    " + line for line in lines[-count:])


def together(crew: Crew, *jobs: Callable[[], None]) -> None:
    """Do all jobs at once; one that fails lets the others finish, an interrupt stops them all."""
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for future in as_completed(futures):
                future.result()
        except KeyboardInterrupt:
            crew.stop()
            raise


@contextmanager
def told(chinese: str, english: str) -> Iterator[None]:
    """Tell of a longer piece of work when it begins, and how long it took when it ends well."""
    say(f"· {chinese}… {english}…")
    began = time.monotonic()
    yield
    say(f"✓ {chinese} ({time.monotonic() - began:.0f} s)")
