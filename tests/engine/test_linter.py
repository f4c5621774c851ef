"""The linter: what is refused, with the element and a sentence in both languages, all at once."""

from collections.abc import Callable

import pytest

from tests.engine.builder import CATALOGUE, HEAD, Diagram, diagram, each, mapping, timer
from webapp.domain.errors import Invalid
from webapp.engine import Catalogue, Problem, check, parse

CANCEL = "<bpmn:cancelEventDefinition/>"
COMPENSATE = "<bpmn:compensateEventDefinition/>"
STOP = "<bpmn:terminateEventDefinition/>"
LISTENER = '<bpmn:extensionElements><camunda:taskListener event="create" class="x"/></bpmn:extensionElements>'


def found(drawn: Diagram, **files: bytes) -> dict[tuple[str | None, str], Problem]:
    problems = check({"p.bpmn": drawn.xml(), **files}, CATALOGUE)
    return {(problem.element_id, problem.code): problem for problem in problems}


def around(tag: str, inner: str = "", **attributes: str) -> Diagram:
    return diagram().start().element(tag, "x", inner, **attributes).end()


def boundary(inner: str, host: str = "user", interrupting: bool = True) -> Diagram:
    drawn = diagram().start()
    drawn.user("h") if host == "user" else drawn.script("h", "{}")
    return drawn.end().on("h", "x", inner, interrupting=interrupting).to("e")


def compensating() -> Diagram:
    return around("serviceTask", isForCompensation="true", camunda_delegateExpression="case.note")


def sub(**attributes: str) -> Diagram:
    return diagram().start().sub("x", diagram("i").start("is").user("iu").end("ie"), **attributes).end()


def half_cancelled() -> Diagram:
    inside = diagram("i").start("is").user("iu").end("ie")
    return diagram().start().transaction("x", inside).end().on("x", "b", CANCEL).to("e")


def two_triggers() -> Diagram:
    inside = diagram("i").start("is", "note").user("iu").end("ie").start("is2", "stop").to("iu")
    return diagram().start().user("a").end().on_event("x", inside)


def received(inner: str) -> Diagram:
    drawn = diagram()
    drawn.message("note")
    return drawn.start().element("receiveTask", "r", messageRef="m_note").end().on("r", "b", inner).to("e")


def crossing() -> Diagram:
    drawn = diagram().start().sub("sub", diagram("i").start("is").user("x").end("ie")).user("y").end()
    return drawn.at("x").to("y")


def rival(target: Callable[[Diagram], Diagram]) -> Diagram:
    drawn = diagram().start().race("x").wait("t", "duration", "P1D").end()
    return target(drawn.at("x")).to("e")


def unfinished() -> Diagram:
    return diagram().start().both("g").user("x").at("g").end()


def endless() -> Diagram:
    return diagram().start().both("g").end().at("g").user("x").user("y").to("x")


def deadlock() -> Diagram:
    drawn = diagram().start().both("x").user("a").xor("g").when("=again").to("x")
    return drawn.at("g").otherwise().end()


def chosen_then_joined() -> Diagram:
    drawn = diagram().start().xor("g").when("=a").user("u1").both("x").end()
    return drawn.at("g").otherwise().user("u2").to("x")


def uncaught() -> Diagram:
    drawn = diagram()
    return drawn.start().user("a").end("x", drawn.error("boom"))


def bare_gateway(*conditions: str) -> Diagram:
    drawn = diagram().start().xor("x").user("a").end()
    for number, condition in enumerate(conditions):
        drawn.at("x").when(condition).user(f"b{number}").to("e")
    return drawn


REFUSED: dict[str, tuple[Diagram, str | None, str]] = {
    "call of nothing": (around("callActivity"), "x", "called.none"),
    "call of a missing process": (around("callActivity", calledElement="other"), "x", "called.missing"),
    "call of a version": (
        around("callActivity", calledElement="p", camunda_calledElementBinding="version"), "x", "called.binding"
    ),
    "call that passes to no name": (
        around("callActivity", '<bpmn:extensionElements><camunda:in source="a"/></bpmn:extensionElements>'),
        "x",
        "mapping.invalid",
    ),
    "complex gateway": (around("complexGateway"), "x", "element.unsupported"),
    "ad-hoc sub-process": (around("adHocSubProcess"), "x", "element.unsupported"),
    "transaction without start": (around("transaction"), "x", "start.none"),
    "transaction without cancel end": (half_cancelled(), "x", "transaction.cancel"),
    "cancel outside a transaction": (diagram().start().end("x", CANCEL), "x", "cancel.here"),
    "cancel boundary on a task": (boundary(CANCEL), "x", "boundary.never"),
    "event sub-process with a plain start": (sub(triggeredByEvent="true"), "is", "event.unsupported"),
    "event sub-process with flows": (sub(triggeredByEvent="true"), "x", "subprocess.flow"),
    "event sub-process with two starts": (two_triggers(), "x", "subprocess.event"),
    "handler in the flow": (compensating(), "x", "compensation.flow"),
    "handler of nothing": (compensating(), "x", "compensation.alone"),
    "compensation boundary without handler": (boundary(COMPENSATE), "x", "compensation.handler"),
    "compensation of nothing": (around("intermediateThrowEvent", COMPENSATE), "x", "compensation.nothing"),
    "compensation of a missing activity": (
        around("intermediateThrowEvent", '<bpmn:compensateEventDefinition activityRef="zz"/>'),
        "x",
        "ref.compensation",
    ),
    "compensation that does not wait": (
        around("intermediateThrowEvent", '<bpmn:compensateEventDefinition waitForCompletion="false"/>'),
        "x",
        "compensation.wait",
    ),
    "signal without name": (
        around("intermediateCatchEvent", "<bpmn:signalEventDefinition/>"), "x", "signal.missing"
    ),
    "signal end without name": (diagram().start().end("x", "<bpmn:signalEventDefinition/>"), "x", "signal.missing"),
    "escalation without code": (
        around("intermediateThrowEvent", "<bpmn:escalationEventDefinition/>"), "x", "escalation.code"
    ),
    "escalation that is missing": (
        around("intermediateThrowEvent", '<bpmn:escalationEventDefinition escalationRef="zz"/>'),
        "x",
        "ref.escalation",
    ),
    "condition that is empty": (boundary("<bpmn:conditionalEventDefinition/>"), "x", "condition.empty"),
    "timer start without a time": (
        diagram().element("startEvent", "x", timer("duration", "P")).end(), "x", "time.invalid"
    ),
    "timer start that reads a variable": (
        diagram().element("startEvent", "x", timer("date", "=when")).end(), "x", "start.variables"
    ),
    "catch event of nothing": (around("intermediateCatchEvent"), "x", "event.unsupported"),
    "terminate on the way": (around("intermediateThrowEvent", STOP), "x", "event.unsupported"),
    "two definitions": (around("intermediateCatchEvent", timer("date", "2026-01-01") * 2), "x", "event.multiple"),
    "link without partner": (
        around("intermediateThrowEvent", '<bpmn:linkEventDefinition name="n"/>'), "x", "link.pair"
    ),
    "loop without end": (around("userTask", "<bpmn:standardLoopCharacteristics/>"), "x", "loop.endless"),
    "loop less than once": (
        around("userTask", '<bpmn:standardLoopCharacteristics loopMaximum="0"/>'), "x", "loop.maximum"
    ),
    "loop on a gateway event": (
        around("intermediateCatchEvent", timer("duration", "P1D") + each("=list")), "x", "loop.kind"
    ),
    "loop over nothing": (around("userTask", "<bpmn:multiInstanceLoopCharacteristics/>"), "x", "loop.collection"),
    "loop that collects": (
        around(
            "userTask",
            each("=list").replace("></bpmn:multi", '><bpmn:outputDataItem name="o"/></bpmn:multi'),
        ),
        "x",
        "loop.output",
    ),
    "loop with events": (
        around("userTask", each("=list").replace("isSeq", 'behavior="One" isSeq')), "x", "loop.behavior"
    ),
    "start quantity": (around("userTask", startQuantity="2"), "x", "quantity"),
    "instantiating receive": (around("receiveTask", instantiate="true"), "x", "instantiate"),
    "listener": (around("userTask", LISTENER), "x", "extension.unsupported"),
    "java class": (around("serviceTask", camunda_class="a.B"), "x", "delegate.java"),
    "no delegate": (around("serviceTask"), "x", "delegate.none"),
    "unknown delegate": (around("serviceTask", camunda_delegateExpression="nope"), "x", "delegate.missing"),
    "unknown role": (around("userTask", camunda_candidateGroups="organ_head,nope"), "x", "role.missing"),
    "nobody": (around("userTask"), "x", "task.nobody"),
    "missing form": (around("userTask", camunda_formKey="nope"), "x", "form.missing"),
    "missing decision": (around("businessRuleTask", camunda_decisionRef="nope"), "x", "decision.missing"),
    "no decision": (around("businessRuleTask"), "x", "decision.none"),
    "python script": (around("scriptTask", "<bpmn:script>x=1</bpmn:script>"), "x", "script.language"),
    "empty script": (around("scriptTask", scriptFormat="feel"), "x", "script.empty"),
    "message missing": (around("receiveTask", messageRef="nope"), "x", "message.missing"),
    "decisive without basis": (around("userTask", zaishang_decisive="true"), "x", "decisive.basis"),
    "decisive without recusal": (around("userTask", zaishang_decisive="true"), "x", "decisive.recusal"),
    "unknown attribute": (around("userTask", zaishang_colour="red"), "x", "extras.idle"),
    "attribute that nobody obeys there": (
        around("scriptTask", scriptFormat="feel", zaishang_recusal="subject"), "x", "extras.idle"
    ),
    "unknown stage": (around("userTask", zaishang_stage="somewhere"), "x", "stage.unknown"),
    "advice of no rule": (around("userTask", zaishang_advice="f1"), "x", "advice.unknown"),
    "unknown recusal": (around("userTask", zaishang_recusal="subject kin"), "x", "recusal.unknown"),
    "unknown sign-off": (around("userTask", zaishang_signOff="any"), "x", "signOff.unknown"),
    "signed by all but done once": (around("userTask", zaishang_signOff="all"), "x", "signOff.all"),
    "signed twice and by each": (around("userTask", each("=people"), zaishang_signOff="double"), "x", "signOff.double"),
    "return without an answer": (around("userTask", zaishang_returnTo="x"), "x", "return.half"),
    "return by no option": (
        around("userTask", zaishang_returnTo="x", zaishang_returnBy="outcome=returned"), "x", "return.answer"
    ),
    "return without a way": (
        around("userTask", zaishang_returnTo="s", zaishang_returnBy="outcome=returned"), "x", "return.way"
    ),
    "separate from nobody": (around("userTask", zaishang_separateFrom="a b"), "x", "ref.separate"),
    "bad parameter": (around("userTask", mapping({"1x": "=1"})), "x", "mapping.invalid"),
    "parameter on a gateway": (
        diagram().start().element("parallelGateway", "x", mapping({"a": "=1"})).end(), "x", "mapping.here"
    ),
    "output on a sub-process": (
        diagram().start().element(
            "subProcess", "x", diagram("i").start("is").end("ie").body() + mapping(None, {"a": "=1"})
        ).end(),
        "x",
        "mapping.here",
    ),
    "script with result variable": (around("scriptTask", camunda_resultVariable="r"), "x", "script.result"),
    "boundary on nothing": (
        diagram().start().user("a").end().on("zz", "x", timer("duration", "P1D")).to("e"), "x", "ref.attached"
    ),
    "boundary that never happens": (boundary(timer("duration", "P1D"), "script"), "x", "boundary.never"),
    "error on a receive task": (received("<bpmn:errorEventDefinition/>"), "b", "boundary.never"),
    "error that does not interrupt": (
        boundary("<bpmn:errorEventDefinition/>", interrupting=False), "x", "boundary.error"
    ),
    "interrupting cycle": (boundary(timer("cycle", "R/P1D")), "x", "timer.cycle"),
    "catching cycle": (diagram().start().wait("x", "cycle", "R/P1D").end(), "x", "timer.cycle"),
    "missed rounds of a timer that does not repeat": (
        diagram().start().user("a").end().on("a", "x", timer("duration", "P1D"), zaishang_missed="coalesce").to("e"),
        "x",
        "timer.missed",
    ),
    "missed rounds in other words": (
        diagram().start().user("a").end().on(
            "a", "x", timer("cycle", "R/P1D"), interrupting=False, zaishang_missed="all"
        ).to("e"),
        "x",
        "timer.missed",
    ),
    "empty timer": (
        around("intermediateCatchEvent", "<bpmn:timerEventDefinition/>"), "x", "timer.empty"
    ),
    "uncaught error": (uncaught(), "x", "error.uncaught"),
    "gateway flow without condition": (bare_gateway("=a"), "x", "gateway.no_condition"),
    "gateway without default": (bare_gateway("=a"), "x", "gateway.no_default"),
    "condition after parallel": (
        diagram().start().both("x").when("=a").user("a").end().at("x").to("e"), "x", "gateway.condition"
    ),
    "inclusive without conditions": (
        diagram().start().some("x").user("a").end().at("x").to("e"), "x", "gateway.no_condition"
    ),
    "only conditional flows": (
        diagram().start().user("x").when("=a").user("a").end(), "x", "gateway.no_default"
    ),
    "race with one": (diagram().start().race("x").wait("t", "duration", "P1D").end(), "x", "race.few"),
    "race to a task": (rival(lambda drawn: drawn.user("u")), "x", "race.target"),
    "unreachable": (diagram().start().user("a").end().at("x").user("x").to("e"), "x", "node.unreachable"),
    "dead end": (unfinished(), "x", "flow.dead_end"),
    "endless": (endless(), "x", "node.endless"),
    "no end": (diagram().start().user("x"), None, "end.none"),
    "no start": (diagram().user("x").end(), None, "start.none"),
    "two starts": (diagram().start().end().start("s2").to("e"), None, "start.several"),
    "sub-process without start": (
        diagram().start().sub("x", diagram("i").user("iu").end("ie")).end(), "x", "start.none"
    ),
    "flow to nowhere": (diagram().start().user("a").end().at("a").to("zz"), "f3", "ref.flow"),
    "flow across scopes": (crossing(), "f4", "flow.scope"),
    "flow into the start": (diagram().start("x").user("a").end().at("a").to("x"), "x", "flow.into"),
    "flow out of the end": (diagram().start().user("a").end("x").to("a"), "x", "flow.out_of_end"),
    "duplicate id": (diagram().start().user("x").user("x").end(), "x", "id.duplicate"),
    "join behind itself": (deadlock(), "x", "parallel.deadlock"),
    "join of what a choice split": (chosen_then_joined(), "x", "parallel.never"),
    "bad condition": (
        diagram().start().xor("g").when("=a >").user("a").end().at("g").otherwise().to("e"), "f2", "feel.syntax"
    ),
    "another engine's condition": (
        diagram().start().xor("g").when("${a}").user("a").end().at("g").otherwise().to("e"),
        "f2",
        "expression.foreign",
    ),
    "another engine's assignee": (around("userTask", camunda_assignee="${u}"), "x", "expression.foreign"),
    "another engine's parameter": (
        around("userTask", mapping({"a": "您好 ${name}"})), "x", "expression.foreign"
    ),
    "bad assignee": (around("userTask", camunda_assignee="=u ("), "x", "feel.syntax"),
    "bad group": (around("userTask", camunda_candidateGroups="=u ("), "x", "feel.syntax"),
    "bad due date": (around("userTask", camunda_dueDate="soon"), "x", "time.invalid"),
    "bad priority": (around("userTask", camunda_priority="high"), "x", "priority.invalid"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_run_rightly_is_refused(case: str) -> None:
    drawn, element_id, code = REFUSED[case]

    problems = found(drawn)

    assert (element_id, code) in problems, list(problems)
    problem = problems[element_id, code]
    assert problem.level == "error"
    assert problem.file == "p.bpmn"
    assert problem.line == 1
    assert problem.zh
    assert problem.en
    with pytest.raises(Invalid):
        drawn.parsed()


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "P0D", "-P1D", "P1.5M", "P101Y", "P1000000Y", "P１D", "PT-5H", "P1D2Y", "10 days", "R/P1D"],
)
def test_a_duration_that_means_nothing_is_refused(text: str) -> None:
    assert ("x", "time.invalid") in found(diagram().start().wait("x", "duration", text).end())


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026/02/03", "２026-02-03", "tomorrow", "2026-02-03T25:00:00"]
)
def test_a_date_that_means_nothing_is_refused(text: str) -> None:
    assert ("x", "time.invalid") in found(diagram().start().wait("x", "date", text).end())


@pytest.mark.parametrize("text", ["R0/P1D", "R/PT1S", "R3/P", "P1D", "R-1/P1D", "0 0 * * *"])
def test_a_cycle_that_means_nothing_is_refused(text: str) -> None:
    drawn = diagram().start().user("a").end().on("a", "x", timer("cycle", text), interrupting=False).to("e")
    assert ("x", "time.invalid") in found(drawn)


def test_the_place_of_an_expression_fault_is_told() -> None:
    drawn = around("userTask", camunda_candidateUsers="=1 + * 2")
    problem = found(drawn)["x", "feel.syntax"]
    assert "第5个字符" in problem.zh
    assert "position 5" in problem.en


def test_everything_is_said_at_once_and_a_sound_diagram_says_nothing_wrong() -> None:
    drawn = (
        around("userTask", camunda_formKey="nope", camunda_dueDate="soon")
        .at("x")
        .element("complexGateway", "y")
        .to("e")
        .at("x")
        .to("zz")
    )

    codes = {code for _, code in found(drawn)}
    assert {"form.missing", "time.invalid", "task.nobody", "element.unsupported", "ref.flow"} <= codes
    with pytest.raises(Invalid) as caught:
        drawn.parsed()
    assert len(caught.value.problems) >= 4

    sound = found(diagram().start().user("a").end())
    assert {problem.level for problem in sound.values()} == {"warning"}


def test_an_unsupported_element_is_told_once_and_not_by_every_flow_to_it() -> None:
    drawn = around("complexGateway").on("x", "b", timer("duration", "P1D")).to("e")
    errors = {key for key, problem in found(drawn).items() if problem.level == "error"}
    assert errors == {("x", "element.unsupported")}


def test_missing_pictures_are_a_warning_only() -> None:
    assert found(diagram().start().user("a").end())[None, "di.missing"].level == "warning"

    shape = (
        '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="s"/></bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram>"
    )
    content = (
        diagram()
        .start()
        .user("a")
        .end()
        .xml()
        .replace(b"</bpmn:definitions>", shape.encode() + b"</bpmn:definitions>")
    )
    problems = check({"p.bpmn": content}, CATALOGUE)
    assert {p.element_id for p in problems if p.code == "di.shape"} == {"a", "e"}
    assert parse({"p.bpmn": content}, CATALOGUE).key == "p"


def test_a_decisive_act_with_basis_and_recusal_is_accepted() -> None:
    drawn = (
        diagram()
        .start()
        .user(
            "a",
            zaishang_decisive="true",
            zaishang_legalBasis="规定第十二条",
            zaishang_recusal="subject relatives",
        )
    )
    definition = drawn.end().parsed()
    assert definition.nodes["a"].extras == {
        "decisive": "true", "legalBasis": "规定第十二条", "recusal": "subject relatives"
    }  # fmt: skip


def test_flows_without_an_id_are_kept() -> None:
    content = diagram().start().user("a").end().xml()
    for number in (b"1", b"2"):
        content = content.replace(b' id="f' + number + b'"', b"")
    definition = parse({"p.bpmn": content}, CATALOGUE)
    assert [(flow.source, flow.target) for flow in definition.flows] == [("s", "a"), ("a", "e")]


def test_broken_forms_and_decisions_are_told_with_their_file() -> None:
    problems = check(
        {
            "p.bpmn": diagram().start().end().xml(),
            "forms/a.json": b"{",
            "forms/b.json": b'{"id": "x"}',
            "forms/c.json": b'{"id": "x"}',
            "bad.dmn": b"<a",
            "worse.dmn": b"<a/>",
        },
        Catalogue(),
    )
    told = {(problem.file, problem.code) for problem in problems}
    assert {
        ("forms/a.json", "form.broken"),
        ("forms/c.json", "form.duplicate"),
        ("bad.dmn", "xml.broken"),
    } <= told
    assert any(file == "worse.dmn" for file, _ in told)


def test_one_process_is_deployed_at_a_time() -> None:
    two = (
        HEAD
        + "".join(
            f'<bpmn:process id="{key}" isExecutable="true"><bpmn:startEvent id="s{key}"/><bpmn:endEvent id="e{key}"/>'
            f'<bpmn:sequenceFlow id="f{key}" sourceRef="s{key}" targetRef="e{key}"/></bpmn:process>'
            for key in ("p", "q")
        )
        + "</bpmn:definitions>"
    )
    files = {"p.bpmn": two.encode()}

    assert "process.several" in {problem.code for problem in check(files, CATALOGUE)}
    assert parse(files, CATALOGUE, process_id="q").key == "q"
    with pytest.raises(Invalid):
        parse(files, CATALOGUE, process_id="r")
    with pytest.raises(Invalid):
        parse({}, CATALOGUE)


STANDARD = Catalogue(CATALOGUE.delegates, CATALOGUE.roles, frozenset({"caseId"}))
FORM = b'{"id": "f", "components": [{"components": [{"properties": {"variable": "outcome"}}]}]}'


def unknown(drawn: Diagram, catalogue: Catalogue = STANDARD) -> list[tuple[str | None, str]]:
    problems = check({"p.bpmn": drawn.xml(), "forms/f.json": FORM}, catalogue)
    return [(one.element_id, one.en) for one in problems if one.code == "variable.unknown"]


def test_a_variable_nothing_sets_is_told() -> None:
    drawn = diagram().start().user("a", camunda_assignee="=whom").script("c", "{mine: caseId}").xor("g")
    drawn.when('=outcome = "x" and mine != null').user("m", each("=people", variable="one")).end()
    drawn.at("g").otherwise().to("e")

    assert unknown(drawn) == [
        ("a", 'Nothing sets the variable "whom".'), ("m", 'Nothing sets the variable "people".')
    ]  # fmt: skip
    assert unknown(drawn, CATALOGUE) == []


def test_a_slip_of_the_pen_is_told_even_where_messages_bring_variables() -> None:
    drawn = diagram()
    drawn.start("s", "note").xor("g").when('=outcom = "x" or brought').user("u").end().at("g").otherwise().to(
        "e"
    )
    assert unknown(drawn) == [("f2", 'Nothing sets the variable "outcom"; do you mean "outcome"?')]


def test_a_flow_is_called_by_its_name_and_the_place_of_a_mistake_told_once() -> None:
    drawn = diagram().start().xor("g").when("=a ==").user("u").end().at("g").otherwise().to("e")
    xml = drawn.xml().replace(b'id="f2"', b'id="f2" name="yes"')
    (one,) = [one for one in check({"p.bpmn": xml}, CATALOGUE) if one.code == "feel.syntax"]

    assert one.zh.startswith("顺序流“yes”的条件")
    assert "第 " not in one.zh


def test_an_input_parameter_is_set_for_its_own_element_alone() -> None:
    drawn = diagram().start().element("serviceTask", "t", mapping(inputs={"lone": "=lone", "then": "=lone"}),
                                      camunda_delegateExpression="case.note").xor("g")  # fmt: skip
    drawn.when("=lone").user("u").end().at("g").otherwise().to("e")

    assert unknown(drawn) == [
        ("t", 'Nothing sets the variable "lone".'), ("f3", 'Nothing sets the variable "lone".')
    ]  # fmt: skip


def test_a_message_that_only_the_product_sends_brings_what_the_catalogue_says() -> None:
    known = Catalogue(
        STANDARD.delegates, STANDARD.roles, STANDARD.variables, (("note", frozenset({"told"})),)
    )
    drawn = diagram().start("s", "note").user("u", camunda_assignee="=told")
    drawn.user("v", camunda_assignee="=whom").end()

    assert unknown(drawn) == []
    assert unknown(drawn, known) == [("v", 'Nothing sets the variable "whom".')]


@pytest.mark.parametrize(
    ("name", "near"), [("outocme", True), ("outcomes", True), ("utcome", True), ("autcome", True), ("result9", False),
                       ("outcome", False), ("other", False), ("outcome2", False)]
)  # fmt: skip
def test_names_are_near_that_differ_by_one_letter(name: str, near: bool) -> None:
    drawn = diagram().start("s", "note").user("u", camunda_assignee=f"={name}").end()
    assert bool(unknown(drawn)) is near


def test_parallel_branches_may_come_from_any_fork() -> None:
    for drawn in (
        diagram().start().both("g").user("u1").both("x").end().at("g").to("x"),
        diagram().start().user("g").user("u1").both("x").end().at("g").to("x"),
        diagram()
        .start()
        .user("h")
        .both("x")
        .end()
        .on("h", "t", timer("duration", "P1D"), interrupting=False)
        .to("x"),
    ):
        assert not [one for one in found(drawn).values() if one.level == "error"]
