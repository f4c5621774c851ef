"""The oldest Python that will do, and how to find a newer one beside an old one."""

import os
import shutil
import subprocess
import sys

from webapp.cli.bootstrap.speech import Stop

OLDEST = (3, 11)
NEWEST_TRIED = 16


def is_new_enough(version=None):  # type: ignore[no-untyped-def]
    """Whether this interpreter may go on."""
    return tuple(version or sys.version_info)[:2] >= OLDEST


def newer_python():  # type: ignore[no-untyped-def]
    """The path of a Python on PATH that is new enough, or None; each candidate is really started."""
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which("python3." + str(minor))
        if found and _answers(found):
            return found
    return None


def _answers(python):  # type: ignore[no-untyped-def]
    """Whether the command is a Python that is new enough; version managers leave empty shims."""
    question = "import sys; sys.exit(sys.version_info[:2] < " + repr(OLDEST) + ")"
    try:
        return subprocess.call([python, "-c", question], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def require_python():  # type: ignore[no-untyped-def]
    """Go on, go on with a newer Python, or Stop with the sentence about a too old one."""
    if is_new_enough():
        return
    newer = newer_python()
    if newer:
        os.execv(newer, [newer, "-m", "webapp.cli.bootstrap"] + sys.argv[1:])  # noqa: RUF005
    running = ".".join(str(part) for part in tuple(sys.version_info)[:3])
    raise Stop(
        "当前 Python 是 " + running + "，版本太旧：请安装 Python 3.11 或更新的版本，再重新运行。",
        "This Python is " + running + ", which is too old: install Python 3.11 or newer and run again.",
    )
