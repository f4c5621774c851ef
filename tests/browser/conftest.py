"""A real browser for the screens: found or fetched by ``make test``, in Chinese, in China's time zone.

The server that the pages come from is in ``live.py``.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from webapp.cli.bootstrap import browser as chromium

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
HEIGHTS = {360: 740, 390: 844, 1280: 800}
PATIENCE = 10_000  # milliseconds a page may take for any one thing

PageAt = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one every browser test fails with a sentence, none is skipped."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = chromium.find()
    with sync_playwright() as driver:
        reason = ""
        try:
            started = driver.chromium.launch(executable_path=found, args=sandbox)
        except Error as error:
            reason = error.message.splitlines()[0]
        if reason:
            pytest.fail(f"{chromium.NONE_FOUND}\n{reason}", pytrace=False)
        yield started
        started.close()


@pytest.fixture
def person_at(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """``person_at(width)``: somebody with an own session; cookies and storage are theirs alone."""
    contexts: list[BrowserContext] = []

    def sit_down(width: int = 1280, **more: Any) -> BrowserContext:
        settings: dict[str, Any] = {
            "viewport": {"width": width, "height": HEIGHTS.get(width, 800)},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "reduced_motion": "reduce",
            "has_touch": width < 768,
            **more,
        }
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    yield sit_down
    for context in contexts:
        context.close()


@pytest.fixture
def page_at(person_at: Callable[..., BrowserContext]) -> Iterator[PageAt]:
    """``page_at(width)``: an empty page; a script error or a refused resource fails the test."""
    faults: list[str] = []

    def open_page(width: int = 1280, **more: Any) -> Page:
        page = person_at(width, **more).new_page()
        page.on("pageerror", lambda error: faults.append(f"script error on {page.url}: {error.message}"))
        page.on("console", lambda said: _note_refusal(said.text, page.url, faults))
        return page

    yield open_page
    assert faults == []


def _note_refusal(text: str, url: str, faults: list[str]) -> None:
    """The browser reports what the content security policy refused as a console message."""
    if "Content Security Policy" in text:
        faults.append(f"refused on {url}: {text}")


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker's script, from the front end's packages."""
    if not AXE.is_file():
        pytest.fail(
            "缺少 frontend/node_modules/axe-core：请运行 make test 或 make setup。"
            " axe-core is not installed: run make test or make setup.",
            pytrace=False,
        )
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def violations(axe_source: str) -> Callable[[Page], list[str]]:
    """``violations(page)``: what is not accessible, one line per finding; an empty list is the aim."""

    def examine(page: Page) -> list[str]:
        page.evaluate(axe_source)  # evaluated by the driver, so a strict content security policy allows it
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {rule['help']} {json.dumps(_targets(rule))}" for rule in found]

    return examine


def _targets(rule: dict[str, Any]) -> list[str]:
    return [" ".join(str(part) for part in node["target"]) for node in rule["nodes"]]


@pytest.fixture
def overflow() -> Callable[[Page], int]:
    """``overflow(page)``: by how many pixels the page is wider than its window; 0 is the aim."""
    return lambda page: page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


from tests.browser.live import live_server, prepared  # noqa: E402, F401
