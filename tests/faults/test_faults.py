"""Web servers and workers on one PostgreSQL, doubled forms and sudden deaths: every task is completed once."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from tests.faults.invariants import broken
from tests.faults.processes import PATIENCE, Crew, crew
from webapp.crypto.keyring import Keyring
from webapp.persistence.models import runtime
from webapp.persistence.unit_of_work import UnitOfWork

pytestmark = pytest.mark.soak
SOAK = os.environ.get("SOAK") == "1"
SUBMITS = 2000 if SOAK else 60
KILLS = 300 if SOAK else 6
TASKS_EACH = 4
PERSON = f'camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"'
SENDER = f"""{worlds.HEAD}
<bpmn:message id="m" name="ping"/>
<bpmn:process id="sender" name="发出" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="one"/>
<bpmn:userTask id="one" name="甲" {PERSON}/><bpmn:sequenceFlow id="f2" sourceRef="one" targetRef="tell"/>
<bpmn:intermediateThrowEvent id="tell"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>
<bpmn:sequenceFlow id="f3" sourceRef="tell" targetRef="two"/>
<bpmn:userTask id="two" name="乙" {PERSON}/><bpmn:sequenceFlow id="f4" sourceRef="two" targetRef="wait"/>
<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1S</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:sequenceFlow id="f5" sourceRef="wait" targetRef="three"/>
<bpmn:userTask id="three" name="丙" {PERSON}/><bpmn:sequenceFlow id="f6" sourceRef="three" targetRef="four"/>
<bpmn:userTask id="four" name="丁" {PERSON}/><bpmn:sequenceFlow id="f7" sourceRef="four" targetRef="done"/>
<bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""
RECEIVER = f"""{worlds.HEAD}
<bpmn:message id="m" name="ping"/>
<bpmn:process id="receiver" name="收到" isExecutable="true">
<bpmn:startEvent id="begin"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def world(postgresql_engine: Engine, keyring: Keyring) -> Iterator[World]:
    found = worlds.build(postgresql_engine, keyring)
    worlds.deploy(found, "sender", {"sender.bpmn": SENDER.encode(), "forms/paper.json": worlds.form()})
    worlds.deploy(found, "receiver", {"receiver.bpmn": RECEIVER.encode()})
    return found


def begin(world: World, instances: int) -> None:
    """Two instances a case: they meet on its chain."""
    case_id = ""
    for number in range(instances):
        if number % 2 == 0:
            case_id = world.open_case(f"2026-{time.monotonic_ns()}")
        world.begin(case_id, "sender")


def offered(world: World, staff: Crew) -> list[str]:
    """Open tasks nobody has been told to complete."""
    with world.office.begin() as work:
        rows = work.all(runtime.work_item, status="open", order=("opened_at", "id"))
    return [row["id"] for row in rows if row["id"] not in staff.answers]


def is_quiet(world: World) -> bool:
    """Nothing is under way: no open task, no timer, no message."""
    with world.office.begin() as work:
        waiting = work.all(runtime.outbox, status="waiting")
        running = work.all(runtime.process_instance, status="running")
        return not waiting and not running


def until_done(world: World, staff: Crew, kills: int = 0) -> None:
    """Complete whatever opens until all is done, every second submit doubled, now and then killing a process."""
    started, last = time.monotonic(), time.monotonic()
    while not (staff.is_idle and staff.kills >= kills and is_quiet(world)):
        assert time.monotonic() - started < PATIENCE * (10 if SOAK else 1), "the work does not come to an end"
        for task_id in offered(world, staff):
            staff.submit(task_id, doubled=len(staff.answers) % 2 == 0)
        time.sleep(staff.random.uniform(0.0, 0.05))
        if staff.kills < kills and time.monotonic() - last > 0.08 and staff.kill_one():
            last = time.monotonic()
            if is_quiet(world):
                begin(world, 2)


def test_two_web_servers_and_two_workers_do_everything_once(world: World, tmp_path: Path) -> None:
    tasks = SUBMITS * 2 // 3
    begin(world, -(-tasks // TASKS_EACH))

    with crew(world, tmp_path / "home", commanded=True) as staff:
        until_done(world, staff)

    assert broken(world.office, staff.answers) == []
    assert len(staff.answers) >= tasks
    assert staff.submitted >= SUBMITS
    assert sum(len(replies) for replies in staff.answers.values()) == staff.submitted


def test_killed_at_any_moment_nothing_is_lost_or_done_twice(world: World, tmp_path: Path) -> None:
    begin(world, 4)

    with crew(world, tmp_path / "home", seed=2) as staff:
        until_done(world, staff, KILLS)

    assert staff.kills == KILLS
    assert broken(world.office, staff.answers) == []


def test_a_step_committed_in_two_parts_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the one transaction the same questions find the damage."""

    class Died(Exception):
        """The process ended here."""

    def half(work: UnitOfWork, *_events: object) -> None:
        work._connection.commit()
        raise Died

    _, task_id = world.begin(world.open_case("2026-control"), "sender")
    with monkeypatch.context() as patch:
        patch.setattr(UnitOfWork, "_append", half)
        with pytest.raises(Died):
            world.complete(task_id, {"outcome": "yes"})

    found = broken(world.office, {task_id: [{}]})

    assert {one.split()[0] for one in found} >= {"I1", "I6/I7/I8"}
