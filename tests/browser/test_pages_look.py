"""Every page with the demo's own cases in it: accessible, inside its width, in Chinese, within the strict policy."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser import tour
from tests.browser.live import Live, serve
from tests.browser.screenshots import Camera
from webapp.web.entrances import PROGRAMS

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Names of formats and units, and the mark the diagram viewer must carry.
ALLOWED = {"PDF", "pdf", "JPG", "PNG", "KB", "MB", "BPMN", "iO", "lrmx", "xlsx", "Excel", "OFD"}
# What a person reads: visible texts, but for identifiers set as such, and what only a screen reader says.
WORDS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    const isText = !at.closest('.mono, .bjs-powered-by, script, noscript, svg');
    if (isText && at.checkVisibility()) found.push(walker.currentNode.data);
  }
  for (const one of document.querySelectorAll('[placeholder], [aria-label], [title]'))
    if (!one.closest('svg, .mono, .bjs-powered-by'))
      found.push(one.placeholder ?? '', one.getAttribute('aria-label') ?? '', one.title);
  return found.join('\\n');
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def furnished(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A product with the demo's story told and a meeting under way."""
    with serve(prepared, tmp_path_factory.mktemp("tour")) as live:
        tour.furnish(live)
        yield live
        assert live.site.faults == []


def english(text: str) -> list[str]:
    """Left-over words of another language."""
    return sorted(set(re.findall(r"[A-Za-z]{2,}", text)) - ALLOWED)


def listen(page: Page, complaints: list[str]) -> None:
    """Gather what the console complains of; a refused request's own status line is none."""

    def note(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and "the server responded with a status" not in said.text:
            complaints.append(said.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(error.message))


def test_every_page_is_fit_to_be_seen(
    furnished: Live, browser: Browser, axe_source: str, violations: Callable[[Page], list[str]]
) -> None:
    camera, found = Camera(browser, furnished), []
    complaints: list[str] = []
    windows: set[Page] = set()
    for stop in tour.stops(furnished):
        page = camera.window(stop.login, DESK["width"])
        if page not in windows:
            listen(page, complaints)
            windows.add(page)
        page.set_viewport_size(DESK)
        answer = camera.go(page, stop)
        if answer.status != stop.status:
            found.append(f"{stop.name}: answered {answer.status}, not {stop.status}")
        found += [f"{stop.name}: {line}" for line in violations(page)]
        found += [f"{stop.name}: English {words}" for words in [english(page.evaluate(WORDS))] if words]
        found += [f"{stop.name}: {wide}px too wide" for wide in [page.evaluate(TOO_WIDE)] if wide]
        page.set_viewport_size(PHONE)
        found += [f"{stop.name} on a phone: {wide}px too wide" for wide in [page.evaluate(TOO_WIDE)] if wide]
        found += [f"{stop.name} on a phone: {line}" for line in violations(page)]
        found += [f"{stop.name}: {line}" for line in complaints]
        complaints.clear()
    camera.close()

    assert found == []


def test_the_tour_leads_through_every_page(furnished: Live) -> None:
    adapter = furnished.site.app.url_map.bind("")
    shown = {adapter.match(stop.path.partition("?")[0])[0] for stop in tour.stops(furnished)}

    pages = {
        rule.endpoint
        for rule in furnished.site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.endpoint.startswith(("health.", "assets", "attachments."))
        and rule.endpoint.partition(".")[0] not in PROGRAMS
    }

    assert sorted(pages - shown - tour.NOT_PAGES) == []
