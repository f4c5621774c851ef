"""What a correction of a process 流程纠正 may move, and what nobody may skip."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from webapp.domain import corrections as rules
from webapp.domain.access import Actor, Grant, system_actor
from webapp.domain.corrections import Chart, Gate, Move, Station
from webapp.domain.errors import NotAllowed, NotFound

DAY = date(2026, 3, 2)
# start → a → b* → x ─┬→ c → d → vote* → e      b decides, vote is awaited; x is answered by b's form.
#                     └→ back to a
GATES: dict[str, Gate] = {"b": "decisive", "vote": "awaited"}


def chart(*ways: str, gates: dict[str, Gate] | None = None, chooses: str = "", joins: str = "") -> Chart:
    follows: dict[str, set[str]] = {}
    for way in ways:
        names = way.split()
        for one in names:
            follows.setdefault(one, set())
        for one, other in pairwise(names):
            follows[one].add(other)
    found = gates or {}
    stations = {
        one: Station(one, one.upper(), found.get(one), one in chooses.split(), one in joins.split())
        for one in follows
    }
    return Chart(stations, follows, ("start",))


LINE = chart("start a b x c d vote e", "x a", gates=GATES, chooses="x")


def nothing(_element: str) -> Collection[str]:
    return ()


def codes(reasons: list[rules.Reason]) -> list[str]:
    return [one.code for one in reasons]


def moved(standing: str, *pairs: str, on: Chart = LINE) -> list[str]:
    moves = [Move(*pair.split()) for pair in pairs]  # type: ignore[arg-type]
    return codes(rules.reasons_against_moves(on, standing.split(), moves))


def test_back_is_every_step_that_all_ways_lead_over() -> None:
    assert rules.reasons_against_return(LINE, "d", "a", nothing) == []
    assert rules.reasons_against_return(LINE, "vote", "c", nothing) == []
    assert codes(rules.reasons_against_return(LINE, "a", "c", nothing)) == ["NOT_BEFORE"]
    assert codes(rules.reasons_against_return(LINE, "d", "d", nothing)) == ["NOT_BEFORE"]
    with pytest.raises(NotFound):
        rules.reasons_against_return(LINE, "d", "nowhere", nothing)


def test_nothing_goes_back_behind_what_is_in_force() -> None:
    reasons = rules.reasons_against_return(LINE, "e", "c", lambda _to: ("d",))
    assert codes(reasons) == ["IN_FORCE"]
    assert "“D”已经办理生效" in reasons[0].sentence
    # What was registered before the step that is done again stays as it is.
    assert rules.reasons_against_return(LINE, "e", "d", lambda _to: ("a",)) == []


def test_no_gate_is_skipped_forwards_and_no_way_chosen_by_hand() -> None:
    assert moved("c", "cancel c", "before d") == []
    assert moved("c", "cancel c", "after c") == []
    assert moved("c", "cancel c", "before e") == ["GATE_SKIPPED"]
    assert moved("vote", "cancel vote", "before e") == ["GATE_SKIPPED"]
    assert moved("vote", "cancel vote", "after vote") == ["GATE_SKIPPED"]
    assert moved("a", "cancel a", "before c") == ["GATE_SKIPPED", "CHOICE_SKIPPED"]
    assert moved("c", "cancel c", "after x") == ["CHOICE_SKIPPED"]
    reasons = rules.reasons_against_skip(LINE, "d", "e")
    assert [one.sentence for one in reasons] == ["“VOTE”须等待会议或有关方面的结果，不能跳过。"]


def test_a_step_is_neither_begun_out_of_nothing_nor_dropped_where_it_is_needed() -> None:
    assert moved("c", "before d") == ["OUT_OF_NOTHING"]
    assert moved("c", "cancel d") == ["NOT_STANDING"]
    assert moved("c", "cancel c") == ["GATE_SKIPPED"]
    assert moved("c", "cancel c", "before c") == []


def test_a_branch_is_dropped_only_where_no_join_waits_for_it() -> None:
    ways = ("start s p j e", "s q j", "s g r j")
    fork = chart(*ways, gates={"g": "decisive"}, joins="j")
    assert moved("p q", "cancel q", on=fork) == ["NEEDED"]
    assert moved("p q", "cancel q", "before q", on=fork) == []
    assert moved("p", "before q", on=fork) == ["OUT_OF_NOTHING"]
    assert moved("p r", "cancel r", "before g", on=fork) == ["GOES_BACK"]
    assert moved("p q", "cancel p", "cancel q", "before e", on=fork) == ["BRANCHES_SKIPPED"]
    # One that takes whatever comes waits for nobody.
    loose = chart(*ways, gates={"g": "decisive"})
    assert moved("p q", "cancel q", on=loose) == []
    assert moved("p g", "cancel g", on=loose) == ["GATE_SKIPPED"]


def test_a_task_is_left_by_an_exception_only_where_its_diagram_draws_one_on_it() -> None:
    assert codes(rules.reasons_against_throwing(LINE, "c", own=True, interrupting=True)) == []
    assert codes(rules.reasons_against_throwing(LINE, "b", own=True, interrupting=True)) == ["GATE_SKIPPED"]
    assert codes(rules.reasons_against_throwing(LINE, "c", own=False, interrupting=True)) == [
        "CAUGHT_OUTSIDE"
    ]
    assert rules.reasons_against_throwing(LINE, "b", own=False, interrupting=False) == []


def actor(role: str, place: str | None) -> Actor:
    return Actor(user_id="u1", person_id="p1", name="x", grants=(Grant(role, place, DAY),))


def test_who_runs_the_installation_proposes_and_only_who_answers_for_the_case_agrees() -> None:
    bodies = {"org_dept": "here"}
    for role in ("system_admin", "process_designer"):
        rules.require_may_propose(actor(role, None), bodies, DAY)
        assert not rules.may_confirm(actor(role, None), bodies, DAY)
    assert rules.may_propose(actor("cadre_supervision", "here"), bodies, DAY)
    assert not rules.may_propose(actor("cadre_supervision", "there"), bodies, DAY)
    assert rules.may_confirm(actor("org_dept_head", "here"), bodies, DAY)
    assert not rules.may_confirm(actor("org_dept_head", "there"), bodies, DAY)
    assert not rules.may_propose(actor("cadre_section", "here"), bodies, DAY)
    stands_in = Grant("org_dept_head", "here", DAY, on_behalf_of="p2")
    assert not rules.may_confirm(replace(actor("cadre_section", "here"), grants=(stands_in,)), bodies, DAY)
    assert rules.may_confirm(actor("org_dept_head", "there"), None, DAY)
    with pytest.raises(NotAllowed, match="系统不能办理"):
        rules.require_may_propose(system_actor("job"), bodies, DAY)
