"""Commands on a running instance through the verbs: variables, conditions, exceptions, signals."""

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from bench.world import World
from tests.services import scenes
from tests.services.scenes import GATE, TASK, begin, check, correct, done, open_elements, row, rows, task
from webapp.crypto.keyring import Keyring
from webapp.domain.corrections import Move
from webapp.domain.errors import Conflict, Invalid, NotAllowed, Refused, RuleBroken
from webapp.persistence.models import history, runtime
from webapp.services import broadcasting, corrections, messages, throwing
from webapp.services.correcting import Wish

FILLED = row(
    ("startEvent", "s", ""), ("userTask", "a", TASK), ("userTask", "b", TASK), ("userTask", "g", GATE),
    ("userTask", "c", TASK), ("endEvent", "e", ""),
)  # fmt: skip
CONDITION = (
    '<bpmn:conditionalEventDefinition id="cd"><bpmn:condition xsi:type="bpmn:tFormalExpression">=n &gt; 3'
    "</bpmn:condition></bpmn:conditionalEventDefinition>"
)
WAITS = row(
    ("startEvent", "s", ""), ("userTask", "a", TASK), ("intermediateCatchEvent", "w", CONDITION),
    ("userTask", "b", TASK), ("endEvent", "e", ""),
)  # fmt: skip
SHARED = (
    '<bpmn:error id="err" errorCode="no"/><bpmn:escalation id="esc" escalationCode="late"/>'
    '<bpmn:signal id="go" name="go"/>'
)


def on(host: str, name: str, event: str, to: str, cancel: str = "true") -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" name="名{name}" attachedToRef="{host}" cancelActivity="{cancel}">{event}'
        f'</bpmn:boundaryEvent><bpmn:userTask id="{to}" name="名{to}" {TASK}/><bpmn:endEvent id="e_{to}"/>'
        f'<bpmn:sequenceFlow id="f_{name}" sourceRef="{name}" targetRef="{to}"/>'
        f'<bpmn:sequenceFlow id="g_{name}" sourceRef="{to}" targetRef="e_{to}"/>'
    )


ERROR = '<bpmn:errorEventDefinition id="ed{}" errorRef="err"/>'
LATE = '<bpmn:escalationEventDefinition id="xd" escalationRef="esc"/>'
THROWN = (
    row(("startEvent", "s", ""), ("userTask", "a", TASK), ("userTask", "g", GATE), ("endEvent", "e", ""))
    + on("a", "caught", ERROR.format(1), "handle")
    + on("a", "heard", LATE, "remind", cancel="false")
    + on("g", "caught_g", ERROR.format(2), "handle_g")
)
SIGNAL = '<bpmn:signalEventDefinition id="sd" signalRef="go"/>'
HEARS = row(
    ("startEvent", "s", ""), ("userTask", "a", TASK), ("intermediateCatchEvent", "w", SIGNAL),
    ("userTask", "b", TASK), ("endEvent", "e", ""),
)  # fmt: skip


@pytest.fixture
def world(sqlite_engine: Engine, keyring: Keyring) -> World:
    made = scenes.office(sqlite_engine, keyring)
    worlds.deploy(made, "filled", scenes.process("filled", FILLED, n="number", kind="select"))
    worlds.deploy(made, "waits", scenes.process("waits", WAITS, n="number"))
    worlds.deploy(made, "thrown", scenes.process("thrown", THROWN, SHARED))
    worlds.deploy(made, "hears", scenes.process("hears", HEARS, SHARED))
    return made


def change(**values: str) -> Wish:
    return Wish("variables", values=values)


def test_a_variable_is_put_right_as_its_field_reads_it_with_before_and_after(world: World) -> None:
    instance_id = begin(world, "filled")
    done(world, instance_id, "a", n="3", kind="x")
    with pytest.raises(Invalid) as invalid:
        correct(world, instance_id, change(n="many", nobody="1", outcome="yes"))
    assert set(invalid.value.problems) == {"n", "nobody", "outcome"}
    assert "“结论”在“名g”中填写" in invalid.value.problems["outcome"]
    assert open_elements(world, instance_id) == ["b"]


def test_a_variable_is_changed_once_a_second_person_agrees_and_not_behind_a_gate(world: World) -> None:
    instance_id = begin(world, "filled")
    done(world, instance_id, "a", n="3", kind="x")

    correct(world, instance_id, change(n="5"))

    (event,) = rows(world, history.history_event, kind="process_corrected")
    assert b'"was":[["n",3]]' in bytes(event["body"])
    assert b'"variables":[["n",5]]' in bytes(event["body"])
    done(world, instance_id, "b", n="6", kind="y")
    correct(world, instance_id, change(kind="z"))
    done(world, instance_id, "g")
    with pytest.raises(RuleBroken) as broken:
        correct(world, instance_id, change(n="7"))
    assert "“名g”已据“栏目n”办理" in broken.value.reasons[0].sentence
    check(world)


def test_a_variable_nobody_has_filled_in_yet_is_left_to_its_form(world: World) -> None:
    instance_id = begin(world, "filled")
    with pytest.raises(Conflict, match="还没有填写过"):
        correct(world, instance_id, change(n="5"))


def test_a_condition_comes_true_by_a_change_and_is_looked_at_again_when_asked(world: World) -> None:
    instance_id = begin(world, "waits")
    done(world, instance_id, "a", n="3")
    assert open_elements(world, instance_id) == []
    with pytest.raises(Conflict, match="没有变化"):
        corrections.evaluate(world.office.begin(), scenes.head(world), instance_id=instance_id)

    correct(world, instance_id, change(n="4"))

    assert open_elements(world, instance_id) == ["b"]
    check(world)


def test_a_task_is_left_by_the_exception_drawn_on_it_by_who_may_do_it(world: World) -> None:
    instance_id = begin(world, "thrown")
    task_id = task(world, instance_id, "a")
    officer, office = world.actors[0], world.office
    with pytest.raises(NotAllowed):
        throwing.throw_error(office.begin(), scenes.head(world), task_id=task_id, code="no")
    with pytest.raises(Conflict, match="没有为“名a”画出"):
        throwing.throw_error(office.begin(), officer, task_id=task_id, code="other")
    with pytest.raises(Invalid):
        throwing.throw_error(office.begin(), officer, task_id=task_id, code=" ")

    throwing.escalate(office.begin(), officer, task_id=task_id, code="late")
    assert open_elements(world, instance_id) == ["a", "remind"]
    throwing.throw_error(office.begin(), officer, task_id=task_id, code="no")

    assert open_elements(world, instance_id) == ["handle", "remind"]
    assert rows(world, runtime.work_item, id=task_id)[0]["status"] == "cancelled"
    kinds = [one["kind"] for one in rows(world, history.history_event, order=("recorded_at", "seq"))]
    assert kinds[-2:] == ["task_escalated", "error_thrown"]
    check(world)


def test_a_gate_is_answered_by_its_form_and_not_left_by_an_exception(world: World) -> None:
    instance_id = begin(world, "thrown")
    done(world, instance_id, "a")
    with pytest.raises(RuleBroken, match="有关规定"):
        throwing.throw_error(
            world.office.begin(), world.actors[0], task_id=task(world, instance_id, "g"), code="no"
        )
    assert open_elements(world, instance_id) == ["g"]
    check(world)


def test_a_signal_is_broadcast_by_the_head_to_who_waits_and_is_answered_for(world: World) -> None:
    first, second = begin(world, "hears"), begin(world, "hears")
    with pytest.raises(Refused, match="没有流程在等待"):
        broadcasting.broadcast(world.office.begin(), scenes.head(world), name="go")
    for one in (first, second):
        done(world, one, "a")
    with pytest.raises(NotAllowed):
        broadcasting.broadcast(world.office.begin(), world.actors[0], name="go")

    assert broadcasting.broadcast(world.office.begin(), scenes.head(world), name="go") == 2
    messages.deliver_all(world.office)

    assert open_elements(world) == ["b", "b"]
    check(world)


def test_a_process_without_a_case_is_put_right_by_two_as_well(world: World) -> None:
    instance_id, _ = world.begin(key="filled")
    done(world, instance_id, "a", n="1", kind="x")
    correct(world, instance_id, Wish("return", at="b", to="a"))
    assert open_elements(world, instance_id) == ["a"]
    moves = (Move("cancel", "a"), Move("after", "a"))
    correct(world, instance_id, Wish("modify", moves=moves))
    assert open_elements(world, instance_id) == ["b"]
    check(world)
