"""Appraisals and relatives entered on a person's page, and what follows from them."""

import pytest

from tests.site import Site
from webapp.persistence.models import history, people


def test_the_section_enters_an_appraisal_and_corrects_it(site: Site) -> None:
    person, year = site.person("钟谷雨"), site.today.year - 1
    section, path = site.as_("ganbu1"), f"/people/{site.person('钟谷雨')}/appraisals"

    for grade in ("excellent", "basically_competent"):
        assert section.post(path, {"year": str(year), "grade": grade}).status_code == 303

    (row,) = site.rows(people.appraisal, person_id=person, year=year)
    assert row["grade"] == "basically_competent"
    assert "基本称职" in section.get(f"/people/{person}").text
    assert len(site.rows(history.history_event, kind="appraisal_recorded")) == 2


@pytest.mark.parametrize(("year", "grade"), [("19", "competent"), ("1999", "competent"), ("", "superb")])
def test_a_year_or_a_grade_that_is_none_is_refused(site: Site, year: str, grade: str) -> None:
    path = f"/people/{site.person('钟谷雨')}/appraisals"
    answer = site.as_("ganbu1").post(path, {"year": year or str(site.today.year - 1), "grade": grade})
    assert answer.status_code == 422


@pytest.mark.parametrize("login", ["fgj1", "liucheng", "fubuzhang1"])
def test_nobody_else_enters_facts_of_a_person(site: Site, login: str) -> None:
    path = f"/people/{site.person('钟谷雨')}/appraisals"
    answer = site.as_(login).post(path, {"year": str(site.today.year - 1), "grade": "competent"})
    assert answer.status_code in (403, 404)


ENTRY = {"source": "archive", "evidence": "干部履历表家庭成员栏"}


def test_who_is_kin_through_a_relative_is_kin_from_then_on(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case("钟谷雨")
    uncle = site.actor("fubuzhang1")
    name = site.rows(people.person, id=uncle.person_id)[0]["name"]
    section = site.as_("ganbu1")
    assert site.as_("fubuzhang1").get(f"/cases/{case_id}").status_code == 200

    for cadre, relative, relation in (("苏白露", name, "sibling"), ("钟谷雨", "苏白露", "parent")):
        path = f"/people/{site.person(cadre)}/relatives"
        assert section.post(path, {"name": relative, "relation": relation, **ENTRY}).status_code == 303
    # The uncle sits in the department's meeting: what keeps him out needs a second person.
    assert site.as_("fubuzhang1").get(f"/cases/{case_id}").status_code == 200
    (waiting,) = site.rows(people.kinship_request, status="waiting")
    second = site.as_("jiandu1")
    assert name in second.get("/people/kinship").text
    assert section.post(f"/people/kinship/{waiting['id']}", {"agreed": "yes"}).status_code == 403
    assert second.post(f"/people/kinship/{waiting['id']}", {"agreed": "yes"}).status_code == 303

    assert site.as_("fubuzhang1").get(f"/cases/{case_id}").status_code == 404


def test_an_unknown_relative_or_oneself_is_refused(site: Site) -> None:
    path = f"/people/{site.person('钟谷雨')}/relatives"
    for name in ("查无此人", "钟谷雨"):
        answer = site.as_("ganbu1").post(path, {"name": name, "relation": "spouse", **ENTRY})
        assert answer.status_code == 422


def test_the_page_tells_where_a_relative_comes_from_and_the_cadre_sees_the_own_entry(site: Site) -> None:
    path = f"/people/{site.person('苏白露')}"
    section, own = site.as_("ganbu1"), site.as_("benren")
    assert section.post(f"{path}/relatives", {"name": "钟谷雨", "relation": "sibling"}).status_code == 422
    asked = {"name": "钟谷雨", "relation": "sibling", **ENTRY}
    assert section.post(f"{path}/relatives", asked).status_code == 303

    page = section.get(path).text
    assert "干部人事档案：干部履历表家庭成员栏" in page
    assert "更正、撤销" in page
    mine = own.get(path).text
    assert "钟谷雨" in mine
    assert "干部履历表" not in mine
    assert "更正、撤销" not in mine
    assert "回避关系" not in site.as_("fubuzhang1").get(path).text
    given = {"relative_id": site.person("钟谷雨"), "reason": "登记对象有误", "relation": ""}
    assert own.post(f"{path}/relatives/change", given).status_code == 403
    assert section.post(f"{path}/relatives/change", given).status_code == 303
    assert "撤销待第二人确认" in section.get(path).text
    assert "登记对象有误" in site.as_("jiandu1").get("/people/kinship").text


@pytest.mark.parametrize("login", ["fgj1", "xitong", "buwei1", "changwei05"])
def test_what_waits_is_seen_by_who_may_confirm_it_only(site: Site, login: str) -> None:
    assert site.as_(login).get("/people/kinship").status_code == 403
