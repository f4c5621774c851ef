"""The stored state: the same bytes, small at any age, safe against what people enter, shared specs untouched."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.engine.builder import CATALOGUE, Diagram, diagram, each, timer
from tests.engine.play import NOW, Play
from webapp.engine import Complete, EngineError, Start, bundle_digest, cache, codec, parse, run, variables
from webapp.engine.tokens import Token, name_id

AGES = (10, 2000)


def visits() -> Diagram:
    """Visits without end, each with a reminder beside it and two people in parallel."""
    drawn = diagram().start().xor("again").user("visit").both("split").user("one").both("join").xor("x")
    drawn.when("=more").to("again").at("x").otherwise().end().at("split").user("two").to("join")
    return drawn.on("visit", "t", timer("duration", "P3D"), interrupting=False).service("remind").end("e2")


def one_round(play: Play) -> None:
    play.fire("t")
    play.returned("remind")
    for name in ("visit", "one", "two"):
        play.complete(name, more=True, note="记录")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the tokens made, restored ones included: what a step costs, without a clock."""
    made = [0]
    plain = Token.__init__

    def counting(self: Any, *args: Any, **kwargs: Any) -> None:
        made[0] += 1
        plain(self, *args, **kwargs)

    monkeypatch.setattr(Token, "__init__", counting)
    return made


def test_a_step_costs_the_same_after_two_thousand_rounds(counted: list[int]) -> None:
    play = Play(visits().parsed())
    play.start(more=True)
    sizes, costs = [], []
    for number in range(1, max(AGES) // 5 + 1):
        before = counted[0]
        one_round(play)
        if number in (AGES[0] // 5, AGES[1] // 5):
            costs.append(counted[0] - before)
            assert play.state is not None
            sizes.append(len(codec.unpack(play.state)["scopes"][0][1]))
            assert len(play.state) < 500

    assert sizes[0] == sizes[1]
    assert costs[0] == costs[1]


def test_state_bytes_do_not_grow_over_two_thousand_visits() -> None:
    definition = (
        diagram().start().xor("g").user("visit").xor("x").when("=more").to("g").at("x").otherwise().end()
    )
    parsed = definition.parsed()
    step = run(None, parsed, Start(), now=NOW, seed="s")
    sizes = {}
    for number in range(1, 2001):
        step = run(step.state, parsed, Complete(step.opened[0].id, {"more": True}), now=NOW, seed="s")
        sizes[number] = len(step.state)

    assert abs(sizes[2000] - sizes[10]) <= 12  # digits of the counter, luck of compression


def test_the_same_input_gives_the_same_bytes_in_a_fresh_cache() -> None:
    definition = visits().parsed()
    first = run(None, definition, Start({"more": True}), now=NOW, seed="s")
    cache.forget()
    again = run(None, parse({"p.bpmn": visits().xml()}, CATALOGUE), Start({"more": True}), now=NOW, seed="s")

    assert first == again
    assert run(None, definition, Start({"more": True}), now=NOW, seed="t").opened[0].id != first.opened[0].id


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        run(
            None, visits().parsed(), Start(), now=datetime(2026, 1, 1), seed="s"
        )  # the zone is left out on purpose


def test_ids_are_uuids_and_never_come_twice() -> None:
    play = Play(visits().parsed())
    play.start(more=True)
    seen = set()
    for _ in range(5):
        fresh = set(play.tasks) | set(play.timers)
        assert not fresh & seen
        seen |= fresh
        one_round(play)

    assert all(len(name) == 36 and name[14] == "5" and name == name.lower() for name in seen)
    assert name_id("s", 1) != name_id("s", 2)


def test_neither_clock_nor_chance_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: Any) -> None:
        raise AssertionError("read")

    definition = visits().parsed()
    monkeypatch.setattr("SpiffWorkflow.task.uuid4", forbidden)
    monkeypatch.setattr("time.time", forbidden)

    assert run(None, definition, Start(), now=NOW, seed="s").opened


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1.5, {"$dec": "1.5"}),
        (2.0, 2),
        (2**70, {"$dec": str(2**70)}),
        (Decimal("0.10"), {"$dec": "0.10"}),
        ((1, 2), [1, 2]),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), "2026-01-31T09:00:00Z"),
        ({"typename": "X", "__class__": 1}, {"typename": "X", "__class__": 1}),
        ({"$dec": "1.50"}, {"$dec": "1.50"}),
        (None, None),
    ],
)
def test_variables_are_kept_in_their_json_form(value: object, kept: object) -> None:
    play = Play(diagram().start().user("a").script("s1", "{copy: v}").end().parsed())
    play.start()
    assert play.complete("a", v=value).variables == {"v": kept, "copy": kept}


NESTED: list[Any] = []
for _ in range(100):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "value",
    [
        {1: 2},
        {"$dec": "x"},
        {"$dec": []},
        object(),
        {1, 2},
        float("nan"),
        float("inf"),
        NESTED,
        b"x",
        "\ud800",
    ],
)
def test_a_value_that_could_not_be_read_again_is_refused_at_the_door(value: object) -> None:
    play = Play(diagram().start().user("a").end().parsed())
    play.start()
    before = play.state

    with pytest.raises(EngineError, match=r"variable\.type"):
        play.complete("a", v=value)

    assert play.state == before


@pytest.mark.parametrize("state", [b"", b"junk", b"ZSE\x02rest", b"ZSE\x01rest", codec.HEADER])
def test_bytes_that_are_no_state_are_told(state: bytes) -> None:
    with pytest.raises(EngineError, match=r"state\."):
        variables(state)


def test_a_state_on_a_diagram_without_its_node_is_told() -> None:
    step = run(None, diagram().start().user("a").end().parsed(), Start(), now=NOW, seed="s")

    with pytest.raises(EngineError) as caught:
        run(step.state, diagram().start().user("b").end().parsed(), Complete("x"), now=NOW, seed="s")

    assert (caught.value.element_id, caught.value.code) == ("a", "state.unknown_element")


def test_a_run_leaves_the_shared_specs_untouched() -> None:
    inside = diagram("i").start("is").user("iu", each("=[1, 2]")).end("ie")
    drawn = visits().at("one").sub("sub", inside).end("e3")
    definition = drawn.parsed()
    before = cache.fingerprint(cache.specs_of(definition))
    play = Play(definition)
    play.start(more=True)
    play.fire("t")
    play.returned("remind")
    play.complete("visit")
    play.complete("one")
    play.cancel()

    assert cache.fingerprint(cache.specs_of(definition)) == before
    assert cache.specs_of(definition) is cache.specs_of(definition)


def test_specs_that_were_changed_are_dropped_and_built_anew() -> None:
    definition = diagram().start().user("a").end().parsed()
    spoilt = cache.specs_of(definition)
    spoilt[None].task_specs["a"].lead("extra", spoilt[None].task_specs["e"])

    assert not cache.verify(definition)
    assert cache.specs_of(definition) is not spoilt
    assert cache.verify(definition)


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.forget()
    monkeypatch.setattr(cache, "MOST", 3)
    definitions = [diagram(f"p{number}").start().user("a").end().parsed() for number in range(5)]
    kept = [cache.specs_of(definition) for definition in definitions]

    assert cache.specs_of(definitions[4]) is kept[4]
    assert cache.specs_of(definitions[0]) is not kept[0]


def test_the_digest_tells_any_change_of_any_file() -> None:
    files = {"a.bpmn": b"1", "forms/b.json": b"2"}

    assert bundle_digest(files) == bundle_digest(dict(reversed(files.items())))
    digests = {
        bundle_digest(files),
        bundle_digest({**files, "a.bpmn": b"2"}),
        bundle_digest({"a.bpmn": b"1"}),
        bundle_digest({"a.bpm": b"n1", "forms/b.json": b"2"}),
    }
    assert len(digests) == 4
    assert all(len(digest) == 64 for digest in digests)


def test_a_definition_says_what_comes_next_and_is_not_pickled() -> None:
    drawn = diagram().start().user("a").xor("g").when("=x").user("b").end().at("g").otherwise().to("e")
    definition = drawn.on("a", "t", timer("duration", "P1D")).to("e").parsed()

    assert [node.id for node in definition.next_of("a")] == ["g", "t"]
    assert [node.id for node in definition.next_of("g")] == ["b", "e"]
    assert definition.next_of("e") == ()
    assert definition == drawn.parsed()
    with pytest.raises(TypeError):
        pickle.dumps(definition)
