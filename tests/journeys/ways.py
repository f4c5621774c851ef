"""Longer stretches from which the journeys set out."""

from datetime import date, timedelta

from tests.journeys.office import Journey
from webapp.persistence.models import cases, people
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post

CADRE = person("苏白露")
OTHER = person("温霜降")
MENTOR = person("钟谷雨")
AWAY = "fgj:rank"
RANK_ONLY = "convert_to_rank_only"


def to_committee(
    journey: Journey, person_id: str = CADRE, *, post_code: str = AWAY, manner: str = RANK_ONLY
) -> str:
    """Up to the committee's agenda."""
    case_id = scenes.open_and_verify(journey, person_id)
    scenes.propose_and_consult(journey, case_id, manner=manner, post_id=post(post_code))
    return case_id


def to_tracking(
    journey: Journey,
    person_id: str = CADRE,
    *,
    mentor: str = MENTOR,
    post_code: str = AWAY,
    manner: str = RANK_ONLY,
) -> str:
    """Decided, talked to, in the new post, with a plan and a helper."""
    case_id = to_committee(journey, person_id, post_code=post_code, manner=manner)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=manner, post_id=post(post_code))
    scenes.talk_and_appoint(journey, case_id)
    scenes.set_up_tracking(journey, case_id, mentor=mentor)
    return case_id


def to_way_up(journey: Journey, person_id: str = CADRE, *, mentor: str = MENTOR, **given: str) -> str:
    """Tracked for the whole year, recommended."""
    case_id = to_tracking(journey, person_id, mentor=mentor, **given)
    scenes.live(journey, case_id, date(2025, 2, 10))
    scenes.conclude(journey, case_id, date(2025, 3, 4))
    return case_id


def committee_with_two_items(journey: Journey, own_screen: str, by_recorder: str) -> None:
    """One meeting of eleven: one item voted on own screens with a recusal, one entered by the recorder."""
    meeting_id, items = journey.call("committee", [own_screen, by_recorder])
    journey.attend(meeting_id)
    members = journey.members(meeting_id)
    assert len(members) == 11
    assert len(items) == 2
    first, second = journey.item(own_screen)["id"], journey.item(by_recorder)["id"]
    journey.step_aside(first, members[0], "亲属")
    journey.put_to_vote(first)
    for number, member in enumerate(members[1:]):
        journey.vote(first, member, "disagree" if number == 0 else "agree")
    assert journey.count(first) == "passed"
    journey.put_to_vote(second)
    assert journey.enter(second, agree=11) == "passed"
    journey.end(meeting_id)


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


def down_and_up_again(journey: Journey) -> str:
    """下 → 跟踪 → 回访 → 再上: the whole way of one cadre, another one beside on the same agenda → the case."""
    case_id, beside = to_committee(journey, CADRE), to_committee(journey, OTHER, post_code="jyj:rank")
    assert journey.case(case_id)["stage"] == "committee_decision"

    committee_with_two_items(journey, case_id, beside)
    tally = journey.item(case_id)
    assert (tally["entitled"], tally["present"], tally["recused"]) == (11, 11, 1)
    assert (tally["agree"], tally["disagree"], tally["result"]) == (9, 1, "passed")

    # Entered two days later, counted from the day of the decision.
    journey.wait(2)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    assert journey.ends(case_id) == {"promotion": (date(2024, 3, 5), date(2025, 3, 4))}
    plan = journey.plan(CADRE)
    assert (plan["opened_on"], plan["released_on"], plan["status"]) == (date(2024, 3, 5), None, "open")
    assert journey.elements(case_id) == {"talk"}

    scenes.talk_and_appoint(journey, case_id)
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR)
    assert journey.plan(CADRE)["released_on"] == date(2024, 3, 7)
    assert journey.in_office(CADRE)["post_id"] == post(AWAY)
    assert journey.visits(case_id) == [
        ("first", date(2024, 6, 5), "planned"),
        ("pre_expiry", date(2025, 2, 2), "planned"),
    ]

    # The first visit's record is checked by the cadre at the own screen, later ones on paper.
    online = {"hold_visit": {**scenes.HELD, "signing": "online"}}
    scenes.live(journey, case_id, date(2024, 7, 1), answers=online)
    scenes.live(journey, case_id, date(2025, 2, 10))
    assert [status for _, _, status in journey.visits(case_id)] == ["held", "held"]
    assert journey.elements(case_id) == {"evaluate_by_unit", "check_new_clues"}
    scenes.conclude(journey, case_id, date(2025, 3, 5))
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
    return case_id


def by_the_second_door(journey: Journey) -> str:
    """A decision already made is checked, announced, executed and reported → the case."""
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
    return case_id


def until_rights_are_restored(journey: Journey) -> str:
    """A period without an end gets one when rights are restored, and the visits follow → the case."""
    case_id = scenes.take_in(
        journey, CADRE, late_entry="yes", track="party", kind="party_probation_one_year", decided_on="2023-04-10",
        effective_on="2023-04-10", tracking_class="C",
    )  # fmt: skip
    journey.do(case_id, "record_past_execution", "jiandu1", talked_on="2023-04-12")
    assert journey.ends(case_id)["promotion"] == (date(2023, 4, 10), None)
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="C")
    assert "pre_expiry" not in {kind for kind, _, _ in journey.visits(case_id)}
    scenes.live(journey, case_id, date(2024, 4, 15))

    journey.restore_rights(case_id, date(2024, 4, 12))

    both = (date(2023, 4, 10), date(2026, 4, 11))
    assert journey.ends(case_id) == {"promotion": both, "equal": both}
    assert journey.plan(CADRE)["latest_end"] == date(2026, 4, 11)
    planned = [(kind, due_on) for kind, due_on, status in journey.visits(case_id) if status == "planned"]
    assert ("rights_restored", journey.today) in planned
    assert ("pre_expiry", date(2026, 2, 10)) in planned
    journey.check()
    return case_id
