"""Web and worker processes for the fault tests: forked from a clean one, killed without warning."""

import multiprocessing
import random
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from bench.world import World
from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Refused
from webapp.persistence.database import open_engine
from webapp.services import jobs, messages, tasks
from webapp.services.delegates import DELEGATES
from webapp.services.office import Office

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
TRIES = 6
WEBS, WORKERS = 2, 2
PATIENCE = 120.0
POSTED: Mapping[str, str] = {"outcome": "yes", "remark_0": "同意"}


def _office(url: str, home: str) -> Office:
    return Office(
        engine=open_engine(url),
        keyring=Keyring.open(Path(home), environment={}),
        delegates=DELEGATES,
        deliver=messages.deliver_all,
    )


def serve(url: str, home: str, actor: Actor, line: Connection) -> None:
    """A web process: completes the tasks it is told to and answers with the reply."""
    office = _office(url, home)
    while True:
        task_id = line.recv()
        line.send((task_id, _submit(office, actor, task_id)))


def _submit(office: Office, actor: Actor, task_id: str) -> Mapping[str, Any] | str:
    """The reply, or the refusal after several tries; the key says that it is always the same request."""
    refusal = ""
    for attempt in range(TRIES):
        try:
            return dict(
                tasks.complete(office.begin(), actor, task_id=task_id, posted=POSTED, key=f"key-{task_id}")
            )
        except Refused as refused:
            refusal = f"{type(refused).__name__}: {refused.sentence}"
            if not isinstance(refused, Conflict):
                break
            time.sleep(0.01 * attempt)
    return refusal


def work(url: str, home: str, owner: str) -> None:
    """A worker whose leases are short, so that a dead one's jobs are soon taken over."""
    jobs.LEASE = timedelta(seconds=1)
    jobs.BACKOFF = (timedelta(milliseconds=200),) * 20
    office = _office(url, home)
    while True:
        jobs.run_due_safely(office, owner)
        time.sleep(0.03)


@dataclass
class Web:
    """One web process, what it has been told and not yet answered, and what it will be told."""

    process: Any
    line: Connection
    asked: str | None = None
    queue: deque[str] = field(default_factory=deque)

    def go_on(self) -> None:
        """Tell it the next task when it is idle."""
        if self.asked is None and self.queue:
            self.asked = self.queue.popleft()
            self.line.send(self.asked)


@dataclass
class Crew:
    """Two web processes and two workers on one database."""

    url: str
    home: str
    actor: Actor
    seed: int = 1
    webs: list[Web] = field(default_factory=list)
    workers: list[Any] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    submitted: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.webs = [self._web() for _ in range(WEBS)]
        self.workers = [self._worker() for _ in range(WORKERS)]

    def _web(self) -> Web:
        near, far = CONTEXT.Pipe()
        process = CONTEXT.Process(target=serve, args=(self.url, self.home, self.actor, far), daemon=True)
        process.start()
        far.close()
        return Web(process, near)

    def _worker(self) -> Any:
        owner = f"worker-{self.random.getrandbits(32)}"
        process = CONTEXT.Process(target=work, args=(self.url, self.home, owner), daemon=True)
        process.start()
        return process

    def submit(self, task_id: str, *, doubled: bool) -> None:
        """Have a task completed; a doubled submit reaches both web processes at the same moment."""
        self.answers[task_id] = []
        first = self.submitted % WEBS
        for number in (first, (first + 1) % WEBS)[: 2 if doubled else 1]:
            self.webs[number].queue.append(task_id)
            self.submitted += 1
        for web in self.webs:
            web.go_on()

    def listen(self, seconds: float) -> None:
        """Take in the answers that come within the time."""
        for line in wait([web.line for web in self.webs], timeout=seconds):
            web = next(one for one in self.webs if one.line is line)
            task_id, answer = web.line.recv()
            self.answers[task_id].append(answer)
            web.asked = None
            web.go_on()

    @property
    def is_idle(self) -> bool:
        """True when every submit has been answered."""
        return all(web.asked is None and not web.queue for web in self.webs)

    def kill_one(self) -> None:
        """End any process in the middle of whatever it does, and put a new one in its place."""
        self.kills += 1
        number = self.random.randrange(WEBS + WORKERS)
        if number >= WEBS:
            end(self.workers[number - WEBS])
            self.workers[number - WEBS] = self._worker()
            return
        dead = self.webs[number]
        end(dead.process)
        fresh = self.webs[number] = self._web()
        unanswered = _last_words(dead, self.answers)
        fresh.queue = deque([*unanswered, *dead.queue])
        dead.line.close()
        fresh.go_on()

    def stop(self) -> None:
        """End everybody."""
        for web in self.webs:
            end(web.process)
            web.line.close()
        for worker in self.workers:
            end(worker)


def _last_words(dead: Web, answers: dict[str, list[Any]]) -> list[str]:
    """An answer sent before the end counts; without one the submit is repeated, as a browser would."""
    try:
        if dead.line.poll():
            task_id, answer = dead.line.recv()
            answers[task_id].append(answer)
            return []
    except (EOFError, OSError):
        pass
    return [dead.asked] if dead.asked else []


def end(process: Any) -> None:
    """kill -9."""
    process.kill()
    process.join()
    process.close()


@contextmanager
def crew(world: World, home: Path, seed: int = 1) -> Iterator[Crew]:
    """The processes, ended in any case."""
    url = world.office.engine.url.render_as_string(hide_password=False)
    found = Crew(url, str(home), world.actors[0], seed)
    try:
        yield found
    finally:
        found.stop()
