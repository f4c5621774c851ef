"""Stages, permitted moves and the ribbon."""

from datetime import date
from itertools import pairwise

import pytest

from webapp.domain.errors import NotFound, RuleBroken
from webapp.domain.lifecycle import STAGES, may_move, require_may_begin, require_may_move, ribbon, stage

WAY = (
    "signal", "assessment", "verification", "proposal", "dept_meeting", "committee", "talk", "formalities",
    "tracking", "conclusion", "initiation", "recommendation", "examination", "superior_report", "deliberation",
    "decision", "publicity", "appointment", "probation", "after_reuse", "closed",
)  # fmt: skip


def standings(*args):
    return [(part.zh, part.standing) for part in ribbon(*args)]


def test_a_case_may_walk_the_whole_way_down_and_up():
    for current, following in pairwise(WAY):
        require_may_move(current, following)


@pytest.mark.parametrize(("current", "following"), [
    ("signal", "committee"), ("verification", "committee"), ("proposal", "talk"), ("committee", "formalities"),
    ("tracking", "initiation"), ("tracking", "appointment"), ("decision", "probation"), ("closed", "signal"),
    ("talk", "committee"),
])  # fmt: skip
def test_no_step_is_skipped_and_no_decision_undone(current, following):
    with pytest.raises(RuleBroken) as refused:
        require_may_move(current, following)
    assert stage(current).zh in refused.value.reasons[0].sentence


def test_every_stage_leads_to_known_stages_and_the_end_can_be_reached_from_all():
    for one in STAGES:
        reached, ring = {one.code}, {one.code}
        while ring:
            ring = {code for r in ring for code in stage(r).next} - reached
            reached |= ring
        assert "closed" in reached
    assert not may_move("closed", "closed")


def test_a_case_begins_with_a_signal_or_an_intake_only():
    require_may_begin("signal")
    require_may_begin("measure_intake")
    with pytest.raises(RuleBroken):
        require_may_begin("tracking")
    with pytest.raises(NotFound):
        require_may_begin("nowhere")


def test_the_ribbon_shows_where_a_case_stands_and_since_when():
    entered = {"verification": date(2026, 1, 5), "talk": date(2026, 2, 1), "tracking": date(2026, 2, 2)}
    assert standings("tracking", entered) == [
        ("下", "done"), ("跟踪", "current"), ("回访", "ahead"), ("再上", "ahead"),
    ]  # fmt: skip
    assert standings("tracking", entered, date(2026, 5, 1))[2] == ("回访", "current")
    assert [part.since for part in ribbon("tracking", entered, date(2026, 5, 1))] == [
        date(2026, 1, 5), date(2026, 2, 2), date(2026, 5, 1), None,
    ]  # fmt: skip
    assert standings("publicity", entered)[3] == ("再上", "current")


def test_a_case_closed_early_keeps_what_it_never_reached_ahead():
    assert standings("closed", {"signal": date(2026, 1, 1), "closed": date(2026, 1, 9)}) == [
        ("下", "done"), ("跟踪", "ahead"), ("回访", "ahead"), ("再上", "ahead"),
    ]  # fmt: skip
