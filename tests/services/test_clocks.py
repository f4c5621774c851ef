"""Recurring timers after a downtime: every round missed on its own day, or one for all, and none that drifts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from tests.services import scenes
from tests.services.scenes import TASK, begin, check, row, rows
from webapp.crypto.keyring import Keyring
from webapp.persistence.models import runtime
from webapp.services import jobs
from webapp.services.demo import clock

DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


def reminding(missed: str) -> str:
    """A task beside which somebody is reminded every ten days."""
    said = f'zaishang:missed="{missed}"' if missed else ""
    cycle = '<bpmn:timerEventDefinition id="td"><bpmn:timeCycle>R/P10D</bpmn:timeCycle></bpmn:timerEventDefinition>'
    return row(("startEvent", "s", ""), ("userTask", "a", TASK), ("endEvent", "e", "")) + (
        f'<bpmn:boundaryEvent id="t" attachedToRef="a" cancelActivity="false" {said}>{cycle}</bpmn:boundaryEvent>'
        f'<bpmn:userTask id="remind" name="提醒" {TASK}/><bpmn:endEvent id="e2"/>'
        '<bpmn:sequenceFlow id="r1" sourceRef="t" targetRef="remind"/>'
        '<bpmn:sequenceFlow id="r2" sourceRef="remind" targetRef="e2"/>'
    )


@pytest.mark.parametrize(("missed", "rounds"), [("", [10, 20, 30]), ("coalesce", [10])])
def test_what_fell_due_while_nobody_worked_is_made_up_for_as_the_diagram_says(
    sqlite_engine: Engine, keyring: Keyring, missed: str, rounds: list[int]
) -> None:
    world = scenes.office(sqlite_engine, keyring)
    world.office.shifted = True
    clock.place(world.office, START)
    worlds.deploy(world, "p", scenes.process("p", reminding(missed)))
    instance_id = begin(world, "p")
    (first,) = rows(world, runtime.job, instance_id=instance_id)
    began = first["due_at"] - 10 * DAY

    clock.place(world.office, began + 35 * DAY)
    while jobs.run_due(world.office, "worker"):
        pass

    reminded = rows(
        world, runtime.work_item, instance_id=instance_id, element_id="remind", order=("opened_at",)
    )
    assert [one["opened_at"] - began for one in reminded] == [n * DAY for n in rounds]
    (waiting,) = rows(world, runtime.job, instance_id=instance_id, status="due")
    assert waiting["due_at"] - began == 40 * DAY
    check(world)
