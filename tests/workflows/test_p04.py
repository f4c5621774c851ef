"""重新任用: every path of p04_reinstatement, in both branches, with every refusal."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.workflows import coverage_c4
from tests.workflows.coverage import missing
from tests.workflows.walker import Walk, definition

DAY = date(2027, 3, 1)
FACTS: dict[str, Any] = {
    "measure_kinds": ["up_down.lateral_transfer"],
    "report_all": False,
    "chief": False,
    "elected": False,
    "special_post": False,
    "published_at_term": False,
    "from_rank_only": False,
    "dual_managed": False,
    "non_party": False,
    "post_kind": "listed_non_elected",
    "publicity_same_level": True,
}
TEAM = ["examiner-1", "examiner-2"]
CHECKS = {
    "check_archive": "archive",
    "check_personal_matters": "personal_matters",
    "hear_discipline": "discipline",
    "check_petitions": "petitions",
}


class World:
    """The faked delegates: facts, a verdict per D3 step, and what publicity brings."""

    def __init__(self, **facts: Any) -> None:
        self.facts = FACTS | facts
        self.barred: set[str] = set()
        self.objections = [0]
        self.probation = facts.get("post_kind", "listed_non_elected") == "listed_non_elected"

    def fakes(self) -> dict[str, Any]:
        return {
            "read_reinstatement_facts": self.facts,
            "check_eligibility": self.check,
            "put_on_agenda": lambda inputs: {"agenda_item_id": f"{inputs['body']}:{inputs['matter']}"},
            "open_publicity": {
                "publicity_id": "publicity-1",
                "ends_on": "2027-03-15",
                "closes_on": "2027-03-16",
            },
            "close_publicity": lambda _inputs: {"open_objections": self._next(), "objections": 1},
            "appoint": self.appoint,
            "open_reuse_tracking": {"plan_id": "plan-2"},
        }

    def check(self, inputs: Any) -> dict[str, Any]:
        barred = inputs["step"] in self.barred
        return {"eligible": not barred, "reason_codes": ["IN_IMPACT_PERIOD"] if barred else []}

    def appoint(self, inputs: Any) -> dict[str, Any]:
        return {
            "appointment_id": "appointment-1",
            "probation_ends_on": "2028-03-21" if inputs["probation"] else None,
        }

    def _next(self) -> int:
        return self.objections.pop(0) if len(self.objections) > 1 else self.objections[0]


def begun(world: World, branch: str = "promotion", start: str | None = None) -> Walk:
    variables = {"caseId": "case-1", "cadreId": "cadre-1", "unitId": "unit-1"}
    walk = Walk("p04_reinstatement", day=DAY, fakes=world.fakes(), variables=variables, start=start)
    walk.complete("initiate", branch=branch, post_id="post-1")
    return walk


def decide(walk: Walk, key: str, outcome: str = "passed", day: str = "2027-03-02") -> None:
    walk.message(f"result_{key}", meeting_outcome=outcome, decided_on=day, meeting_id=f"meeting-{key}")


def examined(world: World, branch: str = "promotion", outcome: str = "qualified") -> Walk:
    walk = begun(world, branch)
    decide(walk, "initiation")
    if branch != "same_level":
        walk.complete("recommend", recommendation_outcome="supported", recommended_on="2027-03-01")
        decide(walk, "target")
    walk.complete("set_up_examination", team=TEAM)
    walk.complete("examine", examination_outcome=outcome)
    walk.complete("sign_examination")
    walk.complete("sign_examination")
    return walk


def check_all(walk: Walk, day: str = "2027-03-01", **results: str) -> None:
    for _signer in ("party_secretary", "discipline_head"):
        walk.complete("double_sign")
    for element in [element for element in CHECKS if element in walk.open]:
        key = CHECKS[element]
        walk.complete(element, **{f"{key}_result": results.get(key, "pass"), f"{key}_on": day})


def consulted(world: World, branch: str = "promotion") -> Walk:
    walk = examined(world, branch)
    check_all(walk)
    walk.complete("consult", consultation_outcome="agree")
    return walk


def at_committee(world: World, branch: str = "promotion") -> Walk:
    walk = consulted(world, branch)
    decide(walk, "dept")
    return walk


def passed(world: World, branch: str = "promotion") -> Walk:
    walk = at_committee(world, branch)
    decide(walk, "committee", day="2027-03-05")
    return walk


def published(world: World, branch: str = "promotion") -> Walk:
    walk = passed(world, branch)
    walk.complete("draft_notice", publicity_from="2027-03-09")
    walk.until(date(2027, 3, 16))
    return walk


def appointed(world: World, branch: str = "promotion") -> Walk:
    walk = published(world, branch)
    walk.complete("appointment_talk")
    walk.complete("issue_notice", effective_on="2027-03-22")
    return walk


def ended_at(walk: Walk) -> list[str]:
    """The gates that ended it without anybody appointed; nothing while it still runs."""
    assert not walk.calls("appoint")
    assert not walk.calls("close_case")
    return [call["gate"] for call in walk.calls("record_not_reinstated")] if walk.finished else []


def test_promotion_goes_all_the_way_with_four_checks_of_the_bars() -> None:
    walk = appointed(World())

    assert [call["step"] for call in walk.calls("check_eligibility")] == [
        "initiation",
        "examination_target",
        "before_meeting",
        "appointment",
    ]
    assert [(call["body"], call["matter"]) for call in walk.calls("put_on_agenda")] == [
        ("dept", "reinstatement_initiation"),
        ("dept", "examination_target"),
        ("dept", "reinstatement"),
        ("committee", "reinstatement"),
    ]
    assert walk.calls("appoint") == [
        {"post_id": "post-1", "decided_on": "2027-03-05", "effective_on": "2027-03-22", "probation": True}
    ]
    assert walk.calls("open_reuse_tracking") == [
        {"appointment_id": "appointment-1", "visits": 2, "within_months": 12}
    ]


def test_the_recommendation_of_tracking_starts_the_same_process() -> None:
    walk = begun(World(), start="recommended_by_tracking")

    assert "result_initiation" in walk.waiting


def test_the_same_level_is_shorter_but_checked_as_often() -> None:
    walk = appointed(World(), branch="same_level")

    assert "recommend" not in walk.visited
    assert "check_personal_matters" not in walk.visited
    assert len(walk.calls("check_eligibility")) == 4
    assert walk.calls("appoint")[0]["probation"] is False


def test_the_same_level_without_the_policy_is_not_published() -> None:
    walk = passed(World(publicity_same_level=False), branch="same_level")

    assert walk.open == {"appointment_talk"}
    assert not walk.calls("open_publicity")


@pytest.mark.parametrize(
    ("branch", "facts", "expected"),
    [
        ("promotion", {}, (True, 5, "promotion")),
        ("further_use", {}, (True, 5, "further_use")),
        ("same_level", {"publicity_same_level": False, "from_rank_only": True}, (True, 5, "rank_to_post")),
        ("same_level", {}, (True, 5, "same_level")),
        ("promotion", {"special_post": True}, (False, 0, "none")),
        ("promotion", {"published_at_term": True}, (False, 0, "none")),
    ],
)
def test_publicity_follows_its_table(branch: str, facts: dict[str, Any], expected: tuple[Any, ...]) -> None:
    duty = passed(World(**facts), branch).variables["publicity_duty"]

    assert (duty["required"], duty["working_days"], duty["kind"]) == expected


def barred(step: str, make: Callable[[World], Walk]) -> Walk:
    world = World()
    world.barred = {step}
    return make(world)


def test_a_running_period_stops_at_every_one_of_the_four_gates() -> None:
    def up_to_target(world: World) -> Walk:
        walk = begun(world)
        decide(walk, "initiation")
        walk.complete("recommend", recommendation_outcome="supported", recommended_on="2027-03-01")
        decide(walk, "target")
        return walk

    assert ended_at(barred("initiation", begun)) == ["eligibility_initiation"]
    assert ended_at(barred("examination_target", up_to_target)) == ["eligibility_target"]
    assert ended_at(barred("before_meeting", at_committee)) == ["eligibility_meeting"]
    assert ended_at(barred("appointment", published)) == ["eligibility_appointment"]


def test_without_the_gate_nothing_reaches_the_committee() -> None:
    walk = barred("before_meeting", at_committee)

    assert "committee" not in [call["body"] for call in walk.calls("put_on_agenda")]


def test_a_deferred_initiation_returns_and_a_rejected_one_ends() -> None:
    deferred, rejected = begun(World()), begun(World())

    decide(deferred, "initiation", "deferred")
    decide(rejected, "initiation", "not_passed")

    assert deferred.open == {"initiate"}
    assert ended_at(rejected) == ["initiation_meeting"]


def test_too_few_recommendations_end_it() -> None:
    walk = begun(World())
    decide(walk, "initiation")

    walk.complete("recommend", recommendation_outcome="insufficient", recommended_on="2027-03-01")

    assert ended_at(walk) == ["recommendation"]


def test_the_target_may_be_deferred_or_refused() -> None:
    walk = begun(World())
    decide(walk, "initiation")
    walk.complete("recommend", recommendation_outcome="supported", recommended_on="2027-03-01")

    decide(walk, "target", "deferred")
    assert "result_target" in walk.waiting
    decide(walk, "target", "not_passed")

    assert ended_at(walk) == ["target_meeting"]


@pytest.mark.parametrize(
    "team", [None, ["examiner-1"], ["examiner-1", "examiner-1"], ["examiner-1", "cadre-1"]]
)
def test_a_team_has_two_members_and_never_the_candidate(team: list[str] | None) -> None:
    walk = begun(World(), "same_level")
    decide(walk, "initiation")

    walk.complete("set_up_examination", team=team)

    assert walk.open == {"set_up_examination"}


def test_every_member_of_the_team_signs() -> None:
    walk = begun(World(), "same_level")
    decide(walk, "initiation")
    walk.complete("set_up_examination", team=TEAM)
    assert walk.people["examine"] == ("examiner-1", "examiner-2")

    walk.complete("examine", examination_outcome="qualified")

    signers = sorted(task.assignee for task in walk.tasks.values() if task.element_id == "sign_examination")
    assert signers == TEAM


def test_the_integrity_opinion_needs_two_signatures_by_two_people() -> None:
    walk = examined(World())

    walk.complete("double_sign")
    assert "hear_discipline" not in walk.open
    walk.complete("double_sign")

    assert "hear_discipline" in walk.open
    assert definition("p04_reinstatement").nodes["double_sign"].extras["signOff"] == "double"


@pytest.mark.parametrize("check", list(CHECKS.values()))
def test_one_failed_check_ends_it_and_an_open_one_is_done_again(check: str) -> None:
    failed, pending = examined(World()), examined(World())

    check_all(failed, **{check: "fail"})
    check_all(pending, **{check: "pending"})

    assert ended_at(failed) == ["four_musts"]
    assert pending.open == {"check_archive", "check_personal_matters", "double_sign", "check_petitions"}
    check_all(pending)
    assert pending.open == {"consult"}


def test_an_unqualified_examination_ends_it() -> None:
    walk = examined(World(), outcome="unqualified")

    check_all(walk)

    assert ended_at(walk) == ["examination"]


def test_checks_older_than_six_months_are_done_again() -> None:
    walk = examined(World())

    check_all(walk, day="2026-08-31")

    assert "check_archive" in walk.open
    assert walk.variables["musts"]["verdict"] == "stale"


def test_checks_that_grow_old_before_the_meeting_keep_it_off_the_agenda() -> None:
    walk = consulted(World())
    walk.until(date(2027, 9, 2))

    decide(walk, "dept", day="2027-09-02")

    assert "check_archive" in walk.open
    assert "committee" not in [call["body"] for call in walk.calls("put_on_agenda")]


def test_a_recommendation_lasts_one_year() -> None:
    walk = consulted(World())
    walk.until(date(2028, 3, 2))

    decide(walk, "dept", day="2028-03-02")

    assert walk.open == {"recommend"}


def test_large_differences_in_consultation_end_it() -> None:
    walk = examined(World())
    check_all(walk)

    walk.complete("consult", consultation_outcome="suspend")

    assert ended_at(walk) == ["consultation"]


def test_the_silence_of_the_assisting_manager_counts_as_consent_after_a_month() -> None:
    walk = consulted(World(dual_managed=True))
    walk.complete("send_dual_letter", dual_sent_on="2027-03-01")

    walk.until(date(2027, 4, 1))
    assert walk.open == {"dual_reply"}, "the whole of the last day is there to answer"
    walk.until(date(2027, 4, 2))

    assert walk.calls("record_deemed_consent") == [
        {"consulted": "dual_manager", "asked_on": "2027-03-01", "deemed_on": "2027-04-02"}
    ]
    assert "result_dept" in walk.waiting


@pytest.mark.parametrize(
    ("chief", "answer", "element"),
    [
        (False, "agree", "result_dept"),
        (False, "object", "result_dept"),
        (True, "agree", "result_dept"),
        (True, "object", "superior_ruling"),
    ],
)
def test_a_dispute_over_a_chief_goes_to_the_superior(chief: bool, answer: str, element: str) -> None:
    walk = consulted(World(dual_managed=True, chief=chief))
    walk.complete("send_dual_letter", dual_sent_on="2027-03-01")

    walk.complete("dual_reply", dual_outcome=answer)

    assert element in walk.waiting
    assert not walk.calls("record_deemed_consent")


def test_the_superior_settles_the_dispute() -> None:
    def disputed() -> Walk:
        walk = consulted(World(dual_managed=True, chief=True))
        walk.complete("send_dual_letter", dual_sent_on="2027-03-01")
        walk.complete("dual_reply", dual_outcome="object")
        return walk

    agreed, refusing = disputed(), disputed()
    agreed.complete("superior_ruling", ruling_outcome="agree")
    refusing.complete("superior_ruling", ruling_outcome="disagree")

    assert "result_dept" in agreed.waiting
    assert ended_at(refusing) == ["dual_manager"]


OWED = [
    "accountability.resignation_taking_blame",
    "accountability.ordered_resignation",
    "accountability.relieve_of_post",
    "handling.ordered_resignation",
    "handling.relieve_of_post",
    "handling.demotion",
    "admin.dismissal_sanction",
    "party.revoke_party_post",
]


@pytest.mark.parametrize("kind", OWED)
def test_a_prior_report_is_owed_for_those_back_from_accountability(kind: str) -> None:
    assert consulted(World(measure_kinds=["party.warning", kind])).open == {"write_report"}


def test_other_reports_are_a_matter_of_policy() -> None:
    assert consulted(World(report_all=True)).open == {"write_report"}
    assert "write_report" not in consulted(World()).visited


def test_no_answer_of_the_superior_no_discussion() -> None:
    walk = consulted(World(report_all=True))
    walk.complete("write_report", reported_on="2027-03-01")

    walk.until(date(2027, 4, 30))

    assert walk.open == {"superior_reply", "press_superior"}
    assert "reinstatement" not in [call["matter"] for call in walk.calls("put_on_agenda")]
    walk.complete("press_superior")
    walk.complete("superior_reply", superior_outcome="approved")
    assert "result_dept" in walk.waiting


def test_the_superior_is_pressed_after_fifteen_working_days() -> None:
    walk = consulted(World(report_all=True))

    walk.complete("write_report", reported_on="2027-03-01")

    assert walk.due("reply_overdue") == date(2027, 3, 22)


def test_the_superior_may_refuse() -> None:
    walk = consulted(World(report_all=True))
    walk.complete("write_report", reported_on="2027-03-01")

    walk.complete("superior_reply", superior_outcome="rejected")

    assert ended_at(walk) == ["superior"]


def test_the_department_meeting_may_defer_or_refuse() -> None:
    walk = consulted(World())

    decide(walk, "dept", "deferred")
    assert "result_dept" in walk.waiting
    decide(walk, "dept", "not_passed")

    assert ended_at(walk) == ["dept_meeting"]


def test_the_committee_may_refuse() -> None:
    walk = at_committee(World())

    decide(walk, "committee", "not_passed")

    assert ended_at(walk) == ["committee"]


def test_a_deferred_matter_is_checked_again_before_it_returns_or_is_withdrawn() -> None:
    again, withdrawn = at_committee(World()), at_committee(World())
    decide(again, "committee", "deferred")
    decide(withdrawn, "committee", "deferred")

    again.complete("rework", rework_outcome="resubmit")
    withdrawn.complete("rework", rework_outcome="withdraw")

    assert [call["step"] for call in again.calls("check_eligibility")].count("before_meeting") == 2
    assert "result_committee" in again.waiting
    assert ended_at(withdrawn) == ["withdrawn"]


def test_publicity_runs_its_whole_time() -> None:
    walk = passed(World())
    walk.complete("draft_notice", publicity_from="2027-03-09")

    assert walk.calls("open_publicity") == [
        {"starts_on": "2027-03-09", "working_days": 5, "kind": "promotion"}
    ]
    walk.until(date(2027, 3, 15))
    assert not walk.open
    walk.until(date(2027, 3, 16))
    assert walk.open == {"appointment_talk"}


def test_an_objection_holds_the_appointment_until_it_is_concluded() -> None:
    world = World()
    world.objections = [1, 1, 0]
    walk = published(world)
    assert walk.open == {"check_objections"}

    walk.complete("check_objections", objection_outcome="not_affecting")
    assert walk.open == {"check_objections"}
    walk.complete("check_objections", objection_outcome="not_affecting")

    assert walk.open == {"appointment_talk"}


def test_a_founded_objection_goes_back_to_the_committee_and_cannot_be_withdrawn() -> None:
    world = World()
    world.objections = [1]
    walk = published(world)
    walk.complete("check_objections", objection_outcome="affects")

    walk.complete("rework", rework_outcome="withdraw")
    assert "result_committee" in walk.waiting
    decide(walk, "committee", "not_passed")

    assert ended_at(walk) == ["committee"]


def test_an_objection_upheld_after_the_publicity_goes_back_to_the_committee_from_every_step() -> None:
    for steps in ((), ("appointment_talk",)):
        walk = published(World())
        for step in steps:
            walk.complete(step)
        assert walk.open == {"issue_notice" if steps else "appointment_talk"}

        walk.message("phase_appointment_objection_late_caught")

        assert walk.open == {"rework"}
        walk.complete("rework", rework_outcome="withdraw")
        assert "result_committee" in walk.waiting
        decide(walk, "committee", "not_passed")
        assert ended_at(walk) == ["committee"]


def test_an_elected_post_needs_its_legal_procedure() -> None:
    world = {"elected": True, "post_kind": "elected"}
    passing, failing = published(World(**world)), published(World(**world))
    assert passing.open == {"legal_procedure"}

    passing.complete("legal_procedure", legal_outcome="passed")
    failing.complete("legal_procedure", legal_outcome="not_passed")

    assert passing.open == {"appointment_talk"}
    assert ended_at(failing) == ["legal_procedure"]


def test_no_appointment_without_the_talk() -> None:
    walk = published(World())

    assert walk.open == {"appointment_talk"}
    assert not walk.calls("appoint")


@pytest.mark.parametrize(
    ("branch", "post_kind", "owed"),
    [
        ("promotion", "listed_non_elected", True),
        ("promotion", "department_chief", False),
        ("promotion", "elected", False),
        ("further_use", "listed_non_elected", False),
        ("same_level", "listed_non_elected", False),
    ],
)
def test_probation_only_where_it_is_owed(branch: str, post_kind: str, owed: bool) -> None:
    walk = appointed(World(post_kind=post_kind), branch)

    assert walk.calls("appoint")[0]["probation"] is owed
    assert walk.waiting == ({"probation_near"} if owed else {"first_year_over"})


def test_probation_is_appraised_30_days_before_its_end_and_confirmed_after_it() -> None:
    walk = appointed(World())
    assert walk.due("probation_near") == date(2028, 2, 20)
    walk.until(date(2028, 2, 20))
    walk.complete("appraise_probation", probation_outcome="pass")

    decide(walk, "probation", day="2028-03-10")

    assert not walk.calls("confirm_appointment")
    assert walk.due("probation_over") == date(2028, 3, 22)
    walk.until(date(2028, 3, 22))
    assert walk.calls("confirm_appointment") == [{"appointment_id": "appointment-1"}]
    assert walk.open == {"review_reuse"}
    walk.complete("review_reuse", reuse_grade="good")
    assert walk.finished
    assert walk.calls("close_case") == [{"outcome": "reinstated"}]


def test_a_failed_probation_ends_the_appointment_by_decision() -> None:
    walk = appointed(World())
    walk.until(date(2028, 2, 20))
    walk.complete("appraise_probation", probation_outcome="fail")

    decide(walk, "probation", "deferred")
    assert walk.open == {"appraise_probation"}
    walk.complete("appraise_probation", probation_outcome="fail")
    decide(walk, "probation")

    assert walk.finished
    assert walk.calls("end_probation_appointment") == [{"appointment_id": "appointment-1"}]
    assert walk.calls("close_case") == [{"outcome": "probation_failed"}]


def test_without_probation_the_case_closes_a_year_after_the_appointment() -> None:
    walk = appointed(World(post_kind="department_chief"))

    assert walk.due("first_year_over") == date(2028, 3, 22)
    walk.until(date(2028, 3, 22))
    walk.complete("review_reuse", reuse_grade="good")

    assert walk.calls("close_case") == [{"outcome": "reinstated"}]


def test_every_refusal_has_a_named_end() -> None:
    nodes = definition("p04_reinstatement").nodes
    refusals = [node for node in nodes.values() if node.delegate == "record_not_reinstated"]

    ends = [end for node in refusals for end in definition("p04_reinstatement").next_of(node.id)]

    assert len(refusals) == 16
    assert all(end.kind == "endEvent" and end.name for end in ends)


def test_every_row_of_c4_has_its_place() -> None:
    assert missing(coverage_c4.COVERAGE) == []


def test_an_item_withdrawn_for_good_ends_the_way_as_withdrawn_and_one_recalled_goes_back() -> None:
    walk = at_committee(World(), "promotion")
    decide(walk, "committee", "withdrawn")
    assert ended_at(walk) == ["withdrawn"]

    again = at_committee(World(), "promotion")
    decide(again, "committee", "recalled")
    assert ended_at(again) == []
