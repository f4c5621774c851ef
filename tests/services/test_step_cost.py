"""What a step and a page cost the database, counted: statements and commits, never times."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench import world as worlds
from bench.world import AGAIN
from webapp.app import create_app
from webapp.config import Config
from webapp.crypto.keyring import Keyring
from webapp.web.session import SESSION_KEY

MOST_OF_A_STEP = 10
MOST_OF_A_PAGE = 4


@contextmanager
def counted() -> Iterator[dict[str, list[str]]]:
    """Statements and commits of every engine while it is open."""
    seen: dict[str, list[str]] = {"statements": [], "commits": []}

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen["statements"].append(statement)

    def commit(_connection: Any) -> None:
        seen["commits"].append("")

    event.listen(Engine, "before_cursor_execute", see)
    event.listen(Engine, "commit", commit)
    yield seen
    event.remove(Engine, "before_cursor_execute", see)
    event.remove(Engine, "commit", commit)


def test_a_step_is_ten_statements_and_one_commit_however_many_fields(
    engine: Engine, keyring: Keyring
) -> None:
    world = worlds.build(engine, keyring, fields=40)
    _, task_id = world.begin(world.open_case("2026-调-0001"))
    many = {"outcome": "again"} | {f"remark_{n}": "同意" for n in range(40)}
    costs = []
    for posted in (AGAIN, AGAIN, {"outcome": "again"}, {"outcome": "again", "remark_0": "同意"}, many):
        with counted() as seen:
            task_id = world.complete(task_id, posted)["opened"][0]["id"]
        costs.append((len(seen["statements"]), len(seen["commits"])))

    none, one, forty = costs[2:]
    assert max(none, one, forty) <= (MOST_OF_A_STEP, 1)
    assert one == forty
    assert {commits for _, commits in costs} == {1}


STAGED = f"""{worlds.HEAD}
<bpmn:process id="staged" name="换阶段" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="first"/>
<bpmn:userTask id="first" name="甲" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"
  zaishang:stage="assessment"/>
<bpmn:sequenceFlow id="f2" sourceRef="first" targetRef="second"/>
<bpmn:userTask id="second" name="乙" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"
  zaishang:stage="open_case"/>
<bpmn:sequenceFlow id="f5" sourceRef="second" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""


def test_a_step_into_another_stage_is_ten_statements_too(engine: Engine, keyring: Keyring) -> None:
    world = worlds.build(engine, keyring)
    worlds.deploy(world, "staged", {"staged.bpmn": STAGED.encode(), "forms/paper.json": worlds.form()})
    case_id = world.open_case("2026-调-0001")
    _, task_id = world.begin(case_id, "staged")

    with counted() as seen:
        world.complete(task_id)

    assert any(one.startswith("UPDATE case_file") for one in seen["statements"])
    assert len(seen["statements"]) <= MOST_OF_A_STEP


@pytest.fixture
def signed_in(engine: Engine, keyring: Keyring, tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser of somebody with three tasks in the group's inbox."""
    world = worlds.build(engine, keyring)
    for number in range(3):
        world.begin(world.open_case(f"2026-调-000{number}"))
    address = engine.url.render_as_string(hide_password=False)
    app = create_app(
        Config(home=tmp_path / "home", database_url=address, secret_key="k" * 32, secure_cookies=False)
    )
    client = app.test_client()
    with client.session_transaction() as session:
        session[SESSION_KEY] = world.session_keys[0]
    yield client
    app.extensions["office"].engine.dispose()


def test_the_inbox_page_is_four_statements(signed_in: FlaskClient) -> None:
    assert signed_in.get("/inbox?tab=group").status_code == 200

    with counted() as seen:
        page = signed_in.get("/inbox?tab=group")

    assert page.text.count("起草") >= 3
    assert len(seen["statements"]) <= MOST_OF_A_PAGE
