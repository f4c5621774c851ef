"""The page of a measure: seen by the organs in charge, changed by two persons."""

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import cases, history

NEW = {
    "f.measure": "up_down.demotion", "f.new_organ": "中共星屿市委", "f.new_document_no": "星委〔2026〕9号",
    "f.organ": "中共星屿市委", "f.document_no": "星委办〔2026〕1号", "f.reason": "登记时种类选错。",
}  # fmt: skip


@pytest.fixture
def measure_id(site: Site) -> str:
    return scenes.measure(site, site.open_case("苏白露"))


def typed(site: Site, **changes: str) -> dict[str, str]:
    day = site.today.isoformat()
    return {**NEW, "f.new_decided_on": day, "f.effective_on": day, "f.decided_on": day, **changes}


def test_one_proposes_another_agrees_and_the_page_shows_both(site: Site, measure_id: str) -> None:
    ganbu, jiandu = site.as_("ganbu1"), site.as_("jiandu1")
    assert "更正登记" in text(ganbu, f"/measures/{measure_id}")
    assert "不适宜担任现职" in text(ganbu, f"/measures/{measure_id}/changes/new/correct")

    answer = ganbu.post(f"/measures/{measure_id}/changes/new/correct", typed(site))

    assert answer.status_code == 303
    (change,) = site.rows(cases.measure_change)
    path = f"/measures/{measure_id}/changes/{change['id']}"
    waiting = text(jiandu, f"/measures/{measure_id}")
    assert "登记时种类选错" in waiting
    assert "复核同意" in waiting
    assert ganbu.post(f"{path}/confirm").status_code == 403
    assert jiandu.post(f"{path}/confirm").status_code == 303
    assert "已生效" in text(jiandu, f"/measures/{measure_id}")
    (period,) = site.rows(cases.impact_period)
    assert period["months"] == 24
    event = site.rows(history.history_event, kind="measure_corrected")[0]
    told = text(site.as_("shenji"), f"/history/{event['stream']}:{event['seq']}")
    assert "降职（不适宜担任现职）" in told
    assert "measure_id" not in told.partition("原样记录")[0]


def test_what_is_missing_or_against_a_rule_is_said_on_the_form(site: Site, measure_id: str) -> None:
    browser, path = site.as_("ganbu1"), f"/measures/{measure_id}/changes/new"

    empty = browser.post(f"{path}/revoke", {})
    same = browser.post(f"{path}/change", typed(site, **{"f.measure": "up_down.relieve_of_post"}))
    odd = browser.post(f"{path}/correct", typed(site, **{"f.months_decided": "-1", "f.effective_on": "x"}))

    assert [one.status_code for one in (empty, same, odd)] == [422, 422, 422]
    assert "请填写日期" in empty.text
    assert "与原措施相同" in same.text
    assert "请填写月数" in odd.text
    assert browser.post(f"{path}/extend", typed(site)).status_code == 404
    assert browser.get(f"{path}/nonsense").status_code == 404
    assert site.rows(cases.measure_change) == []


def test_a_change_is_sent_back_with_a_reason(site: Site, measure_id: str) -> None:
    site.as_("ganbu1").post(f"/measures/{measure_id}/changes/new/revoke", typed(site))
    (change,) = site.rows(cases.measure_change)
    path = f"/measures/{measure_id}/changes/{change['id']}/reject"

    assert site.as_("jiandu1").post(path, {"reason": ""}).status_code == 422
    assert site.as_("jiandu1").post(path, {"reason": "没有撤销决定。"}).status_code == 303
    assert "没有撤销决定" in text(site.as_("ganbu1"), f"/measures/{measure_id}")


def test_a_measure_is_not_there_for_the_unit_the_cadre_or_a_stranger(site: Site, measure_id: str) -> None:
    scenes.talked(site, site.rows(cases.case_file)[0]["id"])

    for login in ("benren", "fgj1", "liucheng", site.second_committee()):
        assert site.as_(login).get(f"/measures/{measure_id}").status_code == 404, login


def test_the_person_and_the_plan_lead_to_the_measure(site: Site, measure_id: str) -> None:
    case_id = site.rows(cases.case_file)[0]["id"]
    plan_id = scenes.plan(site, case_id, 30)

    for path in (f"/people/{site.person('苏白露')}", f"/tracking/{plan_id}", f"/cases/{case_id}"):
        assert f"/measures/{measure_id}" in text(site.as_("jiandu1"), path), path
