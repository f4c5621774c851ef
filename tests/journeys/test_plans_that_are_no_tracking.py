"""A sanction meets a plan of another kind: visits after reinstatement, or mere care, are no tracking (F14)."""

from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_at_the_appointment import talked
from tests.journeys.ways import AWAY, CADRE, MENTOR, RANK_ONLY, to_committee, to_tracking
from webapp.domain.measure_changes import Change
from webapp.persistence.models import cases, tracking
from webapp.services import interruptions, measure_changes
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

Place = tuple[Journey, str]


def punished(journey: Journey) -> str:
    """A new sanction, registered and checked, of which the cadre is not told yet → its case."""
    today = journey.today.isoformat()
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="serious_warning", decided_on=today,
        effective_on=today, tracking_class="C",
    )  # fmt: skip
    journey.settle()
    return case_id


def test_a_sanction_in_the_first_year_opens_a_plan_of_its_own_at_its_talk(on_the_way_up: Place) -> None:
    journey, first = on_the_way_up
    talked(journey, first)
    journey.do(first, "issue_notice", "ganbu1")
    journey.wait(30)
    visited = journey.plan(CADRE)
    assert (visited["case_id"], visited["instance_id"]) == (first, None)

    second = punished(journey)
    assert journey.plan(CADRE) == visited, "nobody learns of it before its talk"
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()

    plan = journey.plan(CADRE)
    assert (plan["case_id"], plan["status"], plan["opened_on"]) == (second, "open", journey.today)
    assert plan["latest_end"] == journey.ends(second)["promotion"][1]
    assert "open_file_discipline" in journey.elements(second)
    before = journey.row(tracking.tracking_plan, id=visited["id"])
    assert (before["status"], before["conclusion"]) == ("closed", "measure_added")
    assert journey.rows(tracking.visit, plan_id=visited["id"], status="planned") == []
    journey.check()


def cared_for(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> str:
    """Adjusted for a cause that is nobody's fault: talked to, appointed, with mere care ahead → the case."""
    do = journey.do

    def through_no_fault(case_id: str, element_id: str, by: str | None = None, **given: object) -> object:
        more = {"cause_kind": "non_personal"} if element_id == "determine" else {}
        return do(case_id, element_id, by, **{**given, **more})

    monkeypatch.setattr(journey, "do", through_no_fault)
    case_id = to_committee(journey)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, case_id)
    assert journey.plan(CADRE)["care"] == "care"
    return case_id


def test_a_sanction_makes_education_of_what_was_mere_care(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cared_for(journey, monkeypatch)

    second = punished(journey)
    assert journey.plan(CADRE)["care"] == "care", "nobody learns of it before its talk"
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()

    assert (journey.plan(CADRE)["case_id"], journey.plan(CADRE)["care"]) == (first, "education")
    journey.check()


def test_a_plan_whose_measure_was_revoked_while_it_rested_goes_on_with_the_next_one(journey: Journey) -> None:
    first = to_tracking(journey)
    head = journey.actor("fubuzhang1")
    interruptions.suspend(journey.begin(), head, case_id=first, reason="等待有关方面答复。")
    measure_id = journey.row(cases.measure, case_id=first)["id"]
    revoked = Change("revoke", "中共星屿市委", "星委〔2024〕9号", journey.today)
    change_id = measure_changes.propose(
        journey.begin(), journey.actor("ganbu1"), measure_id=measure_id, change=revoked, reason="决定撤销。"
    )
    measure_changes.confirm(journey.begin(), head, change_id=change_id)

    second = punished(journey)
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    interruptions.resume(journey.begin(), head, case_id=first)
    journey.settle()

    plan = journey.plan(CADRE)
    assert (plan["status"], plan["latest_end"]) == ("open", journey.ends(second)["promotion"][1])
    journey.check()


def test_a_visit_begun_as_care_is_filed_as_care_though_a_sanction_has_come(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cared_for(journey, monkeypatch)
    journey.do(first, "open_file", tracking_class="A")
    journey.do(first, "make_care_plan", mentor_id=MENTOR)
    journey.do(first, "approve_plan", "fubuzhang1", plan_outcome="approved")
    journey.do(first, "arrange_post")
    journey.do(first, "arrange_measures", "peiyang")
    scenes.live(journey, first, journey.plan(CADRE)["opened_on"] + timedelta(days=95), leave=("sum_up_care",))
    assert "sum_up_care" in journey.elements(first)

    second = punished(journey)
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(second, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    assert journey.plan(CADRE)["care"] == "education"
    journey.do(first, "sum_up_care")

    assert ("care", "held") in {(kind, status) for kind, _, status in journey.visits(first)}
    journey.check()
