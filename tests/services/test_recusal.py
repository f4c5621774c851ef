"""``zaishang:recusal`` and ``zaishang:signOff`` of a diagram decide who is named, who acts and how often."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import NotAllowed, RuleBroken
from webapp.persistence.models import cases, people, runtime, tracking
from webapp.services import instances, tasks

NAMED = f"""{worlds.HEAD}
<bpmn:process id="named" name="指定办理" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="act"/>
<bpmn:userTask id="act" name="办理" camunda:candidateUsers="=[who]" zaishang:recusal="RULE"/>
<bpmn:sequenceFlow id="f2" sourceRef="act" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""
SIGNED = f"""{worlds.HEAD}
<bpmn:process id="signed" name="双签" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="sign"/>
<bpmn:userTask id="sign" name="签字" camunda:candidateGroups="{worlds.ROLE}" zaishang:signOff="double"/>
<bpmn:sequenceFlow id="f2" sourceRef="sign" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def world(engine: Engine, keyring: Keyring) -> World:
    return worlds.build(engine, keyring)


def relate(world: World, case_id: str, person_id: str, rule: str) -> str:
    """Make a person what the rule speaks of → whom to name."""
    with world.office.engine.begin() as connection:
        case = connection.execute(cases.case_file.select()).mappings().one()
        of = {"person_id": case["person_id"]}
        if rule == "relatives":
            row = {**of, "relative_id": person_id, "relation": "spouse"}
            connection.execute(people.kinship.insert().values(**row))
        if rule == "mentor":
            plan = {
                "case_id": case_id,
                "tracking_class": "A",
                "care": "education",
                "opened_on": date(2024, 3, 1),
            }
            row = {
                "id": str(uuid4()),
                **of,
                **plan,
                "mentor_id": person_id,
                "status": "open",
                "disputes": False,
            }
            connection.execute(tracking.tracking_plan.insert().values(**row))
    return str(case["person_id"]) if rule == "subject" else person_id


@pytest.mark.parametrize("rule", ["subject", "relatives", "mentor"])
def test_nobody_is_named_for_a_task_who_steps_aside_from_it(world: World, rule: str) -> None:
    case_id = world.open_case("2026-调-0001")
    who = relate(world, case_id, str(world.actors[1].person_id), rule)
    # The variable stands in a form, so the linter knows of it.
    form = worlds.form().replace(b'"variable": "outcome"', b'"variable": "who"')
    files = {"named.bpmn": NAMED.replace("RULE", rule).encode(), "forms/paper.json": form}
    worlds.deploy(world, "named", files)

    def start(person_id: str) -> None:
        instances.start(
            world.office.begin(),
            world.actors[0],
            key="named",
            variables={"who": person_id},
            case_id=case_id,
        )

    with pytest.raises(RuleBroken) as refused:
        start(who)
    assert [one.code for one in refused.value.reasons] == ["RECUSAL"]
    start(str(world.actors[0].person_id))


def test_a_double_signature_is_given_by_two_people_in_person(world: World) -> None:
    worlds.deploy(world, "signed", {"signed.bpmn": SIGNED.encode()})
    case_id = world.open_case("2026-调-0001")
    instance_id, first = world.begin(case_id, "signed")
    second = next(one for one in world.open_tasks(instance_id) if one != first)

    def sign(number: int, task_id: str) -> None:
        actor = world.actors[number]
        tasks.complete(world.office.begin(), actor, task_id=task_id, posted={}, key=f"{number}-{task_id}")

    sign(0, first)
    with pytest.raises(NotAllowed, match="他人"):
        sign(0, second)
    sign(1, second)

    with world.office.begin() as work:
        assert work.get(runtime.process_instance, id=instance_id)["status"] == "finished"
