"""A process put right by two persons 流程纠正: back behind no act in force, forward over no gate, never alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE
from webapp.domain.corrections import Move
from webapp.domain.errors import Conflict, Invalid, NotAllowed, RuleBroken
from webapp.persistence.models import cases, history, runtime
from webapp.persistence.models.corrections import correction
from webapp.services import corrections, interruptions
from webapp.services.correcting import Wish
from webapp.services.demo import scenes

WHY = "核实材料有误，须重新办理。"
SECTION, HEAD, OFFICER = "jiandu1", "changwei03", "ganbu1"


def back(at: str, to: str) -> Wish:
    return Wish("return", at=at, to=to)


def moves(*pairs: tuple[str, str]) -> Wish:
    return Wish("modify", moves=tuple(Move(what, element) for what, element in pairs))  # type: ignore[arg-type]


def down(journey: Journey, case_id: str) -> str:
    return str(journey.instance(case_id, "p01_down_adjustment")["id"])


def propose(journey: Journey, instance_id: str, wish: Wish, by: str = SECTION) -> str:
    return corrections.propose(
        journey.begin(), journey.actor(by), instance_id=instance_id, wish=wish, reason=WHY
    )


def agree(journey: Journey, correction_id: str, by: str = HEAD) -> None:
    corrections.confirm(journey.begin(), journey.actor(by), correction_id=correction_id)


def correct(journey: Journey, instance_id: str, wish: Wish) -> None:
    agree(journey, propose(journey, instance_id, wish))


def refused(journey: Journey, instance_id: str, wish: Wish) -> list[str]:
    with pytest.raises(RuleBroken) as broken:
        propose(journey, instance_id, wish)
    return [reason.sentence for reason in broken.value.reasons]


def test_a_process_goes_back_to_an_earlier_step_once_a_second_person_agrees(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    assert journey.elements(case_id) == {"propose"}

    correction_id = propose(journey, instance_id, back("propose", "verify"))
    assert journey.elements(case_id) == {"propose"}
    agree(journey, correction_id)

    assert journey.elements(case_id) == {"verify"}
    assert journey.case(case_id)["stage"] == "verification"
    assert journey.events(case_id)[-2:] == ["correction_proposed", "process_corrected"]
    (sealed,) = journey.rows(cases.sealed_value, owner_kind="correction", owner_id=correction_id)
    assert WHY.encode() not in bytes(sealed["ciphertext"])
    (event,) = journey.rows(history.history_event, kind="process_corrected")
    assert b'"stood":["propose"]' in bytes(event["body"])
    assert b'"stands":["verify"]' in bytes(event["body"])
    journey.check()


def test_nobody_corrects_alone_and_who_has_no_part_in_it_neither(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    wish = back("propose", "verify")
    with pytest.raises(NotAllowed):
        propose(journey, instance_id, wish, by=OFFICER)
    with pytest.raises(NotAllowed):
        propose(journey, instance_id, wish, by="shenji")
    correction_id = propose(journey, instance_id, wish)
    with pytest.raises(NotAllowed, match="第二人"):
        agree(journey, correction_id, by=SECTION)
    with pytest.raises(NotAllowed):
        agree(journey, correction_id, by=OFFICER)
    with pytest.raises(Conflict, match="已有一项"):
        propose(journey, instance_id, wish)
    corrections.reject(journey.begin(), journey.actor(SECTION), correction_id=correction_id, reason="误提。")
    with pytest.raises(Conflict, match="已经复核"):
        agree(journey, correction_id)
    assert journey.row(correction, id=correction_id)["status"] == "withdrawn"
    assert journey.elements(case_id) == {"propose"}
    journey.check()


def test_forwards_no_decision_meeting_or_registration_is_jumped_over(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    sentences = refused(journey, instance_id, moves(("cancel", "propose"), ("before", "talk")))
    for name in ("部务会研究", "常委会讨论决定", "登记调整措施", "上会前审核", "影响期起算"):
        assert any(name in one for one in sentences), name
    assert refused(journey, instance_id, moves(("cancel", "propose"), ("before", "dept_meeting")))
    assert refused(journey, instance_id, moves(("cancel", "propose")))
    assert refused(journey, instance_id, moves(("before", "committee_meeting")))
    assert journey.elements(case_id) == {"propose"}
    journey.check()


def test_an_item_nobody_waits_for_any_more_leaves_the_agenda(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    instance_id = down(journey, case_id)

    correct(journey, instance_id, back("committee_meeting", "consolidate"))

    assert journey.elements(case_id) == {"consolidate"}
    assert journey.item(case_id)["status"] == "recalled"
    assert journey.rows(runtime.message_subscription, instance_id=instance_id) == []
    journey.do(case_id, "consolidate", consultation_outcome="submit")
    journey.check()


def test_nothing_is_corrected_while_it_is_voted_on_nor_behind_what_was_decided(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    instance_id = down(journey, case_id)
    meeting_id, items = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    journey.put_to_vote(items[0])
    with pytest.raises(Conflict, match="正在表决"):
        propose(journey, instance_id, back("committee_meeting", "consolidate"))
    assert journey.enter(items[0], agree=11) == "passed"
    journey.end(meeting_id)
    assert "record_decision" in journey.elements(case_id)

    sentences = refused(journey, instance_id, back("record_decision", "propose"))

    assert any("提交党委会议" in one and "已经办理生效" in one for one in sentences)
    assert refused(journey, instance_id, moves(("cancel", "record_decision"), ("before", "talk")))
    journey.check()


def test_a_suspended_process_is_not_corrected_and_one_that_went_on_is_judged_anew(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    first = propose(journey, instance_id, back("propose", "verify"))
    interruptions.suspend(journey.begin(), journey.actor(HEAD), case_id=case_id, reason=WHY)
    with pytest.raises(Conflict, match="暂停"):
        agree(journey, first)
    interruptions.resume(journey.begin(), journey.actor(HEAD), case_id=case_id)
    journey.do(case_id, "propose", OFFICER, proposal_outcome="back")
    with pytest.raises(Conflict, match="已有办理"):
        agree(journey, first)
    corrections.reject(journey.begin(), journey.actor(HEAD), correction_id=first, reason="已经退回。")
    assert journey.row(correction, id=first)["status"] == "refused"
    journey.check()


def test_who_runs_the_installation_proposes_and_the_own_matter_does_not_exist_for_anybody(
    journey: Journey,
) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    for login in ("xitong", "liucheng"):
        outlook = corrections.rehearse(
            journey.begin(), journey.actor(login), instance_id=instance_id, wish=back("propose", "verify")
        )
        assert "开始：“核实并撰写核实报告”。" in outlook.sentences
    assert journey.elements(case_id) == {"propose"}
    with pytest.raises(NotAllowed, match="干部监督科"):
        propose(journey, instance_id, Wish("variables", values={"source": "x"}), by="xitong")
    correction_id = propose(journey, instance_id, back("propose", "verify"), by="xitong")
    with pytest.raises(NotAllowed):
        agree(journey, correction_id, by="liucheng")
    agree(journey, correction_id, by=SECTION)
    assert journey.elements(case_id) == {"verify"}
    journey.check()


def test_what_was_filled_in_is_put_right_as_its_form_asks_and_never_after_a_gate(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    instance_id = down(journey, case_id)
    with pytest.raises(Invalid) as invalid:
        propose(journey, instance_id, Wish("variables", values={"determination_outcome": "x", "caseNo": "1"}))
    assert "核实认定" in invalid.value.problems["determination_outcome"]
    assert "由系统填写" in invalid.value.problems["caseNo"]
    journey.check()


def test_of_two_who_agree_at_the_same_moment_one_is_told_it_is_done(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = scenes.open_and_verify(journey, CADRE)
    correction_id = propose(journey, down(journey, case_id), back("propose", "verify"))
    actors = [journey.actor(login) for login in (HEAD, "fubuzhang1")]

    def confirm(number: int) -> str:
        try:
            corrections.confirm(journey.begin(), actors[number], correction_id=correction_id)
        except Conflict as refused:
            return refused.sentence
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(confirm, range(2)))

    assert said[0] == ""
    assert said[1]
    assert [row["element_id"] for row in journey.open_tasks(case_id)] == ["verify"]
    assert journey.events(case_id).count("process_corrected") == 1
    journey.check()


def test_a_publicity_taken_back_to_its_draft_ends_and_begins_anew(on_the_way_up: tuple[Journey, str]) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="promotion", post_id=scenes.post("jyj:deputy"))
    scenes.examine(journey, case_id, branch="promotion")
    scenes.decide_way_up(journey, case_id)
    journey.do(case_id, "draft_notice", "ganbu1", publicity_from=journey.today + timedelta(days=1))
    instance_id = str(journey.instance(case_id, "p04_reinstatement")["id"])
    (clock,) = journey.rows(runtime.job, instance_id=instance_id, status="due")
    assert refused(journey, instance_id, moves(("cancel", "publicity_over"), ("before", "appointment_talk")))
    assert refused(journey, instance_id, back("publicity_over", "phase_decision"))

    correct(journey, instance_id, back("publicity_over", "draft_notice"))

    assert journey.elements(case_id) >= {"draft_notice"}
    assert journey.row(cases.publicity, case_id=case_id)["status"] == "cancelled"
    assert journey.row(runtime.job, id=clock["id"])["status"] == "cancelled"
    journey.do(case_id, "draft_notice", "ganbu1", publicity_from=journey.today + timedelta(days=2))
    assert [
        row["status"] for row in journey.rows(cases.publicity, case_id=case_id, order=("starts_on",))
    ] == [
        "cancelled",
        "open",
    ]
    journey.check()
