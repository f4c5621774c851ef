"""Appeals from the own page to the answer: who files, until when, who keeps away; nothing stops meanwhile."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from tests.site import Site
from tests.web.test_mine_page import decided, own_page, talk
from webapp import engine as bpmn
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, RuleBroken
from webapp.persistence.models import cases, history, runtime, tracking
from webapp.services import appeals, eligibility, reads, replay
from webapp.services.demo import scenes
from webapp.services.demo.staff import PAPER, Staff

WHY = "对第二项事实认定不服，请求重新核实。"


@pytest.fixture
def staff(site: Site) -> Staff:
    return Staff(site.office, patience=5)


def told(site: Site, staff: Staff) -> tuple[str, str]:
    """A demotion of which the cadre was told today → case, measure."""
    case_id = decided(site, staff)
    talk(staff, case_id)
    (measure,) = site.rows(cases.measure, case_id=case_id)
    return case_id, measure["id"]


def filed(site: Site, measure_id: str, *, route: str = "review", **filing: Any) -> str:
    return appeals.file(
        site.office.begin(), site.actor("benren"), measure_id=measure_id, route=route,
        filing=appeals.Filing(WHY, **filing), key=f"{measure_id}{route}",
    )  # fmt: skip


def the(site: Site, appeal_id: str) -> dict[str, Any]:
    return site.rows(cases.appeal, id=appeal_id)[0]


def reviewers(staff: Staff, *logins: str) -> list[str]:
    return [staff.person(login) for login in logins]


def decide(staff: Staff, case_id: str, result: str, **given: Any) -> None:
    """Taken up, reviewed and decided by people who had no part in the case."""
    staff.do(case_id, "accept", "shensu", acceptance="accepted")
    team = reviewers(staff, "shensu", "gwyk")
    staff.do(case_id, "review", "shensu", review_outcome="submit", reviewers=team)
    staff.do(case_id, "decide", "jiandu2", appeal_result=result, **given)


def test_an_appeal_goes_from_the_own_page_to_its_answer_and_nothing_stops_meanwhile(any_site: Site) -> None:
    staff = Staff(any_site.office, patience=5)
    case_id, measure_id = told(any_site, staff)
    periods = any_site.rows(cases.impact_period, case_id=case_id)
    open_before = staff.elements(case_id)

    page = any_site.as_("benren").get(f"/mine/appeals/new?measure={measure_id}&route=review")
    assert "复核（公务员法）" in page.get_data(as_text=True)
    form = {"measure": measure_id, "route": "review", "text": WHY}
    answer = any_site.as_("benren").post("/mine/appeals", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mine#appeals")

    (appeal,) = any_site.rows(cases.appeal)
    assert (appeal["status"], appeal["entry"], appeal["filed_on"]) == ("filed", "online", staff.today)
    assert WHY.encode() not in b"".join(row["body"] for row in any_site.rows(history.history_event))
    assert staff.elements(case_id) == open_before | {"accept"}, "execution goes on"
    with reads.begin(any_site.office) as look:
        facts = eligibility.facts_of(
            look, any_site.person("苏白露"), action="promotion", step="initiation", today=staff.today,
            post_id=None, variables={},
        )  # fmt: skip
    assert facts.open_appeal

    decide(staff, case_id, "revoked")
    assert any_site.rows(cases.impact_period, case_id=case_id) == periods
    assert "已受理" in own_page(any_site)
    assert "撤销" not in own_page(any_site), "not before the answer is delivered"
    staff.do(case_id, "answer", "shensu", delivery_signed="signed", answer_text="原决定事实不清，予以撤销。")

    page = own_page(any_site)
    assert "撤销原决定" in page
    assert "原决定事实不清，予以撤销。" in page
    assert "register_result" in staff.elements(case_id)
    (measure,) = any_site.rows(cases.measure, case_id=case_id)
    assert (measure["ended_by"], measure["ended_on"]) == ("revoked", staff.today)
    assert "已撤销" in page
    (change,) = any_site.rows(cases.measure_change, measure_id=measure_id)
    assert change["proposed_by"] != change["settled_by"]
    staff.do(case_id, "register_result", "jiandu1")
    (process,) = any_site.rows(runtime.process_instance, id=appeal["instance_id"])
    assert process["status"] == "finished"
    assert replay.replay(any_site.office) == []


def test_a_late_appeal_is_refused_with_the_day_or_taken_with_a_written_reason(
    site: Site, staff: Staff
) -> None:
    case_id, measure_id = told(site, staff)
    (case,) = site.rows(cases.case_file, id=case_id)
    staff.until(case["told_on"] + timedelta(days=40))

    with pytest.raises(RuleBroken) as late:
        filed(site, measure_id)
    assert "届满" in late.value.reasons[0].sentence
    assert "次日起算" in late.value.reasons[0].sentence
    assert "（已过）" in own_page(site)

    form = {
        "way": f"{measure_id}:review", "filed_on": staff.today.isoformat(), "text": WHY, "late_reason": "",
        "scan": (BytesIO(PAPER.data), "申请书.pdf"),
    }  # fmt: skip
    officer = site.as_("ganbu1")
    assert officer.post(f"/cases/{case_id}/appeals", form).status_code == 422
    form |= {"late_reason": "本人住院，有医院证明。", "scan": (BytesIO(PAPER.data), "申请书.pdf")}
    assert officer.post(f"/cases/{case_id}/appeals", form).status_code == 303

    (appeal,) = site.rows(cases.appeal)
    assert (appeal["is_late"], appeal["entry"]) == (True, "paper")
    page = officer.get(f"/cases/{case_id}").get_data(as_text=True)
    for words in (WHY, "本人住院，有医院证明。", "纸面提出，代录", "申请书.pdf"):
        assert words in page, words
    unit = site.as_("fgj1").get(f"/cases/{case_id}").get_data(as_text=True)
    assert "纸面提出" not in unit
    assert "复核（公务员法）" in officer.get(f"/people/{site.person('苏白露')}").get_data(as_text=True)


def test_only_the_cadre_told_of_it_and_the_offices_in_charge_file_and_one_at_a_time(
    site: Site, staff: Staff
) -> None:
    case_id = decided(site, staff)
    (measure,) = site.rows(cases.measure, case_id=case_id)
    with pytest.raises(NotFound):
        filed(site, measure["id"])
    talk(staff, case_id)

    for login, error in (("fgj1", NotAllowed), ("heshi1", NotAllowed), ("jyj1", NotFound)):
        with pytest.raises(error):
            appeals.file(
                site.office.begin(), site.actor(login), measure_id=measure["id"], route="review",
                filing=appeals.Filing(WHY, uploads=[PAPER]), key=login,
            )  # fmt: skip
    with pytest.raises(RuleBroken):
        filed(site, measure["id"], route="second_appeal")
    first = filed(site, measure["id"])
    assert filed(site, measure["id"]) == first, "the same request again"
    for other in (appeals.Filing(WHY + "另补充一点。"), appeals.Filing(WHY, uploads=[PAPER])):
        with pytest.raises(Refused, match="提交编号"):
            appeals.file(
                site.office.begin(), site.actor("benren"), measure_id=measure["id"], route="review",
                filing=other, key=f"{measure['id']}review",
            )  # fmt: skip
    with pytest.raises(Conflict):
        filed(site, measure["id"], route="direct_appeal")


def test_who_handled_the_case_neither_handles_nor_reviews_the_appeal_and_it_never_gets_worse(
    site: Site, staff: Staff
) -> None:
    case_id, measure_id = told(site, staff)
    appeal_id = filed(site, measure_id, route="direct_appeal")

    with pytest.raises(NotAllowed):
        staff.do(case_id, "accept", "jiandu1", acceptance="accepted")
    staff.do(case_id, "accept", "shensu", acceptance="accepted")
    assert the(site, appeal_id)["decide_by"] >= staff.today + timedelta(days=60)

    def review(*logins: str, **given: Any) -> None:
        answers = {"review_outcome": "submit", "reviewers": reviewers(staff, *logins), **given}
        staff.finish(staff.task(case_id, "review")["id"], "shensu", **answers)

    for team in (("shensu", "heshi1", "gwyk"), ("shensu", "changwei05", "gwyk"), ("shensu", "gwyk")):
        with pytest.raises(RuleBroken):
            review(*team)
    review(review_outcome="extend")
    assert the(site, appeal_id)["decide_by"] >= staff.today + timedelta(days=90)
    with pytest.raises(RuleBroken):
        review(review_outcome="extend")
    review("shensu", "gwyk", "peiyang")

    heavier = {"appeal_result": "changed", "new_kind": "demotion", "new_months": "36"}
    with pytest.raises(RuleBroken) as worse:
        staff.do(case_id, "decide", "jiandu2", **heavier)
    assert [one.code for one in worse.value.reasons] == ["APPEAL_HEAVIER"]
    longer = {"appeal_result": "changed", "new_kind": "relieve_of_post", "new_months": "36"}
    with pytest.raises(RuleBroken) as lasting:
        staff.do(case_id, "decide", "jiandu2", **longer)
    assert [one.code for one in lasting.value.reasons] == ["APPEAL_HEAVIER"], (
        "a lighter kind for a longer time"
    )
    with pytest.raises(Invalid) as impossible:
        staff.do(case_id, "decide", "jiandu2", **{**longer, "new_months": "6"})
    assert set(impossible.value.problems) == {"new_months"}
    with pytest.raises(NotAllowed):
        staff.finish(staff.task(case_id, "decide")["id"], "shensu", appeal_result="upheld")
    staff.do(case_id, "decide", "jiandu2", appeal_result="changed", new_kind="lateral_transfer")

    after = the(site, appeal_id)
    assert (after["status"], after["new_kind"]) == ("changed", "lateral_transfer")


def test_an_upheld_decision_opens_the_next_remedy_from_the_day_of_the_answer(
    site: Site, staff: Staff
) -> None:
    case_id, measure_id = told(site, staff)
    filed(site, measure_id)
    assert "提出直接申诉" not in own_page(site)
    decide(staff, case_id, "upheld")
    staff.do(case_id, "answer", "shensu", delivery_signed="signed")

    page = own_page(site)

    assert "维持原决定" in page
    assert "提出申诉（公务员法）" in page
    assert "15日" in page
    assert "register_result" not in staff.elements(case_id)


def test_a_refused_appeal_is_answered_too_and_one_of_a_closed_case_is_still_handled(
    site: Site, staff: Staff
) -> None:
    case_id, measure_id = told(site, staff)
    filed(site, measure_id)
    site.change(cases.case_file, {"id": case_id}, {"status": "closed"})

    staff.do(case_id, "accept", "shensu", acceptance="rejected")
    assert "已提出" in own_page(site)
    staff.do(case_id, "answer", "shensu", delivery_signed="signed")

    assert "不予受理" in own_page(site)


def test_while_an_appeal_is_open_tracking_goes_on_without_the_handlers_and_the_deadline_is_pressed(
    site: Site, staff: Staff
) -> None:
    case_id = decided(site, staff)
    scenes.talk_and_appoint(staff, case_id)
    (measure,) = site.rows(cases.measure, case_id=case_id)
    appeal_id = filed(site, measure["id"])
    staff.do(case_id, "accept", "shensu", acceptance="accepted")
    scenes.set_up_tracking(staff, case_id, mentor=site.person("钟谷雨"))

    (plan,) = site.rows(tracking.tracking_plan, case_id=case_id)
    (process,) = site.rows(runtime.process_instance, id=plan["instance_id"])
    assert bpmn.variables(process["state"])["plan"]["appeal_pending"] is True

    staff.until(the(site, appeal_id)["decide_by"] - timedelta(days=10))
    assert "press" in staff.elements(case_id)
    due = min(row["due_on"] for row in site.rows(tracking.visit, case_id=case_id, status="planned"))
    scenes.live(staff, case_id, due, leave=("prepare_visit",))
    (visit,) = site.rows(tracking.visit, case_id=case_id, status="started")
    (process,) = site.rows(runtime.process_instance, id=visit["instance_id"])
    excluded = bpmn.variables(process["state"])["visit"]["excluded_ids"]
    assert staff.person("heshi1") in excluded
    assert staff.person("gwyk") not in excluded


def test_the_cadre_confirms_once_what_was_told(site: Site, staff: Staff) -> None:
    case_id, _ = told(site, staff)
    subject, form = site.as_("benren"), {"remark": "已看过，对第二项事实保留意见。"}

    assert site.as_("ganbu1").post(f"/mine/{case_id}/confirm", form).status_code == 404
    assert subject.post(f"/mine/{case_id}/confirm", form).status_code == 303
    assert subject.post(f"/mine/{case_id}/confirm", form).status_code == 409

    assert "已看过，对第二项事实保留意见。" in own_page(site)
    assert len(site.rows(history.history_event, kind="subject_notified")) == 1


def test_an_empty_appeal_comes_back_with_what_is_missing(site: Site, staff: Staff) -> None:
    _, measure_id = told(site, staff)
    form = {"measure": measure_id, "route": "review", "text": " "}

    answer = site.as_("benren").post("/mine/appeals", form)

    assert answer.status_code == 422
    assert "请写明请求和理由" in answer.get_data(as_text=True)
    other = site.as_("ganbu1").get(f"/mine/appeals/new?measure={measure_id}&route=review")
    assert "目前没有可以提出的复核、申诉" in other.get_data(as_text=True)
    assert site.rows(cases.appeal) == []
