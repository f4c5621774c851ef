"""Papers as they come out of the printer: A4, every text whole, page numbers, breaks where paper allows them."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.web.samples import PAGES
from tests.web.test_templates import build_app

PAPERS = sorted(name for name in PAGES if name.startswith("paper-"))
# Width of the type area in px at 96 dpi: 210 mm less the margins, for texts and for forms.
AREAS = {"text": round(156 / 25.4 * 96), "form": round(170 / 25.4 * 96)}
# What a full paper needs, at least and at most.
PAGES_OF = {
    "paper-approval": (2, 2),
    "paper-proposal": (3, 5),
    "paper-talk": (4, 8),
    "paper-visit": (4, 8),
    "paper-minutes": (1, 3),
    "paper-minutes-long": (8, 14),
    "paper-notice": (1, 1),
}
TOO_WIDE = """() => [...document.querySelectorAll('.paper, .paper *:not(.unseen)')]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
    .map(one => one.tagName + ' ' + one.textContent.trim().slice(0, 20))"""
CHROME = "getComputedStyle(document.querySelector('.bar')).display"
A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]")


@pytest.fixture(scope="module")
def sheets(browser: Browser) -> Iterator[tuple[Page, str]]:
    """A browser page and the address of the samples."""
    server = make_server("127.0.0.1", 0, build_app(demo=None), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    page = browser.new_context(locale="zh-CN").new_page()
    yield page, f"http://127.0.0.1:{server.server_port}"
    page.context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_papers_fit_on_a4_with_nothing_cut_off_and_nothing_of_the_product(sheets: tuple[Page, str]) -> None:
    page, address = sheets
    page.emulate_media(media="print")
    found: list[str] = []
    for name in PAPERS:
        page.goto(f"{address}/sample/{name}", wait_until="load")
        kind = "form" if "form-paper" in (page.get_attribute("body", "class") or "") else "text"
        page.set_viewport_size({"width": AREAS[kind], "height": 1000})
        found += [f"{name}: {line} is cut off" for line in page.evaluate(TOO_WIDE)]
        if page.evaluate(CHROME) != "none":
            found.append(f"{name}: the bar of the screen is printed")
        if re.search("再上|Zaishang|None|卷宗", f"{page.title()}{page.inner_text('.paper')}"):
            found.append(f"{name}: says what no paper says")
        data = page.pdf(prefer_css_page_size=True)
        count = len(re.findall(rb"/Type\s*/Page\b", data))
        if len(A4.findall(data)) != count:
            found.append(f"{name}: not all of {count} pages are A4")
        least, most = PAGES_OF.get(name, (1, 4))
        if not least <= count <= most:
            found.append(f"{name}: {count} pages")

    assert found == []
