"""A signal thrown in one instance reaches every other that waits, and starts the processes that begin by it."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from bench import world as worlds
from bench.world import World
from webapp.crypto.keyring import Keyring
from webapp.persistence.models import runtime
from webapp.services import messages

EVENT = '<bpmn:signalEventDefinition signalRef="go"/>'
TASK = f'name="办理" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"'


def process(key: str, body: str) -> dict[str, bytes]:
    text = (
        f'{worlds.HEAD}<bpmn:signal id="go" name="go"/><bpmn:process id="{key}" name="{key}" isExecutable="true">'
        f"{body}</bpmn:process></bpmn:definitions>"
    )
    return {f"{key}.bpmn": text.encode(), "forms/paper.json": worlds.form()}


def chain(*elements: tuple[str, str, str]) -> str:
    """Elements in a row: tag, id, and either attributes or what is inside."""
    text, last = "", None
    for tag, name, rest in elements:
        given, inner = (rest, "") if rest[:1] != "<" else ("", rest)
        text += f'<bpmn:{tag} id="{name}" {given}>{inner}</bpmn:{tag}>'
        if last:
            text += f'<bpmn:sequenceFlow id="f_{name}" sourceRef="{last}" targetRef="{name}"/>'
        last = name
    return text


THROWS = chain(("startEvent", "s", ""), ("userTask", "do", TASK), ("endEvent", "e", EVENT))
WAITS = chain(
    ("startEvent", "s", ""), ("userTask", "first", TASK), ("intermediateCatchEvent", "c", EVENT),
    ("userTask", "then", TASK), ("endEvent", "e", ""),
)  # fmt: skip
BEGINS = chain(("startEvent", "s", EVENT), ("userTask", "begun", TASK), ("endEvent", "e", ""))


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, keyring: Keyring) -> World:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    made = worlds.build(engine, keyring)
    for key, body in (("throws", THROWS), ("waits", WAITS)):
        worlds.deploy(made, key, process(key, body))
    return made


def open_elements(world: World) -> list[str]:
    with world.office.begin() as work:
        rows = work.fetch_all(
            select(runtime.work_item.c.element_id).where(runtime.work_item.c.status == "open"), {}
        )
    return sorted(row["element_id"] for row in rows)


def wait(world: World) -> None:
    _, task = world.begin(world.open_case(f"样例〔2026〕{uuid4().hex[:6]}"), key="waits")
    world.complete(task)


def test_a_signal_reaches_every_instance_that_waits_and_none_that_came_later(world: World) -> None:
    wait(world)
    wait(world)
    _, task = world.begin(world.open_case("样例〔2026〕1"), key="throws")
    world.complete(task)
    wait(world)

    messages.deliver_all(world.office)

    assert open_elements(world) == ["then", "then"]


def test_a_signal_starts_the_process_that_begins_by_it(world: World) -> None:
    worlds.deploy(world, "begins", process("begins", BEGINS))
    _, task = world.begin(world.open_case("样例〔2026〕1"), key="throws")
    world.complete(task)

    messages.deliver_all(world.office)

    assert open_elements(world) == ["begun"]


def test_a_signal_nobody_waits_for_leaves_nothing(world: World) -> None:
    _, task = world.begin(world.open_case("样例〔2026〕1"), key="throws")
    world.complete(task)

    with world.office.begin() as work:
        assert work.fetch_all(select(runtime.outbox.c.id), {}) == []
