"""A step over the API costs what the step costs and one statement to know who asks; never a commit more."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench import world as worlds
from bench.world import AGAIN
from tests.api.program import Program, values
from tests.services.test_step_cost import MOST_OF_A_STEP, counted
from tests.site import config
from webapp.app import create_app
from webapp.crypto.keyring import Keyring

KNOWING_WHO = 1
MOST_OF_A_LIST = 5


def program(engine: Engine, keyring: Keyring, tmp_path: Path) -> tuple[Program, worlds.World]:
    world = worlds.build(engine, keyring)
    address = engine.url.render_as_string(hide_password=False)
    app = create_app(config(tmp_path / "home", address, mode="production"))
    return Program(app, "jingban1"), world


def test_a_step_over_the_api_is_one_statement_more(engine: Engine, keyring: Keyring, tmp_path: Path) -> None:
    asking, world = program(engine, keyring, tmp_path)
    _, task_id = world.begin(world.open_case("2026-调-0001"))
    body: dict[str, Any] = {"variables": values(**AGAIN)}
    costs = []
    for _ in range(3):
        with counted() as seen:
            asking.post(f"/engine-rest/task/{task_id}/complete", body, status=204)
        costs.append((len(seen["statements"]), len(seen["commits"])))
        task_id = asking.get("/engine-rest/task")[0]["id"]

    assert max(costs[1:]) <= (MOST_OF_A_STEP + KNOWING_WHO, 1)
    asking.client.application.extensions["office"].engine.dispose()


def test_a_list_is_as_many_statements_however_long(engine: Engine, keyring: Keyring, tmp_path: Path) -> None:
    asking, world = program(engine, keyring, tmp_path)
    costs = []
    for number in range(4):
        world.begin(world.open_case(f"2026-调-000{number}"))
        with counted() as seen:
            assert len(asking.get("/engine-rest/task", candidateGroup=worlds.ROLE)) == number + 1
        costs.append(len(seen["statements"]))

    assert costs[0] == costs[-1] <= MOST_OF_A_LIST
    asking.client.application.extensions["office"].engine.dispose()
