"""Reinstatement, publicity, tracking and probation."""

from datetime import date

import pytest

from webapp.domain import impact, probation, publicity, tracking
from webapp.domain.errors import Conflict, NotAllowed, RuleBroken
from webapp.domain.impact import Bar
from webapp.domain.publicity import Objection, PublicityPolicy
from webapp.domain.reinstatement import (
    Check,
    Facts,
    ReinstatementPolicy,
    notices,
    reasons_against,
)
from webapp.domain.tracking import Plan
from webapp.domain.workdays import Calendar

TODAY = date(2026, 11, 22)
MUSTS = {
    m: Check(True, date(2026, 9, 1)) for m in ("archive", "personal_matters", "integrity_opinion", "petition")
}
CALENDAR = Calendar({}, frozenset({2026}))


def facts(**changes):
    return Facts(**{
        "action": "promotion", "last_appraisal": "competent", "last_visit_grade": "good",
        "conclusion": "recommend", "musts": MUSTS, "double_signature": True, "vacancies": 1, **changes,
    })  # fmt: skip


def codes(policy=ReinstatementPolicy(), **changes):  # noqa: B008
    return [reason.code for reason in reasons_against(facts(**changes), TODAY, policy)]


def running(bar="promotion", months=12, start=date(2026, 5, 1)):
    return impact.periods([Bar(bar, months)], start, basis="up_down.relieve_of_post", track="up_down")


def test_a_cadre_without_any_bar_has_no_reason_against():
    assert codes() == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"periods": running()}, "IN_IMPACT_PERIOD"),
    ({"periods": running("leading", None)}, "IN_IMPACT_PERIOD"),
    ({"open_matters": ("问题线索初步核实",)}, "OPEN_MATTER"),
    ({"nature_excluded": True}, "NATURE_EXCLUDED"),
    ({"last_appraisal": None}, "APPRAISAL_MISSING"),
    ({"last_appraisal": "basically_competent"}, "APPRAISAL"),
    ({"last_appraisal": "incompetent"}, "APPRAISAL"),
    ({"last_visit_grade": "poor"}, "TRACKING_GRADE"),
    ({"conclusion": "extend"}, "TRACKING"),
    ({"report_owed": True}, "NO_SUPERIOR_APPROVAL"),
    ({"report_owed": True, "report_answer": "refused"}, "NO_SUPERIOR_APPROVAL"),
    ({"musts": {}}, "FOUR_MUSTS"),
    ({"musts": {**MUSTS, "archive": Check(False, TODAY)}}, "FOUR_MUSTS"),
    ({"musts": {**MUSTS, "petition": Check(True, date(2026, 5, 21))}}, "FOUR_MUSTS"),
    ({"musts": {**MUSTS, "petition": Check(True, date(2026, 11, 23))}}, "FOUR_MUSTS"),
    ({"double_signature": False}, "DOUBLE_SIGNATURE"),
    ({"post_conflicts": 1}, "RECUSAL"),
    ({"vacancies": 0}, "QUOTA"),
    ({"flags": frozenset({"canvassing"})}, "DISQUALIFIED"),
    ({"unmet_qualifications": ("任副处级不满两年",)}, "QUALIFICATION"),
])  # fmt: skip
def test_each_ground_alone_bars_a_promotion(changes, code):
    assert set(codes(**changes)) == {code}


def test_all_grounds_are_given_together():
    found = codes(periods=running(), vacancies=0, musts={}, last_appraisal=None)
    assert found == ["IN_IMPACT_PERIOD", "APPRAISAL_MISSING", *["FOUR_MUSTS"] * 4, "QUOTA"]


def test_a_four_must_check_is_fresh_for_six_months_to_the_day():
    fresh = {**MUSTS, "petition": Check(True, date(2026, 5, 22))}
    assert codes(musts=fresh) == []


def test_an_open_appeal_is_a_notice_and_no_bar():
    assert codes(open_appeal=True) == []
    assert [n.code for n in notices(facts(open_appeal=True))] == ["APPEAL_OPEN"]


def test_a_plan_without_any_visit_held_is_told_and_bars_nothing():
    assert [n.code for n in notices(facts(unvisited=True))] == ["NOT_VISITED"]
    assert codes(unvisited=True) == []
    assert notices(facts(unvisited=True, is_care=True)) == []


def test_comments_without_a_grade_are_no_failure():
    assert codes(last_appraisal="comment_only") == []
    told = notices(facts(last_appraisal="comment_only", deemed_consent=True))
    assert [n.code for n in told] == ["COMMENT_ONLY", "CONSENT_DEEMED"]


def test_same_level_needs_no_four_musts_and_meets_only_its_own_bars():
    assert codes(action="same_level", musts={}, double_signature=False, periods=running()) == []
    assert codes(action="same_level", periods=running("equal", 24)) == ["IN_IMPACT_PERIOD"]
    strict = ReinstatementPolicy(musts_for_same_level=True)
    assert "FOUR_MUSTS" in codes(strict, action="same_level", musts={})


def test_the_report_and_the_musts_are_asked_from_the_discussion_on():
    early = {"report_owed": True, "musts": {}, "double_signature": False}
    assert codes(step="initiation", **early) == []
    assert codes(step="target", periods=running(), **early) == ["IN_IMPACT_PERIOD"]
    assert "NO_SUPERIOR_APPROVAL" in codes(step="appointment", **early)


def test_an_answered_report_is_told_to_the_committee():
    answered = {"report_owed": True, "report_answer": "agreed"}
    assert codes(**answered) == []
    assert [n.code for n in notices(facts(**answered))] == ["SUPERIOR_AGREED"]


def test_service_time_and_tracking_are_the_offices_choice():
    demoted = {"measures": frozenset({"up_down.demotion"}), "in_post_since": date(2026, 1, 1)}
    assert codes(**demoted) == []
    assert codes(ReinstatementPolicy(ask_service_time=True), **demoted) == ["SERVICE_TIME"]
    assert codes(ReinstatementPolicy(ask_tracking=False), conclusion=None, last_visit_grade="poor") == []
    assert codes(is_care=True, conclusion=None) == []


def test_a_cadre_not_yet_assessed_is_not_said_to_be_advised_against():
    told = {
        one: [r.sentence for r in reasons_against(facts(conclusion=one), TODAY, ReinstatementPolicy())]
        for one in (None, "extend")
    }
    assert told == {None: ["尚未作跟踪评估。"], "extend": ["跟踪评估意见未建议重新任用。"]}


# Publicity


def test_publicity_runs_five_working_days_and_cannot_be_shortened():
    assert publicity.closing_day(date(2026, 11, 20), CALENDAR).on == date(2026, 11, 27)
    counted = PublicityPolicy(first_day_counts=True)
    assert publicity.closing_day(date(2026, 11, 20), CALENDAR, counted).on == date(2026, 11, 26)
    with pytest.raises(RuleBroken):
        publicity.closing_day(date(2026, 11, 20), CALENDAR, PublicityPolicy(workdays=4))


def test_an_open_or_founded_objection_holds_the_appointment():
    ends = date(2026, 11, 20)
    open_one = Objection("o", date(2026, 11, 18))
    clear = Objection("o", date(2026, 11, 18), True, "unfounded")
    grave = Objection("o", date(2026, 11, 18), True, "affecting")

    def found(*objections, ends_on=ends, today=TODAY):
        return [r.code for r in publicity.reasons_against_appointing(ends_on, objections, today)]

    assert found() == []
    assert found(clear) == []
    assert found(open_one) == ["OBJECTION_OPEN"]
    assert found(grave) == ["OBJECTION_FOUNDED"]
    assert found(today=ends) == ["PUBLICITY_RUNNING"]
    assert found(ends_on=None) == ["PUBLICITY_MISSING"]


def test_a_notice_goes_up_after_the_decision_and_not_in_the_past():
    def found(starts_on, decided_on=date(2026, 11, 21)):
        reasons = publicity.reasons_against_starting(decided_on=decided_on, starts_on=starts_on, today=TODAY)
        return [one.code for one in reasons]

    assert found(TODAY) == []
    assert found(TODAY, decided_on=None) == ["PUBLICITY_BEFORE_DECISION"]
    assert found(TODAY, decided_on=date(2026, 11, 23)) == ["PUBLICITY_BEFORE_DECISION"]
    assert found(date(2026, 11, 21)) == ["PUBLICITY_PAST"]


# Tracking


def plan(**changes):
    return Plan(**{
        "plan_id": "plan", "person_id": "zhong", "opened_on": date(2026, 5, 1), "mentor_person_id": "gu", **changes,
    })  # fmt: skip


def test_a_plan_opens_the_day_its_measure_takes_effect():
    assert tracking.reasons_against_opening_on(date(2026, 5, 1), date(2026, 5, 1)) == []
    assert tracking.reasons_against_opening_on(date(2026, 5, 2), date(2026, 5, 1))[0].code == "PLAN_SAME_DAY"


def test_a_plan_never_closes_before_the_latest_end_on_any_track():
    periods = (*running(), *running(months=24))
    last = date(2028, 4, 30)
    with pytest.raises(RuleBroken):
        tracking.require_may_close(plan(), periods, last)
    tracking.require_may_close(plan(), periods, date(2028, 5, 1))
    open_codes = [
        r.code for r in tracking.reasons_against_closing(plan(), running(months=None), date(2040, 1, 1))
    ]
    assert open_codes == ["IMPACT_OPEN"]


def test_a_plan_with_loose_ends_stays_open_and_says_all_of_them():
    bare = plan(mentor_person_id=None)
    found = tracking.reasons_against_closing(
        bare, running(), date(2026, 6, 1), visits_open=2, has_conclusion=False
    )
    assert [r.code for r in found] == [
        "IMPACT_RUNNING", "VISITS_OPEN", "MENTOR_MISSING", "CONCLUSION_MISSING",
    ]  # fmt: skip


def test_death_retirement_and_a_revoked_decision_end_a_plan_and_a_closed_one_stays_closed():
    for ending in ("died", "retired", "left_service", "decision_revoked"):
        tracking.require_may_close(plan(), running(months=None), TODAY, ending=ending)
    with pytest.raises(Conflict):
        tracking.require_may_close(plan(state="closed"), (), TODAY)


def test_the_helper_is_neither_the_cadre_nor_a_relative():
    tracking.require_may_mentor("gu", plan(), ["wife"])
    for person in ("zhong", "wife"):
        with pytest.raises(NotAllowed):
            tracking.require_may_mentor(person, plan(), ["wife"])


def test_a_plan_for_health_or_family_is_called_care():
    assert plan(is_care=True).zh == "关心联系"
    assert plan().zh == "跟踪管理"


# Probation


def test_probation_lasts_a_year_and_is_confirmed_after_it_with_nothing_open():
    ends_on = probation.begin(date(2026, 3, 15)).ends_on
    assert ends_on == date(2027, 3, 14)
    waiting = probation.reasons_against_confirming(
        ends_on, ends_on, appraised=False, open_matters=("问题的核查",)
    )
    assert [r.code for r in waiting] == ["PROBATION_RUNNING", "PROBATION_APPRAISAL", "OPEN_MATTER"]
    assert not probation.reasons_against_confirming(ends_on, date(2027, 3, 15), appraised=True)
