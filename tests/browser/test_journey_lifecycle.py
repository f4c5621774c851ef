"""The whole way by hand: different people at their own screens, from the first signal to the end of probation."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.browser.live import Live
from webapp.persistence.models import cases, meetings, people, tracking
from webapp.services import messages, reads
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post

CADRE, MENTOR = person("苏白露"), person("钟谷雨")
RANK_ONLY, RANK_POST = "convert_to_rank_only", "fgj:rank"
PARTIES = ("benren", "fgj1")  # the cadre; the head of the unit, who becomes the helper 帮带责任人


def nothing_is_known(hands: Hands, case_id: str) -> None:
    """Neither the cadre nor the unit, nor who will be the helper, finds anything of the case."""
    for login in PARTIES:
        page = hands.look(login, "/inbox?tab=group")
        expect(page.locator("#list")).to_contain_text("没有")
        page = hands.look(login, "/cases")
        expect(page.locator("main")).not_to_contain_text("苏白露")
        page = hands.look(login, f"/cases/{case_id}")
        expect(page.locator("main")).to_contain_text("没有找到")
    page = hands.look("benren", f"/people/{CADRE}")
    expect(page.locator("main")).not_to_contain_text("不得提拔")


def committee_on_own_screens(hands: Hands, case_id: str) -> None:
    """Two are away, one leaves for the item, the eight others vote on their own screens."""
    meeting_id, (item_id,) = hands.call("committee", [case_id], number="第五次会议（示例）")
    members = hands.members(meeting_id)
    hands.attend(meeting_id, absent=members[:2])
    recorder = hands.window("shiweiban")
    item = recorder.locator(f"#item-{item_id}")
    item.get_by_text("登记回避", exact=True).first.click()
    item.get_by_label("成员").select_option(members[2])
    item.get_by_label("原因").fill("亲属关系")
    item.get_by_role("button", name="登记回避").click()
    expect(item).to_contain_text("回避：")
    hands.start_vote(recorder, item_id)
    for number, member in enumerate(members[3:]):
        hands.vote(member, meeting_id, item_id, "defer" if number == 0 else "agree")
    recorder = hands.look("shiweiban", f"/meetings/{meeting_id}")
    expect(recorder.locator(f"#item-{item_id}")).to_contain_text("已表决8人")
    recorder.get_by_role("button", name="计票并宣布结果").click()
    recorder.get_by_role("button", name="确认宣布").click()
    expect(recorder.locator(f"#item-{item_id}")).to_contain_text("通过")
    hands.close_meeting(recorder)
    messages.deliver_all(hands.office)


def row_of(hands: Hands, table: object, **where: object) -> dict[str, object]:
    """One row."""
    with reads.begin(hands.office) as look:
        return dict(look.get(table, **where))


def test_a_cadre_goes_down_and_comes_up_again(live_server: Live, page_at: Callable[..., Page]) -> None:
    hands = Hands(live_server, page_at)
    case_id = scenes.open_and_verify(hands, CADRE)
    scenes.propose_and_consult(hands, case_id, manner=RANK_ONLY, post_id=post(RANK_POST))
    committee_on_own_screens(hands, case_id)
    scenes.decide(hands, case_id, manner=RANK_ONLY, post_id=post(RANK_POST))
    plan = row_of(hands, tracking.tracking_plan, case_id=case_id)
    assert (plan["opened_on"], plan["released_on"]) == (date(2024, 3, 4), None)
    nothing_is_known(hands, case_id)

    scenes.talk_and_appoint(hands, case_id)
    scenes.set_up_tracking(hands, case_id, mentor=MENTOR)
    page = hands.look("benren", f"/people/{CADRE}")
    expect(page.locator("main")).to_contain_text("不得提拔")
    page = hands.look("fgj1", "/cases")
    expect(page.locator("#list")).to_contain_text("苏白露")

    online = {"hold_visit": {**scenes.HELD, "signing": "online"}}
    scenes.live(hands, case_id, date(2024, 7, 1), answers=online)
    scenes.live(hands, case_id, date(2025, 2, 10))
    scenes.conclude(hands, case_id, date(2025, 3, 4))
    scenes.initiate(hands, case_id, branch="promotion", post_id=post("jyj:deputy"))
    scenes.examine(hands, case_id, branch="promotion")
    scenes.decide_way_up(hands, case_id)

    hands.do(case_id, "draft_notice", "ganbu1", publicity_from=hands.today + timedelta(days=1))
    publicity = row_of(hands, cases.publicity, case_id=case_id)
    hands.until(publicity["closes_on"])
    scenes.appoint(hands, case_id)
    held = row_of(hands, people.appointment, person_id=CADRE, valid_to=None)
    assert (held["post_id"], held["manner"]) == (post("jyj:deputy"), "probation")

    scenes.live(hands, case_id, held["probation_ends_on"] - timedelta(days=25))
    hands.do(case_id, "appraise_probation", "ganbu1", probation_outcome="pass")
    hands.meet("committee", case_id)
    scenes.live(hands, case_id, held["valid_from"] + timedelta(days=370))
    hands.do(case_id, "review_reuse", "ganbu1")

    page = hands.look("ganbu1", f"/cases/{case_id}")
    expect(page.locator(".heading")).to_contain_text("已办结")
    expect(page.locator(".ribbon .done")).to_have_count(4)
    with reads.begin(hands.office) as look:
        signed = look.all(tracking.visit, case_id=case_id, status="held")
        votes = look.all(meetings.agenda_item, case_id=case_id)
    assert len(signed) >= 2
    assert {row["result"] for row in votes} == {"passed"}
