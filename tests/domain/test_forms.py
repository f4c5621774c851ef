"""Form fields and answers."""

import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import Invalid
from webapp.domain.forms import fields_of, flat, read, row_name

PERSON = "0190f3a0-0000-7000-8000-000000000001"
OTHER = "0190f3a0-0000-7000-8000-000000000002"


def component(kind, key="a", **more):
    return {"type": kind, "key": key, "label": "事由", **more}


def form(*components):
    return fields_of({"type": "default", "components": list(components)})


def answer(one, written, **kwargs):
    """(value, problem) of a one-field form."""
    fields = form(one)
    posted = {} if written is None else {"a": written}
    answers, problems = read(fields, posted, {f.key for f in flat(fields)}, **kwargs)
    return answers.get("a"), problems.get("a")


def test_a_schema_becomes_fields_and_a_field_is_personal_unless_it_names_a_variable():
    fields = form(
        component("textfield", validate={"required": True, "maxLength": 10}, description="一句话"),
        component("select", "b", values=[{"value": "x", "label": "甲"}], properties={"variable": "outcome"}),
        component("group", "g", components=[component("number", "c", conditional={"hide": '=b = "x"'})]),
        component("datetime", "d", subtype="date", readonly=True),
        component("textfield", "e", properties={"picker": "people"}),
        {"type": "button", "key": "submit", "label": "提交"},
        {"type": "text", "text": "# 说明"},
    )
    by_key = {f.key: f for f in flat(fields)}
    assert by_key["a"].required
    assert by_key["a"].validate.max_length == 10
    assert by_key["a"].personal
    assert not by_key["b"].personal
    assert by_key["b"].variable == "outcome"
    assert by_key["b"].options[0].label == "甲"
    assert by_key["c"].condition == '=b = "x"'
    assert by_key["d"].kind == "date"
    assert by_key["d"].read_only
    assert by_key["e"].kind == "people"
    assert "submit" not in by_key


@pytest.mark.parametrize("one", [
    component("html", content="<script>"),
    component("iframe"),
    component("expression"),
    component("textfield", validate={"pattern": "(a+)+$"}),
    component("select"),
    component("select", valuesExpression="=x"),
    component("textfield", properties={"picker": "secret"}),
    component("datetime", subtype="moon"),
    component("textfield", properties={"format": "custom_regex"}),
    component("number", validate={"min": "abc"}),
    component("number", validate={"max": "NaN"}),
    component("textfield", validate={"maxLength": 1.5}),
    component("dynamiclist"),
    component("dynamiclist", components=[component("dynamiclist", "b", components=[component("number", "c")])]),
    component("dynamiclist", components=[component("number", "b", conditional={"hide": "=true"})]),
])  # fmt: skip
def test_what_is_outside_the_closed_list_is_refused_with_the_components_key(one):
    with pytest.raises(Invalid) as refused:
        form(one)
    assert refused.value.problems


def test_doubled_keys_are_refused():
    with pytest.raises(Invalid):
        form(component("number"), component("group", "g", components=[component("textfield")]))


@pytest.mark.parametrize(("one", "written", "value"), [
    (component("textfield"), "  钟谷雨 ", "钟谷雨"),
    (component("textarea"), "一\r\n二", "一\n二"),
    (component("number"), "12.50", Decimal("12.50")),
    (component("number"), "１２", Decimal(12)),
    (component("number"), "1,200", Decimal(1200)),
    (component("datetime", subtype="date"), "2026-11-22", date(2026, 11, 22)),
    (component("datetime", subtype="date"), "2026年11月2日", date(2026, 11, 2)),
    (component("datetime", subtype="time"), "09:30", time(9, 30)),
    (component("datetime", subtype="datetime"), "2026-11-22T09:30", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
    (component("select", values=[{"value": "x"}]), "x", "x"),
    (component("radio", values=[{"value": "x"}]), "x", "x"),
    (component("checkbox"), "on", True),
    (component("checkbox"), None, False),
    (component("checklist", values=[{"value": "x"}, {"value": "y"}]), ["x", "y", "x"], ["x", "y"]),
    (component("taglist", values=[{"value": "x"}]), "x", ["x"]),
    (component("textfield", properties={"picker": "person"}), PERSON, PERSON),
    (component("taglist", properties={"picker": "people"}), [PERSON, OTHER], [PERSON, OTHER]),
    (component("filepicker"), PERSON, PERSON),
    (component("filepicker", multiple=True), [PERSON], [PERSON]),
    (component("textfield"), "", None),
    (component("number"), None, None),
    (component("textfield", properties={"format": "year_month"}), "1978-05", "1978-05"),
    (component("textfield", properties={"format": "document_no"}), "星组〔2026〕12号", "星组〔2026〕12号"),
    (component("textfield", properties={"format": "id_number"}), "11010519491231002x", "11010519491231002X"),
])  # fmt: skip
def test_each_kind_reads_its_value(one, written, value):
    assert answer(one, written) == (value, None)


@pytest.mark.parametrize(("one", "written"), [
    (component("textfield", validate={"required": True}), "   "),
    (component("textfield", validate={"maxLength": 3}), "一二三四"),
    (component("textfield", validate={"minLength": 3}), "一二"),
    (component("textfield"), "a\u0000b"),
    (component("textfield"), "\ud800"),
    (component("textfield"), ["a", "b"]),
    (component("textfield"), "字" * 501),
    (component("number"), "1e400"),
    (component("number"), "NaN"),
    (component("number"), "Infinity"),
    (component("number"), "0x10"),
    (component("number", decimalDigits=0), "1.5"),
    (component("number", validate={"min": 1}), "0"),
    (component("number", validate={"max": 10}), "11"),
    (component("datetime", subtype="date"), "2026-02-30"),
    (component("datetime", subtype="date"), "0001-01-01"),
    (component("datetime", subtype="date"), "明天"),
    (component("datetime", subtype="time"), "25:00"),
    (component("datetime", subtype="datetime"), "2026-11-22"),
    (component("select", values=[{"value": "x"}]), "y"),
    (component("select", valuesKey="posts"), "anything"),
    (component("checklist", values=[{"value": "x"}]), ["x", "y"]),
    (component("checklist", values=[{"value": "x"}], validate={"required": True}), None),
    (component("checkbox", validate={"required": True}), None),
    (component("checkbox"), "perhaps"),
    (component("textfield", properties={"picker": "person"}), "1 OR 1=1"),
    (component("filepicker"), "../../etc/passwd"),
    (component("textfield", properties={"format": "id_number"}), "110105194912310021"),
    (component("textfield", properties={"format": "email"}), "无"),
])  # fmt: skip
def test_each_kind_refuses_what_does_not_fit_in_a_sentence_that_names_the_field(one, written):
    value, problem = answer(one, written)
    assert value is None or value == []
    assert "事由" in problem


def test_a_list_filled_by_the_server_allows_only_what_the_server_names():
    one = component("select", valuesKey="posts")
    assert answer(one, "p1", choices={"a": {"p1"}}) == ("p1", None)
    picker = component("textfield", properties={"picker": "person"})
    assert answer(picker, OTHER, choices={"a": {PERSON}})[1]


def test_days_past_or_to_come_are_refused_where_the_form_says_so():
    today = date(2026, 11, 22)
    coming = component("datetime", subtype="date", disallowPassedDates=True)
    gone = component("datetime", subtype="date", properties={"not_future": "true"})
    assert answer(coming, "2026-11-21", today=today)[1]
    assert answer(coming, "2026-11-22", today=today)[1] is None
    assert answer(gone, "2026-11-23", today=today)[1]


def test_unknown_hidden_and_read_only_fields_are_refused():
    fields = form(
        component("textfield"), component("textfield", "b"), component("textfield", "c", readonly=True)
    )
    answers, problems = read(fields, {"a": "一", "b": "二", "c": "三", "role": "admin"}, {"a", "c"})
    assert answers == {"a": "一"}
    assert set(problems) == {"b", "c", "role"}


def test_an_empty_hidden_field_is_no_problem_and_no_answer():
    fields = form(component("textfield"), component("textfield", "b", validate={"required": True}))
    assert read(fields, {"a": "一", "b": ""}, {"a"}) == ({"a": "一"}, {})


def test_a_table_reads_row_by_row_and_skips_empty_rows():
    rows = component("dynamiclist", "rows", components=[
        component("textfield", "name", validate={"required": True}), component("number", "months"),
    ])  # fmt: skip
    posted = {
        row_name("rows", 0, "name"): "学习", row_name("rows", 0, "months"): "3",
        row_name("rows", 1, "name"): "", row_name("rows", 1, "months"): "",
        row_name("rows", 2, "name"): "", row_name("rows", 2, "months"): "6",
    }  # fmt: skip
    answers, problems = read(form(rows), posted, {"rows"})
    assert answers["rows"] == [{"name": "学习", "months": Decimal(3)}, {"name": None, "months": Decimal(6)}]
    assert list(problems) == ["rows.2.name"]


def test_a_required_table_wants_a_row_and_a_forged_cell_is_unknown():
    rows = component(
        "table", "rows", validate={"required": True}, components=[component("textfield", "name")]
    )
    _, problems = read(
        form(rows), {"rows.0.salary": "1", "rows.x.name": "2", "rows.99999.name": "3"}, {"rows"}
    )
    assert set(problems) == {"rows", "rows.0.salary", "rows.x.name", "rows.99999.name"}


def test_a_table_has_a_limit_of_rows():
    rows = component("table", "rows", components=[component("textfield", "name")])
    posted = {row_name("rows", n, "name"): "x" for n in range(201)}
    assert "rows" in read(form(rows), posted, {"rows"})[1]


@settings(database=None, deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_whatever_is_posted_gives_a_clean_text_or_a_sentence(written):
    value, problem = answer(component("textfield"), written)
    assert problem is None or problem.endswith("。")
    assert value is None or unicodedata.is_normalized("NFC", value)


@settings(database=None, deadline=None, max_examples=200)
@given(st.text(max_size=12) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_no_text_breaks_the_reading_of_numbers_days_or_times(written):
    for one in (
        component("number"),
        *(component("datetime", subtype=s) for s in ("date", "time", "datetime")),
    ):
        value, problem = answer(one, written)
        assert (value is None) or (problem is None)


@settings(database=None, deadline=None, max_examples=100)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda i: st.lists(i, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "key", "components", "validate", "values", "properties"]), i),
    max_leaves=10,
))  # fmt: skip
def test_no_schema_breaks_the_reading_of_fields(schema):
    found: tuple = ()
    with suppress(Invalid):
        found = fields_of({"components": [schema]} if isinstance(schema, dict) else {"components": schema})

    assert all(field.name for field in found)
