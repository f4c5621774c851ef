"""What the signs, words and shapes of the language mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from webapp.engine import feel

NOW = datetime(2024, 2, 29, 17, 30, tzinfo=UTC)
CONTEXT = {
    "x": 3,
    "half": 0.5,
    "name": "林一舟",
    "nothing": None,
    "yes": True,
    "day": date(2024, 1, 31),
    "干部": {"姓名": "林一舟", "处分": [{"种类": "警告", "月": 6}, {"种类": "记过", "月": 12}]},
    "scores": [70, 85, 90],
}


def value(source: str) -> object:
    """The value of a source in the context above, numbers as Python shows them."""
    return feel.to_json(feel.compile(source).evaluate(CONTEXT, now=NOW))


ARITHMETIC = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 2 - 3", 5),
    ("2 ** 3", 8),
    ("-2 ** 2", 4),
    ("2 ** -1", {"$dec": "0.5"}),
    ("7 / 2", {"$dec": "3.5"}),
    ("0.1 + 0.2", {"$dec": "0.3"}),
    ("half + half", 1),
    ("1 / 0", None),
    ("--3", 3),
    ("1e3 + .5", {"$dec": "1000.5"}),
    ('"a" + "b"', "ab"),
    ('"a" + 1', None),
    ("1 + null", None),
    ("1 + true", None),
    ("x - -x", 6),
    ('-"a"', None),
]
COMPARISON = [
    ("1 < 2", True),
    ("2 <= 2", True),
    ("3 > 4", False),
    ("3 >= 4", False),
    ("1 = 1.0", True),
    ("1 != 2", True),
    ('1 = "1"', None),
    ("null = null", True),
    ("null != 1", True),
    ("null < 1", None),
    ('"a" < "b"', True),
    ("true = false", False),
    ("[1, 2] = [1, 2]", True),
    ("[1, 2] = [2, 1]", False),
    ("{a: 1} = {a: 1.0}", True),
    ("{a: 1} = {b: 1}", False),
    ("true < false", None),
    ("x between 1 and 3", True),
    ("x between 4 and 9", False),
    ('x between "a" and 9', None),
    ("nothing between 1 and 2", None),
]
LOGIC = [
    ("true and true", True),
    ("true and null", None),
    ("false and null", False),
    ("null and false", False),
    ("true or null", True),
    ("false or null", None),
    ("false or false", False),
    ('true and "x"', None),
    ('"x" or true', True),
    ("not(true)", False),
    ("not(null)", None),
    ("yes and x > 2 and x < 4", True),
    ("if x > 2 then 1 else 2", 1),
    ("if null then 1 else 2", 2),
    ("if 1 then 1 else 2", 2),
    ("if yes then if x = 3 then 7 else 8 else 9", 7),
]
MEMBERSHIP = [
    ("x in [1..5]", True),
    ("x in (3..5]", False),
    ("x in ]3..5]", False),
    ("x in [1..3[", False),
    ("x in [1..3)", False),
    ("x in (1, 2, 3)", True),
    ("x in (1, > 2)", True),
    ("x in < 3", False),
    ("x in [1, 2]", False),
    ("x in ([7..9], [2..4])", True),
    ('name in ("林一舟", "周二")', True),
    ("nothing in (null)", True),
    ('day in [@"2024-01-01"..@"2024-12-31"]', True),
    ("x in (not_known)", False),
    ("[1..3] = [1..3]", True),
    ("[1..3] = [1..3)", False),
]
LISTS = [
    ("[1, 2, 3]", [1, 2, 3]),
    ("scores[1]", 70),
    ("scores[-1]", 90),
    ("scores[4]", None),
    ("scores[0]", None),
    ("scores[item > 80]", [85, 90]),
    ("scores[item > 99]", []),
    ("scores[x]", 90),
    ("7[1]", 7),
    ("7[item > 9]", []),
    ("null[1]", None),
    ("干部.处分[月 > 6].种类", ["记过"]),
    ("干部.处分.月", [6, 12]),
    ('干部.处分[item.种类 = "警告"][1].月', 6),
    ("干部.没有", None),
    ("nothing.a.b", None),
    ("for i in [1, 2, 3] return i * i", [1, 4, 9]),
    ("for i in 1..3 return i", [1, 2, 3]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in 1..2, j in [10, 20] return i + j", [11, 21, 12, 22]),
    ("for i in 1..2, j in 1..i return j", [1, 1, 2]),
    ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3]),
    ("for i in [1..3) return i", [1, 2]),
    ('for d in @"2024-02-28"..@"2024-03-01" return d.day', [28, 29, 1]),
    ("for i in null return i", None),
    ("some s in scores satisfies s > 85", True),
    ("some s in scores satisfies s > 95", False),
    ("every s in scores satisfies s > 60", True),
    ("every s in scores satisfies s > 70", False),
    ("every s in [] satisfies false", True),
    ("some s in [] satisfies true", False),
    ("some s in [null] satisfies s", None),
    ("some a in [1, 2], b in [2, 3] satisfies a = b", True),
]
SHAPES = [
    ("{a: 1, b: a + 1}", {"a": 1, "b": 2}),
    ("{a: 1, b: a + 1}.b", 2),
    ('{"甲 乙": 1}.甲 乙', 1),
    ("{monthly income: 5, year: monthly income * 12}.year", 60),
    ("{a: {b: {c: 3}}}.a.b.c", 3),
    ("{a: 1, a: 2}", None),
    ("{}", {}),
    ("(function(a, b) a - b)(5, 3)", 2),
    ("(function(a, b) a - b)(b: 5, a: 3)", -2),
    ("(function(a) a)(1, 2)", None),
    ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r", 120),
    ('{add: function(a: number) a + 1, r: add("x")}.r', None),
    ("{k: 10, f: function(a) a + k, r: f(1)}.r", 11),
    ("x(1)", None),
    ("unknown", None),
    ("unknown(1)", None),
    ("1 /* eins */ + 2 // zwei", 3),
    ('"a\\tb\\u4e2d\\"\\\\"', 'a\tb中"\\'),
    ('"\\d"', "\\d"),
]
KINDS = [
    ("1 instance of number", True),
    ('"a" instance of string', True),
    ("1 instance of string", False),
    ("true instance of boolean", True),
    ("null instance of number", False),
    ("null instance of Null", True),
    ("1 instance of Any", True),
    ("day instance of date", True),
    ('@"2024-01-01T10:00:00" instance of date and time', True),
    ('@"10:00:00" instance of time', True),
    ('@"P1D" instance of days and time duration', True),
    ('@"P1M" instance of years and months duration', True),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ("{a: 1} instance of context<a: number>", True),
    ("{a: 1} instance of context<a: number, b: number>", False),
    ("[1..2] instance of range<number>", True),
    ("(function(a) a) instance of function<Any> -> Any", True),
    ("1 instance of nonsense", None),
]


@pytest.mark.parametrize(
    ("source", "expected"), [*ARITHMETIC, *COMPARISON, *LOGIC, *MEMBERSHIP, *LISTS, *SHAPES, *KINDS]
)
def test_an_expression_has_the_value_the_standard_gives_it(source: str, expected: object) -> None:
    assert value(source) == expected


def test_a_boolean_is_no_number() -> None:
    assert value("true = 1") is None
    assert value("[true] = [1]") is None


def test_numbers_keep_34_digits_and_round_half_even() -> None:
    third = feel.compile("1 / 3").evaluate({})

    assert third == Decimal("0." + "3" * 34)


def test_free_names_are_known_without_evaluating() -> None:
    expression = feel.compile(
        "a.b > 1 and count(list[status = limit]) > {k: 1, m: k}.m and (for i in c return i + d)[1] = 1"
    )

    assert expression.names == {"a", "list", "c", "d"}
    assert expression.filter_names == {"status", "limit"}


def test_names_of_several_words_are_found_when_announced() -> None:
    context = {"monthly income": 100, "in-house": 2, "in": 5, "house": 3}
    names = ("monthly income", "in-house")

    assert feel.compile("monthly  income * 2", names=names).evaluate(context) == 200
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile("monthly income * 2")


def test_an_announced_name_with_a_minus_does_not_swallow_a_subtraction() -> None:
    table = feel.known_names(["a-b"])

    assert feel.compile("a-b", names=table).evaluate({"a-b": 1, "a": 7, "b": 5}) == 1
    assert feel.compile("a - b", names=table).evaluate({"a-b": 1, "a": 7, "b": 5}) == 2


def test_a_variable_may_bear_the_name_of_a_built_in_function() -> None:
    assert feel.compile('date("2024-05-01")').evaluate({"date": "2020-01-01"}) == date(2024, 5, 1)
    assert feel.compile("count + count([1, 2])").evaluate({"count": 5}) == 7


def test_injected_functions_are_called_by_their_long_names_with_whole_numbers_as_int() -> None:
    seen: list[object] = []

    def add_working_days(day: date, days: int) -> date:
        seen.append(days)
        return day + timedelta(days=days)

    functions = {"add working days": add_working_days}
    positional = feel.compile('add working days(@"2024-05-01", 3)')
    named = feel.compile('add working days(day: @"2024-05-01", days: 4)')

    assert positional.names == frozenset()
    assert positional.evaluate({}, functions=functions) == date(2024, 5, 4)
    assert named.evaluate({}, functions=functions) == date(2024, 5, 5)
    assert [type(days) for days in seen] == [int, int]
    assert feel.compile("add working days(1)").evaluate({}, functions=functions) is None
    assert positional.evaluate({}) is None


@pytest.mark.parametrize("name", feel.DOMAIN_NAMES)
def test_every_domain_function_is_one_name(name: str) -> None:
    assert feel.compile(f"{name}()").evaluate({}, functions={name: lambda: 42}) == 42


def test_incoming_python_values_become_values_of_the_language() -> None:
    context = {
        "i": 1,
        "f": 1.5,
        "t": (1, 2),
        "o": object(),
        "d": {"a": [1.25, {"b": None}]},
        "inf": float("inf"),
    }

    def read(source: str) -> object:
        return feel.compile(source).evaluate(context)

    assert read("i + f") == Decimal("2.5")
    assert read("t[2]") == 2
    assert read("o") is None
    assert read("inf") is None
    assert read("d.a[1]") == Decimal("1.25")
    assert read("d.a[2].b") is None


def test_an_iso_text_stays_a_text() -> None:
    assert feel.compile("d instance of string").evaluate({"d": "2024-05-01"}) is True
    assert feel.compile("date(d).month").evaluate({"d": "2024-05-01"}) == 5


def test_a_compiled_expression_can_be_used_again_with_another_context() -> None:
    expression = feel.compile("count(a[item > n])")

    assert expression.evaluate({"a": [1, 2, 3], "n": 1}) == 2
    assert expression.evaluate({"a": [1, 2, 3], "n": 0}) == 3
