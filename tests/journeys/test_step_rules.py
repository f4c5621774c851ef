"""What the regulations ask of single steps beyond their forms, asked through the verbs."""

from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, to_committee
from webapp.domain.errors import Invalid, RuleBroken
from webapp.persistence.models import cases
from webapp.services import cases as case_verbs
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

FOUND = {
    "severity": "medium", "violation_found": "no", "cause_kind": "personal", "will_ability": "willing",
    "situation_codes": ["U08_insufficient_ability"], "determination_outcome": "unsuited",
}  # fmt: skip


def verified(journey: Journey) -> str:
    """Signed by both verifiers, waiting for the determination."""
    case_id = journey.open_case(
        "ganbu1", CADRE, source="annual_appraisal", situation_codes=["U08_insufficient_ability"],
        severity_reported="high", source_count=2, credibility="plausible",
    )  # fmt: skip
    journey.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    given = {"conflict_declared": "no", "opening_proposal_outcome": "submit"}
    journey.do(case_id, "propose_opening", "fubuzhang1", **given)
    team = [journey.person("heshi1"), journey.person("heshi2")]
    journey.do(case_id, "approve_opening", "changwei03", opening_outcome="approved", verifiers=team)
    journey.do(case_id, "hear_subject", "heshi1", statement_listeners=team, statement_signed="signed")
    journey.do(case_id, "verify", "heshi2")
    journey.each(case_id, "sign_report", signature_outcome="signed")
    return case_id


def refused(journey: Journey, case_id: str, element: str, by: str, **given: object) -> list[str]:
    """The codes of the reasons for which the step is not completed."""
    task = journey.task(case_id, element)
    with pytest.raises(RuleBroken) as broken:
        journey.complete(by, task["id"], **given)
    return [one.code for one in broken.value.reasons]


def test_a_determination_waits_for_a_team_nobody_of_which_must_step_aside(journey: Journey) -> None:
    case_id = verified(journey)
    case_verbs.declare_recusal(
        journey.begin(),
        journey.actor("jiandu1"),
        case_id=case_id,
        person_id=journey.person("heshi2"),
        reason="亲属关系",
    )

    assert refused(journey, case_id, "determine", "fubuzhang1", **FOUND) == ["TEAM_RECUSAL"]
    journey.complete(
        "fubuzhang1",
        journey.task(case_id, "determine")["id"],
        **{**FOUND, "determination_outcome": "more_work"},
    )


def test_a_lighter_manner_than_advised_is_explained_and_goes_to_a_second_signer(journey: Journey) -> None:
    case_id = verified(journey)
    journey.do(case_id, "determine", "fubuzhang1", **{**FOUND, "situation_codes": ["U14_appraisal"]})
    asked = {**scenes.PLAIN, "manner": "lateral_transfer", "target_post_id": post(AWAY)}

    assert refused(journey, case_id, "propose", "ganbu1", **asked) == ["DEVIATION_REASON", "SECOND_SIGNATURE"]
    asked["deviation_reason"] = "近一年整改明显，群众认可。"
    assert refused(journey, case_id, "propose", "ganbu1", **asked) == ["SECOND_SIGNATURE"]
    journey.do(case_id, "propose", "ganbu1", **{**asked, "lighter_track": "yes"})
    assert journey.elements(case_id) == {"countersign_lighter"}


def decided(journey: Journey) -> str:
    """The committee has decided, the talk is due."""
    case_id = to_committee(journey)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    return case_id


def test_a_talk_follows_the_decision_and_is_not_dated_ahead(journey: Journey) -> None:
    case_id = decided(journey)
    talkers = [journey.person("changwei03"), journey.person("ganbu1")]
    asked = {"talk_outcome": "accepted", "talkers": talkers, "talk_signed": "signed"}
    early, late = journey.today - timedelta(days=1), journey.today + timedelta(days=1)

    assert refused(journey, case_id, "talk", "changwei03", **asked, talked_on=early) == ["TALK_EARLY"]
    assert refused(journey, case_id, "talk", "changwei03", **asked, talked_on=late) == ["TALK_LATE"]
    assert journey.case(case_id)["talked_on"] is None
    journey.do(case_id, "talk", "changwei03", **asked, talked_on=journey.today)
    assert journey.case(case_id)["talked_on"] == journey.today


def test_formalities_do_not_take_effect_before_the_decision(journey: Journey) -> None:
    case_id = decided(journey)
    talkers = [journey.person("changwei03"), journey.person("ganbu1")]
    journey.do(case_id, "talk", "changwei03", talk_outcome="accepted", talkers=talkers, talk_signed="signed")

    with pytest.raises(Invalid) as early:
        journey.do(case_id, "formalities", "ganbu1", effective_on=journey.today - timedelta(days=1))

    assert set(early.value.problems) == {"effective_on"}


def test_a_decision_does_not_take_effect_before_it_was_made(journey: Journey) -> None:
    case_id = journey.open_case(
        "jiandu1", CADRE, "sanction", late_entry="no", track="party", kind="warning", tracking_class="A",
        decided_on=journey.today, effective_on=journey.today - timedelta(days=1),
    )  # fmt: skip

    with pytest.raises(Invalid) as early:
        journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")

    assert set(early.value.problems) == {"effective_on"}
    assert journey.rows(cases.measure, case_id=case_id) == []
