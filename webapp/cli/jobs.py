"""``flask jobs run``: the worker that fires timers and delivers messages; several may run at once."""

import os
import signal
import socket
import threading
import time
from types import FrameType

import click

from webapp.cli.surroundings import office, plainly, settings
from webapp.services import checking, finding, jobs
from webapp.services.demo import progress

PAUSE = 1.0

group = click.Group("jobs", help="Timed work: timers, visits, notes, messages.")


@group.command("run")
@click.option("--once", is_flag=True, help="Run what is due now and stop.")
@plainly
def run(once: bool) -> None:
    """Run due jobs until stopped."""
    owner = f"{socket.gethostname()}:{os.getpid()}"
    if once:
        click.echo(f"办理到期作业 {jobs.run_due(office(), owner)} 件。")
        return
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    parent, bell = os.getppid(), jobs.bell(office())
    checker: threading.Thread | None = None
    indexed = time.monotonic() - finding.EVERY_SECONDS
    while not stop.is_set():
        if time.monotonic() - indexed >= finding.EVERY_SECONDS:
            finding.catch_up_safely(office())
            indexed = time.monotonic()
        checker = checking.beside_safely(office(), owner, checker)
        # The demo's loader runs what falls due itself: on its clock, and in the same order each time.
        if not (settings().may_shift_clock and progress.is_loading(office())):
            jobs.run_due_safely(office(), owner)
        if os.getppid() != parent:
            break
        bell.wait(PAUSE)
