"""An auditor at the screen: finds a decision, sees its form, travels through time, verifies, takes the bundle along."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live import Live, serve
from webapp.exchange import verify_bundle
from webapp.services.demo import scenes
from webapp.services.demo.staff import Staff

CADRE = "苏白露"


@pytest.fixture
def decided(prepared: Path, tmp_path: Path) -> Iterator[tuple[Live, str]]:
    """A product in which a case has come as far as the committee's table."""
    with serve(prepared, tmp_path) as live:
        staff = Staff(live.office)
        yield live, scenes.open_and_verify(staff, scenes.person(CADRE))
        assert live.site.faults == []


def verified(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-I", "-S", str(verify_bundle.__file__)]
    return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_an_auditor_follows_a_decision_back_in_time_and_proves_it_off_line(
    decided: tuple[Live, str], page_at: Callable[..., Page], tmp_path: Path
) -> None:
    live, case_id = decided
    page = page_at(1280)
    live.sign_in(page, "shenji")

    # Found by person and kind; the form stands there as it was handed in.
    page.goto(f"{live.url}/history?person={CADRE}&kind=task_completed")
    page.locator("#list tbody a", has_text="核实认定").first.click()
    expect(page.get_by_role("heading", name="填写内容")).to_be_visible()

    # Back in time: the slider and the list of steps lead to the same moments.
    page.get_by_role("link", name="当时情形").click()
    expect(page.get_by_role("heading", name="当时等待办理")).to_be_visible()
    slider = page.locator("#slide")
    last = int(slider.get_attribute("max") or "0")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("h1 ~ .meta")).to_contain_text("第1条之后")
    expect(page.locator("[aria-labelledby=tasks-title]")).to_contain_text("分析研判")
    page.locator("details.fold > summary", has_text="步").click()
    page.locator("[aria-labelledby=steps-title] a").last.click()
    expect(page.locator("h1 ~ .meta")).to_contain_text(f"第{last}条之后")
    page.locator("details.diagram > summary").first.click()
    expect(page.locator(".djs-element").first).to_be_visible()

    # Checked, taken along, and checked again where no server is.
    page.goto(f"{live.url}/history/cases/{case_id}")
    page.get_by_role("button", name="校验本卷宗").click()
    expect(page.locator(".verdict")).to_contain_text("记录完整，未发现改动")
    page.goto(f"{live.url}/history/cases/{case_id}/bundle")
    page.get_by_label("用途").select_option("inspection")
    page.locator("input[name=disclose]").last.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出证据包").click()
    archive = tmp_path / "bundle.zip"
    download.value.save_as(archive)
    # The list renews itself after the download.
    digest = page.locator("[aria-labelledby=past-title] td.mono").first.inner_text().strip()
    expect(page.get_by_role("button", name="导出证据包")).to_be_enabled()
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert verified(str(archive), "--digest", digest).returncode == 0

    # Somebody flips one bit of one record.
    folder = tmp_path / "unpacked"
    ZipFile(archive).extractall(folder)
    record = folder / "events" / "000003.json"
    data = bytearray(record.read_bytes())
    data[len(data) // 2] ^= 1
    record.write_bytes(data)
    answer = verified(str(folder), "--digest", digest)
    assert answer.returncode == 1
    assert "events/000003.json" in answer.stderr
