"""Programs outside fetch external tasks, hold them, and tell what became of them; one transaction a step."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from tests.services.test_signals import TASK, chain, process
from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor, Grant
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.persistence.external_tasks import Topic
from webapp.persistence.models import history, runtime
from webapp.queries import incidents as listing
from webapp.services import external_tasks, incidents
from webapp.services.replay import replay

HOUR = timedelta(hours=1)
INPUT = (
    '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="no">=caseNo'
    "</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>"
)
# Tag attributes first, then what is inside: ``chain`` takes one of the two.
ASKS = (
    chain(("startEvent", "s", ""), ("userTask", "before", TASK))
    + '<bpmn:serviceTask id="ask" name="查询任免系统" camunda:type="external" camunda:topic="lookup">'
    f"{INPUT}</bpmn:serviceTask>"
    '<bpmn:sequenceFlow id="f1" sourceRef="before" targetRef="ask"/>'
    '<bpmn:boundaryEvent id="lost" attachedToRef="ask"><bpmn:errorEventDefinition errorRef="gone"/>'
    "</bpmn:boundaryEvent>"
    + f'<bpmn:userTask id="found" {TASK}/><bpmn:userTask id="by_hand" {TASK}/><bpmn:endEvent id="e"/>'
    '<bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="found"/>'
    '<bpmn:sequenceFlow id="f3" sourceRef="lost" targetRef="by_hand"/>'
    '<bpmn:sequenceFlow id="f4" sourceRef="found" targetRef="e"/>'
    '<bpmn:sequenceFlow id="f5" sourceRef="by_hand" targetRef="e"/>'
)
ERROR = '<bpmn:error id="gone" name="查无此人" errorCode="NOT_FOUND"/>'


def asking() -> dict[str, bytes]:
    files = process("asks", ASKS)
    name = next(name for name in files if name.endswith(".bpmn"))
    return {**files, name: files[name].replace(b"<bpmn:process", ERROR.encode() + b"<bpmn:process", 1)}


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, keyring: Keyring) -> World:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    made = worlds.build(engine, keyring)
    worlds.deploy(made, "asks", asking())
    return made


def worker_of(world: World, role: str = "external_worker") -> Actor:
    grant = Grant(role, world.committee_id, date(2020, 1, 1))
    return Actor(user_id=str(uuid4()), person_id=str(uuid4()), name="接口程序", grants=(grant,))


@pytest.fixture
def worker(world: World) -> Actor:
    return worker_of(world)


def reach(world: World, number: str = "样例〔2026〕1") -> str:
    """An instance that waits for the program → its id."""
    instance_id, task = world.begin(world.open_case(number), key="asks")
    world.complete(task)
    return instance_id


def fetch(world: World, actor: Actor, name: str = "w1", lock: timedelta = HOUR, **topic: Any) -> list[str]:
    topics = [Topic("lookup", lock, **topic)]
    return external_tasks.fetch(world.office, actor, worker=name, most=10, topics=topics)


def task(world: World, task_id: str) -> Mapping[str, Any]:
    with world.office.begin() as work:
        return work.get(runtime.external_task, id=task_id)


def open_elements(world: World, instance_id: str) -> list[str]:
    with world.office.begin() as work:
        return [
            row["element_id"] for row in work.all(runtime.work_item, instance_id=instance_id, status="open")
        ]


def finish(world: World, actor: Actor, task_id: str, name: str = "w1", **variables: object) -> None:
    external_tasks.complete(world.office.begin(), actor, task_id=task_id, worker=name, variables=variables)


def test_a_program_fetches_does_and_ends_the_work(world: World, worker: Actor) -> None:
    instance_id = reach(world)

    (task_id,) = fetch(world, worker)

    assert task(world, task_id)["inputs"] == {"no": "样例〔2026〕1"}
    finish(world, worker, task_id, result_code="ok", checked_on="2026-03-02")
    assert open_elements(world, instance_id) == ["found"]
    assert task(world, task_id)["status"] == "completed"
    assert replay(world.office) == []
    with world.office.begin() as work:
        kinds = [row["kind"] for row in work.all(history.history_event)]
    assert "external_tasks_fetched" in kinds
    assert kinds.count("external_task_completed") == 1


def test_what_one_program_holds_no_other_gets_until_the_lock_runs_out(world: World, worker: Actor) -> None:
    reach(world)
    other = worker_of(world)
    (task_id,) = fetch(world, worker, lock=timedelta())

    assert fetch(world, other, "w2") == [task_id]
    assert fetch(world, worker) == []
    with pytest.raises(Conflict):
        finish(world, worker, task_id)
    finish(world, other, task_id, "w2")


def test_the_same_name_under_another_log_in_holds_nothing(world: World, worker: Actor) -> None:
    reach(world)
    (task_id,) = fetch(world, worker)

    with pytest.raises(Conflict):
        finish(world, worker_of(world), task_id)


def test_only_programs_with_the_role_get_work(world: World) -> None:
    reach(world)

    with pytest.raises(NotAllowed):
        fetch(world, worker_of(world, "cadre_section"))


def test_a_topic_is_narrowed_to_a_process_or_a_case(world: World, worker: Actor) -> None:
    reach(world, "样例〔2026〕1")
    reach(world, "样例〔2026〕2")

    assert fetch(world, worker, process_keys=("other",)) == []
    (task_id,) = fetch(world, worker, number="样例〔2026〕2")
    assert task(world, task_id)["inputs"] == {"no": "样例〔2026〕2"}
    assert len(fetch(world, worker)) == 1


def fail(world: World, actor: Actor, task_id: str, retries: int, wait: timedelta = timedelta()) -> None:
    external_tasks.failure(
        world.office.begin(),
        actor,
        task_id=task_id,
        worker="w1",
        error="对方系统不通",
        retries=retries,
        wait=wait,
    )


def test_a_failure_is_tried_again_and_the_last_one_asks_for_a_person(world: World, worker: Actor) -> None:
    reach(world)
    (task_id,) = fetch(world, worker)
    fail(world, worker, task_id, 1, HOUR)
    assert fetch(world, worker) == []
    external_tasks.unlock(world.office.begin(), worker, task_id=task_id)
    assert fetch(world, worker) == [task_id]

    fail(world, worker, task_id, 0)

    assert fetch(world, worker) == []
    with world.office.begin() as work:
        (incident,) = work.all(runtime.incident)
        (shown,) = listing.index(work, 1).rows
    assert (shown.said, shown.may_retry) == ("对方系统不通", True)
    assert incident["code"] == "EXTERNAL_FAILED"
    assert "查询任免系统" in incident["sentence"]
    again = incidents.retry(
        world.office.begin(), worker_of(world, "system_admin"), incident_id=incident["id"]
    )
    assert "已重新排队，等外部程序取件" in again
    assert f"主题“{task(world, task_id)['topic']}”" in again
    assert fetch(world, worker) == [task_id]
    assert replay(world.office) == []


def test_an_error_the_diagram_knows_goes_its_way_and_another_changes_nothing(
    world: World, worker: Actor
) -> None:
    instance_id = reach(world)
    (task_id,) = fetch(world, worker)
    report = {"task_id": task_id, "worker": "w1", "variables": {"why": "retired"}}

    with pytest.raises(Conflict, match="没有处理"):
        external_tasks.bpmn_error(world.office.begin(), worker, code="OTHER", **report)
    assert task(world, task_id)["status"] == "open"

    external_tasks.bpmn_error(world.office.begin(), worker, code="NOT_FOUND", **report)
    assert open_elements(world, instance_id) == ["by_hand"]


def test_a_lock_is_made_longer_only_by_its_holder(world: World, worker: Actor) -> None:
    reach(world)
    (task_id,) = fetch(world, worker, lock=timedelta())
    external_tasks.extend(world.office.begin(), worker, task_id=task_id, worker="w1", lock=HOUR)

    assert fetch(world, worker, "w2") == []
    with pytest.raises(Conflict):
        external_tasks.extend(world.office.begin(), worker, task_id=task_id, worker="w2", lock=HOUR)


@pytest.mark.parametrize(
    "variables",
    [
        {"caseNo": "x"},
        {"note": "长" * 201},
        {"not a name": 1},
        {"deep": [[[[[[1]]]]]]},
        {"n": ["字" * 100] * 90},
    ],
)
def test_values_no_process_variable_may_have_are_refused(
    world: World, worker: Actor, variables: dict[str, object]
) -> None:
    reach(world)
    (task_id,) = fetch(world, worker)

    with pytest.raises(Invalid):
        external_tasks.complete(
            world.office.begin(), worker, task_id=task_id, worker="w1", variables=variables
        )
    assert task(world, task_id)["status"] == "open"
