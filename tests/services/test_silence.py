"""What stays away from whom: tasks before the talk, personal answers from engine state and history."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from bench import world as worlds
from bench.world import World
from webapp import engine as bpmn
from webapp.crypto.keyring import Keyring
from webapp.domain import events
from webapp.domain.access import Actor, Grant
from webapp.persistence.database import metadata
from webapp.persistence.models import runtime
from webapp.queries import inbox
from webapp.queries.inbox import Wish
from webapp.services import reads
from webapp.services.delegates.measures import release

# Nobody's real view: looked for in everything the database holds.
SAID = "本人长期失眠，妻子卧病在床"
UNIT_TASK = f"""{worlds.HEAD}
<bpmn:process id="asks_the_unit" name="请单位办理" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="decide"/>
<bpmn:userTask id="decide" name="登记决定" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"/>
<bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="plan"/>
<bpmn:userTask id="plan" name="制定方案" camunda:formKey="paper" camunda:candidateGroups="unit_party_org"/>
<bpmn:sequenceFlow id="f3" sourceRef="plan" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def world(sqlite_engine: Engine, keyring: Keyring) -> World:
    return worlds.build(sqlite_engine, keyring)


def group_tasks(world: World, actor: Actor) -> list[str]:
    with reads.begin(world.office) as look:
        page = inbox.show(look, actor, Wish(tab="group"), now=look.now, processes={})
    return [row.name for row in page.rows]


def test_a_task_of_the_unit_is_in_no_inbox_until_the_talk_is_recorded(world: World) -> None:
    worlds.deploy(
        world, "asks_the_unit", {"asks_the_unit.bpmn": UNIT_TASK.encode(), "forms/paper.json": worlds.form()}
    )
    unit = Actor(
        "unit-user", "unit-person", "单位经办", grants=(Grant("unit_party_org", world.unit_id, worlds.SINCE),)
    )
    case_id = world.open_case("样例〔2026〕1")
    _, decision = world.begin(case_id, key="asks_the_unit")
    world.complete(decision)

    before = group_tasks(world, unit)
    with world.office.begin() as work:
        release(work, case_id, work.today)
        work.commit(events.DemoSeeded(actor=world.actors[0], effective_at=work.now))

    assert (before, group_tasks(world, unit)) == ([], ["制定方案"])


def test_a_personal_answer_lies_nowhere_in_the_clear(world: World) -> None:
    instance_id, task_id = world.begin(world.open_case("样例〔2026〕1"))

    world.complete(task_id, {"outcome": "again", "remark_0": SAID})

    with reads.begin(world.office) as look:
        state = look.get(runtime.process_instance, id=instance_id)["state"]
    assert SAID not in str(bpmn.variables(state))
    assert [name for name, row in _everything(world) if SAID in row or SAID.encode().hex() in row] == []
    assert [name for name, _ in _everything(world)].count("sealed_value") == 1


def _everything(world: World) -> list[tuple[str, str]]:
    """Every row of every table as text, bytes as they are and in hexadecimal."""
    with world.office.engine.connect() as connection:
        return [
            (table.name, _text(row))
            for table in metadata.sorted_tables
            for row in connection.execute(select(table)).mappings()
        ]


def _text(row: Any) -> str:
    return " ".join(value.hex() if isinstance(value, bytes) else str(value) for value in row.values())


def test_a_task_for_the_cadre_by_name_is_held_back_until_the_talk(world: World) -> None:
    for_the_cadre = UNIT_TASK.replace(
        'camunda:candidateGroups="unit_party_org"', 'camunda:candidateUsers="=[cadreId]"'
    )
    files = {"asks_the_unit.bpmn": for_the_cadre.encode(), "forms/paper.json": worlds.form()}
    worlds.deploy(world, "asks_the_unit", files)
    case_id = world.open_case("样例〔2026〕1")
    _, decision = world.begin(case_id, key="asks_the_unit")
    world.complete(decision)

    with world.office.begin() as work:
        (task,) = work.all(runtime.work_item, case_id=case_id, element_id="plan")
    assert task["withheld"]
