"""Services, messages and decisions: everything that leaves a step as a value and comes back as a command."""

import pytest

from tests.engine.builder import diagram, mapping
from tests.engine.play import NOW, Play
from webapp.domain.errors import Conflict
from webapp.engine import (
    Correlate,
    DecisionTrace,
    EngineError,
    OutMessage,
    ServiceReturned,
    TimerFired,
    evaluate,
)

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<decision id="{id}" name="grade"><decisionTable id="t" hitPolicy="{policy}">
<input id="i"><inputExpression id="ie" typeRef="number"><text>score</text></inputExpression></input>
<output id="o" name="grade" typeRef="string"/>
<rule id="high"><inputEntry id="a1"><text>&gt;= 60</text></inputEntry>
<outputEntry id="b1"><text>"pass"</text></outputEntry></rule>
<rule id="low"><inputEntry id="a2"><text>&lt; 60</text></inputEntry>
<outputEntry id="b2"><text>"fail"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_a_service_task_hands_out_a_call_and_waits_for_its_return() -> None:
    inner = mapping({"who": "=person", "text": "办理"}, {"first": "=answer.items[1]"})
    drawn = (
        diagram()
        .start()
        .service("svc", inner, camunda_delegateExpression="${case.note}", camunda_resultVariable="answer")
    )
    play = Play(drawn.end().parsed())

    step = play.start(person="u1")

    (call,) = step.calls
    assert (call.delegate, call.inputs, call.topic) == ("case.note", {"who": "u1", "text": "办理"}, None)
    assert call.result_variable == "answer"
    assert not step.finished
    step = play.returned("svc", {"items": [7, 8]})
    assert step.finished
    assert step.variables == {"person": "u1", "answer": {"items": [7, 8]}, "first": 7}


def test_an_external_task_names_its_topic_and_returns_variables() -> None:
    play = Play(diagram().start().service("ext", camunda_topic="print").end().parsed())
    (call,) = play.start().calls
    assert (call.delegate, call.topic) == (None, "print")

    assert play.returned("ext", {"copies": 2}).variables == {"copies": 2}


def test_a_result_without_a_variable_to_hold_it_is_dropped() -> None:
    play = Play(diagram().start().service("svc").end().parsed())
    play.start()
    assert play.returned("svc", {"secret": 1}).variables == {}


def test_a_call_comes_back_once() -> None:
    play = Play(diagram().start().service("svc").user("a").end().parsed())
    call = play.start().calls[0]
    play.returned("svc")
    with pytest.raises(Conflict):
        play.do(ServiceReturned(call.id))


def test_a_message_is_sent_with_its_key_and_payload() -> None:
    payload = mapping({"day": '=date("2026-03-01")', "n": "=k + 1"})
    drawn = diagram()
    drawn.message("opened")
    drawn.start().say("t", "opened", payload, zaishang_correlation="=case_no")
    drawn.element("sendTask", "send", messageRef="m_opened").end("e", drawn.message("closed"))

    step = Play(drawn.parsed()).start(case_no=17, k=1)

    assert step.finished
    assert step.outbox == (
        OutMessage("t", 1, "opened", "17", {"day": "2026-03-01", "n": 2}),
        OutMessage("send", 2, "opened", None, {}),
        OutMessage("e", 3, "closed", None, {}),
    )


def test_messages_are_counted_over_the_whole_instance() -> None:
    play = Play(diagram().start().say("one", "x").user("a").say("two", "x").end().parsed())
    play.start()
    assert [message.seq for message in play.complete("a").outbox] == [2]


def test_a_message_is_awaited_under_its_key_and_brings_its_values() -> None:
    inner = mapping(outputs={"seen": '=text + "！"'})
    drawn = diagram().start().hear("m", "reply", zaishang_correlation="=case_no")
    drawn.rows[-2] = drawn.rows[-2].replace(
        "</bpmn:intermediateCatchEvent>", inner + "</bpmn:intermediateCatchEvent>"
    )
    play = Play(drawn.user("a").end().parsed())

    (subscription,) = play.start(case_no="C-1").subscriptions
    assert (subscription.message, subscription.correlation) == ("reply", "C-1")

    step = play.hear("m", text="收到")
    assert step.variables == {"case_no": "C-1", "text": "收到", "seen": "收到！"}
    assert step.subscriptions_closed == (subscription.id,)


def test_a_correlation_key_without_value_is_a_fault() -> None:
    definition = diagram().start().hear("m", "reply", zaishang_correlation="=case_no").end().parsed()
    with pytest.raises(EngineError, match=r"correlation\.empty"):
        Play(definition).start()


def test_timers_and_messages_do_not_answer_for_each_other() -> None:
    drawn = diagram().start().race("g").wait("t", "duration", "P1D").end().at("g").hear("m", "x").to("e")
    play = Play(drawn.parsed())
    step = play.start()

    with pytest.raises(Conflict):
        play.do(Correlate(step.timers[0].id))
    with pytest.raises(Conflict):
        play.do(TimerFired(step.subscriptions[0].id))


@pytest.mark.parametrize(
    ("policy", "how", "expected"),
    [
        ("UNIQUE", "singleEntry", "pass"),
        ("UNIQUE", None, "pass"),
        ("COLLECT", "collectEntries", ["pass"]),
        ("COLLECT", "singleEntry", "pass"),
    ],
)
def test_a_rule_task_stores_the_answer_and_hands_out_why(
    policy: str, how: str | None, expected: object
) -> None:
    drawn = diagram().start().element(
        "businessRuleTask", "rules", camunda_decisionRef="grade", camunda_resultVariable="r",
        camunda_mapDecisionResult=how or "",
    )  # fmt: skip
    definition = drawn.end().parsed(**{"grade.dmn": DMN.format(id="grade", policy=policy).encode()})

    step = Play(definition).start(score=75)

    assert step.variables["r"] == expected
    (trace,) = step.decisions
    assert isinstance(trace, DecisionTrace)
    assert (trace.decision_id, trace.element_id, trace.rules_hit) == ("grade", "rules", ("high",))
    assert 75 in trace.inputs.values()


def test_an_expression_can_be_tried_on_stored_variables() -> None:
    assert evaluate("=n * 2", {"n": {"$dec": "1.5"}}, now=NOW) == 3
    assert evaluate("later(n)", {"n": 1}, now=NOW, functions={"later": lambda n: n + 1}) == 2
