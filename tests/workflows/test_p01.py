"""p01 调整不适宜担任现职干部: every way through the diagram, on the real engine."""

import json
from datetime import date

import pytest
from lxml import etree

from tests.workflows.desk import CASE, CATALOGUE, WORKFLOWS, Desk, bundle, definition, variables_of
from webapp.domain.fields import fields_of, flat
from webapp.domain.workdays import BUSINESS_ZONE
from webapp.engine import check

P01 = "p01_down_adjustment"
SITUATIONS = ["U08_insufficient_ability"]
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def signalled() -> Desk:
    return Desk(P01).begin().do(
        "register_signal", source="annual_appraisal", received_on="2026-03-01", situation_codes=SITUATIONS,
        severity_reported="high", source_count=2, credibility="plausible",
    )  # fmt: skip


def opened() -> Desk:
    desk = signalled().do("assess", assessment_outcome="open_case")
    return desk.do("propose_opening", conflict_declared="no", opening_proposal_outcome="submit")


def verified() -> Desk:
    desk = opened().do("approve_opening", opening_outcome="approved", verifiers=["person-1", "person-2"])
    desk.do("hear_subject", statement_on="2026-03-03", statement_listeners=["person-1", "person-2"],
            statement_signed="signed")  # fmt: skip
    desk.do("verify", report_conclusion="unsuited")
    return desk.do("sign_report", signature_outcome="signed").do("sign_report", signature_outcome="signed")


def determined(outcome: str = "unsuited", **answers: object) -> Desk:
    facts = {"situation_codes": SITUATIONS, "severity": "medium", "violation_found": "no",
             "cause_kind": "personal", "will_ability": "willing"}  # fmt: skip
    return verified().do("determine", determination_outcome=outcome, **{**facts, **answers})


def propose(desk: Desk, **answers: object) -> Desk:
    usual = {
        "situation_codes": SITUATIONS, "manner": "lateral_transfer", "target_post_id": "post-2",
        "managed_above": "no", "elected_post": "no", "dual_managed": "no", "non_party": "no",
        "post_type": "deputy", "lighter_track": "no", "proposal_outcome": "submit",
    }  # fmt: skip
    return desk.do("propose", **{**usual, **answers})


def consulted(**answers: object) -> Desk:
    desk = propose(determined(), **answers).meeting("dept_meeting", "passed")
    desk.do("consult_discipline", discipline_opinion="agree")
    return desk.do("consult_leader", leader_opinion="agree")


def consolidated(desk: Desk, outcome: str = "submit", dual: str = "none") -> Desk:
    return desk.do("consolidate", dual_opinion=dual, consultation_outcome=outcome)


def on_agenda(**answers: object) -> Desk:
    return consolidated(consulted(**answers)).do("check_materials", materials_outcome="complete")


def decided(manner: str = "lateral_transfer", legal: str = "no", **answers: object) -> Desk:
    desk = on_agenda(**answers).meeting("committee_meeting", "passed")
    return desk.do("record_decision", decided_manner=manner, target_post_id="post-2", tracking_class="B",
                   legal_act_needed=legal)  # fmt: skip


def talked(outcome: str = "accepted", **earlier: object) -> Desk:
    return decided(**earlier).do(
        "talk", talked_on="2026-03-12", talkers=["person-8", "person-9"], remedy_delivered_on="2026-03-12",
        talk_signed="signed", talk_outcome=outcome,
    )  # fmt: skip


def finish(desk: Desk) -> Desk:
    desk.do("formalities", document_no="星屿任〔2026〕3号", effective_on="2026-03-16")
    return desk.do("file_papers", filed_on="2026-03-20", integrity_copy="yes")


def closed_with(desk: Desk) -> list[object]:
    return [inputs["outcome"] for inputs in desk.called("close_case")]


def test_the_linter_has_nothing_to_say() -> None:
    assert check(bundle(P01), CATALOGUE) == ()


def test_every_node_and_flow_is_drawn() -> None:
    root = etree.fromstring(bundle(P01)[f"{P01}.bpmn"])
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    whole = definition(P01)
    assert set(whole.nodes) | {flow.id for flow in whole.flows} <= drawn


def test_every_task_of_people_has_a_form_a_stage_a_legal_basis_and_a_recusal_rule() -> None:
    for node in definition(P01).nodes.values():
        if node.kind == "userTask":
            assert node.form_key in definition(P01).forms, node.id
            assert {"stage", "legalBasis", "recusal"} <= set(node.extras), node.id


def test_every_form_is_used_and_readable_by_the_form_rules() -> None:
    whole = definition(P01)
    used = {node.form_key for node in whole.nodes.values() if node.form_key}
    assert set(whole.forms) == used
    for schema in whole.forms.values():
        fields_of(schema)


def test_separated_steps_name_steps_that_exist() -> None:
    whole = definition(P01)
    for node in whole.nodes.values():
        for other in str(node.extras.get("separateFrom", "")).split():
            assert whole.nodes[other].kind == "userTask", node.id


def test_a_lateral_transfer_goes_from_the_first_signal_to_the_archive() -> None:
    desk = finish(talked())
    assert desk.ended_at("end_adjusted")
    assert closed_with(desk) == [], "the case goes on: tracking"


def test_the_screening_table_only_advises() -> None:
    desk = signalled()
    assert desk.step is not None
    assert desk.step.variables["screening"] == "open_case"
    assert desk.open() == {"assess"}, "people open cases, never the engine"


@pytest.mark.parametrize("outcome", ["watch", "dismissed"])
def test_an_assessment_that_opens_nothing_closes_the_file(outcome: str) -> None:
    desk = signalled().do("assess", assessment_outcome=outcome)
    assert desk.ended_at("end_not_opened")
    assert closed_with(desk) == [outcome]


def test_a_mild_measure_is_handled_elsewhere_and_its_result_registered() -> None:
    desk = signalled().do("assess", assessment_outcome="mild_measure")
    desk.do("handle_mild", mild_measure_kind="admonishment", mild_decided_on="2026-03-05")
    assert closed_with(desk) == ["mild_measure"]
    assert desk.ended_at("end_not_opened")


def test_the_deputy_head_may_send_the_matter_back_to_assessment() -> None:
    desk = signalled().do("assess", assessment_outcome="open_case")
    desk.do("propose_opening", conflict_declared="no", opening_proposal_outcome="back")
    assert desk.open() == {"assess"}


def test_the_head_may_return_the_opening() -> None:
    assert opened().do("approve_opening", opening_outcome="returned").open() == {"propose_opening"}


def test_the_head_may_refuse_the_opening() -> None:
    desk = opened().do("approve_opening", opening_outcome="refused")
    assert desk.ended_at("end_refused")
    assert closed_with(desk) == ["dismissed"]


def test_a_team_of_one_is_sent_back() -> None:
    desk = opened().do("approve_opening", opening_outcome="approved", verifiers=["person-1"])
    assert desk.open() == {"propose_opening"}


def test_the_head_who_approves_is_neither_proposer_nor_assessor() -> None:
    separate = definition(P01).nodes["approve_opening"].extras["separateFrom"]
    assert set(str(separate).split()) == {"propose_opening", "assess"}


def test_each_member_of_the_team_signs_the_report_alone() -> None:
    desk = opened().do("approve_opening", opening_outcome="approved", verifiers=["person-1", "person-2"])
    desk.do("hear_subject", statement_on="2026-03-03", statement_signed="not_signed")
    desk.do("verify", report_conclusion="unsuited")
    assert {task.assignee for task in desk.tasks.values()} == {"person-1", "person-2"}
    assert desk.do("sign_report", signature_outcome="signed").open() == {"sign_report"}
    assert desk.do("sign_report", signature_outcome="signed").open() == {"determine"}


def test_a_member_who_does_not_agree_sends_the_report_back_and_it_can_be_signed_again() -> None:
    desk = opened().do("approve_opening", opening_outcome="approved", verifiers=["person-1", "person-2"])
    desk.do("hear_subject", statement_on="2026-03-03", statement_signed="signed")
    desk.do("verify", report_conclusion="unsuited").do("sign_report", signature_outcome="return")
    assert desk.open() == {"verify"}
    desk.do("verify", report_conclusion="not_unsuited").do("sign_report", signature_outcome="signed")
    assert desk.do("sign_report", signature_outcome="signed").open() == {"determine"}


@pytest.mark.parametrize("outcome", ["not_unsuited", "ended_for_cause"])
def test_a_finding_without_adjustment_closes_the_file(outcome: str) -> None:
    desk = determined(outcome)
    assert desk.ended_at("end_not_adjusted")
    assert closed_with(desk) == [outcome]


def test_verification_can_be_asked_for_again() -> None:
    assert determined("more_work").open() == {"verify"}


def test_tolerance_that_exempts_closes_the_file() -> None:
    desk = determined("tolerated").do(
        "handle_tolerance", tolerance_outcome="exempt", tolerance_on="2026-03-09"
    )
    assert closed_with(desk) == ["tolerated"]


@pytest.mark.parametrize("outcome", ["mitigated", "not_tolerated"])
def test_tolerance_that_does_not_exempt_leads_to_a_proposal(outcome: str) -> None:
    desk = determined("tolerated").do(
        "handle_tolerance", tolerance_outcome=outcome, tolerance_on="2026-03-09"
    )
    assert desk.open() == {"propose"}


def test_a_violation_goes_to_the_discipline_organ() -> None:
    desk = determined("referred").do(
        "refer_discipline", referred_on="2026-03-09", referral_outcome="accepted"
    )
    assert desk.ended_at("end_referred")
    assert closed_with(desk) == ["referred"]


def test_what_the_discipline_organ_sends_back_is_determined_again() -> None:
    desk = determined("referred")
    desk.do("refer_discipline", referred_on="2026-03-09", referral_outcome="no_violation")
    assert desk.open() == {"determine"}


def test_the_proposal_sees_the_advised_manner_the_period_and_who_decides() -> None:
    desk = propose(determined(), manner="demotion")
    assert desk.step is not None
    known = desk.step.variables
    assert known["manner_advice"]["manner"] == "lateral_transfer"
    assert known["proposed_months"] == {"promotion": 24, "equal": None, "leading": None, "open_until": None}
    assert known["authority"] == {"body": "committee", "must_report": False, "legal_act": False}


@pytest.mark.parametrize(
    ("outcome", "then"),
    [("back", {"verify"}), ("referred", {"refer_discipline"}), ("ended_for_cause", set())],
)
def test_a_proposal_can_go_elsewhere(outcome: str, then: set[str]) -> None:
    desk = propose(determined(), proposal_outcome=outcome)
    assert desk.open() == then
    assert desk.ended_at("end_proposal_for_cause") == (outcome == "ended_for_cause")


def test_a_lighter_manner_needs_a_second_signature() -> None:
    desk = propose(determined(), lighter_track="yes")
    assert desk.open() == {"countersign_lighter"}
    assert desk.called("put_on_agenda") == []
    desk.do("countersign_lighter", lighter_outcome="agreed")
    assert desk.called("put_on_agenda") == [{"body": "dept", "matter": "adjustment_proposal"}]


def test_a_lighter_manner_without_a_good_reason_is_returned() -> None:
    desk = propose(determined(), lighter_track="yes").do("countersign_lighter", lighter_outcome="returned")
    assert desk.open() == {"propose"}


def test_the_lighter_reason_is_asked_only_for_a_lighter_manner_and_then_required() -> None:
    fields = {one.key: one for one in flat(fields_of(definition(P01).forms["adjustment_proposal"]))}
    assert fields["lighter_reason"].required
    assert fields["lighter_reason"].condition == '=lighter_track != "yes"'
    assert "propose" in str(definition(P01).nodes["countersign_lighter"].extras["separateFrom"])


def test_a_deferred_department_item_goes_back_to_the_agenda() -> None:
    desk = propose(determined()).meeting("dept_meeting", "deferred")
    assert len(desk.called("put_on_agenda")) == 2
    assert desk.meeting("dept_meeting", "passed").open() == {"consult_discipline", "consult_leader"}


def test_a_department_item_that_does_not_pass_goes_back_to_the_proposal() -> None:
    assert propose(determined()).meeting("dept_meeting", "not_passed").open() == {"propose"}


def test_who_is_asked_depends_on_the_cadre() -> None:
    desk = propose(determined(), dual_managed="yes", non_party="yes").meeting("dept_meeting", "passed")
    assert desk.open() == {
        "consult_discipline", "consult_leader", "consult_dual_manager", "consult_united_front",
    }  # fmt: skip


def test_all_opinions_are_waited_for() -> None:
    desk = consulted(dual_managed="yes", non_party="yes")
    assert desk.open() == {"consult_dual_manager", "consult_united_front"}
    desk.do("consult_united_front", united_front_opinion="agree")
    assert desk.do("consult_dual_manager", dual_reply="agree").open() == {"consolidate"}
    assert desk.called("record_deemed_consent") == []


def test_a_month_of_silence_of_the_dual_manager_is_recorded_as_deemed_consent() -> None:
    desk = consulted(dual_managed="yes")
    asked = next(t for t in desk.timers.values() if t.element_id == "dual_silent")
    # The month ends with its last day; what falls on a holiday ends with the next working day.
    assert asked.due_at.astimezone(BUSINESS_ZONE).date() == date(2026, 4, 3)
    desk.wait("dual_silent")
    assert desk.called("record_deemed_consent") == [
        {"consulted": "dual_manager", "asked_on": "2026-03-02", "deemed_on": "2026-04-03"}
    ]
    assert desk.open() == {"consolidate"}
    assert "consult_dual_manager" not in desk.left, "silence is never an answer given"


@pytest.mark.parametrize(("outcome", "then"), [("back", "propose"), ("referred", "refer_discipline")])
def test_the_summary_of_opinions_can_lead_elsewhere(outcome: str, then: str) -> None:
    assert consolidated(consulted(), outcome).open() == {then}


def test_a_revised_proposal_goes_through_meeting_and_opinions_again() -> None:
    desk = consolidated(consulted(dual_managed="yes").wait("dual_silent"), "back", dual="deemed_agree")
    propose(desk, dual_managed="no").meeting("dept_meeting", "passed")
    assert desk.open() == {"consult_discipline", "consult_leader"}
    desk.do("consult_leader", leader_opinion="agree").do("consult_discipline", discipline_opinion="agree")
    assert desk.open() == {"consolidate"}
    assert desk.timers == {}


@pytest.mark.parametrize("fact", [{"managed_above": "yes"}, {"elected_post": "yes"}])
def test_cadres_managed_above_and_elected_posts_are_reported_to_the_superior(fact: dict[str, str]) -> None:
    desk = consolidated(consulted(**fact))
    assert desk.open() == {"report_superior"}
    dates = {"superior_asked_on": "2026-03-05", "superior_replied_on": "2026-03-09"}
    assert desk.do("report_superior", superior_outcome="approved", **dates).open() == {"check_materials"}


def test_a_superior_that_does_not_agree_sends_the_proposal_back() -> None:
    desk = consolidated(consulted(managed_above="yes"))
    desk.do("report_superior", superior_outcome="rejected", superior_asked_on="2026-03-05",
            superior_replied_on="2026-03-09")  # fmt: skip
    assert desk.open() == {"propose"}


@pytest.mark.parametrize(("post", "then"), [("chief", "report_superior"), ("deputy", "check_materials")])
def test_a_dual_manager_that_objects_matters_for_a_chief(post: str, then: str) -> None:
    desk = consulted(dual_managed="yes", post_type=post).do("consult_dual_manager", dual_reply="object")
    assert consolidated(desk, dual="object").open() == {then}


def test_incomplete_papers_do_not_reach_the_meeting() -> None:
    desk = consolidated(consulted()).do("check_materials", materials_outcome="incomplete")
    assert desk.open() == {"consolidate"}
    assert [inputs["body"] for inputs in desk.called("put_on_agenda")] == ["dept"]


def test_the_item_waits_for_the_result_of_the_meeting_under_its_own_number() -> None:
    desk = on_agenda()
    assert desk.called("put_on_agenda")[-1] == {
        "body": "committee", "matter": "adjustment_decision", "proposed_manner": "lateral_transfer",
        "proposed_post_id": "post-2",
    }  # fmt: skip
    assert {(s.message, s.correlation) for s in desk.waiting.values()} == {
        ("meeting_result", "item"), ("agenda_item_recalled", "item"),
    }  # fmt: skip
    assert desk.open() == set(), "nobody decides outside the meeting"


def test_a_deferred_item_goes_back_to_the_agenda_and_can_then_pass() -> None:
    desk = on_agenda().meeting("committee_meeting", "deferred")
    assert [inputs["body"] for inputs in desk.called("put_on_agenda")] == ["dept", "committee", "committee"]
    assert desk.meeting("committee_meeting", "passed").open() == {"record_decision"}


def test_an_item_can_be_recalled_before_the_meeting() -> None:
    desk = on_agenda().message("item_recalled")
    assert desk.called("recall_agenda_item") == [{"agenda_item_id": "item"}]
    assert desk.open() == {"check_materials"}
    assert desk.waiting == {}


@pytest.mark.parametrize(("outcome", "then"), [("propose_again", {"propose"}), ("verify_again", {"verify"})])
def test_an_item_that_did_not_pass_can_be_taken_up_again(outcome: str, then: set[str]) -> None:
    desk = on_agenda().meeting("committee_meeting", "not_passed")
    assert desk.do("after_not_passed", not_passed_outcome=outcome).open() == then


def test_an_item_that_did_not_pass_can_end_the_case() -> None:
    desk = on_agenda().meeting("committee_meeting", "not_passed")
    desk.do("after_not_passed", not_passed_outcome="close")
    assert desk.ended_at("end_not_passed")
    assert closed_with(desk) == ["not_passed"]
    assert desk.called("register_measure") == []


def test_periods_and_tracking_start_on_the_day_of_the_decision_whenever_it_is_entered() -> None:
    desk = on_agenda().meeting("committee_meeting", "passed", decided_on="2026-03-10")
    desk.do("record_decision", decided_manner="demotion", target_post_id="post-3", tracking_class="C",
            legal_act_needed="no")  # fmt: skip
    (measure,) = desk.called("register_measure")
    assert (measure["track"], measure["kind"]) == ("up_down", "demotion")
    assert (measure["decided_on"], measure["effective_on"]) == ("2026-03-10", "2026-03-10")
    (periods,) = desk.called("open_impact_periods")
    assert periods["months"]["promotion"] == 24
    (tracking,) = desk.called("open_tracking")
    assert tracking == {
        "tracking_class": "C", "measure_id": "measure-1", "opened_on": "2026-03-10", "care": "education",
    }  # fmt: skip


def test_a_cadre_moved_for_health_is_cared_for_not_educated() -> None:
    desk = propose(determined(situation_codes=["U15_health"], cause_kind="non_personal"))
    desk.meeting("dept_meeting", "passed")
    desk.do("consult_discipline", discipline_opinion="agree").do("consult_leader", leader_opinion="agree")
    consolidated(desk).do("check_materials", materials_outcome="complete")
    desk.meeting("committee_meeting", "passed")
    desk.do("record_decision", decided_manner="relieve_of_post", target_post_id="post-2",
            tracking_class="A", legal_act_needed="no")  # fmt: skip
    assert desk.called("open_tracking")[0]["care"] == "care"


def test_another_manner_than_proposed_is_registered_only_after_a_second_person_has_confirmed_it() -> None:
    desk = on_agenda().meeting("committee_meeting", "passed")
    given = {"target_post_id": "post-2", "tracking_class": "B", "legal_act_needed": "no"}
    desk.do("record_decision", decided_manner="relieve_of_post", decision_deviates="yes", **given)
    assert desk.open() == {"confirm_deviation"}
    assert desk.called("register_measure") == []

    desk.do("confirm_deviation", deviation_outcome="returned")
    assert desk.open() == {"record_decision"}
    desk.do("record_decision", decided_manner="relieve_of_post", decision_deviates="yes", **given)
    desk.do("confirm_deviation", deviation_outcome="confirmed")

    assert desk.called("register_measure")[0]["kind"] == "relieve_of_post"
    assert desk.open() == {"talk"}


@pytest.mark.parametrize(("post", "first"), [("chief", "committee_secretary"), ("deputy", "org_dept_head")])
def test_who_talks_follows_the_table(post: str, first: str) -> None:
    (talk,) = decided(post_type=post).tasks.values()
    assert talk.element_id == "talk"
    assert talk.groups[0] == first


def test_nothing_is_released_or_announced_before_the_talk_is_recorded() -> None:
    desk = decided()
    assert desk.called("record_talk") == []
    assert desk.sent == []
    desk.do("talk", talked_on="2026-03-12", talk_outcome="disputes", talk_signed="not_signed")
    assert desk.called("record_talk") == [{"talked_on": "2026-03-12"}]
    (message,) = desk.sent
    assert (message.message, message.correlation) == ("talk_recorded", CASE["caseId"])


def test_no_task_before_the_talk_is_for_the_cadre_the_mentor_or_the_unit() -> None:
    hidden = {"subject", "mentor", "unit_party_org", "unit_personnel"}
    for node in definition(P01).nodes.values():
        assert not hidden & set(node.candidate_groups), node.id


def test_a_refused_signature_is_recorded_with_a_note_and_a_witness() -> None:
    fields = {one.key: one for one in flat(fields_of(definition(P01).forms["down_talk"]))}
    assert {option.value for option in fields["talk_signed"].options} == {"signed", "not_signed"}
    for key in ("not_signed_note", "talk_witness"):
        assert fields[key].required
        assert 'talk_signed != "not_signed"' in str(fields[key].condition)


def test_the_cadre_is_told_the_remedy_in_writing_at_the_talk() -> None:
    fields = {one.key: one for one in flat(fields_of(definition(P01).forms["down_talk"]))}
    assert fields["remedy_notified"].required
    assert fields["remedy_text"].required
    assert fields["remedy_delivered_on"].required


def test_refusing_the_decision_is_handled_elsewhere_and_does_not_stop_it() -> None:
    desk = talked("refused_decision")
    assert desk.open() == {"refer_refusal"}
    assert desk.called("record_talk") != []
    desk.do("refer_refusal", refusal_outcome="referred")
    assert finish(desk).ended_at("end_adjusted")


def test_disputing_the_decision_suspends_neither_its_formalities_nor_its_periods() -> None:
    desk = talked("disputes")
    assert desk.open() == {"formalities"}
    assert len(desk.called("open_impact_periods")) == 1
    assert finish(desk).ended_at("end_adjusted")


def test_death_or_retirement_before_the_talk_ends_the_case_and_the_tracking() -> None:
    desk = decided().do("talk", talk_outcome="ended_for_cause", termination_reason="death")
    assert desk.ended_at("end_for_cause")
    assert closed_with(desk) == ["ended_for_cause"]
    (message,) = desk.sent
    assert message.message == "tracking_terminated"
    assert message.correlation == CASE["cadreId"]
    assert message.variables == {"termination_reason": "death"}
    assert desk.called("record_talk") == []


def test_a_congress_date_is_kept_apart_from_the_start_of_the_periods() -> None:
    desk = talked(legal="yes")
    assert desk.open() == {"legal_procedure"}
    desk.do("legal_procedure", legal_body="peoples_congress", legal_on="2026-04-20", legal_outcome="done")
    assert finish(desk).ended_at("end_adjusted")
    assert desk.called("register_measure")[0]["effective_on"] == "2026-03-10"


@pytest.mark.parametrize(("outcome", "then"), [("again", {"legal_procedure"}), ("other", set())])
def test_a_legal_procedure_that_did_not_pass_is_studied(outcome: str, then: set[str]) -> None:
    desk = talked(legal="yes").do(
        "legal_procedure", legal_body="peoples_congress", legal_outcome="not_passed"
    )
    assert desk.open() == {"handle_legal_rejection"}
    desk.do("handle_legal_rejection", legal_rejection_outcome=outcome)
    assert desk.open() == then
    assert desk.ended_at("end_legal_rejected") == (outcome == "other")
    assert desk.called("apply_adjustment") == []


def test_the_adjustment_takes_effect_only_with_the_formalities() -> None:
    desk = talked()
    assert desk.called("apply_adjustment") == []
    assert finish(desk).called("apply_adjustment") == [
        {"manner": "lateral_transfer", "target_post_id": "post-2", "effective_on": "2026-03-16",
         "document_no": "星屿任〔2026〕3号"}
    ]  # fmt: skip


def test_only_codes_dates_numbers_and_ids_can_enter_the_process() -> None:
    codes = ("radio", "select", "checklist", "date", "number", "people", "person", "post", "organisation")
    for form_key in definition(P01).forms:
        for name, one in variables_of(definition(P01), form_key).items():
            assert one.kind in codes or name == "document_no", f"{form_key}.{name}"


def test_the_catalogue_of_situations_matches_the_forms_and_prints_no_unproven_item_number() -> None:
    catalogue = json.loads((WORKFLOWS / "shared" / "situations.json").read_text(encoding="utf-8"))
    rows = catalogue["situations"]
    assert len(rows) == 16
    numbered = [row["code"] for row in rows if "第（" in row["article"]]
    assert numbered == [row["code"] for row in rows[:8]]
    codes = {row["code"] for row in rows}
    for form_key in ("signal", "determination", "adjustment_proposal"):
        field = variables_of(definition(P01), form_key)["situation_codes"]
        assert {option.value for option in field.options} == codes
