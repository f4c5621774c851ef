"""Places by level and document 职数与编制登记: recorded, superseded, used by the vacancies and by D3#10."""

from datetime import timedelta
from typing import Any

import pytest

from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import history, people

PATH = "/lookups/quotas"


def deputies(site: Site) -> dict[str, Any]:
    """The deputy's post of a cadre's unit."""
    held = site.rows(people.appointment, person_id=site.person("苏白露"))[0]
    return dict(site.rows(people.post, id=held["post_id"])[0])


def entry(site: Site, **changes: str) -> dict[str, str]:
    """A form filled rightly."""
    post = deputies(site)
    usual = {
        "unit": post["organisation_id"], "level": post["rank"], "places": "7",
        "valid_from": site.today.isoformat(), "document_no": "星编办〔2026〕15号（示例）",
    }  # fmt: skip
    return usual | changes


def test_what_is_recorded_holds_for_the_vacancies_and_a_later_entry_takes_its_place(any_site: Site) -> None:
    site = any_site
    browser, post = site.as_("gwyk"), deputies(site)
    held = len(site.rows(people.appointment, post_id=post["id"], valid_to=None))

    assert browser.post(PATH, entry(site, valid_from="2024-03-01")).status_code == 303
    later = entry(site, places=str(held), document_no="星编办〔2026〕16号（示例）")
    assert browser.post(PATH, later).status_code == 303
    ahead = entry(site, places="9", valid_from=(site.today + timedelta(days=90)).isoformat())
    assert browser.post(PATH, ahead).status_code == 303
    whole = entry(site, level="whole", places="36")
    assert browser.post(PATH, whole).status_code == 303

    page = text(browser, f"/lookups/vacancies?unit={post['organisation_id']}&rank={post['rank']}")
    assert f'data-label="职数" class="num">{held}</td>' in page
    assert "星编办〔2026〕16号（示例）" in page
    assert "编制36名" in page
    listed = text(browser, f"{PATH}?unit={post['organisation_id']}")
    assert [listed.count(f">{word}</span>") for word in ("现行", "尚未生效", "已被替代")] == [2, 1, 1]
    assert len(site.rows(history.history_event, kind="quota_recorded")) == 4
    told = text(site.as_("shenji"), "/history/administration")
    assert all(words in told for words in ("副处职数7名", f"副处职数{held}名", "编制36名"))


def test_a_full_level_keeps_a_cadre_from_a_post_until_the_day_more_places_are_fixed(site: Site) -> None:
    browser, post = site.as_("ganbu1"), deputies(site)
    held = len(site.rows(people.appointment, post_id=post["id"], valid_to=None))
    site.change(people.post, {"id": post["id"]}, {"quota": held + 5})
    sheet = f"/lookups?person={site.person('白南星')}&post={post['id']}"
    assert "不得超职数配备" not in text(browser, sheet)

    browser.post(PATH, entry(site, places=str(held)))
    grows = site.today + timedelta(days=60)
    browser.post(PATH, entry(site, places=str(held + 1), valid_from=grows.isoformat()))

    assert "不得超职数配备" in text(browser, sheet)
    assert "不得超职数配备" not in text(browser, f"{sheet}&day={grows.isoformat()}")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"places": "-1"}, "请填写0至9999的整数"),
        ({"places": "五"}, "请填写0至9999的整数"),
        ({"valid_from": "2026-13-01"}, "请填写起始日期"),
        ({"valid_from": "1949-10-01"}, "请填写起始日期"),
        ({"document_no": " "}, "请填写依据文件"),
        ({"level": "省部"}, "没有这个层次"),
        ({"level": ""}, "请选择层次"),
        ({"unit": "nowhere"}, "请选择单位"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    site: Site, wrong: dict[str, str], words: str
) -> None:
    answer = site.as_("gwyk").post(PATH, entry(site, **wrong))

    assert answer.status_code == 422
    assert words in answer.text
    assert site.rows(people.staffing_quota) == []


def test_the_same_entry_twice_is_told_and_kept_once(site: Site) -> None:
    browser = site.as_("gwyk")
    assert browser.post(PATH, entry(site)).status_code == 303
    assert browser.post(PATH, entry(site)).status_code == 409
    assert len(site.rows(people.staffing_quota)) == 1


@pytest.mark.parametrize("login", ["jiwei", "fubuzhang1", "shenji", "fgj1", "liucheng", "jiandu1"])
def test_nobody_but_the_two_sections_records_places(site: Site, login: str) -> None:
    assert site.as_(login).post(PATH, entry(site)).status_code == 403
    assert site.rows(people.staffing_quota) == []
