"""What is refused on the way: at every gate by the rule it stands for, whoever asks."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, MENTOR, RANK_ONLY
from webapp import engine as bpmn
from webapp.domain.errors import Conflict, EngineFault, Invalid, NotAllowed, NotFound, Refused, RuleBroken
from webapp.persistence.models import cases, runtime
from webapp.services import agenda, instances, meetings, recusals, tasks
from webapp.services import cases as case_verbs
from webapp.services import publicity as publicity_verbs
from webapp.services.attachments import Upload
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post
from webapp.services.demo.staff import PAPER
from webapp.services.paper import Paper

Place = tuple[Journey, str]
INTAKE = {
    "late_entry": "no", "track": "party", "kind": "warning", "decided_on": "2024-03-01",
    "effective_on": "2024-03-01", "tracking_class": "A",
}  # fmt: skip


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# Meetings


def called(journey: Journey, case_id: str, absent: int = 0) -> tuple[str, str, list[str]]:
    """A meeting of the committee with the case's item, opened → meeting, item, members."""
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    members = journey.members(meeting_id)
    journey.attend(meeting_id, absent=members[:absent])
    return meeting_id, item_id, members


def test_seven_of_eleven_members_are_no_quorum(before_committee: Place) -> None:
    journey, case_id = before_committee
    with pytest.raises(RuleBroken) as refusal:
        called(journey, case_id, absent=4)
    assert codes(refusal) == ["NO_QUORUM"]


def test_a_recusal_can_cost_an_item_its_quorum(before_committee: Place) -> None:
    journey, case_id = before_committee
    _, item_id, members = called(journey, case_id, absent=3)
    recusals.recuse(
        journey.begin(), journey.member(members[5]), item_id=item_id, person_id=members[5], reason="亲属"
    )
    with pytest.raises(RuleBroken) as refusal:
        meetings.start_vote(journey.begin(), journey.actor("shiweiban"), item_id=item_id)
    assert codes(refusal) == ["NO_QUORUM"]


def test_recused_and_absent_members_and_guests_do_not_vote_and_the_chair_votes_last(
    before_committee: Place,
) -> None:
    journey, case_id = before_committee
    _, item_id, members = called(journey, case_id, absent=1)
    recorder = journey.actor("shiweiban")
    recusals.recuse(journey.begin(), recorder, item_id=item_id, person_id=members[1], reason="亲属")
    meetings.start_vote(journey.begin(), recorder, item_id=item_id)

    with pytest.raises(NotAllowed, match="回避"):
        journey.vote(item_id, members[1], "agree")
    with pytest.raises(RuleBroken) as absent:
        journey.vote(item_id, members[0], "agree")
    with pytest.raises(RuleBroken) as chair:
        journey.vote(item_id, members[-1], "agree")
    with pytest.raises(NotAllowed, match="组成人员"):
        meetings.vote(journey.begin(), journey.actor("jiwei"), item_id=item_id, choice="agree")
    journey.vote(item_id, members[2], "agree")
    with pytest.raises(Conflict):
        journey.vote(item_id, members[2], "disagree")
    with pytest.raises(RuleBroken) as early:
        meetings.decide(journey.begin(), recorder, item_id=item_id)
    assert (codes(absent), codes(chair), codes(early)) == (["NOT_PRESENT"], ["CHAIR_LAST"], ["VOTES_MISSING"])


def test_nobody_votes_outside_an_open_meeting(before_committee: Place) -> None:
    journey, case_id = before_committee
    with pytest.raises(NotFound):
        journey.vote(journey.item(case_id)["id"], person("安知秋"), "agree")
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    with pytest.raises(RuleBroken) as planned:
        journey.vote(item_id, person("安知秋"), "agree")
    journey.attend(meeting_id)
    with pytest.raises(RuleBroken) as unasked:
        journey.vote(item_id, person("安知秋"), "agree")
    assert (codes(planned), codes(unasked)) == (["MEETING_NOT_OPEN"], ["ITEM_NOT_VOTING"])


def test_an_item_is_withdrawn_before_its_meeting_opens_and_not_after(before_committee: Place) -> None:
    journey, case_id = before_committee
    first = journey.item(case_id)["id"]
    journey.call("committee", [case_id])
    agenda.withdraw(journey.begin(), journey.actor("fubuzhang2"), item_id=first, reason="材料需补充")
    assert journey.elements(case_id) == {"check_materials"}

    journey.do(case_id, "check_materials", "fubuzhang2", materials_outcome="complete")
    _, item_id, _ = called(journey, case_id)
    with pytest.raises(Conflict):
        agenda.withdraw(journey.begin(), journey.actor("fubuzhang2"), item_id=item_id, reason="材料需补充")
    assert journey.row(runtime.message_subscription, message="meeting_result")["correlation"] == item_id
    journey.check()


# Who sees, who may


def test_a_case_does_not_exist_for_the_cadre_the_relatives_and_before_the_talk_for_the_unit(
    journey: Journey,
) -> None:
    own = journey.open_case("ganbu1", CADRE)
    of_kin = journey.open_case("ganbu1", person("罗寒露"))
    for login, case_id in (("benren", own), ("fgj1", own), ("ganbu2", of_kin)):
        with pytest.raises(NotFound):
            tasks.claim(journey.begin(), journey.actor(login), task_id=journey.task(case_id, "assess")["id"])
    tasks.claim(journey.begin(), journey.actor("ganbu2"), task_id=journey.task(own, "assess")["id"])
    with pytest.raises(NotAllowed, match="亲属"):
        journey.open_case("ganbu2", person("罗寒露"))


def test_nothing_is_seen_by_the_unit_until_the_talk_is_recorded(before_committee: Place) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    unit, subject = journey.actor("fgj1"), journey.actor("benren")
    with pytest.raises(NotFound), journey.begin() as work:
        case_verbs.take_case(work, unit, case_id)
    assert "make_plan" not in journey.elements(case_id)
    assert journey.plan(CADRE)["released_on"] is None

    scenes.talk_and_appoint(journey, case_id)

    with journey.begin() as work:
        assert case_verbs.take_case(work, unit, case_id).talked_on == work.today
    with pytest.raises(NotFound), journey.begin() as work:
        case_verbs.take_case(work, subject, case_id)


def test_a_declared_recusal_takes_the_tasks_away(journey: Journey) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    task_id = journey.task(case_id, "assess")["id"]
    tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task_id)

    case_verbs.declare_recusal(
        journey.begin(),
        journey.actor("jiandu1"),
        case_id=case_id,
        person_id=journey.person("ganbu1"),
        reason="同乡",
    )

    assert journey.task(case_id, "assess")["assignee_id"] is None
    with pytest.raises(NotFound):
        journey.complete("ganbu1", task_id, assessment_outcome="watch")


def test_who_registers_does_not_check_and_strangers_do_nothing(journey: Journey) -> None:
    case_id = journey.open_case("jiandu1", CADRE, "sanction", **INTAKE)
    task_id = journey.task(case_id, "check_entry")["id"]
    with pytest.raises(NotAllowed, match="前序环节"):
        journey.complete("jiandu1", task_id, entry_outcome="confirmed")
    with pytest.raises(NotAllowed, match="承办人"):
        journey.complete("dangan", task_id, entry_outcome="confirmed")
    for stranger in ("changwei02", "xinfang", "liucheng"):
        with pytest.raises(NotFound):
            journey.complete(stranger, task_id, entry_outcome="confirmed")
    tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task_id)
    with pytest.raises(Conflict, match="签收"):
        journey.complete("anguan", task_id, entry_outcome="confirmed")
    journey.complete("ganbu1", task_id, entry_outcome="confirmed")
    journey.check()


# Submitting


def test_a_doubled_submit_gets_the_first_reply_and_another_body_under_the_key_is_refused(
    journey: Journey,
) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    task_id, key = journey.task(case_id, "assess")["id"], str(uuid4())
    posted, _ = journey.answers(task_id, {"assessment_outcome": "open_case"})

    def submit(values: Any, submit_key: str) -> Any:
        return tasks.complete(
            journey.begin(), journey.actor("ganbu1"), task_id=task_id, posted=values, key=submit_key
        )

    first = submit(posted, key)
    assert submit(posted, key) == first
    with pytest.raises(Refused, match="提交编号"):
        submit({**posted, "assessment_outcome": "watch"}, key)
    with pytest.raises(Conflict):
        submit(posted, str(uuid4()))
    assert journey.events(case_id).count("task_completed") == 1
    assert len(journey.open_tasks(case_id)) == 1


def test_one_verifier_is_too_few(journey: Journey) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    journey.do(case_id, "assess", "ganbu1", assessment_outcome="open_case")
    journey.do(case_id, "propose_opening", "fubuzhang1", conflict_declared="no")
    with pytest.raises(Invalid) as refusal:
        journey.do(case_id, "approve_opening", "changwei03", verifiers=[journey.person("heshi1")])
    assert refusal.value.problems == {"verifiers": "“核实组成员（两人以上）”不少于2人，现为1人。"}
    assert journey.elements(case_id) == {"approve_opening"}


def test_files_are_kept_with_the_form_and_foreign_or_forbidden_ones_refused(journey: Journey) -> None:
    case_id = journey.open_case("jiandu1", CADRE, "sanction", **INTAKE)
    kept = journey.row(cases.attachment, case_id=case_id)
    assert (kept["purpose"], kept["digest"], kept["size"]) == ("form", PAPER.digest, len(PAPER.data))
    journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")

    task_id = journey.task(case_id, "announce")["id"]
    other = journey.open_case("jiandu1", person("温霜降"), "sanction", **INTAKE)
    foreign = journey.row(cases.attachment, case_id=other)["id"]
    talkers = {"talkers": [journey.person("jiwei"), journey.person("shenli")], "talk_signed": "signed"}
    with pytest.raises(Invalid) as stolen:
        journey.complete("shenli", task_id, talk_paper=foreign, **talkers)
    posted, _ = journey.answers(task_id, talkers)
    with pytest.raises(Invalid) as program:
        tasks.complete(
            journey.begin(), journey.actor("shenli"), task_id=task_id, posted=posted, key="k",
            uploads={"talk_paper": [Upload("谈话.pdf", b"MZ not a document")]},
        )  # fmt: skip
    assert set(stolen.value.problems) == set(program.value.problems) == {"talk_paper"}
    assert len(journey.rows(cases.attachment, case_id=case_id)) == 1

    files = {"talk_paper": [PAPER]}
    tasks.complete(
        journey.begin(), journey.actor("shenli"), task_id=task_id, posted=posted, key="k", uploads=files
    )
    assert len(journey.rows(cases.attachment, case_id=case_id, work_item_id=task_id)) == 1
    journey.check()


def test_a_step_done_on_paper_is_the_deciders_and_names_who_entered_it(journey: Journey) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    task_id = journey.task(case_id, "assess")["id"]
    posted, _ = journey.answers(task_id, {"assessment_outcome": "open_case"})
    paper = Paper(decided_by="　蒋 处暑\u200b", decided_on=journey.today, scans=[PAPER])

    tasks.complete(
        journey.begin(), journey.actor("ganbu1"), task_id=task_id, posted=posted, key="k", on_paper=paper
    )

    done = journey.row(runtime.work_item, id=task_id)
    assert (done["on_paper"], done["completed_by"]) == (True, journey.actor("jiandu1").user_id)
    assert journey.events(case_id)[-1] == "paper_recorded"
    journey.check()


def test_a_fault_of_the_diagram_leaves_the_task_open_and_an_incident(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = journey.open_case("ganbu1", CADRE)

    def broken(*_: Any, **__: Any) -> Any:
        raise bpmn.EngineError("gw_assessed", "EXPRESSION", "条件无法计算。")

    with monkeypatch.context() as patch:
        patch.setattr(bpmn, "run", broken)
        with pytest.raises(EngineFault) as fault:
            journey.do(case_id, "assess", "ganbu1", assessment_outcome="watch")

    incident = journey.row(runtime.incident, id=fault.value.incident_id)
    assert (incident["case_id"], incident["element_id"], incident["code"]) == (
        case_id,
        "gw_assessed",
        "EXPRESSION",
    )
    assert journey.elements(case_id) == {"assess"}
    journey.do(case_id, "assess", "ganbu1", assessment_outcome="watch")
    assert journey.case(case_id)["outcome"] == "watch"


# The way up


def test_within_the_impact_period_the_way_up_ends_at_the_first_gate_with_all_reasons(
    before_committee: Place,
) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, case_id)
    with pytest.raises(NotAllowed, match="首个环节"):
        instances.start(
            journey.begin(), journey.actor("fgj1"), key="p04_reinstatement", variables={}, case_id=case_id
        )

    instances.start(
        journey.begin(), journey.actor("ganbu1"), key="p04_reinstatement", variables={}, case_id=case_id
    )
    scenes.initiate(journey, case_id, branch="promotion", post_id=post("jyj:deputy"))

    assert journey.reasons(case_id) == [("initiation", False, ["IN_IMPACT_PERIOD", "TRACKING"])]
    assert journey.instance(case_id, "p04_reinstatement")["status"] == "finished"
    assert (journey.case(case_id)["status"], journey.case(case_id)["stage"]) == ("open", "tracking")
    journey.check()


def test_a_pending_must_is_asked_again_of_the_same_people_and_a_failed_one_ends_the_attempt(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="further_use", post_id=post("jyj:deputy"))
    scenes.examine(journey, case_id, branch="further_use", discipline="pending")
    assert "consult" not in journey.elements(case_id)
    assert {"double_sign", "check_archive", "check_petitions"} <= journey.elements(case_id)

    assert journey.each(case_id, "double_sign") == 2
    journey.do(case_id, "hear_discipline", "jiwei", discipline_result="fail")
    journey.do(case_id, "check_archive", archive_result="pass")
    journey.do(case_id, "check_personal_matters", personal_matters_result="pass")
    journey.do(case_id, "check_petitions", petitions_result="pass")

    assert journey.elements(case_id) == set()
    assert journey.instance(case_id, "p04_reinstatement")["status"] == "finished"
    assert (journey.case(case_id)["status"], journey.in_office(CADRE)["post_id"]) == ("open", post(AWAY))
    journey.check()


def test_one_person_signs_only_once_of_the_two_signatures(on_the_way_up: Place) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="further_use", post_id=post("jyj:deputy"))
    journey.meet("dept", case_id)
    journey.do(case_id, "recommend", recommendation_outcome="supported")
    journey.meet("dept", case_id)
    journey.do(case_id, "set_up_examination")
    journey.do(case_id, "double_sign", "fgj1")
    with pytest.raises(NotAllowed, match="前序环节"):
        journey.do(case_id, "double_sign", "fgj1")


def test_publicity_is_neither_backdated_nor_cut_short_and_an_objection_holds_the_appointment(
    on_the_way_up: Place,
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="further_use", post_id=post("jyj:deputy"))
    scenes.examine(journey, case_id, branch="further_use")
    scenes.decide_way_up(journey, case_id)
    with pytest.raises(RuleBroken) as backdated:
        journey.do(case_id, "draft_notice", publicity_from=journey.today - timedelta(days=1))
    assert [one.code for one in backdated.value.reasons] == ["PUBLICITY_BEFORE_DECISION", "PUBLICITY_PAST"]
    journey.do(case_id, "draft_notice", publicity_from=journey.today)
    publicity = journey.row(cases.publicity, case_id=case_id)
    journey.wait(2)
    with journey.begin() as work:
        assert work.calendar().workdays_between(publicity["starts_on"], publicity["ends_on"]) == 5
    supervisor = journey.actor("jiandu1")
    objection_id = publicity_verbs.receive_objection(
        journey.begin(),
        supervisor,
        case_id=case_id,
        received_on=journey.today,
        manner="letter",
        text="反映工作作风问题",
    )
    journey.until(publicity["closes_on"])
    assert journey.elements(case_id) == {"check_objections"}

    journey.do(case_id, "check_objections", "jiandu1", objection_outcome="not_affecting")
    assert journey.elements(case_id) == {"check_objections"}
    publicity_verbs.conclude_objection(
        journey.begin(), supervisor, objection_id=objection_id, finding="unfounded"
    )
    journey.do(case_id, "check_objections", "jiandu1", objection_outcome="not_affecting")
    assert journey.elements(case_id) == {"appointment_talk"}
    journey.check()


def test_an_unknown_choice_of_helper_is_refused(before_committee: Place) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, case_id)
    journey.do(case_id, "open_file", tracking_class="A")
    with pytest.raises(Invalid):
        journey.do(case_id, "make_plan", mentor_id=str(uuid4()))
    with pytest.raises(Invalid):
        journey.do(case_id, "make_plan", mentor_id=CADRE)
    journey.do(case_id, "make_plan", mentor_id=MENTOR)
    journey.do(case_id, "approve_plan", plan_outcome="approved")
    assert journey.plan(CADRE)["mentor_id"] == MENTOR
