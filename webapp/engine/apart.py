"""Foreign bundles are judged in a child program with limits 另起进程检查: whatever a file does, the server goes on.

The child is a new program, not a fork, and gets neither settings nor keys. The next one is started beforehand, so that
a judgement does not wait for its imports.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from weakref import finalize

from webapp.engine import trial
from webapp.engine.bundle import Files
from webapp.engine.nouns import Catalogue, Problem

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "import sys; from webapp.engine.trial import main; sys.exit(main())")
# On the wall: only a machine that is far too busy comes to it before the limit on the processor's time.
PATIENCE = 15.0


class Apart:
    """Judges bundles in children, one bundle a child."""

    def __init__(
        self, functions: Sequence[str] = (), *, command: Sequence[str] = COMMAND, patience: float = PATIENCE
    ) -> None:
        self.functions = tuple(functions)
        self.command = tuple(command)
        self.patience = patience
        self._lock = Lock()
        # At most one; whoever drops the judge, or ends the server, ends the child that waits as well.
        self._ready: list[subprocess.Popen[bytes]] = []
        finalize(self, _let_go, self._ready)

    @property
    def spare(self) -> "subprocess.Popen[bytes] | None":
        """The child that waits for the next bundle."""
        return self._ready[0] if self._ready else None

    def judge(self, files: Files, catalogue: Catalogue) -> tuple[Problem, ...]:
        """Every finding, or one sentence why there is none; never raises for bad content."""
        child = self._take()
        try:
            answer, said = child.communicate(
                trial.asked(files, catalogue, self.functions), timeout=self.patience
            )
        except subprocess.TimeoutExpired:
            child.kill()
            answer, said = child.communicate()
        finally:
            self.warm()
        try:
            if child.returncode == 0:
                return trial.answered(answer)
        except (ValueError, TypeError):
            pass
        return (_ended(child.returncode, said),)

    def warm(self) -> None:
        """Have the next child ready."""
        with self._lock:
            if self.spare is None or self.spare.poll() is not None:
                _let_go(self._ready)
                self._ready.append(self._start())

    def close(self) -> None:
        """Let the child that waits go."""
        with self._lock:
            _let_go(self._ready)

    def _take(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self.spare is not None and self.spare.poll() is None:
                return self._ready.pop()
            _let_go(self._ready)
        return self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command, stdin=pipe, stdout=pipe, stderr=pipe, cwd="/", env={"PYTHONPATH": str(ROOT)}
        )


def _let_go(children: "list[subprocess.Popen[bytes]]") -> None:
    while children:
        child = children.pop()
        child.kill()
        child.communicate()


def _ended(status: int, said: bytes) -> Problem:
    """The sentence for a child that gave no answer: by its last words, and by what ended it."""
    lines = said.decode("utf-8", "replace").split("\n")
    places = [line for line in lines if line and " " not in line and "MemoryError" not in line]
    place = places[-1] if places and places[-1] != trial.CHECKING else None
    where = f"从“{place}”试启动" if place else "检查这个流程包"
    if any(line.startswith("MemoryError") for line in lines):
        return Problem(
            place, "trial.memory", f"{where}占用内存过多，已经中止，未部署。请拆分流程图，去掉过大的列表和文字。",
            "Judging took too much memory; split the diagram, remove large lists and texts.",
        )  # fmt: skip
    if status < 0:
        return Problem(
            place, "trial.time", f"{where}用时过长，已经中止，未部署。请拆分流程图，简化表达式和多实例的次数。",
            "Judging took too long; split the diagram, simplify expressions and loops.",
        )  # fmt: skip
    return Problem(
        place, "trial.failed", f"{where}时程序意外中止，未部署。请逐步删减流程图找出原因，或把文件交给系统管理员。",
        "Judging failed unexpectedly; reduce the diagram step by step or hand the file to the administrator.",
    )  # fmt: skip
