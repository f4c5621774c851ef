"""Processes that start by themselves: by time, by a condition, by a message, by a signal; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import AGAIN, PASSED, World
from tests.services.test_signals import BEGINS, TASK, THROWS, chain, process
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import Invalid
from webapp.persistence.models import runtime
from webapp.services import jobs, messages, start_timers
from webapp.services.replay import replay


def timer(kind: str, text: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def by_time(kind: str, text: str) -> str:
    return chain(("startEvent", "s", timer(kind, text)), ("userTask", "begun", TASK), ("endEvent", "e", ""))


CONDITION = (
    '<bpmn:conditionalEventDefinition><bpmn:condition>=outcome = "yes"</bpmn:condition>'
    "</bpmn:conditionalEventDefinition>"
)
WATCHES = chain(("startEvent", "s", CONDITION), ("userTask", "begun", TASK), ("endEvent", "e", ""))
HEARS = chain(
    ("startEvent", "s", '<bpmn:messageEventDefinition messageRef="m"/>'),
    ("userTask", "begun", TASK),
    ("endEvent", "e", ""),
)
SAYS = chain(
    ("startEvent", "s", ""),
    ("userTask", "do", TASK),
    ("endEvent", "e", '<bpmn:messageEventDefinition messageRef="m"/>'),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, keyring: Keyring) -> World:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    made = worlds.build(engine, keyring)
    made.office.shifted = True
    return made


def publish(world: World, key: str, body: str) -> None:
    files = process(key, body)
    name = f"{key}.bpmn"
    files[name] = files[name].replace(b"<bpmn:process", b'<bpmn:message id="m" name="told"/><bpmn:process', 1)
    worlds.deploy(world, key, files)


def rows(world: World, table: Any, **where: Any) -> list[dict[str, Any]]:
    with world.office.begin() as work:
        return [dict(row) for row in work.all(table, **where)]


def begun(world: World, element_id: str = "begun") -> list[dict[str, Any]]:
    return rows(world, runtime.work_item, element_id=element_id, status="open")


def waiting(world: World) -> list[dict[str, Any]]:
    return rows(world, runtime.job, kind=start_timers.KIND, status="due")


def test_a_date_starts_the_process_once_and_its_role_finds_the_task(world: World) -> None:
    publish(world, "dated", by_time("timeDate", "2026-01-01"))

    jobs.run_due(world.office, "worker")
    jobs.run_due(world.office, "worker")

    (task,) = begun(world)
    assert task["case_id"] is None
    world.complete(task["id"], AGAIN)
    assert begun(world) == []
    assert waiting(world) == []
    assert replay(world.office) == []


def test_a_cycle_starts_it_every_time_without_drifting(world: World) -> None:
    publish(world, "monthly", by_time("timeCycle", "R/P1M"))
    (first,) = waiting(world)
    assert begun(world) == []

    with world.office.begin(at=first["due_at"]) as work:
        job = {**first, "status": "leased", "lease_owner": "w"}
        work.update(runtime.job, {"id": first["id"]}, {"status": "leased", "lease_owner": "w"})
        assert jobs._begin(work, job, "w")

    (second,) = waiting(world)
    assert second["payload"]["memo"]["round"] == 2
    assert second["payload"]["memo"]["anchor"] == first["payload"]["memo"]["anchor"]
    assert timedelta(days=27) < second["due_at"] - first["due_at"] < timedelta(days=32)
    assert len(begun(world)) == 1


def test_a_new_version_takes_the_timers_over_and_one_without_ends_them(world: World) -> None:
    publish(world, "timed", by_time("timeCycle", "R/P1M"))
    (first,) = waiting(world)
    publish(world, "timed", by_time("timeCycle", "R/P2M"))
    (second,) = waiting(world)
    assert second["payload"]["memo"]["cycle"] == "R/P2M"
    assert rows(world, runtime.job, id=first["id"])[0]["status"] == "cancelled"

    plain = chain(("startEvent", "s", ""), ("userTask", "begun", TASK), ("endEvent", "e", ""))
    publish(world, "timed", plain)

    assert waiting(world) == []


@pytest.mark.parametrize(("kind", "text"), [("timeDuration", "=when"), ("timeDate", "soon")])
def test_a_start_that_no_time_can_be_said_of_is_not_published(world: World, kind: str, text: str) -> None:
    with pytest.raises(Invalid):
        publish(world, "timed", by_time(kind, text))


def test_a_condition_that_comes_true_starts_the_process_on_the_same_case(world: World) -> None:
    publish(world, "watches", WATCHES)
    case_id = world.open_case("样例〔2026〕1")
    _, task = world.begin(case_id)
    world.complete(task)
    messages.deliver_all(world.office)
    assert begun(world) == []

    (instance,) = rows(world, runtime.process_instance, case_id=case_id)
    world.complete(world.open_tasks(instance["id"])[0], PASSED)
    messages.deliver_all(world.office)

    (found,) = begun(world)
    assert found["case_id"] == case_id
    assert replay(world.office) == []


def test_a_message_starts_the_process_that_begins_by_it(world: World) -> None:
    publish(world, "hears", HEARS)
    publish(world, "says", SAYS)
    _, task = world.begin(world.open_case("样例〔2026〕1"), key="says")
    world.complete(task)

    messages.deliver_all(world.office)

    assert len(begun(world)) == 1


def test_a_signal_starts_the_process_that_begins_by_it(world: World) -> None:
    publish(world, "throws", THROWS)
    publish(world, "begins", BEGINS)
    _, task = world.begin(world.open_case("样例〔2026〕1"), key="throws")
    world.complete(task)

    messages.deliver_all(world.office)

    assert len(begun(world)) == 1
