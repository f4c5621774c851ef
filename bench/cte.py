"""A step of the service beside the least a database can do for it: one statement, and nothing kept of a power cut."""

from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from bench.databases import Scratch
from bench.measures import Settings, timed, typical
from bench.scenes import Scene
from webapp.persistence.models import runtime

TABLES = """
CREATE TABLE floor_state (id uuid PRIMARY KEY, state bytea, rev integer);
CREATE TABLE floor_task (id uuid PRIMARY KEY, instance_id uuid, status text, opened_at timestamptz);
CREATE TABLE floor_audit (seq bigserial PRIMARY KEY, stream text, body text)
"""
# What every step has to do: the state, the task that ends, the task that opens, two records.
STEP = """
WITH state AS (UPDATE floor_state SET state = %(state)s, rev = rev + 1 WHERE id = %(instance)s),
     ended AS (UPDATE floor_task SET status = 'completed' WHERE id = %(old)s),
     opened AS (INSERT INTO floor_task VALUES (%(new)s, %(instance)s, 'open', now()))
INSERT INTO floor_audit (stream, body) VALUES (%(stream)s, %(body)s), (%(stream)s, %(body)s)
"""
BODY = "x" * 900


class Least:
    """The five writes of a step as one statement, again and again on one instance."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", state: bytes) -> None:
        self.connection, self.state, self.instance, self.task = connection, state, uuid4(), uuid4()
        for statement in TABLES.split(";"):
            connection.execute(statement.encode())
        connection.execute("INSERT INTO floor_state VALUES (%s, %s, 0)", (self.instance, state))
        connection.execute(
            "INSERT INTO floor_task VALUES (%s, %s, 'open', now())", (self.task, self.instance)
        )

    def step(self) -> None:
        """One step."""
        following = uuid4()
        values = {
            "state": self.state, "instance": self.instance, "old": self.task, "new": following,
            "stream": "case:1", "body": BODY,
        }  # fmt: skip
        self.connection.execute(STEP, values, prepare=True)
        self.task = following


def ratio(scratch: Scratch, home: Path, settings: Settings) -> float:
    """A step of the service ÷ the one statement, in turns on one PostgreSQL that waits for no disk."""
    database = make_url(scratch.url).database
    with psycopg.connect(scratch.url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = off'.encode())
    scene = Scene(scratch, home)
    instance_id, task = scene.world.begin(scene.world.open_case("2026-floor"))
    with scene.office.begin() as work:
        state = work.get(runtime.process_instance, id=instance_id)["state"]
    held = [task]
    taken: tuple[list[float], list[float]] = ([], [])
    with psycopg.connect(scratch.url, autocommit=True) as connection:
        least = Least(connection, bytes(state))
        for number in range(settings.warm + settings.rounds):
            own = timed(partial(_step, scene, held))
            floor = timed(least.step)
            if number >= settings.warm:
                taken[0].append(own)
                taken[1].append(floor)
    scene.close()
    return typical(taken[0]) / typical(taken[1])


def _step(scene: Scene, held: list[str]) -> None:
    held[0] = scene.step(held[0])
