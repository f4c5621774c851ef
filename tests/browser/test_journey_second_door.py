"""The second door by hand: a sanction decision is registered, checked, announced, and the cadre is tracked."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.browser.live import Live
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person
from webapp.services.demo.staff import Staff

CADRE, MENTOR = person("苏白露"), person("钟谷雨")
DECISION = {
    "late_entry": "yes", "track": "party", "kind": "serious_warning", "decided_on": "2023-11-20",
    "effective_on": "2023-11-20", "tracking_class": "B",
}  # fmt: skip


def test_a_decision_made_elsewhere_bars_from_its_day_and_leads_to_tracking(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    page = hands.look("jiandu1", f"/measures/new?person={CADRE}")
    page.get_by_label("党纪处分").check()
    page.get_by_label("措施种类").select_option("serious_warning")
    page.get_by_label("生效日期").fill("2023-11-20")
    page.get_by_role("button", name="预核影响期").click()
    expect(page.locator("#preview")).to_contain_text("2025年5月19日")

    case_id = scenes.take_in(hands, CADRE, **DECISION)

    page = hands.look("jiandu1", f"/cases/{case_id}")
    expect(page.get_by_text("2023年11月20日（周一）至2025年5月19日（周一）")).to_be_visible()
    page = hands.look("ganbu1", f"/people/{CADRE}")
    expect(page.locator("main")).to_contain_text("提拔或进一步使用：目前不能")
    hands.do(case_id, "record_past_execution", "jiandu1", talked_on="2023-11-22")
    scenes.set_up_tracking(Staff(hands.office), case_id, mentor=MENTOR, tracking_class="B")
    page = hands.look("ganbu1", "/tracking")
    row = page.locator("#list tr", has_text="苏白露")
    expect(row).to_contain_text("重点")
    expect(row).to_contain_text("钟谷雨")
