"""Files of other tools: read in every encoding, mapped where there is a counterpart, kept where there is none."""

from itertools import pairwise

import pytest
from lxml import etree

from tests.engine.builder import CATALOGUE, HEAD, diagram
from tests.engine.play import Play
from webapp.engine import Problem, cache, check, drawing_text, one_process, parse, translate
from webapp.engine.juel import NotSimple, translated
from webapp.engine.markup import Unreadable
from webapp.engine.tokens import Token

ZEEBE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
 xmlns:acme="urn:acme" targetNamespace="urn:t" modeler:executionPlatform="Camunda Cloud">
<!-- drawn elsewhere -->
<bpmn:message id="m" name="note"><bpmn:extensionElements><zeebe:subscription correlationKey="=key"/>
</bpmn:extensionElements></bpmn:message>
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="u"/>
<bpmn:userTask id="u" name="复核" acme:colour="red"><bpmn:extensionElements><zeebe:userTask/>
<zeebe:assignmentDefinition candidateGroups="organ_head" assignee="=boss"/>
<zeebe:taskSchedule dueDate="=date(&quot;2026-05-01&quot;)"/><zeebe:priorityDefinition priority="70"/>
<zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties><acme:note>keep me</acme:note>
</bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="f2" sourceRef="u" targetRef="w"/>
<bpmn:serviceTask id="w"><bpmn:extensionElements><zeebe:taskDefinition type="mail" retries="3"/>
<zeebe:ioMapping><zeebe:input source="=boss" target="to"/><zeebe:output source="=1 + 1" target="n"/></zeebe:ioMapping>
</bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>
<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="x"/></bpmn:extensionElements>
</bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>
<bpmn:sequenceFlow id="f3" sourceRef="w" targetRef="c"/>
<bpmn:scriptTask id="c"><bpmn:extensionElements><zeebe:script expression="=n * 3" resultVariable="key"/>
</bpmn:extensionElements></bpmn:scriptTask><bpmn:sequenceFlow id="f4" sourceRef="c" targetRef="h"/>
<bpmn:receiveTask id="h" messageRef="m"/><bpmn:sequenceFlow id="f5" sourceRef="h" targetRef="call"/>
<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="q"/></bpmn:extensionElements>
</bpmn:callActivity><bpmn:sequenceFlow id="f6" sourceRef="call" targetRef="e"/><bpmn:endEvent id="e"/>
</bpmn:process></bpmn:definitions>""".encode()


def codes(problems: tuple[Problem, ...]) -> set[tuple[str | None, str]]:
    return {(problem.element_id, problem.code) for problem in problems}


def test_a_diagram_of_camunda_8_runs_after_its_translation() -> None:
    done = translate(ZEEBE, "p.bpmn")
    callee = diagram("q").start("qs").user("qu").end("qe").xml()

    play = Play(parse({"p.bpmn": done.content, "q.bpmn": callee}, CATALOGUE))
    task = play.start(boss="p7").opened[0]
    assert (task.groups, task.assignee, task.priority) == (("organ_head",), "p7", 70)
    assert task.due_at is not None
    calls = play.complete("u").calls
    assert [(call.topic, call.inputs) for call in calls] == [("mail", {"to": "p7"})] * 2
    play.returned("w")
    play.returned("w")
    assert [one.correlation for one in play.subscriptions.values()] == ["6"]
    play.hear("h")
    assert play.waiting == ["q:qu"]
    assert play.complete("q:qu").finished


@pytest.mark.parametrize("binding", ["latest", "deployment"])
def test_the_binding_of_a_call_is_taken_over(binding: str) -> None:
    said = f'processId="q" bindingType="{binding}"'
    done = translate(ZEEBE.replace(b'processId="q"', said.encode()), "p.bpmn")
    callee = diagram("q").start("qs").user("qu").end("qe").xml()

    node = parse({"p.bpmn": done.content, "q.bpmn": callee}, CATALOGUE).nodes["call"]

    assert (node.calls, node.called) == (("q", None) if binding == "latest" else (None, "q"))


def test_the_report_says_what_was_mapped_and_what_is_not_executed() -> None:
    notes = translate(ZEEBE, "p.bpmn").notes

    assert {
        ("u", "import.zeebe"),
        ("w", "import.zeebe"),
        ("m", "import.zeebe"),
        ("call", "import.zeebe"),
    } <= codes(notes)
    foreign = {problem.en for problem in notes if problem.code == "import.foreign"}
    assert any("zeebe:properties" in one for one in foreign)
    assert any("urn:acme" in one for one in foreign)
    assert all(problem.zh and problem.line and problem.file == "p.bpmn" for problem in notes)


def test_foreign_parts_are_written_back_unchanged() -> None:
    before, after = etree.fromstring(ZEEBE), etree.fromstring(translate(ZEEBE, "p.bpmn").content)

    for tag in ("{urn:acme}note", "{http://camunda.org/schema/zeebe/1.0}*"):
        written, drawn = (
            [etree.tostring(one, method="c14n", exclusive=True, with_tail=False) for one in root.iter(tag)]
            for root in (after, before)
        )
        assert written == drawn
    assert after.xpath("//@acme:colour", namespaces={"acme": "urn:acme"}) == ["red"]
    assert b"drawn elsewhere" in translate(ZEEBE, "p.bpmn").content


def test_a_file_with_nothing_to_translate_keeps_its_bytes() -> None:
    content = diagram().start().user("a").end().xml()
    assert translate(content, "p.bpmn").content is content
    assert translate(content, "p.bpmn").notes == ()
    with pytest.raises(Unreadable):
        translate(b"<a", "p.bpmn")


JUEL = [
    ("${amount > 100 && kind == 'x'}", '=amount > 100 and kind = "x"'),
    ("#{approved}", "=approved"),
    ("${!approved}", "=not(approved)"),
    ("${not approved or empty note}", '=not(approved) or (note = null or note = "" or note = [])'),
    ("${a eq 1 and b ne 2}", "=a = 1 and b != 2"),
    ("${a lt 1 || b ge 2.5}", "=a < 1 or b >= 2.5"),
    ("${(a + b) * 2 - -c / 4}", "=(a + b) * 2 - -c / 4"),
    ("${a ? 'ja' : \"nein\"}", '=if a then "ja" else "nein"'),
    ("${order.total != null}", "=order.total != null"),
    ("${name == 'O\\'Neil \"x\"'}", '=name = "O\'Neil \\"x\\""'),
    (" ${ a } ", "=a"),
    ("Dear ${name}, no. ${n + 1}", '="Dear " + string(name) + ", no. " + string(n + 1)'),
    ("plain", None),
    ("=already", None),
]


@pytest.mark.parametrize(("text", "feel"), JUEL)
def test_simple_juel_becomes_feel(text: str, feel: str | None) -> None:
    assert translated(text) == feel


@pytest.mark.parametrize(
    "text",
    ["${bean.call()}", "${execution.getVariable('a')}", "${a[0]}", "${a b}", "${}", "${a +}", "${'open}", "${a;b}",
     "${" + "(" * 100 + "a" + ")" * 100 + "}", "${a}{${b", "${" + "a+" * 2000 + "a}", "${a % 2}"],
)  # fmt: skip
def test_juel_that_is_not_simple_is_told(text: str) -> None:
    with pytest.raises(NotSimple):
        translated(text)


def test_conditions_and_assignments_are_translated_and_shown() -> None:
    drawn = diagram().start().user("a", camunda_assignee="${boss}").xor("g").when("${n > 3}").user("b").end()
    drawn.at("g").when("${bean.ok()}").user("c").to("e").at("g").otherwise().to("e")
    done = translate(drawn.xml(), "p.bpmn")

    assert b'camunda:assignee="=boss"' in done.content
    assert b"=n &gt; 3" in done.content
    levels = {(note.element_id, note.code): note.level for note in done.notes}
    assert levels == {
        ("a", "import.feel"): "warning",
        ("f3", "import.feel"): "warning",
        ("f5", "import.juel"): "error",
    }


PLAIN = diagram().start().user("a", name="组织部长审核").end()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.xml().replace(b"bpmn:", b"semantic:").replace(b"xmlns:bpmn=", b"xmlns:semantic="),
        PLAIN.xml().replace(b"<bpmn:", b"<").replace(b"</bpmn:", b"</").replace(b"xmlns:bpmn=", b"xmlns="),
        PLAIN.xml().replace(b' isExecutable="true"', b""),
        b"\xef\xbb\xbf" + PLAIN.xml(),
        PLAIN.xml().decode().encode("utf-16"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + PLAIN.xml().decode()).encode("utf-16"),
        ('<?xml version="1.0" encoding="GB18030"?>' + PLAIN.xml().decode()).encode("gb18030"),
    ],
    ids=["other prefix", "no prefix", "no isExecutable", "BOM", "UTF-16", "declared UTF-16", "GB18030"],
)
def test_a_file_is_read_however_it_is_written(content: bytes) -> None:
    definition = parse({"p.bpmn": content}, CATALOGUE)
    assert definition.nodes["a"].name == "组织部长审核"
    play = Play(definition)
    play.start()
    assert play.complete("a").finished


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_diagram_is_shown_as_text_whatever_its_encoding(encoding: str) -> None:
    said = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    text = drawing_text((said + PLAIN.xml().decode()).encode(encoding))
    assert "组织部长审核" in text
    assert parse({"p.bpmn": text.removeprefix(said).encode()}, CATALOGUE).key == "p"


def test_a_file_whose_processes_are_all_for_reading_says_what_to_do() -> None:
    content = PLAIN.xml().replace(b'isExecutable="true"', b'isExecutable="false"')
    problem = next(one for one in check({"p.bpmn": content}, CATALOGUE) if one.code == "process.none")
    assert "isExecutable" in problem.zh


def test_a_chain_of_five_thousand_nodes_is_read_and_run() -> None:
    names = ["s", *(f"n{number}" for number in range(5000)), "e"]
    rows = ["<bpmn:startEvent id='s'/><bpmn:endEvent id='e'/>"]
    rows += [f"<bpmn:manualTask id='{name}'/>" for name in names[1:-1]]
    rows += [
        f"<bpmn:sequenceFlow id='f{name}' sourceRef='{name}' targetRef='{after}'/>"
        for name, after in pairwise(names)
    ]
    text = f"{HEAD}<bpmn:process id='p' isExecutable='true'>{''.join(rows)}</bpmn:process></bpmn:definitions>"
    play = Play(parse({"p.bpmn": text.encode()}, CATALOGUE))
    assert play.start().finished


def tokens_at_start(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    drawn = diagram().start()
    for number in range(count):
        drawn.both(f"g{number}").user(f"a{number}").both(f"j{number}").at(f"g{number}").user(f"b{number}")
        drawn.to(f"j{number}")
    definition = drawn.end().parsed()
    made, plain = [0], Token.__init__

    def counting(self: Token, *args: object, **kwargs: object) -> None:
        made[0] += 1
        plain(self, *args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Token, "__init__", counting)
        Play(definition).start()
    assert len(cache.specs_of(definition)[None].task_specs) <= 5 * count + 5
    return made[0]


def test_parallel_gateways_in_series_cost_no_more_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tokens_at_start(12, monkeypatch) == tokens_at_start(1, monkeypatch)


POOLS = """<?xml version="1.0" encoding="UTF-16"?>
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:v="urn:vendor" targetNamespace="urn:t"><!-- drawn elsewhere -->
<semantic:process id="one" v:mark="1" isExecutable="false"><semantic:startEvent id="s"/>
<semantic:sequenceFlow id="f" sourceRef="s" targetRef="e"/><semantic:endEvent id="e"/></semantic:process>
<semantic:process id="two"/></semantic:definitions>"""


def test_of_several_pools_the_one_with_something_in_it_is_made_executable() -> None:
    done = one_process(POOLS.encode("utf-16"), "x.bpmn")

    assert parse({"p.bpmn": done.content}, CATALOGUE).key == "one"
    assert b"drawn elsewhere" in done.content
    assert b'v:mark="1"' in done.content
    assert codes(done.notes) == {("one", "import.executable"), ("two", "import.other")}
    plain = diagram().start().end().xml()
    assert one_process(plain, "x.bpmn").content is plain


def test_which_of_two_drawn_processes_is_meant_has_to_be_said() -> None:
    second = '<semantic:process id="two"><semantic:startEvent id="s2"/></semantic:process>'
    two = POOLS.replace('<semantic:process id="two"/>', second)
    with pytest.raises(Unreadable) as refused:
        one_process(two.encode("utf-16"), "x.bpmn")
    assert "2个流程" in refused.value.problem.zh

    said = two.replace('id="two">', 'id="two" isExecutable="true">')
    assert one_process(said.encode("utf-16"), "x.bpmn").notes == ()

    with pytest.raises(Unreadable):
        one_process(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "x.bpmn")
