"""Replay finds nothing after honest work, and names whatever was changed behind the history's back."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bench import world as worlds
from bench.world import AGAIN, PASSED, World
from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor, system_actor
from webapp.persistence.ledger import Finding
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models import identity as tables
from webapp.services import cases as case_verbs
from webapp.services import deployments, history, identity, jobs, replay, tasks
from webapp.services.delegates import DELEGATES
from webapp.services.demo import organisation
from webapp.services.office import Office

WORKFLOWS = Path(__file__).parents[2] / "workflows"
TIMED = f"""{worlds.HEAD}
<bpmn:message id="m" name="answer"/>
<bpmn:process id="timed" name="限时办理" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="act"/>
<bpmn:userTask id="act" name="办理" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"
  zaishang:stage="assessment"/>
<bpmn:boundaryEvent id="late" attachedToRef="act" cancelActivity="true"><bpmn:timerEventDefinition>
<bpmn:timeDuration>PT1S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:sequenceFlow id="f2" sourceRef="late" targetRef="remind"/>
<bpmn:userTask id="remind" name="催办" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"/>
<bpmn:sequenceFlow id="f3" sourceRef="remind" targetRef="hear"/>
<bpmn:sequenceFlow id="f4" sourceRef="act" targetRef="hear"/>
<bpmn:intermediateCatchEvent id="hear"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>
<bpmn:sequenceFlow id="f5" sourceRef="hear" targetRef="done"/><bpmn:endEvent id="done"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def world(engine: Engine, keyring: Keyring) -> World:
    return worlds.build(engine, keyring)


@pytest.fixture
def quick(sqlite_engine: Engine, keyring: Keyring) -> World:
    return worlds.build(sqlite_engine, keyring)


@pytest.fixture
def busy(quick: World) -> World:
    """A case with one task done and one open."""
    _, task_id = quick.begin(quick.open_case("2026-调-0001"))
    quick.complete(task_id)
    return quick


def edit(world: World, statement: str, **values: Any) -> None:
    """Change the database directly, as somebody with the file could."""
    with world.office.engine.begin() as connection:
        connection.execute(text(statement), values)


def codes(findings: list[Finding]) -> list[str]:
    return [one.code for one in findings]


def only(world: World, case_id: str | None = None) -> Finding:
    (found,) = replay.findings(world.office, case_id)
    return found


def test_after_real_work_replay_finds_nothing(world: World) -> None:
    worlds.deploy(world, "timed", {"timed.bpmn": TIMED.encode(), "forms/paper.json": worlds.form()})
    case_id = world.open_case("2026-调-0001")
    _, task_id = world.begin(case_id)
    tasks.claim(world.office.begin(), world.actors[0], task_id=task_id)
    tasks.release(world.office.begin(), world.actors[0], task_id=task_id)
    for answers in (AGAIN, AGAIN, PASSED, PASSED):
        opened = world.complete(task_id, answers)["opened"]
        task_id = opened[0]["id"] if opened else ""
    _, stopped = world.begin(case_id, "timed")
    world.complete(stopped)
    late, _ = world.begin(None, "timed")
    with world.office.begin() as work:
        due = work.get(runtime.job, instance_id=late)["due_at"]
    jobs._run_once(world.office.begin(at=due), leased(world, late), "worker")

    assert replay.replay(world.office) == []
    assert replay.findings(world.office, case_id) == []
    with world.office.begin() as work:
        assert {row["status"] for row in work.all(runtime.job)} == {"done", "cancelled"}


def leased(world: World, instance_id: str) -> Any:
    """The job of an instance, leased by a worker without waiting for its time."""
    values = {"status": "leased", "owner": "worker", "instance": instance_id}
    with world.office.engine.begin() as connection:
        connection.execute(
            text("UPDATE job SET status=:status, lease_owner=:owner WHERE instance_id=:instance"),
            values | {"instance": bound(world, instance_id)},
        )
    with world.office.begin() as work:
        return work.get(runtime.job, instance_id=instance_id)


def bound(world: World, one: str) -> str:
    """An id as the database keeps it."""
    return one if world.office.engine.dialect.name == "postgresql" else one.replace("-", "")


def test_a_leased_job_is_still_what_the_history_says(quick: World) -> None:
    worlds.deploy(quick, "timed", {"timed.bpmn": TIMED.encode(), "forms/paper.json": worlds.form()})
    instance_id, _ = quick.begin(None, "timed")

    leased(quick, instance_id)

    assert replay.replay(quick.office) == []


def test_an_edited_column_is_found_with_the_event_that_wrote_it(busy: World) -> None:
    edit(busy, "UPDATE work_item SET completed_by = NULL WHERE status = 'completed'")

    found = only(busy)

    assert (found.code, found.seq, found.stream[:5]) == ("REPLAY_COLUMN", 3, "case:")
    assert "work_item" in found.sentence
    assert "completed_by" in found.sentence


def test_a_deleted_row_is_found(busy: World) -> None:
    edit(busy, "DELETE FROM work_candidate")

    found = only(busy)

    assert found.code == "REPLAY_MISSING"
    assert "work_candidate" in found.sentence


def test_an_inserted_row_is_found(busy: World) -> None:
    edit(busy, "INSERT INTO four_must SELECT id, 'talk', '2026-03-02', 'done', NULL FROM case_file")

    found = only(busy)

    assert found.code == "REPLAY_EXTRA"
    assert found.case_id is not None
    assert "four_must" in found.sentence


def test_an_edited_state_is_found_even_with_a_digest_that_fits(busy: World) -> None:
    edit(busy, "UPDATE process_instance SET state = CAST(state || 'x' AS BLOB)")
    assert only(busy).code == "STATE_DIGEST"

    with busy.office.begin() as work:
        before = work.all(runtime.process_instance)[0]
    other, _ = busy.begin(None)
    with busy.office.begin() as work:
        stranger = work.get(runtime.process_instance, id=other)
    edit(
        busy,
        "UPDATE process_instance SET state = :state, state_digest = :digest WHERE id = :id",
        state=stranger["state"], digest=stranger["state_digest"], id=bound(busy, before["id"]),
    )  # fmt: skip
    assert set(codes(replay.replay(busy.office))) == {"REPLAY_COLUMN", "STATE_TASKS"}


def test_a_sealed_value_that_was_swapped_is_found_and_an_erased_one_is_not(busy: World) -> None:
    erasing = (
        "UPDATE sealed_value SET ciphertext = NULL, wrapped_key = NULL, erased_at = opened_at FROM case_file"
    )
    edit(busy, f"{erasing} WHERE field = 'remark_1'")
    assert replay.replay(busy.office) == []

    columns = "case_id, owner_kind, owner_id, field, commitment, ciphertext, wrapped_key, key_id"
    swapped = columns.replace("field", "'remark_3'")
    edit(
        busy,
        f"INSERT INTO sealed_value (id, {columns}) SELECT :id, {swapped} FROM sealed_value WHERE field = 'remark_2'",
        id="f" * 32,
    )
    assert codes(replay.replay(busy.office)) == ["SEALED_EXTRA"]


def test_a_sealed_value_of_another_owner_does_not_open(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("webapp.services.sealing.aad", lambda owner, field: "elsewhere")
        busy.complete(busy.open_tasks(instance_of(busy))[0])

    assert set(codes(replay.replay(busy.office))) == {"SEALED"}


def instance_of(world: World) -> str:
    with world.office.begin() as work:
        return str(work.all(runtime.process_instance)[0]["id"])


def test_a_value_that_cannot_be_read_is_a_finding_not_a_fault(busy: World) -> None:
    edit(busy, "UPDATE case_file SET talked_on = 'yesterday'")

    assert codes(replay.replay(busy.office)) == ["REPLAY_UNREADABLE"]


def test_the_first_steps_of_a_real_process_can_be_replayed(sqlite_engine: Engine, keyring: Keyring) -> None:
    office = Office(engine=sqlite_engine, keyring=keyring, delegates=DELEGATES)
    organisation.install(office.begin(), password_hash="-")
    (bundle,) = deployments.read_folder(WORKFLOWS / "p01_down_adjustment")
    deployments.deploy(office.begin(), system_actor("deploy"), bundle, origin="installation")
    officer = of_role(office, "cadre_section")

    reply = case_verbs.open_(
        office.begin(), officer, door="up_down", person_id=cadre_id(office), posted=SIGNAL, key="one"
    )

    assert [one["name"] for one in reply["opened"]] == ["分析研判"]
    assert replay.replay(office) == []
    assert replay.findings(office, str(reply["case_id"])) == []
    edit(World(office), "UPDATE case_number SET last = 7")
    assert codes(replay.replay(office)) == ["REPLAY_COLUMN"]


SIGNAL = {
    "source": "audit", "received_on": "2026-02-27", "situation_codes": ["U03_weak_resolve"],
    "severity_reported": "high", "source_count": "2", "credibility": "verified", "summary": "审计反映履职不力。",
}  # fmt: skip


def of_role(office: Office, role: str) -> Actor:
    with office.begin() as work:
        grant = work.all(tables.role_grant, role=role, order=("id",), limit=1)[0]
        return identity.actor_of(work, grant["user_id"])


def cadre_id(office: Office) -> str:
    with office.begin() as work:
        return str(work.all(people.cadre, order=("person_id",), limit=1)[0]["person_id"])


def test_the_check_of_a_case_replays_it(busy: World) -> None:
    with busy.office.begin() as work:
        case_id = work.all(cases.case_file)[0]["id"]
    assert history.verify(busy.office, case_id=case_id).ok

    edit(busy, "UPDATE work_item SET name = '改过'")

    assert set(codes(list(history.verify(busy.office, case_id=case_id).findings))) == {"REPLAY_COLUMN"}


def test_only_the_case_asked_for_is_looked_at(busy: World) -> None:
    other = busy.open_case("2026-调-0002")
    busy.begin(other)
    edit(busy, "UPDATE work_item SET name = '改过' WHERE status = 'completed'")

    assert replay.findings(busy.office, other) == []
    assert codes(replay.replay(busy.office)) == ["REPLAY_COLUMN"]
