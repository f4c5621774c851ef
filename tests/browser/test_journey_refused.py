"""What the product refuses, and how it says so: other people's matters, wrong input, twice, too late."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.hands import Hands
from tests.browser.live import Live
from webapp.persistence.models import history
from webapp.services import reads
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person
from webapp.services.demo.staff import Staff

SIGNAL = {"source": "annual_appraisal", "situation_codes": ["U08_insufficient_ability"]}


def opened(hands: Hands, name: str = "顾半夏") -> tuple[str, str]:
    """A case on a cadre, registered through the services → case, the id of its first open task."""
    staff = Staff(hands.office)
    case_id = staff.open_case("ganbu1", person(name), **SIGNAL)
    return case_id, staff.task(case_id, "assess")["id"]


def done(hands: Hands, task_id: str) -> int:
    """How often a task has been completed, by the record."""
    with reads.begin(hands.office) as look:
        rows = look.all(history.history_event, kind="task_completed")
    return sum(json.loads(row["body"])["facts"]["work_item_id"] == task_id for row in rows)


def test_a_relatives_case_does_not_exist_and_a_strangers_page_is_refused(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    case_id, task_id = opened(hands, "罗寒露")

    page = hands.look("ganbu2", "/cases")
    expect(page.locator("#list")).not_to_contain_text("罗寒露")
    for path in (f"/cases/{case_id}", f"/tasks/{task_id}"):
        page = hands.look("ganbu2", path)
        expect(page.get_by_role("heading", level=1)).to_have_text("没有找到您要的内容")
    page = hands.look("fgj1", "/cases/start")
    expect(page.get_by_role("heading", level=1)).to_have_text("您没有办理此事项的权限")
    expect(page.get_by_role("link", name="会议")).to_have_count(0)


def test_wrong_input_is_said_at_the_fields_and_what_was_typed_stays(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    _, task_id = opened(hands)
    page = hands.look("jiandu1", f"/tasks/{task_id}")
    text = page.locator("#task-form textarea").first
    text.fill("已写的研判情况")

    hands.submit(page)

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator(".field-error").first).to_contain_text("必填")
    expect(text).to_have_value("已写的研判情况")
    page.locator("[data-error-summary] a").first.click()
    expect(page.locator("#task-form :focus")).to_have_count(1)
    assert done(hands, task_id) == 0


def test_two_presses_complete_a_task_once(live_server: Live, page_at: Callable[..., Page]) -> None:
    hands = Hands(live_server, page_at)
    _, task_id = opened(hands)
    page = hands.look("jiandu1", f"/tasks/{task_id}")
    hands.fill_task(page, task_id, {"assessment_outcome": "watch"})
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/complete") else None)

    button = page.locator("form.form .form-end .btn-primary").last
    asks = button.get_attribute("data-confirm")
    if asks:
        button.click()
        button = page.locator(f"#{asks} .btn-primary")
    button.dblclick(no_wait_after=True)

    expect(page.locator(".said-done")).to_contain_text("已办结")
    assert (len(sent), done(hands, task_id)) == (1, 1)


def test_a_task_somebody_else_finished_says_so_and_changes_nothing(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    _, task_id = opened(hands)
    page = hands.look("jiandu1", f"/tasks/{task_id}")
    hands.fill_task(page, task_id, {"assessment_outcome": "watch"})
    Staff(hands.office).finish(task_id, "jiandu2", assessment_outcome="watch")

    hands.submit(page)

    expect(page.locator("main")).to_contain_text("已经办结")
    assert done(hands, task_id) == 1


def proposing(hands: Hands) -> tuple[Page, str]:
    """The page of a task with every kind of control, nothing on it filled in → page, task."""
    case_id, _ = opened(hands)
    Staff(hands.office).do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    task_id = hands.task(case_id, "propose_opening")["id"]
    return hands.look("fubuzhang1", f"/tasks/{task_id}"), str(task_id)


def choose_by_keyboard(page: Page, names: tuple[str, ...]) -> None:
    """In a picker's search box: type, step to what was found, choose it, step back."""
    for number, name in enumerate(names):
        page.keyboard.press("Control+A")
        page.keyboard.type(name)
        option = page.locator(".pick-list label", has_text=name).locator("input")
        expect(option).to_be_visible()
        for _ in range(2 + number):
            page.keyboard.press("Tab")
        expect(option).to_be_focused()
        page.keyboard.press("Space")
        for _ in range(2 + number):
            page.keyboard.press("Shift+Tab")


def test_the_keyboard_alone_completes_a_task(live_server: Live, page_at: Callable[..., Page]) -> None:
    hands = Hands(live_server, page_at)
    page, task_id = proposing(hands)
    page.locator("#task-form [name^='f.']").first.focus()

    for _ in range(30):
        here = page.locator(":focus")
        if here.evaluate("one => one.matches('.form-end .btn-primary')"):
            break
        kind = here.evaluate("one => one.type")
        if kind in ("radio", "checkbox") and not here.is_checked():
            page.keyboard.press("Space")
            if here.get_attribute("name") == "f.conflict_declared":
                page.keyboard.press("ArrowDown")
        elif kind == "search":
            choose_by_keyboard(page, ("段立春", "史大寒"))
        elif kind == "textarea":
            page.keyboard.type("经研究，情况属实可能性大，建议启动。")
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".said-done")).to_contain_text("已办结")
    assert done(hands, task_id) == 1


def test_what_is_typed_while_the_form_is_drawn_again_is_kept(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    page, _ = proposing(hands)
    text = page.locator("#task-form textarea").first
    text.fill("先写的")
    held: list[Route] = []
    page.route("**/form*", lambda route: held.append(route))
    page.locator('[name="f.conflict_declared"][value=yes]').check()
    expect(page.locator(".htmx-request")).not_to_have_count(0)
    text.fill("先写的，又补了一句")
    page.get_by_role("heading", level=1).click()

    held[0].continue_()

    expect(page.get_by_label("回避情况说明")).to_be_visible()
    expect(text).to_have_value("先写的，又补了一句")


def test_a_form_outlives_its_session_and_goes_on_after_a_new_sign_in(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    page, _ = proposing(hands)
    text = page.locator("#task-form textarea").first
    text.fill("写了半个小时的意见")
    page.context.clear_cookies()
    page.locator('[name="f.conflict_declared"][value=yes]').click()
    expect(page.locator("[data-trouble]")).to_contain_text("您填写的内容还在本页")
    expect(text).to_have_value("写了半个小时的意见")

    with page.expect_popup() as opened_window:
        page.get_by_role("link", name="在新窗口登录").click()
    second = opened_window.value
    second.locator("button[name=demo_login][value=fubuzhang1]").click()
    expect(second.locator("h1")).to_have_text("待办")
    second.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-trouble]")).to_have_count(0)
    page.locator('[name="f.conflict_declared"][value=no]').click()
    page.locator('[name="f.conflict_declared"][value=yes]').click()

    expect(page.get_by_label("回避情况说明")).to_be_visible()
    expect(text).to_have_value("写了半个小时的意见")


def test_an_expired_session_leads_to_the_sign_in_page_and_back(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    _, task_id = opened(hands)
    page = hands.look("jiandu1", f"/tasks/{task_id}")
    page.context.clear_cookies()

    page.reload()

    expect(page.get_by_role("heading", name="演示账号")).to_be_visible()
    page.locator("button[name=demo_login][value=jiandu1]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("分析研判")
    page.context.clear_cookies()
    page.get_by_role("button", name="签收").click()
    expect(page.locator("main")).to_contain_text("页面已过期")


def test_the_task_is_hidden_from_the_unit_until_the_talk(
    live_server: Live, page_at: Callable[..., Page]
) -> None:
    hands = Hands(live_server, page_at)
    staff = Staff(hands.office)
    case_id = scenes.open_and_verify(staff, person("顾半夏"))
    task_id = hands.task(case_id, "propose")["id"]

    for login in ("fgj1", "fgj2"):
        page = hands.look(login, f"/tasks/{task_id}")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有找到您要的内容")
