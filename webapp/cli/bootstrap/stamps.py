"""Remember what was installed and built, so that a second start does nothing twice."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.cli.bootstrap.speech import say


def digest(root: Path, files: Iterable[Path], *more: str) -> str:
    """SHA-256 over names and bytes of files that exist, and over further words."""
    sums = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        content = file.read_bytes()
        sums.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        sums.update(content)
    for word in more:
        sums.update(f"\0{word}".encode())
    return sums.hexdigest()


@dataclass(frozen=True, slots=True)
class Stamps:
    """One small file per finished step; a ``.begun`` file betrays a step that was cut off."""

    folder: Path

    def is_fresh(self, step: str, inputs: str) -> bool:
        """Whether the step was finished with exactly these inputs."""
        try:
            return (self.folder / step).read_text() == inputs
        except OSError:
            return False

    def was_cut_off(self, step: str) -> bool:
        """Whether the step was begun and never came to an end, good or bad."""
        return (self.folder / f"{step}.begun").exists()

    def begin(self, step: str) -> None:
        """Forget the last success and note that work goes on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / step).unlink(missing_ok=True)
        (self.folder / f"{step}.begun").touch()

    def finish(self, step: str, inputs: str) -> None:
        """Note a success."""
        (self.folder / step).write_text(inputs)
        self.give_up(step)

    def give_up(self, step: str) -> None:
        """Note an orderly failure, after which the same tool can simply be called again."""
        (self.folder / f"{step}.begun").unlink(missing_ok=True)

    def log(self, step: str) -> Path:
        """Where the step's tool writes what it says."""
        return self.folder / f"{step}.log"


@contextmanager
def only_one_at_a_time(folder: Path) -> Iterator[int]:
    """Let two starts in the same checkout install one after the other; the lock's file descriptor.

    Tools that inherit the descriptor hold the lock with us: when a start is killed outright, the next one
    waits for the tool it left behind instead of working against it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("· 另一处正在安装，等它完成… Another set-up is at work here, waiting for it…")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle.fileno()
