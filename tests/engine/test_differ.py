"""What differs between two versions is told whole: added, removed, changed and moved, by element."""

from pathlib import Path

import pytest

from tests.engine.builder import diagram, each
from webapp.engine import Difference, compare

FOLDER = Path(__file__).parents[2] / "workflows" / "p02a_periodic_note"
DIAGRAM, FORM = "p02a_periodic_note.bpmn", "forms/p02a_note_check.json"


def files() -> dict[str, bytes]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()
    }


def changed(name: str, old: str, new: str) -> tuple[Difference, ...]:
    before = files()
    text = before[name].decode()
    assert old in text
    return compare(before, {**before, name: text.replace(old, new, 1).encode()})


def told(found: tuple[Difference, ...]) -> list[tuple[str, str]]:
    return [(one.how, one.element_id) for one in found]


def test_equal_bundles_do_not_differ_whatever_the_diagram_is_called() -> None:
    before = files()
    renamed = {("new.bpmn" if name == DIAGRAM else name): data for name, data in before.items()}

    assert compare(before, renamed) == ()


@pytest.mark.parametrize(
    ("old", "new", "element", "label", "after"),
    [
        ('id="check_note" name="核阅"', 'id="check_note" name="核审"', "check_note", "名称", "核审"),
        (
            'camunda:candidateGroups="cadre_section"',
            'camunda:candidateGroups="cadre_section,cadre_supervision"',
            "check_note",
            "办理角色",
            "干部科、干部监督科",
        ),
        ('zaishang:separateFrom="write_note ', 'zaishang:separateFrom="', "check_note", "不得与哪些环节同一人办理",
         "write_unit_note write_annual_summary"),
        ('name="reason">=note_reason', 'name="reason">=other', "raise_item", "输入参数“reason”", "=other"),
        ('duration("P7D")', 'duration("P9D")', "write_note_overdue", "定时", 'P9D'),
    ],
)  # fmt: skip
def test_a_changed_property_is_told_with_both_values(
    old: str, new: str, element: str, label: str, after: str
) -> None:
    found = changed(DIAGRAM, old, new)

    assert ("changed", element) in told(found)
    (part,) = next(one for one in found if one.element_id == element).parts
    assert (part.label, after in part.after, part.before != part.after) == (label, True, True)


def test_what_has_no_words_of_its_own_is_told_all_the_same() -> None:
    found = changed(DIAGRAM, 'id="check_note"', 'id="check_note" camunda:asyncBefore="true"')

    assert [part.label for one in found for part in one.parts] == ["asyncBefore"]


def test_a_shape_elsewhere_is_moved_and_nothing_else() -> None:
    text = files()[DIAGRAM].decode()
    start = text.index('bpmnElement="check_note"')
    bounds = text[text.index("<dc:Bounds", start) : text.index("/>", text.index("<dc:Bounds", start))]

    found = changed(DIAGRAM, bounds, bounds.replace('x="', 'x="7'))

    assert told(found) == [("moved", "check_note")]


def test_added_and_removed_elements_are_told_from_both_sides() -> None:
    before = files()
    text = before[DIAGRAM].decode()
    start = text.index('<bpmn:endEvent id="note_pressed"')
    end = text.index("</bpmn:endEvent>", start) + len("</bpmn:endEvent>")
    after = {**before, DIAGRAM: (text[:start] + text[end:]).encode()}

    assert ("removed", "note_pressed") in told(compare(before, after))
    assert ("added", "note_pressed") in told(compare(after, before))


def test_a_form_is_compared_field_by_field_and_files_by_name() -> None:
    assert told(changed(FORM, '"label": "核阅意见"', '"label": "意见"')) == [("changed", "check_outcome")]
    before = files()
    without = {name: data for name, data in before.items() if name != FORM}

    assert told(compare(before, without)) == [("removed", "")]


def test_a_default_written_out_is_no_change_of_the_element() -> None:
    before = {"p.bpmn": diagram().start().user("u", each("=people", variable="one")).end().xml()}
    looped = "<bpmn:multiInstanceLoopCharacteristics"
    text = before["p.bpmn"].decode()
    after = {"p.bpmn": text.replace(f'{looped} isSequential="false"', looped).encode()}
    written = {"p.bpmn": after["p.bpmn"].decode().replace(looped, f'{looped} isSequential="false"').encode()}

    assert looped in text
    assert [one.parts[0].label for one in compare(after, written)] == ["排版"]


def test_a_property_of_a_field_is_told_in_words() -> None:
    found = changed(FORM, '"variable": "check_outcome"', '"variable": "other"')

    assert [(part.label, part.before, part.after) for one in found for part in one.parts] == [
        ("属性：流程变量", "check_outcome", "other")
    ]


def test_a_rule_of_a_table_is_told_by_its_id() -> None:
    (dmn,) = [name for name in files() if name.endswith(".dmn")]
    text = files()[dmn].decode()
    rule = text[text.index("<rule") : text.index("</rule>")]
    cell = rule[rule.index("<text>") : rule.index("</text>")]

    found = changed(dmn, rule, rule.replace(cell, "<text>not(1)", 1))

    assert [(one.how, one.kind) for one in found] == [("changed", "规则")]


def test_bytes_that_differ_in_nothing_a_person_sees_are_still_a_difference() -> None:
    found = changed(DIAGRAM, "<bpmn:process ", "<!-- a note --><bpmn:process ")

    assert [(one.how, one.parts[0].label) for one in found] == [("changed", "排版")]
