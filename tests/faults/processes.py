"""Web servers and workers for the fault tests: real processes on real ports, killed without warning."""

import multiprocessing
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.world import World
from tests.faults.browsers import Browser, Desk
from webapp.app import create_app
from webapp.cli import serve
from webapp.config import Config
from webapp.crypto.keyring import Keyring
from webapp.persistence.database import open_engine
from webapp.services import jobs, messages
from webapp.services.delegates import DELEGATES
from webapp.services.office import Office

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
WEBS, WORKERS = 2, 2
PATIENCE = 120.0
SECRET = "the secret of two web servers on one machine"
ROOT = Path(__file__).resolve().parents[2]


def _config(url: str, home: str, port: int) -> Config:
    return Config(
        home=Path(home), database_url=url, secret_key=SECRET, mode="test", port=port, secure_cookies=False
    )


def answer_pages(url: str, home: str, port: int) -> None:
    """What ``flask serve --web-only`` does, in a process forked from a warm one so that it is up at once."""
    app = create_app(_config(url, home, port))
    with app.app_context():
        serve.listen(serve.HOST, port)


def work(url: str, home: str, owner: str) -> None:
    """A worker whose leases are short, so that a dead one's jobs are soon taken over."""
    jobs.LEASE = timedelta(seconds=1)
    jobs.BACKOFF = (timedelta(milliseconds=200),) * 20
    office = Office(
        engine=open_engine(url),
        keyring=Keyring.open(Path(home), environment={}),
        delegates=DELEGATES,
        deliver=messages.deliver_all,
    )
    while True:
        jobs.run_due_safely(office, owner)
        time.sleep(0.03)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((serve.HOST, 0))
        return int(found.getsockname()[1])


class Forked:
    """A process of this test's own fork server."""

    def __init__(self, target: Any, *given: object) -> None:
        self.process = CONTEXT.Process(target=target, args=given, daemon=True)
        self.process.start()

    def end(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.join()
        self.process.close()


class Commanded:
    """``flask serve --web-only``, the very command of the operations page."""

    def __init__(self, url: str, home: str, port: int) -> None:
        words = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--web-only"]
        told = {
            "ZAISHANG_HOME": home, "DATABASE_URL": url, "PORT": str(port), "ZAISHANG_SECRET": SECRET,
            "ZAISHANG_MODE": "test",
        }  # fmt: skip
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(words, cwd=ROOT, env=os.environ | told, stdout=quiet, stderr=quiet)

    def end(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()


@dataclass
class Crew:
    """Two web servers with a signed-in browser at each, and two workers, on one database."""

    world: World
    home: str
    seed: int = 1
    commanded: bool = False
    answers: dict[str, list[Any]] = field(default_factory=dict)
    submitted: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self.url = self.world.office.engine.url.render_as_string(hide_password=False)
        self.random = random.Random(self.seed)
        self.ports = [_free_port() for _ in range(WEBS)]
        self.webs = [self._web(port) for port in self.ports]
        self.workers = [self._worker() for _ in range(WORKERS)]
        desk = Desk(create_app(_config(self.url, self.home, 0)), self.world.session_keys[0])
        self.browsers = [Browser(desk, port, self.answers) for port in self.ports]

    def _web(self, port: int) -> Forked | Commanded:
        if self.commanded:
            return Commanded(self.url, self.home, port)
        return Forked(answer_pages, self.url, self.home, port)

    def _worker(self) -> Forked:
        return Forked(work, self.url, self.home, f"worker-{self.random.getrandbits(32)}")

    def submit(self, task_id: str, *, doubled: bool) -> None:
        """Have a task completed; a doubled submit reaches both web servers at the same moment."""
        self.answers[task_id] = []
        first = self.submitted % WEBS
        for number in (first, (first + 1) % WEBS)[: 2 if doubled else 1]:
            self.browsers[number].post(task_id)
            self.submitted += 1

    @property
    def is_idle(self) -> bool:
        """True when every submit has been answered."""
        return all(browser.is_idle for browser in self.browsers)

    def kill_one(self) -> bool:
        """End any process in the middle of whatever it does, and put a new one in its place → whether it was up.

        A browser whose server died sends its form again, as a person would.
        """
        number = self.random.randrange(WEBS + WORKERS)
        if number >= WEBS:
            self.workers[number - WEBS].end()
            self.workers[number - WEBS] = self._worker()
        elif self.browsers[number].is_served:
            self.webs[number].end()
            self.browsers[number].is_served = False
            self.webs[number] = self._web(self.ports[number])
        else:
            return False
        self.kills += 1
        return True

    def stop(self) -> None:
        """End everybody."""
        for browser in self.browsers:
            browser.close()
        for one in [*self.webs, *self.workers]:
            one.end()


@contextmanager
def crew(world: World, home: Path, seed: int = 1, *, commanded: bool = False) -> Iterator[Crew]:
    """The processes, ended in any case."""
    found = Crew(world, str(home), seed, commanded)
    try:
        yield found
    finally:
        found.stop()
