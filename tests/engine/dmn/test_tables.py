"""Decision tables: every hit policy, values allowed, defaults, conflicts and traces."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.engine.dmn.models import decision, model, table
from webapp.engine import dmn

BANDS = [("< 10", '"low"', "1"), ("[5..20]", '"middle"', "2"), ("> 15", '"high"', "3")]
ORDER = '"high", "middle", "low"'


def ask(policy: str, x: object, *, rules: object = BANDS, **more: object) -> dmn.DecisionOutcome:
    """The outcome of a table over x with the outputs ``band`` and ``points``."""
    made = table(policy, ["x"], ["band", "points"], rules, **more)  # type: ignore[arg-type]
    return dmn.parse(model(decision("d", made))).decide("d", {"x": x})


def bands(outcome: dmn.DecisionOutcome) -> object:
    """The bands of an outcome, one or many."""
    value = outcome.value
    return [row["band"] for row in value] if isinstance(value, list) else value and value["band"]


@pytest.mark.parametrize(
    ("policy", "x", "expected"),
    [
        ("UNIQUE", 3, "low"),
        ("UNIQUE", 12, "middle"),
        ("UNIQUE", 99, "high"),
        ("FIRST", 7, "low"),
        ("FIRST", 17, "middle"),
        ("PRIORITY", 7, "middle"),
        ("PRIORITY", 17, "high"),
        ("RULE ORDER", 7, ["low", "middle"]),
        ("OUTPUT ORDER", 7, ["middle", "low"]),
        ("OUTPUT ORDER", 17, ["high", "middle"]),
        ("COLLECT", 17, ["middle", "high"]),
        ("COLLECT", 3, ["low"]),
        ("", 3, "low"),
    ],
)
def test_each_hit_policy_chooses_its_rules(policy: str, x: int, expected: object) -> None:
    assert bands(ask(policy, x, values=[ORDER])) == expected


def test_unique_with_two_matches_is_an_error_that_names_the_rules() -> None:
    with pytest.raises(dmn.DecisionError) as caught:
        ask("UNIQUE", 7)

    assert caught.value.rules == ("r1", "r2")
    assert caught.value.decision_id == "d"
    assert "第 1、2 条规则" in caught.value.zh
    assert "rules 1, 2" in caught.value.en


def test_any_accepts_equal_results_and_refuses_different_ones() -> None:
    same = [("> 1", '"a"', "1"), ("> 2", '"a"', "1")]

    assert bands(ask("ANY", 5, rules=same)) == "a"
    with pytest.raises(dmn.DecisionError) as caught:
        ask("ANY", 7)
    assert caught.value.rules == ("r1", "r2")


def test_any_accepts_equal_results_that_are_null() -> None:
    assert ask("ANY", 5, rules=[("> 1", "null", "1"), ("> 2", "-", "1")]).value == {"band": None, "points": 1}


@pytest.mark.parametrize(
    ("aggregation", "expected", "of_nothing"),
    [("SUM", 6, None), ("MIN", 1, None), ("MAX", 3, None), ("COUNT", 3, 0)],
)
def test_collect_can_sum_up(aggregation: str, expected: int, of_nothing: int | None) -> None:
    rules = [("> 0", "1"), ("> 1", "2"), ("> 2", "3")]
    made = table("COLLECT", ["x"], ["y"], rules, extra=f'aggregation="{aggregation}"')
    asked = dmn.parse(model(decision("d", made)))

    assert asked.decide("d", {"x": 9}).value == expected
    assert asked.decide("d", {"x": -9}).value == of_nothing


def test_without_a_match_the_answer_is_null_an_empty_list_or_the_default() -> None:
    assert ask("UNIQUE", -1, rules=BANDS[1:]).value is None
    assert ask("COLLECT", -1, rules=BANDS[1:]).value == []
    assert ask("FIRST", -1, rules=BANDS[1:], defaults=['"none"', "0"]).value == {"band": "none", "points": 0}
    assert ask("RULE ORDER", -1, rules=BANDS[1:], defaults=['"none"']).value == [
        {"band": "none", "points": None}
    ]


def test_a_single_output_is_a_value_and_not_a_context() -> None:
    made = table("UNIQUE", ["x", "y"], ["r"], [("1", "-", "x + y"), ("not(1)", "> 0", '"b"')])
    asked = dmn.parse(model(decision("d", made)))

    assert asked.decide("d", {"x": 1, "y": 5}).value == Decimal(6)
    assert asked.decide("d", {"x": 2, "y": 5}).value == "b"


def test_a_value_outside_the_allowed_ones_is_an_error_that_names_the_column() -> None:
    made = table("UNIQUE", ["x"], ["r"], [("-", "x")], allowed=['"a", "b"'], values=['"a"'])
    asked = dmn.parse(model(decision("d", made)))

    assert asked.decide("d", {"x": "a"}).value == "a"
    with pytest.raises(dmn.DecisionError, match="输入“x”"):
        asked.decide("d", {"x": "z"})
    with pytest.raises(dmn.DecisionError, match="输出“r”") as caught:
        asked.decide("d", {"x": "b"})
    assert caught.value.rules == ("r1",)


def test_an_input_typed_date_reads_iso_texts() -> None:
    rules = [('>= @"2024-01-01"', '"new"'), ('< @"2024-01-01"', '"old"')]
    made = table("UNIQUE", ["day"], ["age"], rules, kinds=["date"])
    asked = dmn.parse(model(decision("d", made)))

    assert asked.decide("d", {"day": "2024-05-01"}).value == "new"
    assert asked.decide("d", {"day": date(2023, 5, 1)}).value == "old"


def test_the_trace_tells_inputs_rules_hit_and_outputs() -> None:
    outcome = ask("COLLECT", 17)
    (trace,) = outcome.traces

    assert (trace.decision_id, trace.name) == ("d", "d")
    assert trace.inputs == {"x": 17}
    assert trace.rules_hit == ("r2", "r3")
    assert trace.outputs == outcome.value


def test_only_the_chosen_rules_are_in_the_trace() -> None:
    assert ask("FIRST", 17).traces[0].rules_hit == ("r2",)
    assert ask("PRIORITY", 17, values=[ORDER]).traces[0].rules_hit == ("r3",)
    assert ask("UNIQUE", 12).traces[0].rules_hit == ("r2",)


def test_cells_see_the_clock_and_the_injected_functions() -> None:
    made = table("UNIQUE", ["today()"], ["r"], [('@"2024-05-01"', "add months(today(), 6)")])
    asked = dmn.parse(model(decision("d", made)))
    outcome = asked.decide(
        "d",
        {},
        now=datetime(2024, 4, 30, 17, tzinfo=UTC),
        functions={"add months": lambda day, months: day.replace(month=day.month + months)},
    )

    assert outcome.value == date(2024, 11, 1)


def test_a_chinese_table_reads_as_it_is_written() -> None:
    rules = [
        ('"警告"', '@"P6M"'),
        ('"记过", "记大过"', '@"P1Y"'),
        ('not("警告", "记过", "记大过")', '@"P2Y"'),
    ]
    made = table("UNIQUE", ["处分.种类"], ["影响期"], rules)
    asked = dmn.parse(model(decision("d", made)))

    values = [asked.decide("d", {"处分": {"种类": kind}}).value.months for kind in ("警告", "记大过", "撤职")]
    assert values == [6, 12, 24]
