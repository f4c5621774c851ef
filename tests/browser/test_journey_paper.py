"""On paper too: a step decided with a pen is entered by the case officer, and marked so for ever."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.hands import Hands
from tests.browser.live import Live
from webapp.services.demo.scenes import person
from webapp.services.demo.staff import PAPER, Staff

SCAN = {"name": PAPER.name, "mimeType": "application/pdf", "buffer": PAPER.data}
SIGNAL = {"source": "annual_appraisal", "situation_codes": ["U08_insufficient_ability"]}


def test_a_step_done_on_paper_is_entered_with_its_scan_and_both_names(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    case_id = Staff(live_server.office).open_case("ganbu1", person("顾半夏"), **SIGNAL)
    Staff(live_server.office).do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    task_id = hands.task(case_id, "propose_opening")["id"]
    page = hands.look("ganbu1", f"/tasks/{task_id}")
    expect(page.get_by_role("button", name="提交办理")).to_have_count(0)
    page.get_by_text("更多", exact=True).click()
    page.get_by_role("link", name="线下办理（代录）").click()
    page.get_by_label("由谁决定").fill("查无此人")
    page.get_by_label("签署日期").fill(hands.today.isoformat())
    hands.fill_task(page, task_id, {"conflict_declared": "no", "opening_proposal_outcome": "submit"})
    hands.submit(page)
    expect(page.locator("[data-error-summary]")).to_contain_text("扫描件")

    page.get_by_label("由谁决定").fill("常紫菀")
    page.get_by_label("扫描件").set_input_files(SCAN)
    hands.submit(page)
    expect(page.locator(".said-done")).to_contain_text("已办结")

    page = hands.look("jiandu1", f"/cases/{case_id}")
    line = page.locator(".timeline > li", has_text="完成“提出启动核实意见”").first
    expect(line).to_contain_text("线下办理")
    expect(line).to_contain_text("常紫菀")
    expect(line).to_contain_text("吴山奈代录")
    expect(page.get_by_role("link", name=PAPER.name)).to_have_count(1)
