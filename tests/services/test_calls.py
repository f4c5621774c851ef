"""Call activities bound late 调用活动: the latest version or a named one, with its own instance, on both databases."""

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from tests.services import scenes
from tests.services.scenes import TASK, done, head, open_elements, process, row, rows, section, task
from webapp import engine as bpmn
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import Conflict, Invalid, Refused
from webapp.domain.event import accounts
from webapp.persistence.models import history, repository, runtime
from webapp.services import charts, instances, interruptions, jobs, version_changes
from webapp.services.correcting import Wish
from webapp.services.replay import replay

LATEST = 'calledElement="q" camunda:calledElementBinding="latest"'
FIRST = 'calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="1"'
ENDS = ("endEvent", "e", "")
ERROR = '<bpmn:errorEventDefinition errorRef="no"/>'
PASSES = (
    '<bpmn:extensionElements><camunda:in sourceExpression="=1" target="n"/>'
    '<camunda:out source="twice" target="r"/></bpmn:extensionElements>'
)


def script(text: str) -> str:
    return f"<bpmn:script>{text}</bpmn:script>"


def inner(factor: int) -> str:
    made = ("scriptTask", "sc", script(f"{{twice: n * {factor}}}"))
    return row(("startEvent", "s", ""), ("userTask", "inside", TASK), made, ENDS)


def outer(binding: str, more: str = "") -> str:
    text = row(("startEvent", "s", ""), ("callActivity", "c", binding), ("userTask", "after", TASK), ENDS)
    return text.replace(f'name="名c" {binding}>', f'name="名c" {binding}>{PASSES}') + more


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, keyring: Keyring) -> World:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    made = scenes.office(engine, keyring)
    made.office.shifted = True
    publish(made, "q", inner(2))
    return made


def publish(world: World, key: str, body: str) -> None:
    """A process that takes ``n`` from whoever calls it."""
    files, name = process(key, body), f"{key}.bpmn"
    opening = b'<bpmn:error id="no" errorCode="no"/><bpmn:process zaishang:parameters="n" '
    text = files[name].replace(b"<bpmn:process ", opening, 1)
    files[name] = text.replace(b"<bpmn:scriptTask ", b'<bpmn:scriptTask scriptFormat="feel" ')
    worlds.deploy(world, key, files)


def begin(world: World, key: str, *, on_case: bool = True) -> str:
    case_id = world.open_case(f"样例〔2026〕{uuid4().hex[:6]}") if on_case else None
    return instances.start(world.office.begin(), world.actors[0], key=key, variables={}, case_id=case_id)


def called(world: World, caller_id: str) -> str:
    (link,) = rows(world, runtime.process_call, caller_id=caller_id)
    return str(link["instance_id"])


def version_of(world: World, instance_id: str) -> int:
    (instance,) = rows(world, runtime.process_instance, id=instance_id)
    (found,) = rows(world, repository.definition, id=instance["definition_id"])
    return int(found["version"])


def variables(world: World, instance_id: str) -> dict[str, Any]:
    (instance,) = rows(world, runtime.process_instance, id=instance_id)
    return dict(bpmn.variables(bytes(instance["state"])))


def status(world: World, instance_id: str) -> str:
    return str(rows(world, runtime.process_instance, id=instance_id)[0]["status"])


def test_latest_is_resolved_when_the_call_is_made_and_what_is_called_keeps_its_version(world: World) -> None:
    publish(world, "p", outer(LATEST))
    first = begin(world, "p")
    publish(world, "q", inner(3))
    second = begin(world, "p")
    one, two = called(world, first), called(world, second)
    assert (version_of(world, one), version_of(world, two)) == (1, 2)
    assert open_elements(world, first) == []
    assert open_elements(world, one) == ["inside"]
    with world.office.begin() as work:
        definition = work.definition(rows(world, repository.definition, key="p")[0]["digest"], "p")
        assert charts.standing(work, first, definition) == ("c",)

    done(world, one, "inside")
    done(world, two, "inside")

    assert open_elements(world, first) == ["after"]
    assert (variables(world, first)["r"], variables(world, second)["r"]) == (2, 3)
    assert "twice" not in variables(world, first)
    assert (status(world, one), status(world, first)) == ("finished", "running")
    (instance,) = rows(world, runtime.process_instance, id=one)
    event = rows(world, history.history_event, stream=instance["stream"], order=("seq",))[-1]
    facts = json.loads(event["body"])["facts"]
    assert [part["instance_id"] for part in accounts(facts)] == [one, first]
    assert facts["also"][0]["definition_digest"] != facts["definition_digest"]
    done(world, first, "after")
    assert status(world, first) == "finished"
    assert replay(world.office) == []


def test_a_pinned_version_is_the_one_that_runs_whatever_came_later(world: World) -> None:
    publish(world, "p", outer(FIRST))
    publish(world, "q", inner(3))
    instance = begin(world, "p")
    inside = called(world, instance)

    assert version_of(world, inside) == 1
    done(world, inside, "inside")
    assert variables(world, instance)["r"] == 2
    assert replay(world.office) == []


def test_what_runs_through_at_once_comes_back_in_the_same_step(world: World) -> None:
    through = row(("startEvent", "s", ""), ("scriptTask", "sc", script("{twice: n * 7}")), ENDS)
    publish(world, "q", through)
    publish(world, "p", outer(LATEST))

    instance = begin(world, "p")

    assert open_elements(world, instance) == ["after"]
    assert variables(world, instance)["r"] == 7
    assert status(world, called(world, instance)) == "finished"
    assert replay(world.office) == []


def test_calls_nest_and_cancelling_the_outermost_takes_all_along(world: World) -> None:
    publish(world, "p", outer(LATEST))
    publish(world, "o", outer(LATEST.replace('"q"', '"p"')))
    top = begin(world, "o", on_case=False)
    middle = called(world, top)
    bottom = called(world, middle)
    with pytest.raises(Conflict, match="由另一流程调用"):
        interruptions.cancel(world.office.begin(), head(world), instance_id=bottom, reason="不再需要。")

    interruptions.cancel(world.office.begin(), head(world), instance_id=top, reason="不再需要。")

    assert [status(world, one) for one in (top, middle, bottom)] == ["cancelled"] * 3
    streams = {row["stream"] for row in rows(world, runtime.process_instance)}
    assert streams == {f"instance:{top}"}
    assert rows(world, runtime.work_item, status="open") == []
    assert replay(world.office) == []


def test_a_timer_on_the_call_ends_what_is_called(world: World) -> None:
    late = (
        '<bpmn:boundaryEvent id="t" attachedToRef="c"><bpmn:outgoing>ft</bpmn:outgoing><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT0S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="late"><bpmn:incoming>ft</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="ft" sourceRef="t" targetRef="late"/>'
    )
    publish(world, "p", outer(LATEST, late.replace("PT0S", "PT1S")))
    instance = begin(world, "p")
    inside = called(world, instance)
    (clock,) = rows(world, runtime.job, kind="timer", status="due")
    with world.office.begin() as work:
        work.update(runtime.job, {"id": clock["id"]}, {"status": "leased", "lease_owner": "w"})
        work.settle()
    assert jobs._fire(world.office.begin(at=clock["due_at"]), {**clock, "status": "leased"}, "w", None)

    assert (status(world, instance), status(world, inside)) == ("finished", "cancelled")
    assert rows(world, runtime.work_item, status="open") == []
    assert replay(world.office) == []


def test_what_is_called_moves_to_another_version_on_its_own_and_comes_back(world: World) -> None:
    publish(world, "p", outer(LATEST))
    instance = begin(world, "p")
    inside = called(world, instance)
    publish(world, "q", inner(5))
    old, new = (one["id"] for one in rows(world, repository.definition, key="q", order=("version",)))
    change = version_changes.propose(
        world.office.begin(), section(world), source_id=old, target_id=new, mapping={}, instances=(),
        reason="修订。",
    )  # fmt: skip
    (result,) = version_changes.confirm(world.office, head(world), change_id=change)
    assert result["moved"], result
    assert version_of(world, inside) == 2

    done(world, inside, "inside")

    assert variables(world, instance)["r"] == 5
    assert replay(world.office) == []


def test_the_caller_moves_to_another_version_and_still_hears(world: World) -> None:
    publish(world, "p", outer(LATEST))
    instance = begin(world, "p")
    publish(world, "p", outer(LATEST).replace('name="名after"', 'name="再办"'))
    old, new = (one["id"] for one in rows(world, repository.definition, key="p", order=("version",)))
    change = version_changes.propose(
        world.office.begin(), section(world), source_id=old, target_id=new, mapping={}, instances=(),
        reason="修订。",
    )  # fmt: skip
    assert version_changes.confirm(world.office, head(world), change_id=change)[0]["moved"]

    done(world, called(world, instance), "inside")

    assert rows(world, runtime.work_item, id=task(world, instance, "after"))[0]["name"] == "再办"


def test_a_version_that_is_not_published_is_not_deployed(world: World) -> None:
    for binding in (FIRST.replace('Version="1"', 'Version="9"'), LATEST.replace('"q"', '"nobody"')):
        with pytest.raises(Invalid, match="没有发布"):
            publish(world, "p", outer(binding))


def test_a_process_that_calls_itself_for_ever_is_stopped_and_nothing_is_written(world: World) -> None:
    itself = row(("startEvent", "s", ""), ("callActivity", "c", LATEST.replace('"q"', '"p"')), ENDS)
    publish(world, "p", itself)

    with pytest.raises(Refused, match="反复调用自己"):
        begin(world, "p")
    assert rows(world, runtime.process_instance) == []


def test_an_error_nobody_catches_inside_is_caught_where_it_was_called(world: World) -> None:
    throws = row(("startEvent", "s", ""), ("userTask", "inside", TASK), ("endEvent", "e", ERROR))
    publish(world, "q", throws)
    catches = (
        f'<bpmn:boundaryEvent id="b" attachedToRef="c">{ERROR}</bpmn:boundaryEvent>'
        f'<bpmn:userTask id="handle" name="名handle" {TASK}/><bpmn:endEvent id="e2"/>'
        '<bpmn:sequenceFlow id="fb" sourceRef="b" targetRef="handle"/>'
        '<bpmn:sequenceFlow id="fe" sourceRef="handle" targetRef="e2"/>'
    )
    publish(world, "p", outer(LATEST, catches))
    instance = begin(world, "p")
    inside = called(world, instance)

    done(world, inside, "inside")

    assert open_elements(world, instance) == ["handle"]
    assert status(world, inside) == "finished"
    assert replay(world.office) == []


def test_what_calls_and_what_is_called_rest_and_end_with_their_case(world: World) -> None:
    publish(world, "p", outer(LATEST))
    instance = begin(world, "p")
    inside = called(world, instance)
    (case_id,) = {row["case_id"] for row in rows(world, runtime.process_instance)}
    interruptions.suspend(world.office.begin(), head(world), case_id=case_id, reason="等待核查。")
    assert [status(world, one) for one in (instance, inside)] == ["suspended"] * 2
    with pytest.raises(Conflict):
        done(world, inside, "inside")
    interruptions.resume(world.office.begin(), head(world), case_id=case_id)

    interruptions.end(
        world.office.begin(), head(world), case_id=case_id, cause="retired", reason="到龄退休。"
    )

    assert [status(world, one) for one in (instance, inside)] == ["cancelled"] * 2
    assert rows(world, runtime.work_item, status="open") == []
    assert replay(world.office) == []


def test_a_call_that_is_taken_back_by_hand_ends_what_it_called(world: World) -> None:
    text = row(
        ("startEvent", "s", ""), ("userTask", "before", TASK), ("callActivity", "c", LATEST),
        ("userTask", "after", TASK), ENDS,
    )  # fmt: skip
    publish(world, "p", text)
    instance = begin(world, "p")
    done(world, instance, "before")
    inside = called(world, instance)

    scenes.correct(world, instance, Wish("return", at="c", to="before"))

    assert status(world, inside) == "cancelled"
    assert open_elements(world, instance) == ["before"]
    assert replay(world.office) == []
