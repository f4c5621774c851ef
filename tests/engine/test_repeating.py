"""Multi-instance and loop on every kind of activity; lanes, data objects and pools that only say something."""

import pytest

from tests.engine.builder import CATALOGUE, HEAD, again, diagram, each, mapping, times
from tests.engine.play import Play
from webapp.engine import EngineError, parse


def test_a_service_is_called_for_each_at_once() -> None:
    drawn = diagram().start().service("v", mapping({"who": "=x"}) + each("=people")).user("after").end()
    play = Play(drawn.parsed())
    step = play.start(people=["p1", "p2"])
    assert [call.inputs["who"] for call in step.calls] == ["p1", "p2"]
    play.returned("v")
    assert play.waiting == ["v"]
    play.returned("v")
    assert play.waiting == ["after"]


def test_a_script_runs_for_each_in_turn() -> None:
    loop = each("=[1, 2, 3]", sequential=True)
    drawn = diagram().start().element(
        "scriptTask", "c", f"{loop}<bpmn:script>{{sum: sum + x}}</bpmn:script>", scriptFormat="feel"
    ).end()  # fmt: skip
    play = Play(drawn.parsed())
    assert play.start(sum=0).variables == {"sum": 6}


def test_a_message_is_awaited_as_often_as_counted() -> None:
    drawn = diagram()
    drawn.message("reply")
    drawn.start().element("receiveTask", "r", times("=n"), messageRef="m_reply").end()
    play = Play(drawn.parsed())
    play.start(n=2)
    assert play.waiting == ["r", "r"]
    play.hear("r")
    assert play.hear("r").finished


def test_a_sub_process_runs_for_each_and_sees_its_element() -> None:
    inside = (
        diagram("i")
        .start("is")
        .user("iu", camunda_assignee="=x")
        .service("iv", mapping({"w": "=x"}))
        .end("ie")
    )
    drawn = diagram().start().sub("sub", inside).end()
    text = drawn.xml().replace(b"</bpmn:subProcess>", each("=people").encode() + b"</bpmn:subProcess>")
    play = Play(parse({"p.bpmn": text}, CATALOGUE))
    step = play.start(people=["p1", "p2"])
    assert [task.assignee for task in step.opened] == ["p1", "p2"]

    step = play.complete("iu", nth=1)
    assert [call.inputs["w"] for call in step.calls] == ["p2"]
    play.returned("iv")
    play.complete("iu")
    assert play.returned("iv").finished


def test_a_completion_condition_takes_the_other_sub_processes_away() -> None:
    inside = diagram("i").start("is").user("iu").end("ie")
    text = diagram().start().sub("sub", inside).user("after").end().xml()
    loop = each("=[1, 2, 3]", until="=nrOfCompletedInstances >= 1")
    text = text.replace(b"</bpmn:subProcess>", loop.encode() + b"</bpmn:subProcess>")
    play = Play(parse({"p.bpmn": text}, CATALOGUE))
    play.start()
    play.complete("iu")
    assert play.waiting == ["after"]


def test_a_loop_asks_after_each_round() -> None:
    play = Play(diagram().start().user("a", again("=more")).user("after").end().parsed())
    play.start()
    play.complete("a", more=True)
    assert play.waiting == ["a"]
    play.complete("a", more=False)
    assert play.waiting == ["after"]


def test_a_loop_that_asks_first_may_not_run_at_all() -> None:
    play = Play(diagram().start().user("a", again("=more", before=True)).user("after").end().parsed())
    play.start(more=False)
    assert play.waiting == ["after"]


def test_a_loop_ends_at_its_maximum() -> None:
    play = Play(diagram().start().service("v", again("=true", most=3)).end().parsed())
    play.start()
    play.returned("v")
    play.returned("v")
    assert play.returned("v").finished


@pytest.mark.parametrize("count", ["=-1", "=1.5", '="many"', "=301", "=null"])
def test_a_count_that_is_none_is_told(count: str) -> None:
    with pytest.raises(EngineError, match=r"loop\."):
        Play(diagram().start().user("a", times(count)).end().parsed()).start()


def test_a_task_without_type_and_a_manual_task_are_passed() -> None:
    play = Play(diagram().start().element("task", "t").element("manualTask", "m").user("a").end().parsed())
    play.start()
    assert play.waiting == ["a"]


def test_flows_with_conditions_leave_an_activity_and_meet_again_without_a_gateway() -> None:
    drawn = diagram().start().script("c", "{n: 1}").when("=a").user("u1").user("last").end()
    drawn.at("c").when("=b").user("u2").to("last").at("c").otherwise().to("last")
    definition = drawn.parsed()
    for values, first, later in (
        ({"a": True, "b": True}, ["u1", "u2"], 2), ({"a": False, "b": True}, ["u2"], 1),
        ({"a": False, "b": False}, ["last"], 0),
    ):  # fmt: skip
        play = Play(definition)
        play.start(**values)
        assert play.waiting == first
        for name in first[:later]:
            play.complete(name)
        assert play.waiting == ["last"] * max(1, later)


def test_pools_lanes_data_objects_and_message_flows_are_only_said() -> None:
    text = (
        HEAD + '<bpmn:collaboration id="co"><bpmn:participant id="pa" processRef="p"/>'
        '<bpmn:participant id="pb" processRef="other"/><bpmn:messageFlow id="mf" sourceRef="a" targetRef="pb"/>'
        '</bpmn:collaboration><bpmn:process id="other" isExecutable="false"/>'
        '<bpmn:process id="p" isExecutable="true"><bpmn:laneSet id="ls"><bpmn:lane id="l" name="干部科">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
        '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do" name="请示"/>'
        '<bpmn:dataStoreReference id="ds" name="档案"/>'
        '<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
        '<bpmn:userTask id="a" camunda:candidateGroups="organ_head"><bpmn:property id="pr" name="__t"/>'
        '<bpmn:dataInputAssociation id="dia"><bpmn:sourceRef>dor</bpmn:sourceRef><bpmn:targetRef>pr</bpmn:targetRef>'
        "</bpmn:dataInputAssociation></bpmn:userTask>"
        '<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e"/><bpmn:endEvent id="e"/></bpmn:process>'
        "</bpmn:definitions>"
    )
    definition = parse({"p.bpmn": text.encode()}, CATALOGUE)
    assert definition.nodes["a"].lane == "干部科"
    play = Play(definition)
    play.start()
    assert play.complete("a").finished
