"""``make screenshots``: the pictures of the documentation, taken anew from the demo's own cases.

``python -m tests.browser.screenshots FOLDER`` also takes every page at both widths into a folder, to look at.
"""

import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests import site
from tests.browser import tour
from tests.browser.live import Live, serve
from tests.browser.tour import Stop
from webapp.cli.bootstrap import browser as chromium
from webapp.persistence.schema import migrate

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
DESK, PHONE = 1280, 390
HEIGHT = 900
# Picture of the documentation: the stop of the tour it shows, at this width.
WANTED = {
    "sign-in": ("sign-in", DESK),
    "inbox": ("inbox-group", DESK),
    "inbox-phone": ("inbox-group", PHONE),
    "task": ("task-form", DESK),
    "task-phone": ("task-form", PHONE),
    "paper": ("task-paper", DESK),
    "case": ("case", DESK),
    "diagram": ("case-diagram", DESK),
    "measure": ("measure", DESK),
    "meeting": ("meeting", DESK),
    "person": ("person", DESK),
    "import": ("import-preview", DESK),
    "tracking": ("plan", DESK),
    "definition": ("definition", DESK),
    "design": ("design", DESK),
    "design-compare": ("design-compare", DESK),
    "trial": ("trial", DESK),
    "history": ("history", DESK),
    "case-at": ("audit-at", DESK),
    "verify": ("case-verified", DESK),
}


class Camera:
    """Windows of both widths, one session per person."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self.browser, self.live = browser, live
        self.windows: dict[tuple[str, int], Page] = {}

    def at(self, stop: Stop, width: int) -> Page:
        """The page of a stop, with what is done there first."""
        page = self.window(stop.login, width)
        self.go(page, stop)
        return page

    def go(self, page: Page, stop: Stop) -> Response:
        """The page of a stop in a window, with what is done there first; how the server answered last."""
        answers: list[Response] = []
        documents = {"document"}
        page.on(
            "response", lambda one: answers.append(one) if one.request.resource_type in documents else None
        )
        page.goto(f"{self.live.url}{stop.path}")
        stop.act(page)
        return answers[-1]

    def close(self) -> None:
        """Everybody goes home."""
        for page in self.windows.values():
            page.context.close()

    def window(self, login: str, width: int) -> Page:
        """Somebody's window of this width, signed in."""
        if (login, width) not in self.windows:
            size = {"width": width, "height": HEIGHT}
            context = self.browser.new_context(
                viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
            )
            page = context.new_page()
            if login:
                self.live.sign_in(page, login)
            self.windows[login, width] = page
        return self.windows[login, width]


def take(camera: Camera, stops: Iterable[Stop], wanted: dict[str, tuple[str, int]], folder: Path) -> None:
    """The pictures of the documentation: what the window shows, not the whole page."""
    by_name = {stop.name: stop for stop in stops}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (stop, width) in wanted.items():
        camera.at(by_name[stop], width).screenshot(path=folder / f"{name}.png")


def take_all(camera: Camera, stops: Iterable[Stop], folder: Path) -> None:
    """Every stop at both widths, the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    for stop in stops:
        for width in (DESK, PHONE):
            camera.at(stop, width).screenshot(path=folder / f"{stop.name}-{width}.png", full_page=True)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as temporary, sync_playwright() as driver:
        home = Path(temporary)
        migrate(f"sqlite:///{home / 'migrated.db'}")
        prepared = site._prepare_home(home / "migrated.db", home / "prepared")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        # The browser's own words, on its file and date controls, in Chinese too where it knows them.
        env = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
        browser = driver.chromium.launch(
            executable_path=chromium.find(), args=[*sandbox, "--lang=zh-CN"], env=env
        )
        with serve(prepared, home) as live:
            tour.furnish(live)
            stops, camera = tour.stops(live), Camera(browser, live)
            take(camera, stops, WANTED, PICTURES)
            if arguments:
                take_all(camera, stops, Path(arguments[0]))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
