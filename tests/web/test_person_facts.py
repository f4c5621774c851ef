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


def test_who_is_kin_through_a_relative_is_kin_from_then_on(site: Site) -> None:
    case_id = site.open_case("钟谷雨")
    uncle = site.actor("fubuzhang1")
    name = site.rows(people.person, id=uncle.person_id)[0]["name"]
    section = site.as_("ganbu1")
    assert site.as_("fubuzhang1").get(f"/cases/{case_id}").status_code == 200

    for cadre, relative, relation in (("苏白露", name, "sibling"), ("钟谷雨", "苏白露", "parent")):
        path = f"/people/{site.person(cadre)}/relatives"
        assert section.post(path, {"name": relative, "relation": relation}).status_code == 303

    assert site.as_("fubuzhang1").get(f"/cases/{case_id}").status_code == 404


def test_an_unknown_relative_or_oneself_is_refused(site: Site) -> None:
    path = f"/people/{site.person('钟谷雨')}/relatives"
    for name in ("查无此人", "钟谷雨"):
        assert site.as_("ganbu1").post(path, {"name": name, "relation": "spouse"}).status_code == 422
