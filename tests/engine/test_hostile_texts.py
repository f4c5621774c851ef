"""Expressions, variables and states made to hurt: each ends in a refusal or a small value, and changes nothing."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
import zstandard

from tests.engine.builder import diagram, each, timer
from tests.engine.play import NOW, Play
from webapp.domain.errors import Refused
from webapp.engine import Complete, Correlate, EngineError, Start, feel, run
from webapp.engine.codec import HEADER

LONG = "x" * 90_000
NAMES = [
    "__class__",
    "__dict__",
    "__globals__",
    "__builtins__",
    "__init__",
    "__reduce__",
    "__subclasses__",
    "mro",
]
OBJECTS = [
    '"t"',
    "1",
    "[1]",
    "{a: 1}",
    "today()",
    '@"P1D"',
    "function(x) x",
    "v",
    "d",
    "null",
    "true",
    "1..2",
]
LOOPS = [
    "for i in 1..100000000 return i",
    "for i in 1..100000000 return 1",
    "for i in 1..1000, j in 1..1000 return 1",
    "for i in 1..100, j in 1..100, k in 1..100 return 1",
    "for i in 1..1e300 return i",
    "for i in -1e30..1e30 return i",
    "some i in 1..100000000 satisfies i < 0",
    "every i in 1..100000000 satisfies true",
    "some i in 1..3000, j in 1..3000 satisfies false",
    "count(for i in 1..100000000 return i)",
    "sum(for i in 1..100000 return for j in 1..100000 return 1)",
    "(1..100000000)[item > 5]",
    "[1..100000000][item > 5]",
    "(for i in 1..9000 return i)[item > (for j in 1..9000 return j)[1]]",
    "for i in 1..60 return partial",
    "flatten(for i in 1..60 return [partial, partial])",
    "concatenate(for i in 1..50 return [partial, partial])",
    "distinct values(for i in 1..5000 return i)",
    "union(for i in 1..5000 return i, for i in 1..5000 return i)",
    "index of(for i in 1..50000 return i, 7)",
    "sort(for i in 1..5000 return -i, function(a, b) a < b)",
    "sort(for i in 1..5000 return -i, function(a, b) true)",
    "list replace(for i in 1..5000 return i, function(a, b) true, 1)",
    "list contains(for i in 1..50000 return i, 5)",
    "reverse(for i in 1..50000 return i)",
    "mode(for i in 1..50000 return i)",
    "median(for i in 1..50000 return i)",
    "stddev(for i in 1..50000 return i)",
    "product(for i in 1..50000 return 9)",
    "string join(for i in 1..5000 return x)",
    "string(for i in 1..50 return [partial, partial])",
    "{a: for i in 1..50 return [partial, partial], b: a = a}.b",
]  # fmt: skip
RECURSION = [
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) f(n + 1) + f(n + 1), r: f(1)}.r",
    "{f: function(n) [f(n)], r: f(1)}.r",
    "{f: function(g) g(g), r: f(f)}.r",
    "{f: function(g) function(h) g(h), r: f(f)(f)}.r",
    "{a: function(n) b(n), b: function(n) a(n), r: a(1)}.r",
    "{f: function(n) if n = 0 then 0 else f(n - 1), r: f(100000)}.r",
    "{f: function(n) for i in 1..n return f(n), r: f(9)}.r",
    "{f: function(n) some i in [n] satisfies f(i), r: f(9)}.r",
    "sort([1, 2], function(a, b) sort([1, 2], function(c, d) a < c) = [])",
]
MEMORY = [
    "10 ** 10 ** 10",
    "9 ** 9 ** 9 ** 9",
    "2 ** 1e9",
    "1e6000 ** 1e6000",
    "1e-6143 ** 9",
    "exp(1e9)",
    'number("9" + "9")',
    "{" + ", ".join(f"v{n}: v{n - 1} + v{n - 1}" for n in range(1, 60)).replace("v0", "x") + "}",
    "{" + ", ".join(f"v{n}: [v{n - 1}, v{n - 1}]" for n in range(1, 60)).replace("v0", "x") + ", r: string(v59)}.r",
    "{" + ", ".join(f"v{n}: [v{n - 1}, v{n - 1}]" for n in range(1, 60)).replace("v0", "x") + ", r: v59 = v59}.r",
    "{" + ", ".join(f"v{n}: [v{n - 1}, v{n - 1}]" for n in range(1, 60)).replace("v0", "x") + "}",
    "string join(for i in 1..2000 return long)",
    "replace(long, \"x\", long)",
    "replace(long, \"(x)\", \"$1$1$1$1$1$1$1$1\")",
    'split(long, "")',
    'split(long, "x")',
    "upper case(long) + long",
    "substring(long, 1, 1e300)",
    "substring(long, -1e300)",
    "append(for i in 1..1000 return long, long)",
    "context merge(for i in 1..20000 return {a: i})",
    'context(for i in 1..20000 return {key: string(i), value: i})',
    'date("999999999-12-31") + duration("P999999999Y")',
    'date("2026-01-01") + duration("P99999999999999999999Y")',
    'duration("P" + long + "D")',
    'date("2026-01-01") - duration("P999999Y")',
    '@"2026-01-01" + @"P9999999D" * 999999',
    "duration(\"PT1S\") * 1e30",
    "duration(\"P1Y\") * 1e30",
    "decimal(1/3, 1e9)",
    "round half up(1.5, 1e9)",
    "floor(1.5, -1e9)",
    'range("[1..1e9]")',
]  # fmt: skip
PATTERNS = [
    f'matches(a40, "{pattern}")'
    for pattern in (
        "(a+)+$b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "(a*)*b", "([a-z]+)*1", "(a?){40}a{40}b", "((a+)+)+b", "^(a+)*$b",
        "(x+x+)+y", "(.|a)*?b", "(a{1,40}){1,40}b", "a{99999999}", "(((((((((a*)*)*)*)*)*)*)*)*)*b",
        "(?=a+)+b", "(?i)(a+)+b",
    )
] + ['replace(a40, "(a+)+b", "x")', 'split(a40, "(a+)+b")', 'matches(a40, "[")', 'matches(a40, a40 + "(")']  # fmt: skip
DEEP = [
    "[" * 5000 + "]" * 5000,
    "(" * 5000 + "1" + ")" * 5000,
    "{a:" * 3000 + "1" + "}" * 3000,
    "if a then " * 3000 + "1" + " else 2" * 3000,
    "not(" * 3000 + "true" + ")" * 3000,
    "-" * 9000 + "1",
    "1" + " + 1" * 9000,
    "a" + ".a" * 9000,
    "a" + "[1]" * 9000,
    "a" + "()" * 9000,
    "x and " * 9000 + "x",
    "function(x) " * 3000 + "x",
    "1 " * 20_000,
    "\u202e1 + 1",
    "1 \x00 + 1",
]
OBJECTS_REACHED = [f'get value({thing}, "{name}")' for thing in OBJECTS[:4] for name in NAMES[:4]]
ATTRIBUTES = [f"({thing}).{name}" for thing in OBJECTS for name in NAMES]
HOSTILE = [*LOOPS, *RECURSION, *MEMORY, *PATTERNS, *DEEP, *OBJECTS_REACHED, *ATTRIBUTES]
CONTEXT: dict[str, Any] = {
    "x": "xxxxxxxx",
    "long": LONG,
    "a40": "a" * 40,
    "v": {"a": 1},
    "a": [1],
    "d": "2026-01-01",
}


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """A hang fails the test instead of the whole run."""

    def stop(*_args: object) -> None:
        raise AssertionError("it does not come to an end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 30)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def weight(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(weight(item) for item in value.values()) + len(value)
    return sum(weight(item) for item in value) + len(value) if isinstance(value, list) else 1


def test_there_are_more_than_a_hundred_of_them() -> None:
    assert len(set(HOSTILE)) > 200


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_expression_is_refused_or_stays_small(number: int) -> None:
    source = HOSTILE[number]
    try:
        found = feel.to_json(feel.compile(source).evaluate(CONTEXT, now=NOW))
    except Refused:
        return

    assert weight(found) <= 1_200_000


@pytest.mark.parametrize("source", [LOOPS[0], RECURSION[0], MEMORY[7], MEMORY[8], PATTERNS[0]])
def test_in_a_diagram_it_is_a_fault_of_the_diagram_and_the_state_stays(source: str) -> None:
    drawings = [
        diagram().start().user("a").xor("g").when(f"={source}").end().at("g").otherwise().to("e"),
        diagram().start().user("a").script("c", f"{{r: {source}}}").end(),
        diagram().start().user("a").wait("w", "duration", f"={source}").end(),
        diagram().start().user("a").user("m", each(f"={source}")).end(),
        diagram().start().user("a").user("m", camunda_assignee=f"={source}").end(),
        diagram().start().user("a").user("b").end().on("b", "t", timer("date", f"={source}")).to("e"),
    ]
    for drawn in drawings:
        play = Play(drawn.parsed())
        play.start(x="xxxxxxxx", a40="a" * 40)
        before = play.state
        with pytest.raises(EngineError) as caught:
            play.complete("a")
        assert caught.value.element_id
        assert play.state == before


NESTED: Any = 1
for _ in range(10_000):
    NESTED = [NESTED]
BAD_VALUES: dict[str, Any] = {
    "ten thousand levels": NESTED,
    "not a number": float("nan"),
    "infinite": float("-inf"),
    "half a character": "\ud800",
    "an object": object(),
    "a number that is none": {"$dec": "NaN"},
    "a number too large to be one": {"$dec": "1e999999999"},
    "a name that is no text": {1: 2},
    "bytes": b"x",
    "a text of ten million": "x" * 10_000_000,
}


@pytest.mark.parametrize("case", BAD_VALUES)
def test_a_variable_that_cannot_be_kept_is_refused_by_every_door(case: str) -> None:
    definition = diagram().start().user("a").hear("h", "note").user("b").end().parsed()
    value = {"v": BAD_VALUES[case]}
    with pytest.raises(EngineError, match=r"variable\."):
        run(None, definition, Start(value), now=NOW, seed="s")
    step = run(None, definition, Start(), now=NOW, seed="s")
    with pytest.raises(EngineError, match=r"variable\."):
        run(step.state, definition, Complete(step.opened[0].id, value), now=NOW, seed="s")
    step = run(step.state, definition, Complete(step.opened[0].id), now=NOW, seed="s")
    with pytest.raises(EngineError, match=r"variable\."):
        run(step.state, definition, Correlate(step.subscriptions[0].id, value), now=NOW, seed="s")


@pytest.mark.parametrize(
    "name",
    [
        "typename",
        "__class__",
        "__builtins__",
        "len",
        "$dec",
        "now",
        "loopCounter",
        "执行",
        "a b",
        "",
        "x" * 999,
    ],
)
def test_a_variable_of_any_name_does_no_harm(name: str) -> None:
    play = Play(diagram().start().user("a").script("c", "{n: 1 + 1}").user("b").end().parsed())
    play.start(**{name: {name: "x", "typename": "y"}})
    play.complete("a", **{name: 1})
    assert play.complete("b").finished


def states() -> Iterator[bytes]:
    good = run(None, diagram().start().user("a").end().parsed(), Start({"n": 1}), now=NOW, seed="s").state
    yield from (b"", b"Z", HEADER, HEADER + b"\x00" * 50, good[:-1], good[:10], good + b"x", good[4:])
    yield from (good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :] for at in range(len(good)))
    pack = zstandard.ZstdCompressor().compress
    for content in (
        b"null", b"[]", b"{}", b"1", b'"x"', b'{"vars": 1}', b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": 1}',
        b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": [[null, 1]]}',
        b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": [[null, [[1, 2]]]]}',
        b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": [["x", []]]}',
        b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": [[null, [["i", "zz", 16, null, null]]]]}',
        b'{"vars": {}, "drawn": 1, "sent": 0, "scopes": [[null, [["i", "a", 16, null, "gone"]]]]}',
        b'{"vars": [], "drawn": "x", "sent": 0, "scopes": []}',
    ):  # fmt: skip
        yield HEADER + pack(content)
    yield HEADER + pack(b"0" * (65 * 1024 * 1024))


STATES = list(states())


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_a_damaged_state_is_told_and_never_taken_for_another(state: bytes) -> None:
    definition = diagram().start().user("a").end().parsed()
    good = run(None, definition, Start({"n": 1}), now=NOW, seed="s")
    try:
        step = run(state, definition, Complete(good.opened[0].id), now=NOW, seed="s")
    except EngineError as error:
        if not error.code.startswith("state."):
            raise
    except Refused:
        return
    else:
        assert step.finished
