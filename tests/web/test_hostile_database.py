"""A database that is gone, full or read-only: a sentence and nothing half."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.site import Site, config, open_site
from webapp.persistence.database import open_engine
from webapp.persistence.models import cases, history, runtime

ANSWERS = {"f.assessment_text": "已经写好的分析", "f.assessment_outcome": "watch"}
HEADERS = (
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy", "X-Frame-Options",
    "X-Content-Type-Options",
)  # fmt: skip


def state(site: Site) -> list[int]:
    """How many rows there are of everything a step writes."""
    tables = (
        history.history_event,
        runtime.work_item,
        cases.sealed_value,
        cases.attachment,
        runtime.idempotency,
    )
    return [len(site.rows(table)) for table in tables]


def test_a_stopped_database_is_said_on_every_page(prepared: Path) -> None:
    site = open_site(config(prepared, "postgresql://nobody@127.0.0.1:1/nothing"))
    browser = site.as_("ganbu1")

    answers = [
        browser.get("/inbox"), browser.get("/sign-in"), browser.get("/readyz"), browser.post("/cases/start", ANSWERS),
        browser.post("/sign-in", {"login": "ganbu1", "password": "x"}), browser.post("/sign-out"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [503] * 6
    for answer in answers:
        assert "数据库暂时繁忙或无法连接" in answer.text
        assert "psycopg" not in answer.text
        assert all(name in answer.headers for name in HEADERS)
        assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/healthz").status_code == 200


def refuse_writes(site: Site, message: str, name: str) -> None:
    """Every INSERT from now on fails as a full or read-only disk would make it fail."""

    @event.listens_for(site.office.engine, "before_cursor_execute")
    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            error = sqlite3.OperationalError(message)
            error.sqlite_errorname = name
            raise error


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("database or disk is full", "SQLITE_FULL"),
        ("attempt to write a readonly database", "SQLITE_READONLY"),
    ],
)
def test_an_unwritable_database_shows_nothing_and_keeps_nothing_half(
    site: Site, message: str, name: str
) -> None:
    task = site.task(site.open_case(), "assess")
    before = state(site)
    browser = site.as_("ganbu1")
    refuse_writes(site, message, name)

    # A page is not shown when it cannot be recorded who looked.
    pages = [browser.get(path) for path in ("/inbox", f"/tasks/{task}", "/cases", "/people")]
    step = browser.post(f"/tasks/{task}/complete", ANSWERS)
    draft = browser.post(f"/tasks/{task}/draft", ANSWERS)

    for answer in (*pages, step, draft):
        assert answer.status_code == 503
        assert "没有保存" in answer.text
        assert "钟谷雨" not in answer.text
        assert message not in answer.text
    assert state(site) == before


def test_a_locked_database_is_said_after_a_wait(site: Site) -> None:
    task = site.task(site.open_case(), "assess")
    browser = site.as_("ganbu1")
    before = state(site)
    site.office.engine.dispose()
    impatient(site)
    other = sqlite3.connect(str(site.office.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    answer = browser.post(f"/tasks/{task}/complete", ANSWERS)
    other.execute("ROLLBACK")
    other.close()

    assert answer.status_code == 503
    assert state(site) == before
    assert browser.post(f"/tasks/{task}/complete", ANSWERS).status_code == 303


def impatient(site: Site) -> None:
    """New connections wait a moment only."""

    @event.listens_for(site.office.engine, "connect", insert=True)
    def connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 50").close()


def test_after_the_database_is_back_everything_goes_on(site: Site) -> None:
    task = site.task(site.open_case(), "assess")
    browser = site.as_("ganbu1")
    engine = site.office.engine
    site.office.engine = open_engine("sqlite:////nonexistent/zaishang.db")
    assert browser.get("/inbox").status_code == 503

    site.office.engine = engine

    assert browser.post(f"/tasks/{task}/complete", ANSWERS).status_code == 303


@pytest.mark.parametrize(
    "path", ["/inbox", "/sign-in", "/nowhere", "/cases/start", "/healthz", "/tasks/x", "/assets/none.js"]
)
def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    for browser in (site.visitor(), site.as_("ganbu1"), site.as_("shenji")):
        answer = browser.get(path)
        assert all(name in answer.headers for name in HEADERS), path
        assert answer.headers["Cache-Control"] == "no-store"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
