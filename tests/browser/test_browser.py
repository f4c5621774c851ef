"""The browser that the other tests drive is the one they think it is."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (
    "<!doctype html><html lang='zh-CN'><head><title>再上</title></head>"
    "<body><main><h1>待办</h1>{}</main></body></html>"
)


def test_the_browser_speaks_chinese_and_lives_in_chinas_time(page_at: Callable[..., Page]) -> None:
    page = page_at(1280)

    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"


def test_a_page_has_the_width_that_was_asked_for(
    page_at: Callable[..., Page], overflow: Callable[[Page], int]
) -> None:
    page = page_at(360)
    page.set_content(PAGE.format("<div style='width: 500px'>宽</div>"))

    assert page.evaluate("innerWidth") == 360
    assert overflow(page) > 0


def test_what_is_not_accessible_is_found(
    page_at: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    page = page_at(1280)
    page.set_content(PAGE.format("<p>三件待办</p>"))
    assert violations(page) == []

    page.set_content(PAGE.format("<img src='data:,'>"))

    assert [finding.partition(":")[0] for finding in violations(page)] == ["image-alt"]


def test_without_a_browser_the_tests_fail_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-o", "addopts="]
    chosen = "tests/browser/test_browser.py::test_the_browser_speaks_chinese_and_lives_in_chinas_time"
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}

    done = subprocess.run(
        [*command, "--import-mode=importlib", "--confcutdir=tests/browser", chosen],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "apt-get install chromium" in done.stdout
    assert "skipped" not in done.stdout
