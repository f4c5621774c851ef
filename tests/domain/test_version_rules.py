"""A running process under another version 换版: every gate it had before it stays, as strict and as unavoidable."""

from dataclasses import replace

from tests.domain.test_corrections import GATES, LINE, chart, codes
from webapp.domain.corrections import Chart, Gate
from webapp.domain.version_rules import reasons_against_version


def test_under_another_version_every_gate_ahead_is_ahead_and_none_behind_is_new() -> None:
    def against(new: Chart, at: str, **mapping: str) -> list[str]:
        return codes(reasons_against_version(LINE, new, [at], mapping))

    assert against(LINE, "c") == []
    renamed = chart(
        "start a b x c d ballot e", "x a", gates={"b": "decisive", "ballot": "awaited"}, chooses="x"
    )
    assert against(renamed, "c") == ["GATE_LOST"]
    assert against(renamed, "c", vote="ballot") == []
    assert against(chart("start a b x c d vote e", gates={"b": "decisive"}), "c") == ["GATE_LOST"]
    stricter = chart("start a b n c d vote e", gates={**GATES, "n": "signature"})
    assert against(stricter, "c") == ["GATE_ADDED"]
    assert against(stricter, "a") == []
    # A table is reckoned anew in each version.
    assert against(chart("start a b t c d vote e", gates={**GATES, "t": "table"}), "c") == []
    assert against(chart("start a b x c vote d e", "x a", gates=GATES, chooses="x"), "d") == [
        "GATE_LOST",
        "GATE_ADDED",
    ]


def guarded(line: Chart, **guards: str) -> Chart:
    """The same chart, in which elements ask something of who does them: ``what:of``."""
    stations = dict(line.stations)
    for one, asked in guards.items():
        given = frozenset((what, of) for what, _, of in (word.partition(":") for word in asked.split()))
        stations[one] = replace(stations[one], guards=given)
    return Chart(stations, line.follows, line.starts)


def test_no_new_version_leads_around_a_gate_to_what_lies_behind_it() -> None:
    ways = ("start a b reg end", "a refuse end")
    gates: dict[str, Gate] = {"b": "decisive", "reg": "act"}
    old = chart(*ways, gates=gates, chooses="a")

    assert codes(reasons_against_version(old, old, ["a"], {})) == []
    around = chart(*ways, "a n reg", gates=gates, chooses="a")
    assert codes(reasons_against_version(old, around, ["a"], {})) == ["GATE_BYPASSED"]
    # The same act under another name.
    twice = chart(*ways, "a reg2 end", gates=gates | {"reg2": "act"}, chooses="a")
    acting = [
        Chart(
            {
                name: replace(one, act="register_measure" if name.startswith("reg") else "")
                for name, one in found.items()
            },
            line.follows,
            line.starts,
        )
        for line, found in ((old, old.stations), (twice, twice.stations))
    ]
    assert codes(reasons_against_version(acting[0], acting[1], ["a"], {})) == ["GATE_BYPASSED"]


def test_no_new_version_asks_less_of_who_does_a_gate() -> None:
    old = guarded(LINE, b="decisive: apart:a")

    assert (
        codes(reasons_against_version(old, guarded(LINE, b="decisive: apart:a aside:subject"), ["a"], {}))
        == []
    )
    assert codes(reasons_against_version(old, guarded(LINE, b="decisive:"), ["a"], {})) == ["GATE_WEAKER"]
    renamed = chart("start z b x c d vote e", "x z", gates=GATES, chooses="x")
    kept = guarded(renamed, b="decisive: apart:z")
    assert codes(reasons_against_version(old, kept, ["a"], {"a": "z"})) == []


def branching(line: Chart, **ways: str) -> Chart:
    """The same chart, in which branches have conditions: ``target:condition``."""
    stations = dict(line.stations)
    for one, drawn in ways.items():
        given = tuple((target, said) for target, _, said in (word.partition(":") for word in drawn.split()))
        stations[one] = replace(stations[one], ways=given)
    return Chart(stations, line.follows, line.starts)


def test_no_new_version_turns_the_answer_to_a_gate_around() -> None:
    ways = ("start a vote g reg end", "g refuse end")
    gates: dict[str, Gate] = {"vote": "awaited", "reg": "act", "refuse": "act"}
    line = chart(*ways, gates=gates, chooses="g")
    old = branching(line, g="reg:passed refuse:")

    assert codes(reasons_against_version(old, old, ["a"], {})) == []
    turned = branching(line, g="refuse:passed reg:")
    assert codes(reasons_against_version(old, turned, ["a"], {})) == ["CHOICE_CHANGED"]
    wider = branching(line, g="reg:passed_or_not refuse:")
    assert codes(reasons_against_version(old, wider, ["a"], {})) == ["CHOICE_CHANGED"]
    renamed = chart("start a vote h n reg end", "h refuse end", gates=gates, chooses="h")
    kept = branching(renamed, h="n:passed refuse:")
    assert codes(reasons_against_version(old, kept, ["a"], {})) == [], "the same branch under another name"
    assert codes(reasons_against_version(old, turned, ["reg"], {})) == [], "what lies behind is decided"
