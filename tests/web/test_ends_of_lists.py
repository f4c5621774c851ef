"""Where a list ends or was cut, the page says so and leads on."""

import pytest

from tests.site import Site
from webapp.queries import timeline


@pytest.mark.parametrize("address", ["/inbox?page=999", "/inbox?page=2&q=不存在&tab=group"])
def test_a_page_beyond_the_last_says_so_and_leads_back(site: Site, address: str) -> None:
    text = site.as_("ganbu1").get(address).text

    assert "这一页没有事项" in text
    assert "回到第一页" in text
    assert "没有待您办理的事项" not in text


def test_a_timeline_that_was_cut_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    case = site.open_case()
    site.as_("jiandu1").post(f"/tasks/{site.task(case, 'assess')}/claim")
    whole = site.as_("ganbu1").get(f"/cases/{case}").text
    monkeypatch.setattr(timeline, "MOST", 1)
    cut, led_on = (site.as_(login).get(f"/cases/{case}").text for login in ("ganbu1", "jiandu1"))

    assert "这里只列出最近的部分" not in whole
    assert "这里只列出最近的部分" in cut
    assert "查看全部办理记录" in led_on
