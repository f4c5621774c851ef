"""A new measure on a cadre who is tracked already: nothing of it reaches anybody before its own talk."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, MENTOR, to_tracking
from webapp import engine as bpmn
from webapp.domain.errors import RuleBroken
from webapp.domain.measure_changes import Change
from webapp.persistence.models import cases, tracking
from webapp.queries import mine, plans
from webapp.services import interruptions, measure_changes, reads, recounting
from webapp.services.demo import scenes

PAPER = ("中共星屿市纪委", "星纪复〔2024〕9号")


def seen(journey: Journey, case_id: str) -> tuple[Any, ...]:
    """What the unit head and the helper read on the plan's page, and the cadre on the own one."""
    found: list[Any] = []
    with reads.begin(journey.office) as look:
        for actor in (journey.actor("fgj1"), journey.member(MENTOR)):
            view = plans.show(look, actor, journey.plan(CADRE)["id"], day=journey.today)
            visits = [(one.kind, one.due_on, one.state) for one in view.visits]
            found += [view.tracking_class, view.measures, view.periods, visits, len(view.changes)]
        found.append(mine.help_for(look, [case_id], journey.today))
    return tuple(found)


def punished(journey: Journey) -> str:
    """A sanction decided today, by the second door, of which the cadre is not told yet."""
    today = journey.today.isoformat()
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="serious_warning", decided_on=today,
        effective_on=today, tracking_class="C",
    )  # fmt: skip
    journey.settle()
    return case_id


def test_a_second_measure_joins_the_plan_at_its_talk_and_nobody_learns_of_it_before(journey: Journey) -> None:
    first = to_tracking(journey)
    before = seen(journey, first)
    plan = journey.plan(CADRE)

    second = punished(journey)

    assert journey.case(second)["talked_on"] is None
    assert seen(journey, first) == before
    assert journey.plan(CADRE) == plan

    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    joined = journey.plan(CADRE)
    assert joined["id"] == plan["id"]
    assert joined["tracking_class"] == "C"
    assert joined["latest_end"] == journey.ends(second)["promotion"][1]
    assert seen(journey, first) != before
    journey.check()


def test_a_measure_changed_before_its_talk_leaves_the_plan_of_the_other_case_alone(journey: Journey) -> None:
    first = to_tracking(journey)
    before, plan = seen(journey, first), journey.plan(CADRE)
    second = punished(journey)
    measure_id = journey.row(cases.measure, case_id=second)["id"]

    change_id = measure_changes.propose(
        journey.begin(), journey.actor("shenli"), measure_id=measure_id, reason="决定已被撤销。",
        change=Change("revoke", *PAPER, journey.today),
    )  # fmt: skip
    measure_changes.confirm(journey.begin(), journey.actor("jiwei"), change_id=change_id)
    journey.settle()
    assert seen(journey, first) == before

    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    assert journey.plan(CADRE) == plan, "what was revoked before its talk never joins"
    journey.check()


def planned(journey: Journey) -> tuple[Any, ...]:
    """The end, the class and the visits of the plan, as unit, helper and cadre go by them."""
    plan = journey.plan(CADRE)
    rows = journey.rows(tracking.visit, plan_id=plan["id"], order=("due_on", "id"))
    visits = [(row["kind"], row["due_on"]) for row in rows if row["status"] in ("planned", "started")]
    return plan["latest_end"], plan["tracking_class"], visits


def test_a_slip_corrected_in_the_first_measure_tells_nothing_of_the_second(journey: Journey) -> None:
    first = to_tracking(journey)
    second = punished(journey)
    before = planned(journey)
    measure = journey.row(cases.measure, case_id=first)
    registered = recounting.standing_of(measure).registered
    new = replace(registered, document_no="星组〔2024〕12号")

    change_id = measure_changes.propose(
        journey.begin(), journey.actor("ganbu1"), measure_id=measure["id"], reason="文号笔误。",
        change=Change("correct", registered.organ or "市委组织部", "星组〔2024〕13号", journey.today, new),
    )  # fmt: skip
    measure_changes.confirm(journey.begin(), journey.actor("jiandu1"), change_id=change_id)
    journey.settle()

    assert journey.case(second)["talked_on"] is None
    assert planned(journey) == before
    journey.check()


def test_a_plan_made_after_an_untold_decision_rests_on_the_told_one(journey: Journey) -> None:
    today = journey.today.isoformat()
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="admin", kind="warning", decided_on=today, effective_on=today,
        tracking_class="A",
    )  # fmt: skip
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(case_id, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    second = punished(journey)

    scenes.set_up_tracking(journey, case_id, mentor=MENTOR)
    journey.settle()

    own_end = journey.ends(case_id)["promotion"][1]
    end, _, visits = planned(journey)
    assert (end, own_end) == (own_end, date(2024, 9, 1))
    assert max(due_on for _, due_on in visits) <= own_end
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    assert planned(journey)[0] == journey.ends(second)["promotion"][1]
    journey.check()


def test_the_evaluation_reads_nothing_untold_into_the_plan(journey: Journey) -> None:
    first = to_tracking(journey)
    scenes.live(journey, first, date(2025, 2, 10))
    punished(journey)
    before = planned(journey)

    journey.do(first, "evaluate_by_unit", unit_grade="good")
    journey.do(first, "check_new_clues", "jiwei", new_clue="none")
    journey.do(first, "evaluate", "ganbu1", proposed_conclusion="recommended")
    journey.settle()

    assert planned(journey) == before
    journey.check()


def test_the_units_annual_summary_knows_the_told_measure_alone(journey: Journey) -> None:
    first = to_tracking(journey)
    scenes.live(journey, first, date(2024, 11, 20))
    punished(journey)
    scenes.live(journey, first, date(2024, 12, 20), leave=("write_annual_summary",))

    known = bpmn.variables(journey.instance(first, "p02a_periodic_note")["state"])

    assert (known["note"]["track"], known["note"]["kind"]) == ("up_down", "convert_to_rank_only")


def test_the_next_visit_stays_with_the_organ_of_the_told_measure(journey: Journey) -> None:
    first = to_tracking(journey)
    punished(journey)
    scenes.live(journey, first, date(2024, 6, 20), leave=("prepare_visit", "prepare_visit_discipline"))

    assert "prepare_visit_discipline" not in journey.elements(first)
    assert "prepare_visit" in journey.elements(first)


def test_a_decision_that_waits_for_its_talk_does_not_end_with_its_case(journey: Journey) -> None:
    to_tracking(journey)
    second = punished(journey)

    with pytest.raises(RuleBroken) as refused:
        interruptions.end(
            journey.begin(), journey.actor("fubuzhang1"), case_id=second, cause="other", reason="不再办理。"
        )

    assert [one.code for one in refused.value.reasons] == ["TALK_OWED"]
    assert "announce" in journey.elements(second)
