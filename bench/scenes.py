"""One application on one scratch database, with somebody signed in, ready to be measured."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from itsdangerous import URLSafeTimedSerializer

from bench import world as worlds
from bench.databases import Scratch
from bench.floors import Caller, Floor, Recorder, Statement, least_app
from bench.world import AGAIN
from webapp.app import create_app
from webapp.config import Config
from webapp.crypto.keyring import Keyring
from webapp.web.session import SESSION_KEY

STEP_FORM = {f"f.{name}": value for name, value in AGAIN.items()}


class Scene:
    """The product on a database, as a production server runs it."""

    def __init__(self, scratch: Scratch, home: Path, *, fresh: bool = True) -> None:
        self.scratch = scratch
        config = Config(home=home, database_url=scratch.url, secret_key="k" * 32, secure_cookies=False)
        self.app = create_app(config)
        self.office = self.app.extensions["office"]
        if fresh:
            self.world = worlds.build(self.office.engine, Keyring.open(home))
            self.world.office = self.office
        self.recorder = Recorder(self.office.engine)

    def close(self) -> None:
        """Let the database go."""
        self.office.engine.dispose()

    def sign_in(self, world: worlds.World) -> Caller:
        """A browser of the first person, with a session and a CSRF token."""
        self.world = world
        world.office = self.office
        plain = secrets.token_hex(20)
        signing = self.app.session_interface.get_signing_serializer(self.app)
        cookie = signing.dumps({SESSION_KEY: world.session_keys[0], "csrf_token": plain})
        token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(plain)
        name = self.app.config["SESSION_COOKIE_NAME"]
        return Caller(self.app, {"Cookie": f"{name}={cookie}", "X-CSRFToken": token})

    def step(self, task_id: str) -> str:
        """One step through the service → the next task."""
        return str(self.world.complete(task_id)["opened"][0]["id"])


class Stage:
    """The product beside its floors, on two copies of one database."""

    def __init__(self, scratch: Scratch, home: Path) -> None:
        preparing = Scene(scratch, home)
        world = preparing.world
        self.case_ids = [world.open_case(f"2026-调-000{n}") for n in (1, 2)]
        started = [world.begin(case_id) for case_id in self.case_ids]
        self.instances = [instance_id for instance_id, _ in started]
        preparing.close()
        copy = scratch.clone()
        self.connection = copy.driver()
        self.floor = Floor(self.connection, scratch.kind)
        self.scene = Scene(scratch, home, fresh=False)
        self.caller = self.scene.sign_in(world)
        self.next = [task_id for _, task_id in started]
        self.pending: list[Sequence[Statement]] = []
        headers = {"Authorization": f"Bearer {world.session_keys[0]}"}
        self.least = Caller(least_app(self.floor, self.pending), headers)

    def close(self) -> None:
        """Let both databases go."""
        self.connection.close()
        self.scene.close()

    def service(self) -> None:
        """A step through the service."""
        self.next[0] = self.scene.step(self.next[0])

    def http(self) -> None:
        """A step through the page's own form."""
        form = {**STEP_FORM, "idempotency_key": str(uuid4())}
        status, body = self.caller.ask("POST", f"/tasks/{self.next[1]}/complete", form)
        if status != 303:
            raise RuntimeError(f"the step was answered with {status}: {body[:300]!r}")

    def find_next(self) -> None:
        """Which task the step over HTTP opened; not part of what is measured."""
        (self.next[1],) = self.scene.world.open_tasks(self.instances[1])

    def least_http(self, statements: Sequence[Statement]) -> None:
        """The same statements in the least application."""
        self.pending.append(statements)
        status, _ = self.least.ask("POST", "/step", STEP_FORM)
        if status != 200:
            raise RuntimeError(f"the floor answered with {status}")


def of_the_step(statements: Sequence[Statement]) -> list[Statement]:
    """What belongs to the step: everything from the look-up of the task on."""
    first = next(i for i, (text, _, _) in enumerate(statements) if "FROM work_item" in text)
    return list(statements[first:])


def bulk_tasks(scratch: Scratch, world: Any, instance_id: str, case_ids: Sequence[str], count: int) -> None:
    """Many open tasks at once, half of them the own group's; the rest waits for another organisation."""
    connection = scratch.driver()
    cursor = connection.cursor()
    for statement in _bulk(scratch.kind, world, instance_id, case_ids, count):
        cursor.execute(statement)
    connection.commit()
    cursor.execute("ANALYZE")
    connection.commit()
    connection.close()


def _bulk(kind: str, world: Any, instance_id: str, case_ids: Sequence[str], count: int) -> tuple[str, str]:
    ids: Mapping[str, str]
    if kind == "sqlite":
        series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        source, number = "n", "printf('%032x', {base} + i)"
        day, empty = "datetime('2026-01-01', '+' || (i % 100000) || ' minutes') || '.000000'", "'{}'"
        ids = {"i": instance_id.replace("-", ""), "o": world.department_id.replace("-", ""),
               "x": world.unit_id.replace("-", ""), "c": case_ids[0].replace("-", "")}  # fmt: skip
        false, cast = "0", ""
    else:
        series, source = "", f"generate_series(1, {count}) AS n(i)"
        number, cast = "lpad(to_hex({base} + i), 32, '0')::uuid", "::uuid"
        day, empty = "timestamptz '2026-01-01 UTC' + (i % 100000) * interval '1 minute'", "'{}'::jsonb"
        ids = {"i": instance_id, "o": world.department_id, "x": world.unit_id, "c": case_ids[0]}
        false = "false"
    item, candidate = number.format(base=0), number.format(base=2_000_000_000)
    columns = (
        "id, instance_id, case_id, process_key, element_id, name, status, priority, due_at, opened_at, on_paper,"
        " locals, withheld"
    )
    values = (
        f"{item}, '{ids['i']}'{cast}, '{ids['c']}'{cast}, '{worlds.KEY}', 'draft', '起草', 'open', 50, {day}, {day},"
        f" {false}, {empty}, {false}"
    )
    place = f"CASE WHEN i % 2 = 0 THEN '{ids['o']}'{cast} ELSE '{ids['x']}'{cast} END"
    return (
        f"INSERT INTO work_item ({columns}) {series} SELECT {values} FROM {source}",
        f"INSERT INTO work_candidate (id, work_item_id, role, organisation_id, due_at) {series}"
        f" SELECT {candidate}, {item}, '{worlds.ROLE}', {place}, {day} FROM {source}",
    )
