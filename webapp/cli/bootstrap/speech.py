"""What the bootstrap says: one Chinese and one English sentence, never a stack trace."""

import sys


class Stop(Exception):
    """A set-up that cannot go on, with what to do about it in both languages."""

    def __init__(self, chinese: str, english: str) -> None:
        self.chinese = chinese
        self.english = english
        super().__init__(chinese + " " + english)


def make_printable() -> None:
    """Let a terminal without Chinese show question marks rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)


def say(line: str) -> None:
    """Write one line of progress."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Write one line to the error stream."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
