"""The weekly look-ups answer those who do the work, within their scope, and every answer is kept."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.services.test_step_cost import counted
from tests.site import Site
from webapp.persistence.models import cases, history, people

NOWHERE = "00000000-0000-4000-8000-000000000000"
MOST_OF_A_CHECK = 60
MOST_OF_THE_ENDS = 8


@pytest.fixture
def barred(site: Site) -> str:
    """苏白露 barred from promotion for a year from today → the case."""
    case_id = site.open_case("苏白露")
    scenes.measure(site, case_id)
    return case_id


def named(name: str) -> str:
    return f"/lookups?q={quote(name)}"


def test_any_cadre_is_checked_on_any_day_with_reasons_and_their_sources(site: Site, barred: str) -> None:
    browser = site.as_("ganbu1")
    free_on = site.today + timedelta(days=365)

    now = text(browser, named("苏白露"))
    later = text(browser, f"{named('sbl')}&day={free_on.isoformat()}")

    assert "提拔或进一步使用：目前不能" in now
    assert "期间不得提拔、进一步使用、晋升职级" in now
    assert "免职（不适宜担任现职）；依措施登记和影响期核算" in now
    assert "期间不得提拔" not in later
    assert "没有正在执行的影响期（处分期）。" in later
    assert "按今天已经登记的情况推算到该日" in later
    assert "符合提拔" not in now + later


def test_the_post_is_checked_too(site: Site) -> None:
    (post,) = site.rows(
        people.post, id=site.rows(people.appointment, person_id=site.person("顾半夏"))[0]["post_id"]
    )

    site.change(people.post, {"id": post["id"]}, {"quota": 1})

    sheet = text(site.as_("ganbu1"), f"/lookups?person={site.person('苏白露')}&post={post['id']}")

    assert "拟任职务没有空缺职数，不得超职数配备。" in sheet
    assert "依职数、编制和任职登记" in sheet


def test_several_of_one_name_are_offered_and_nobody_is_said_to_be_nobody(site: Site) -> None:
    letters = text(site.as_("ganbu1"), named("s"))

    assert letters.count('<th scope="row"><a') > 1
    assert "没有找到该干部" in text(site.as_("ganbu1"), named("无此人"))


def test_the_own_person_relatives_and_other_peoples_cadres_are_not_checked(site: Site) -> None:
    scenes.relate(site, "顾半夏", "苏白露")
    for login, name in (("ganbu1", "云望舒"), ("ganbu2", "罗寒露")):
        assert site.as_(login).get(f"/lookups?person={site.person(name)}").status_code == 404
        assert "目前不能" not in text(site.as_(login), named(name))
    own = site.actor("ganbu1").person_id
    assert site.as_("ganbu1").get(f"/lookups?person={own}").status_code == 404
    for nonsense in (NOWHERE, "x", "%27"):
        assert site.as_("ganbu1").get(f"/lookups?person={nonsense}").status_code == 404


def test_who_is_recused_from_a_case_gets_no_check_that_would_tell_of_it(site: Site, barred: str) -> None:
    row = {"case_id": barred, "person_id": site.actor("jiandu1").person_id, "reason": "declared"}
    scenes.put(site, cases.case_exclusion, **row, since=site.office.begin().now)

    sheet = text(site.as_("jiandu1"), named("苏白露"))

    assert "目前不能" not in sheet
    assert "请由负责该干部的科室核查" in sheet
    assert "苏白露" not in text(site.as_("jiandu1"), "/lookups/ends?days=365")


def test_a_day_that_is_none_is_said_and_today_taken(site: Site) -> None:
    for day in ("x", "2026-02-30", "0001-01-01", "9999-12-31"):
        sheet = text(site.as_("ganbu1"), f"{named('苏白露')}&day={day}")
        assert "现按今天核查" in sheet


def test_what_ends_soon_is_listed_within_the_days_chosen(site: Site, barred: str) -> None:
    held = site.rows(people.appointment, person_id=site.person("沈惊蛰"))[0]
    site.change(people.appointment, {"id": held["id"]}, {"probation_ends_on": site.today - timedelta(days=3)})
    mild = scenes.measure(site, site.open_case("钟谷雨"), track="mild", kind="admonishment")
    site.change(cases.impact_period, {"measure_id": mild}, {"ends_on": site.today + timedelta(days=40)})
    browser = site.as_("ganbu1")

    quarter, year = text(browser, "/lookups/ends"), text(browser, "/lookups/ends?days=365")
    probation = text(browser, "/lookups/ends?days=365&kind=probation")

    assert "苏白露" not in quarter
    assert "苏白露" in year
    assert "诫勉影响期1项" in quarter
    assert "已届满，尚未办理转正" in quarter
    assert "沈惊蛰" in probation
    assert "钟谷雨" not in probation
    site.change(cases.measure, {"id": mild}, {"ended_by": "revoked", "ended_on": site.today})
    assert "诫勉影响期0项" in text(browser, "/lookups/ends")


def test_nonsense_asked_of_the_ends_is_taken_as_not_asked(site: Site) -> None:
    for query in ("days=-1", "days=x", "kind=%3Cb%3E", "page=99999999999999999999"):
        assert site.as_("ganbu1").get(f"/lookups/ends?{query}").status_code == 200


def test_others_do_not_enter(site: Site) -> None:
    for login in ("benren", "fgj1", "liucheng", "xitong", "heshi1"):
        for path in ("/lookups", "/lookups/ends"):
            assert site.as_(login).get(path).status_code == 403, login
    assert site.visitor().get("/lookups").status_code in (302, 303)


def test_every_answer_is_kept_with_ids_and_without_names(site: Site, barred: str) -> None:
    browser = site.as_("ganbu1")
    text(browser, named("苏白露"))
    text(browser, "/lookups/ends?days=365")

    bodies = [row["body"].decode() for row in site.rows(history.history_event, kind="read")]

    assert [site.person("苏白露") in body for body in bodies] == [True, True]
    assert not any("苏白露" in body for body in bodies)


def test_what_a_look_up_costs_does_not_grow_with_what_is_found(site: Site, barred: str) -> None:
    browser = site.as_("ganbu1")
    text(browser, named("苏白露"))

    def cost(path: str) -> int:
        with counted() as seen:
            text(browser, path)
        return len(seen["statements"])

    few = cost(named("苏白露")), cost("/lookups/ends?days=365")
    for _ in range(4):
        scenes.measure(site, barred)
    many = cost(named("苏白露")), cost("/lookups/ends?days=365")

    assert many == few
    assert many[0] <= MOST_OF_A_CHECK
    assert many[1] <= MOST_OF_THE_ENDS
