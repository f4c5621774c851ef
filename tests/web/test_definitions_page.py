"""The pages of deployed processes: list, version, drawing for the viewer, the file itself."""

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site

KEY = "p01_down_adjustment"


@pytest.fixture
def office(site: Site) -> Site:
    return scenes.with_pages(site)


def test_list_and_version_are_shown(office: Site) -> None:
    browser = office.as_("liucheng")

    assert KEY in text(browser, "/definitions")
    page = text(browser, f"/definitions/{KEY}")
    assert "第1版" in page
    assert f"/definitions/{KEY}/1/diagram" in page
    assert "adjustment_proposal" in page


def test_the_drawing_comes_as_json_and_the_file_as_deployed(office: Site) -> None:
    browser, file = office.as_("liucheng"), scenes.site_file(KEY)

    drawing = browser.get(f"/definitions/{KEY}/1/diagram").get_json()
    download = browser.get(f"/definitions/{KEY}/1/download")

    assert drawing["xml"] == file.read_text(encoding="utf-8")
    assert drawing["marks"] == {}
    assert download.data == file.read_bytes()
    assert download.headers["Content-Disposition"] == f"attachment; filename={KEY}-1.bpmn"


def test_unknown_ones_are_not_found_and_outsiders_refused(office: Site) -> None:
    browser = office.as_("liucheng")

    for path in ("/definitions/nothing", f"/definitions/{KEY}?version=9", f"/definitions/{KEY}/9/diagram"):
        assert browser.get(path).status_code == 404
    for path in ("/definitions", f"/definitions/{KEY}", f"/definitions/{KEY}/1/download"):
        assert office.as_("fgj1").get(path).status_code == 403
