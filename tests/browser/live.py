"""The running product that browser tests look at: a server of its own on a furnished database, its clock movable.

A fixture written here is made known to the tests by importing it at the end of ``conftest.py``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import waitress
from playwright.sync_api import Page, expect

from tests.site import Site, copied_site, prepared
from webapp.services.demo import clock, logins
from webapp.services.office import Office

__all__ = ["Live", "live_server", "prepared", "serve"]
START = datetime(2024, 3, 2, 2, tzinfo=UTC)
THREADS = 4
OFFERED = frozenset(login for _group, some in logins.GROUPS for login in some)


@dataclass(frozen=True)
class Live:
    """A server that answers at ``url``; its ``office`` is the one the pages use, so its clock can be moved."""

    url: str
    site: Site

    @property
    def office(self) -> Office:
        """The office behind the pages."""
        return self.site.office

    def sign_in(self, page: Page, login: str) -> None:
        """Sign in as a person does: with one press where the log-in is offered, else by name and password."""
        page.goto(f"{self.url}/sign-in")
        if login in OFFERED:
            page.locator(f"button[name=demo_login][value={login}]").click()
        else:
            page.get_by_label("登录名").fill(login)
            page.get_by_label("密码").fill(logins.PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator("h1")).to_have_text("待办")


@contextmanager
def serve(home: Path, folder: Path, *, start: datetime | None = START) -> Iterator[Live]:
    """A server on a copy of a prepared home, one Monday morning unless the copy's own clock is to go on."""
    with copied_site(home, folder, mode="demo") as site:
        if start is not None:
            clock.place(site.office, start)
        server = waitress.create_server(site.app, host="127.0.0.1", port=0, threads=THREADS)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        yield Live(f"http://127.0.0.1:{server.effective_port}", site)
        server.close()
        thread.join(5)


@pytest.fixture
def live_server(prepared: Path, tmp_path: Path) -> Iterator[Live]:
    """A product of its own for one test."""
    with serve(prepared, tmp_path) as live:
        yield live
        assert live.site.faults == []
