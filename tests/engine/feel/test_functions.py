"""The built-in functions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from webapp.engine import feel

NOW = datetime(2024, 2, 29, 17, 30, tzinfo=UTC)


def value(source: str) -> object:
    """The value of a source, as JSON."""
    return feel.to_json(feel.compile(source).evaluate({}, now=NOW))


CONVERSION = [
    ('number("12.5")', {"$dec": "12.5"}),
    ('number("1 234,5", " ", ",")', {"$dec": "1234.5"}),
    ('number("1,234.5", ",", ".")', {"$dec": "1234.5"}),
    ('number("1.2.3")', None),
    ('number("x")', None),
    ('number("1,2", ",", ",")', None),
    ('number(from: "7")', 7),
    ("string(1.50)", "1.5"),
    ("string(1000)", "1000"),
    ("string(true)", "true"),
    ("string(null)", None),
    ('string([1, "a", null])', '[1, "a", null]'),
    ('string({a: 1, "b c": "x"})', '{a: 1, b c: "x"}'),
    ('string(@"2024-05-01")', "2024-05-01"),
    ('string(@"P14M")', "P1Y2M"),
    ('string(@"PT36H")', "P1DT12H"),
    ("string([1..3))", "[1..3)"),
    ("string(10 ** 30)", "1" + "0" * 30),
]
TEXTS = [
    ('string length("云汀省")', 3),
    ('string length("🐎")', 1),
    ('substring("foobar", 3)', "obar"),
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("foobar", 0)', None),
    ('substring("foobar", 9)', None),
    ('substring(string: "foobar", start position: 4)', "bar"),
    ('upper case("aBc")', "ABC"),
    ('lower case("aBc")', "abc"),
    ('substring before("a=b=c", "=")', "a"),
    ('substring before("abc", "x")', ""),
    ('substring after("a=b=c", "=")', "b=c"),
    ('substring after("abc", "x")', ""),
    ('contains("星屿市委", "市")', True),
    ('starts with("星屿市", "星")', True),
    ('ends with("星屿市", "屿")', False),
    ('contains("a", 1)', None),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('split("a1b22c", "\\d+")', ["a", "b", "c"]),
    ('string join(["a", null, "b"], "、")', "a、b"),
    ('string join(["a", "b"])', "ab"),
    ('string join(["a", 1])', None),
]
PATTERNS = [
    ('matches("foobar", "^fo*b")', True),
    ('matches("foobar", "^bar")', False),
    ('matches("Foo", "foo", "i")', True),
    ('matches("编号2024-001", "\\d{4}-\\d{3}$")', True),
    ('matches("ab", "^(a|b){2}$")', True),
    ('matches("abab", "^(ab)\\1$")', True),
    ('matches("x", "[^a-w]")', True),
    ('matches("e", "[a-z-[aeiou]]")', False),
    ('matches("中", "\\p{L}")', True),
    ('matches("a.b", "a.b", "q")', True),
    ('matches("axb", "a.b", "q")', False),
    ('matches("a\\nb", "a.b")', False),
    ('matches("a\\nb", "a.b", "s")', True),
    ('matches("a\\nb", "^b$", "m")', True),
    ('matches("a", "(")', None),
    ('matches("a", "a", "z")', None),
    ('matches("", "a*?")', True),
    ('matches("aaa", "^a{2}$")', False),
    ('matches("aaa", "^a{2,}$")', True),
    ('matches("aaa", "^a{1,2}$")', False),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('replace("banana", "a", "o")', "bonono"),
    ('replace("banana", "an*?", "x")', "bxnxnx"),
    ('replace("abc", "x*", "-")', None),
    ('replace("a$b", "\\$", "\\$\\$")', "a$$b"),
    ('replace("王小明", "(.)(.+)", "$1某")', "王某"),
]
LISTS = [
    ("count([1, 2, 3])", 3),
    ("count([])", 0),
    ("count(null)", None),
    ("count(7)", 1),
    ("list contains([1, null], null)", True),
    ("list contains([1, 2], 3)", False),
    ("min(3, 1, 2)", 1),
    ('max(["a", "c", "b"])', "c"),
    ("min([])", None),
    ('min([1, "a"])', None),
    ('max([@"2024-01-01", @"2024-06-01"])', "2024-06-01"),
    ("sum([1, 2, 3.5])", {"$dec": "6.5"}),
    ("sum([])", None),
    ('sum([@"P1D", @"P2D"])', "P3D"),
    ('sum(["a", "b"])', None),
    ("mean([1, 2, 3, 4])", {"$dec": "2.5"}),
    ("median(8, 2, 5, 3, 4)", 4),
    ("median([6, 1, 2, 3])", {"$dec": "2.5"}),
    ("mode(6, 3, 9, 6, 6)", [6]),
    ("mode([6, 1, 9, 6, 1])", [1, 6]),
    ("product([2, 3, 4])", 24),
    ("stddev(2, 4, 7, 5)", {"$dec": "2.081665999466132735282297706979931"}),
    ("all([true, true])", True),
    ("all([true, null])", None),
    ("all([false, null])", False),
    ("all([])", True),
    ("any([false, true])", True),
    ("any([false, null])", None),
    ("any([])", False),
    ("sublist([4, 5, 6], 1, 2)", [4, 5]),
    ("sublist([4, 5, 6], -1)", [6]),
    ("sublist([4, 5, 6], 4)", None),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1, 2], [3])", [1, 2, 3]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("insert before([1, 3], 3, 2)", None),
    ("remove([1, 2, 3], 2)", [1, 3]),
    ("remove([1, 2, 3], -1)", [1, 2]),
    ("list replace([2, 4, 7], 3, 6)", [2, 4, 6]),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [5, 5, 7, 8]),
    ("reverse([1, 2, 3])", [3, 2, 1]),
    ("index of([1, 2, 3, 2], 2)", [2, 4]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ("distinct values([1, 2, 1, null, null])", [1, 2, None]),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ('sort([1, "a"])', None),
    ("sort(list: [{a: 2}, {a: 1}], precedes: function(x, y) x.a < y.a).a", [1, 2]),
]
NUMBERS = [
    ("decimal(1/3, 2)", {"$dec": "0.33"}),
    ("decimal(2.5, 0)", 2),
    ("decimal(1.5, 0)", 2),
    ("decimal(1234, -2)", 1200),
    ("floor(-1.5)", -2),
    ("floor(1.56, 1)", {"$dec": "1.5"}),
    ("ceiling(1.2)", 2),
    ("ceiling(-1.56, 1)", {"$dec": "-1.5"}),
    ("round up(5.5, 0)", 6),
    ("round up(-1.1, 0)", -2),
    ("round down(-5.5, 0)", -5),
    ("round half up(2.5, 0)", 3),
    ("round half down(2.5, 0)", 2),
    ("round half up(1.126, 2)", {"$dec": "1.13"}),
    ("abs(-3)", 3),
    ('abs(@"-P1D")', "P1D"),
    ('abs(@"-P1Y")', "P1Y"),
    ("modulo(-12, 5)", 3),
    ("modulo(12, -5)", -3),
    ("modulo(1, 0)", None),
    ("sqrt(16)", 4),
    ("sqrt(-1)", None),
    ("log(0)", None),
    ("decimal(exp(1), 3)", {"$dec": "2.718"}),
    ("odd(5)", True),
    ("odd(-2)", False),
    ("even(4)", True),
    ('even("a")', None),
]
CONTEXTS = [
    ('get value({a: 5}, "a")', 5),
    ('get value({a: 5}, "b")', None),
    ('get value({a: {b: 1}}, ["a", "b"])', 1),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ('context([{key: "a", value: 1}, {key: "b", value: 2}])', {"a": 1, "b": 2}),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
    ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
    ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ("is(1, 1.0)", True),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', True),
    ('is(@"10:00:00", @"10:00:00Z")', False),
]
RANGES = [
    ("before(1, 2)", True),
    ("before([1..5), 5)", True),
    ("before([1..5], 5)", False),
    ("after(6, [1..5])", True),
    ("meets([1..5], [5..9])", True),
    ("meets([1..5), [5..9])", False),
    ("met by([5..9], [1..5])", True),
    ("overlaps([1..5], [3..8])", True),
    ("overlaps([1..3], [4..8])", False),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps after([3..8], [1..5])", True),
    ("finishes(5, [1..5])", True),
    ("finished by([1..5], (3..5])", True),
    ("includes([1..9], 5)", True),
    ("includes([1..9], [2..3])", True),
    ("during([2..3], [1..9])", True),
    ("starts(1, [1..5])", True),
    ("started by([1..9], [1..5])", True),
    ("coincides([1..5], [1..5])", True),
    ("coincides(3, 4)", False),
    ('before(1, "a")', None),
    ('range("[1..3]") = [1..3]', True),
    ('range("[3..1]")', None),
    ("[1..5].start", 1),
    ("(1..5].start included", False),
    ("[1..5].end", 5),
]


@pytest.mark.parametrize(
    ("source", "expected"),
    [*CONVERSION, *TEXTS, *PATTERNS, *LISTS, *NUMBERS, *CONTEXTS, *RANGES],
)
def test_a_built_in_function_answers_as_the_standard_says(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    ["count()", "count(1, 2)", "count(wrong: [1])", "substring(1, 2)", "floor(n: 1, m: 2)", "sort([1], 1)"],
)
def test_a_call_that_fits_no_signature_is_null(source: str) -> None:
    assert value(source) is None


def test_a_list_of_one_is_accepted_where_one_value_is_wanted() -> None:
    assert value('upper case(["a"])') == "A"
    assert value("sum(4)") == 4
