"""A sanction meets a plan of another kind: visits after reinstatement, or mere care, are no tracking (F14)."""

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_at_the_appointment import talked
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, to_committee, to_tracking
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


def test_a_sanction_makes_education_of_what_was_mere_care(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    do = journey.do
    monkeypatch.setattr(
        journey,
        "do",
        lambda case_id, element_id, by=None, **given: do(
            case_id,
            element_id,
            by,
            **({**given, "cause_kind": "non_personal"} if element_id == "determine" else given),
        ),
    )
    first = to_committee(journey)
    journey.meet("committee", first)
    scenes.decide(journey, first, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, first)
    assert journey.plan(CADRE)["care"] == "care"

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
