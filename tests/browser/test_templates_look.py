"""Every page in a real browser, at desk and phone width: accessible, inside its width, within the strict policy."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from tests.web.samples import PAGES
from tests.web.test_templates import build_app

WIDTHS = {"desk": (1280, 900), "phone": (390, 844), "narrow": (360, 740)}
WEIGHT_LIMIT = 60 * 1024
VIOLATIONS = """axe.run({resultTypes: ['violations']}).then(report => report.violations.flatMap(
    rule => rule.nodes.map(node => rule.id + ' ' + node.html.slice(0, 150))))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The sample pages on a local port."""
    server = make_server("127.0.0.1", 0, build_app(), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def size_of(width: str) -> dict[str, int]:
    """The viewport of this name."""
    return dict(zip(("width", "height"), WIDTHS[width], strict=True))


def opened(browser: Browser, width: str, **options: object) -> tuple[Page, list[str]]:
    """A page of this width, and the list that gathers what the console and the policy complain of."""
    page = browser.new_context(viewport=size_of(width), locale="zh-CN", **options).new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def test_every_page_is_accessible_and_fits_at_desk_and_phone_width(
    browser: Browser, address: str, axe_source: str
) -> None:
    found: list[str] = []
    page, complaints = opened(browser, "desk")
    templates_seen: set[str] = set()
    for name in PAGES:
        page.set_viewport_size(size_of("desk"))
        page.goto(f"{address}/sample/{name}", wait_until="load")
        page.evaluate(axe_source)
        states_seen = PAGES[name][0] in templates_seen
        templates_seen.add(PAGES[name][0])
        for width in WIDTHS:
            page.set_viewport_size(size_of(width))
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            found += [f"{width} {name}: {over}px too wide"] * bool(over)
            if width == "desk" or (width == "phone" and not states_seen):
                found += [f"{width} {name}: {line}" for line in page.evaluate(VIOLATIONS)]
        found += [f"{name}: {line}" for line in complaints]
        complaints.clear()
    page.context.close()

    assert found == []


def test_twenty_rows_stand_on_a_desk_screen_without_scrolling(browser: Browser, address: str) -> None:
    page, _ = opened(browser, "desk")

    page.goto(f"{address}/sample/inbox")

    last = page.locator("#list tbody tr").nth(19).bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= WIDTHS["desk"][1]
    page.context.close()


def test_controls_are_large_enough_for_a_finger(browser: Browser, address: str) -> None:
    page, _ = opened(browser, "phone", has_touch=True)
    small: list[str] = []
    for name in ("inbox", "task", "meeting", "sign-in"):
        page.goto(f"{address}/sample/{name}")
        for control in page.locator(
            ".btn:visible, .form-control:visible, .form-select:visible, .check:visible, #list th a"
        ).all():
            box = control.bounding_box()
            if box is not None and box["height"] > 1 and box["height"] < 43.5:
                small.append(f"{name}: {box['height']:.0f}px {control.inner_text()[:20]}")
    page.context.close()

    assert small == []


def test_a_page_weighs_little_and_the_viewer_comes_only_when_asked_for(
    browser: Browser, address: str
) -> None:
    page, complaints = opened(browser, "desk")
    sent: dict[str, int] = {}
    page.on(
        "response", lambda answer: sent.update({answer.url: int(answer.headers.get("content-length", 0))})
    )

    page.goto(f"{address}/sample/task", wait_until="networkidle")
    weight = sum(size for url, size in sent.items() if re.search(r"\.(js|css)$", url))
    before = [url for url in sent if "viewer" in url]
    page.locator("details.diagram > summary").first.click()
    page.locator(".djs-element.mark-active").wait_for()

    assert 0 < weight <= WEIGHT_LIMIT
    assert before == []
    assert page.locator(".bjs-powered-by").is_visible()
    assert complaints == []
    page.context.close()


def test_what_cannot_be_undone_asks_once_and_says_what_will_happen(browser: Browser, address: str) -> None:
    page, _ = opened(browser, "desk")
    posted: list[str] = []
    page.route(
        "**/tasks/t1/complete",
        lambda route: (posted.append(route.request.post_data or ""), route.fulfill(body="ok"))[1],
    )
    page.goto(f"{address}/sample/task")

    page.get_by_role("button", name="提交办理", exact=True).click()
    page.get_by_role("dialog").get_by_text("调整建议不能撤回").wait_for()
    page.get_by_role("button", name="返回检查").click()
    refused = list(posted)
    page.get_by_role("button", name="提交办理", exact=True).click()
    page.get_by_role("button", name="确认提交办理").click()
    page.get_by_text("ok").wait_for()

    assert refused == []
    assert len(posted) == 1
    assert re.search(r'name="confirmed"\s+1', posted[0])
    page.context.close()


def test_the_dialog_of_a_vote_repeats_the_choice(browser: Browser, address: str) -> None:
    page, complaints = opened(browser, "desk")
    page.goto(f"{address}/sample/meeting")
    form = page.locator("form:has(input[name=choice])").first

    form.locator("input[name=choice]").nth(1).check()
    chosen = form.locator("label:has(input[name=choice])").nth(1).inner_text().strip()
    form.get_by_role("button", name="提交表决").click()

    assert chosen == "不同意"
    assert page.locator("dialog[open]").get_by_text(f"您的表决：{chosen}", exact=True).is_visible()
    assert complaints == []
    page.context.close()


def test_the_dialog_of_a_decision_waits_for_what_is_needed_and_repeats_it(
    browser: Browser, address: str
) -> None:
    page, complaints = opened(browser, "desk")
    page.goto(f"{address}/sample/measure")
    needed = page.locator("form[data-check-first] input[aria-required=true]").first
    filled = needed.input_value()

    needed.fill("")
    page.get_by_role("button", name="登记", exact=True).click()
    said = needed.evaluate("field => field.validationMessage")
    early = page.locator("dialog[open]").count()
    needed.fill(filled or "示例")
    page.get_by_role("button", name="登记", exact=True).click()

    assert (said, early) == ("请填写此项。", 0)
    assert page.locator("dialog[open]").get_by_text("所填：").count() == 1
    assert complaints == []
    page.context.close()


def test_on_a_narrow_screen_a_digest_stands_below_the_other_words(browser: Browser, address: str) -> None:
    page, complaints = opened(browser, "desk")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/sample/audit-bundle")

    lefts = page.locator(".rows.blocks td[data-label]").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell).paddingLeft)"
    )

    assert len(lefts) == 3
    assert len(set(lefts)) == 1
    assert complaints == []
    page.context.close()


def test_enter_in_a_field_never_submits_and_a_choice_redraws_the_form(browser: Browser, address: str) -> None:
    page, complaints = opened(browser, "desk")
    posted: list[tuple[str, str]] = []

    def answer(route: Route) -> None:
        posted.append((route.request.url, route.request.post_data or ""))
        route.fulfill(
            body=build_app().test_client().get("/sample/task-refused").data, content_type="text/html"
        )

    page.route("**/tasks/t1/*", answer)
    page.goto(f"{address}/sample/task")

    page.get_by_label("平职调整").check()
    page.get_by_text("请写明与情形对应的主要事实").wait_for()
    page.get_by_role("button", name="添加一行").click()
    page.wait_for_timeout(150)
    page.locator("#f-document_no").press("Enter")
    page.locator("[data-error-summary]").wait_for()

    assert [url.rsplit("/", 1)[1] for url, _ in posted] == ["form", "form", "form"]
    assert "conditions" in posted[0][1]
    assert "add:f.help" in posted[1][1]
    assert complaints == []
    page.context.close()


def test_searching_and_choosing_exchange_only_the_list(browser: Browser, address: str) -> None:
    page, complaints = opened(browser, "desk")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        found = build_app().test_client().get("/sample/inbox-nothing-found").data
        route.fulfill(body=found, content_type="text/html")

    page.route("**/?*", answer)
    page.goto(f"{address}/sample/inbox")
    page.get_by_role("searchbox").press_sequentially("无此人")
    page.get_by_text("没有符合条件的事项").wait_for()
    typed = page.get_by_role("searchbox").input_value()
    page.get_by_label("时限").select_option("overdue")
    page.wait_for_url("**due=overdue*")

    assert typed == "无此人"
    assert [("due=overdue" in url, "tab=mine" in url) for url in asked] == [(False, True), (True, True)]
    assert complaints == []
    page.context.close()


def test_the_keyboard_alone_reaches_the_work(browser: Browser, address: str) -> None:
    page, _ = opened(browser, "desk")
    page.goto(f"{address}/sample/inbox")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.getElementById('main').contains(document.activeElement)")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert (skip, inside, outline) == ("跳到正文", True, "solid")
    page.context.close()
