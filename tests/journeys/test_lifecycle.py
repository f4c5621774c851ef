"""下 → 跟踪 → 回访 → 再上 through the services, by different people, under a clock that is moved on."""

from datetime import date, timedelta

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, MENTOR, OTHER, RANK_ONLY, to_committee, to_tracking, to_way_up
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import cases as case_verbs
from webapp.services import meetings, messages
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post


def committee_with_two_items(journey: Journey, own_screen: str, by_recorder: str) -> None:
    """One meeting of eleven: one item voted on own screens with a recusal, one entered by the recorder."""
    meeting_id, items = journey.call("committee", [own_screen, by_recorder])
    journey.attend(meeting_id)
    recorder, members = journey.actor("shiweiban"), journey.members(meeting_id)
    assert len(members) == 11
    assert len(items) == 2
    first, second = journey.item(own_screen)["id"], journey.item(by_recorder)["id"]
    meetings.recuse(journey.begin(), recorder, item_id=first, person_id=members[0], reason="亲属")
    meetings.start_vote(journey.begin(), recorder, item_id=first)
    for number, member in enumerate(members[1:]):
        journey.vote(first, member, "disagree" if number == 0 else "agree")
    assert meetings.decide(journey.begin(), recorder, item_id=first) == "passed"
    meetings.start_vote(journey.begin(), recorder, item_id=second)
    assert meetings.record(journey.begin(), recorder, item_id=second, counts={"agree": 11}) == "passed"
    meetings.close(journey.begin(), recorder, meeting_id=meeting_id)
    messages.deliver_all(journey.office)


def publish_and_appoint(journey: Journey, case_id: str) -> None:
    """Five working days of publicity, nothing before they are over, then a post on probation for a year."""
    decided_on = journey.today
    journey.do(case_id, "draft_notice", "ganbu1", publicity_from=journey.today + timedelta(days=1))
    publicity = journey.row(cases.publicity, case_id=case_id)
    assert (publicity["working_days"], publicity["kind"]) == (5, "promotion")
    journey.until(publicity["ends_on"])
    assert journey.elements(case_id) == set()
    journey.until(publicity["closes_on"])
    scenes.appoint(journey, case_id)
    held = journey.in_office(CADRE)
    assert (held["post_id"], held["manner"]) == (post("jyj:deputy"), "probation")
    assert held["probation_ends_on"] == date(
        decided_on.year + 1, decided_on.month, decided_on.day
    ) - timedelta(days=1)
    assert (
        journey.case(case_id)["unit_id"] == journey.row(people.post, id=post("jyj:deputy"))["organisation_id"]
    )


def pass_probation(journey: Journey, case_id: str) -> None:
    """Appraised before the end, decided by the committee, confirmed on the day after the last one."""
    held = journey.in_office(CADRE)
    scenes.live(journey, case_id, held["probation_ends_on"] - timedelta(days=25))
    journey.do(case_id, "appraise_probation", "ganbu1", probation_outcome="pass")
    journey.meet("committee", case_id)
    assert journey.in_office(CADRE)["confirmed_on"] is None
    scenes.live(journey, case_id, held["valid_from"] + timedelta(days=370))
    assert journey.in_office(CADRE)["confirmed_on"] == held["probation_ends_on"] + timedelta(days=1)


def test_a_cadre_goes_down_is_followed_and_comes_up_again_on_probation(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id, beside = to_committee(journey, CADRE), to_committee(journey, OTHER, post_code="jyj:rank")
    assert journey.case(case_id)["stage"] == "committee_decision"

    committee_with_two_items(journey, case_id, beside)
    tally = journey.item(case_id)
    assert (tally["entitled"], tally["present"], tally["recused"]) == (11, 11, 1)
    assert (tally["agree"], tally["disagree"], tally["result"]) == (9, 1, "passed")

    # Entered two days later, counted from the day of the decision.
    journey.wait(2)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    assert journey.ends(case_id) == {"promotion": (date(2024, 3, 4), date(2025, 3, 3))}
    plan = journey.plan(CADRE)
    assert (plan["opened_on"], plan["released_on"], plan["status"]) == (date(2024, 3, 4), None, "open")
    assert journey.elements(case_id) == {"talk"}

    scenes.talk_and_appoint(journey, case_id)
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR)
    assert journey.plan(CADRE)["released_on"] == date(2024, 3, 6)
    assert journey.in_office(CADRE)["post_id"] == post(AWAY)
    assert journey.visits(case_id) == [
        ("first", date(2024, 6, 4), "planned"),
        ("pre_expiry", date(2025, 2, 1), "planned"),
    ]

    # The first visit's record is checked by the cadre at the own screen, later ones on paper.
    online = {"hold_visit": {**scenes.HELD, "signing": "online"}}
    scenes.live(journey, case_id, date(2024, 7, 1), answers=online)
    scenes.live(journey, case_id, date(2025, 2, 10))
    assert [status for _, _, status in journey.visits(case_id)] == ["held", "held"]
    assert journey.elements(case_id) == {"evaluate_by_unit", "check_new_clues"}
    scenes.conclude(journey, case_id, date(2025, 3, 4))
    assert (journey.plan(CADRE)["status"], journey.plan(CADRE)["conclusion"]) == ("closed", "recommended")

    scenes.initiate(journey, case_id, branch="promotion", post_id=post("jyj:deputy"))
    scenes.examine(journey, case_id, branch="promotion")
    scenes.decide_way_up(journey, case_id)
    publish_and_appoint(journey, case_id)
    pass_probation(journey, case_id)
    journey.do(case_id, "review_reuse", "ganbu1")

    done = journey.case(case_id)
    assert (done["status"], done["outcome"], done["stage"]) == ("closed", "reinstated", "closed")
    assert [kind for kind, _, status in journey.visits(case_id) if status == "held"].count("after_reuse") == 2
    assert journey.plan(CADRE)["status"] == "closed"
    journey.settle()
    assert journey.elements(case_id) == set()
    assert journey.events(case_id)[0] == "case_opened"
    journey.check()


def test_a_cadre_moved_sideways_comes_back_at_the_same_level_without_publicity_or_probation(
    journey: Journey,
) -> None:
    case_id = to_way_up(
        journey, OTHER, mentor=person("沈惊蛰"), post_code="fgj:deputy", manner="lateral_transfer"
    )

    scenes.initiate(journey, case_id, branch="same_level", post_id=post("wlj:deputy"))
    scenes.examine(journey, case_id, branch="same_level")
    scenes.decide_way_up(journey, case_id)
    scenes.appoint(journey, case_id)
    held = journey.in_office(OTHER)
    assert (held["post_id"], held["manner"], held["probation_ends_on"]) == (
        post("wlj:deputy"),
        "reinstatement",
        None,
    )
    scenes.live(journey, case_id, held["valid_from"] + timedelta(days=370))
    journey.do(case_id, "review_reuse", "ganbu1")

    assert journey.case(case_id)["outcome"] == "reinstated"
    assert journey.rows(cases.publicity, case_id=case_id) == []
    journey.settle()
    journey.check()


def test_tracking_that_ends_without_a_recommendation_closes_the_case_and_calls_off_what_is_in_hand(
    journey: Journey,
) -> None:
    case_id = to_tracking(journey, CADRE, mentor=MENTOR)
    scenes.live(journey, case_id, date(2025, 2, 10), leave=["write_annual_summary", "press_for_note"])
    assert {"write_annual_summary", "press_for_note"} <= journey.elements(case_id)
    journey.do(case_id, "evaluate_by_unit", unit_grade="good")
    journey.do(case_id, "check_new_clues", "jiwei", new_clue="none")
    journey.do(case_id, "evaluate", "ganbu1")
    journey.until(date(2025, 3, 4))

    journey.do(case_id, "conclude", "changwei03", conclusion="closed")
    journey.settle()

    assert journey.case(case_id)["outcome"] == "tracking_closed"
    assert journey.elements(case_id) == set()
    assert journey.rows(runtime.job, case_id=case_id, status="due") == []
    journey.check()


def test_a_decision_entered_late_is_known_to_the_unit_at_once_and_tracked_from_today(
    journey: Journey,
) -> None:
    case_id = scenes.take_in(
        journey, CADRE, late_entry="yes", track="admin", kind="demerit", decided_on="2023-11-20",
        effective_on="2023-11-20", tracking_class="A",
    )  # fmt: skip

    assert journey.ends(case_id) == {"promotion": (date(2023, 11, 20), date(2024, 11, 19))}
    assert journey.plan(CADRE)["opened_on"] == date(2024, 3, 4)
    assert journey.elements(case_id) == {"record_past_execution"}
    unit = journey.actor("fgj1")
    with journey.begin() as work:
        assert case_verbs.take_case(work, unit, case_id).talked_on is None
    journey.do(case_id, "record_past_execution", "jiandu1", talked_on="2023-11-22")
    assert journey.case(case_id)["talked_on"] == date(2023, 11, 22)
    assert journey.elements(case_id) == {"open_file_discipline"}
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR)
    assert {kind for kind, _, _ in journey.visits(case_id)} == {"first", "pre_expiry"}
    scenes.live(journey, case_id, date(2024, 6, 20))
    assert journey.visits(case_id)[0][2] == "held"
    journey.check()


def test_a_new_decision_is_announced_executed_and_reported(journey: Journey) -> None:
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="serious_warning", decided_on="2024-03-01",
        effective_on="2024-03-01", tracking_class="B",
    )  # fmt: skip
    assert journey.elements(case_id) == {"announce", "execution_formalities"}

    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(case_id, "announce", "shenli", talkers=talkers, talk_signed="signed")
    assert "open_file_discipline" in journey.elements(case_id)
    journey.do(case_id, "execution_formalities", "ganbu1", post_changed="no", extended="no")
    journey.do(case_id, "report_execution", "jiandu1")

    assert journey.ends(case_id) == {"promotion": (date(2024, 3, 1), date(2025, 8, 31))}
    assert journey.instance(case_id, "p06_sanction_intake")["status"] == "finished"
    journey.check()


def test_an_open_end_is_fixed_when_rights_are_restored_and_the_visits_follow(journey: Journey) -> None:
    case_id = scenes.take_in(
        journey, CADRE, late_entry="yes", track="party", kind="party_probation_one_year", decided_on="2023-04-10",
        effective_on="2023-04-10", tracking_class="C",
    )  # fmt: skip
    journey.do(case_id, "record_past_execution", "jiandu1", talked_on="2023-04-12")
    assert journey.ends(case_id)["promotion"] == (date(2023, 4, 10), None)
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="C")
    assert "pre_expiry" not in {kind for kind, _, _ in journey.visits(case_id)}
    scenes.live(journey, case_id, date(2024, 4, 15))

    case_verbs.restore_rights(
        journey.begin(), journey.actor("jiwei"), case_id=case_id, restored_on=date(2024, 4, 12)
    )

    both = (date(2023, 4, 10), date(2026, 4, 11))
    assert journey.ends(case_id) == {"promotion": both, "equal": both}
    assert journey.plan(CADRE)["latest_end"] == date(2026, 4, 11)
    planned = [(kind, due_on) for kind, due_on, status in journey.visits(case_id) if status == "planned"]
    assert ("rights_restored", journey.today) in planned
    assert ("pre_expiry", date(2026, 2, 10)) in planned
    journey.check()


def test_a_second_measure_joins_the_plan_and_is_heard_of_when_its_process_comes_to_wait(
    journey: Journey,
) -> None:
    case_id = to_committee(journey, CADRE)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, case_id)

    second = scenes.take_in(
        journey, CADRE, late_entry="yes", track="party", kind="serious_warning", decided_on="2024-03-04",
        effective_on="2024-03-04", tracking_class="B",
    )  # fmt: skip
    assert [row["message"] for row in journey.rows(runtime.outbox, status="waiting")] == ["plan_changed"]
    journey.do(second, "record_past_execution", "jiandu1", talked_on="2024-03-04")
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="B")

    # The plan's own process has heard of the first talk already and waits for no second one.
    assert [row["message"] for row in journey.rows(runtime.outbox, status="waiting")] == ["talk_recorded"]
    assert journey.plan(CADRE)["case_id"] == case_id
    assert journey.plan(CADRE)["latest_end"] == date(2025, 9, 3)
    pre_expiry = [
        due for kind, due, status in journey.visits(case_id) if (kind, status) == ("pre_expiry", "planned")
    ]
    assert pre_expiry == [date(2025, 7, 5)]
    journey.check()

    scenes.live(journey, case_id, date(2025, 7, 6))
    scenes.conclude(journey, case_id, date(2025, 9, 4), conclusion="closed")
    assert {journey.case(one)["outcome"] for one in (case_id, second)} == {"tracking_closed"}
    assert journey.rows(runtime.outbox, status="waiting") == []
    journey.settle()
    journey.check()


def test_a_deferred_item_waits_for_the_next_meeting_and_one_not_passed_can_end_the_case(
    journey: Journey,
) -> None:
    case_id = to_committee(journey, CADRE)

    journey.meet("committee", case_id, outcome="defer")
    assert journey.item(case_id)["status"] == "waiting"
    journey.wait(7)
    journey.meet("committee", case_id, outcome="disagree")
    journey.do(case_id, "after_not_passed", "changwei03", not_passed_outcome="close")

    assert [row["result"] for row in journey.rows(meeting_tables.agenda_item, case_id=case_id, body="committee")] == [
        "deferred", "not_passed",
    ]  # fmt: skip
    assert journey.case(case_id)["outcome"] == "not_passed"
    assert journey.rows(cases.measure, case_id=case_id) == []
    journey.check()
