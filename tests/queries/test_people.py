"""Cadres are seen by those who manage them, the own file with restraint, relatives' never; every look is kept."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from tests.site import Site
from webapp.domain.errors import NotFound
from webapp.exchange import lrmx
from webapp.persistence.models import cases, history, people
from webapp.queries import people as asked
from webapp.queries import people_file
from webapp.queries.people import Wish
from webapp.services import people_assessment, reads

ALL = 30


def listed(site: Site, login: str, **wish: Any) -> asked.PeopleView:
    with reads.begin(site.office) as look:
        return asked.index(look, site.actor(login), Wish(**wish), today=site.today)


def names(site: Site, login: str, **wish: Any) -> list[str]:
    found: list[str] = []
    for number in (1, 2):
        found += [row.name for row in listed(site, login, page=number, **wish).rows]
    return found


def shown(site: Site, login: str, name: str) -> people_file.PersonFile:
    with reads.begin(site.office) as look:
        return people_file.show(look, site.actor(login), site.person(name), today=site.today)


def bar(site: Site, case_id: str, name: str, *, days: int = 200) -> None:
    """A measure with a running period on a case."""
    measure = {
        "id": "11111111-1111-4111-8111-111111111111", "case_id": case_id, "person_id": site.person(name),
        "track": "party", "kind": "serious_warning", "decided_on": site.today, "effective_on": site.today,
        "is_late_entry": False, "registered_at": site.office.begin().now,
    }  # fmt: skip
    period = {
        "id": "22222222-2222-4222-8222-222222222222", "case_id": case_id, "person_id": site.person(name),
        "measure_id": measure["id"], "bar": "promotion", "months": 18, "starts_on": site.today,
        "ends_on": site.today + timedelta(days=days), "rule": "end_day_barred",
    }  # fmt: skip
    with site.office.engine.begin() as connection:
        connection.execute(cases.measure.insert().values(**measure))
        connection.execute(cases.impact_period.insert().values(**period))


SEEN = {
    "ganbu1": ALL, "dangan": ALL, "fubuzhang1": ALL, "jiwei": ALL, "changwei01": ALL, "shenji": ALL, "ganbu2": ALL - 1,
    "fgj1": 2, "benren": 0, "heshi1": 0, "tongzhan": 0, "shengzu": 0, "liucheng": 0, "xitong": 0, "anquan": 0,
}  # fmt: skip


def test_everybody_sees_the_cadres_they_answer_for(any_site: Site) -> None:
    assert {login: len(names(any_site, login)) for login in SEEN} == SEEN


def test_own_and_relatives_rows_are_not_in_the_list(site: Site) -> None:
    assert "罗寒露" not in names(site, "ganbu2")
    assert "罗寒露" in names(site, "ganbu1")
    assert "钟谷雨" not in names(site, "fgj1")


def test_the_list_is_searched_by_name_and_pinyin_filtered_by_unit_and_paged(site: Site) -> None:
    view = listed(site, "ganbu1")

    assert (view.paging.total, view.paging.next, len(view.rows)) == (ALL, "2", 20)
    assert listed(site, "ganbu1", page=2).paging.previous == "1"
    assert names(site, "ganbu1", q="白露") == ["苏白露"]
    assert names(site, "ganbu1", q="sbl") == ["苏白露"]
    assert names(site, "ganbu1", q="%") == []
    assert len(names(site, "ganbu1", unit=view.units[0].value)) == 3
    assert len(view.units) == 10


def test_the_standing_in_the_list_comes_from_cases_one_may_see(site: Site) -> None:
    case_id = site.open_case("苏白露")
    bar(site, case_id, "苏白露")

    (row,) = listed(site, "ganbu1", q="苏白露").rows
    (unit_row,) = listed(site, "fgj1", q="苏白露").rows

    assert (row.status, row.bar_until, row.open_cases) == ("barred", site.today + timedelta(days=200), 1)
    assert (unit_row.status, unit_row.bar_until, unit_row.open_cases) == ("none", None, 0)
    assert names(site, "ganbu1", status="barred") == ["苏白露"]
    assert names(site, "fgj1", status="barred") == []
    assert len(names(site, "ganbu1", status="none")) == ALL - 1


def test_who_is_recused_from_a_case_learns_nothing_of_it_from_the_file(site: Site) -> None:
    case_id = site.open_case("苏白露")
    bar(site, case_id, "苏白露")
    row = {"case_id": case_id, "person_id": site.actor("jiandu1").person_id, "reason": "declared"}
    with site.office.engine.begin() as connection:
        connection.execute(cases.case_exclusion.insert().values(**row, since=site.office.begin().now))

    file = shown(site, "jiandu1", "苏白露")

    assert (file.cases, file.periods, file.sees_all) == ((), (), False)
    assert shown(site, "jiandu2", "苏白露").sees_all


def test_the_managing_department_sees_cases_periods_and_what_it_may_do(site: Site) -> None:
    bar(site, site.open_case("苏白露"), "苏白露")

    file = shown(site, "ganbu1", "苏白露")

    assert (len(file.cases), len(file.periods), len(file.appraisals)) == (1, 1, 3)
    assert file.may == {"start", "register", "record"}
    assert shown(site, "chengban", "苏白露").may == {"register"}
    assert shown(site, "dangan", "苏白露").may == frozenset()


def test_a_unit_sees_master_data_alone_before_the_talk(site: Site) -> None:
    case_id = site.open_case("苏白露")
    bar(site, case_id, "苏白露")

    before = shown(site, "fgj1", "苏白露")
    site.change(cases.case_file, {"id": case_id}, {"talked_on": site.today})
    after = shown(site, "fgj1", "苏白露")

    assert (before.cases, before.periods, before.sees_all) == ((), (), False)
    assert (len(after.cases), len(after.periods), after.sees_all) == (1, 1, False)


def test_the_own_file_is_restrained(site: Site) -> None:
    case_id = site.open_case("苏白露")
    bar(site, case_id, "苏白露")

    before = shown(site, "benren", "苏白露")
    site.change(cases.case_file, {"id": case_id}, {"talked_on": site.today})
    after = shown(site, "benren", "苏白露")

    assert (before.own_file, before.cases, before.periods) == (True, (), ())
    assert (after.cases, after.sees_all, after.may) == ((), False, frozenset())
    assert [one.days_left for one in after.periods] == [None]


HIDDEN = (
    ("ganbu2", "罗寒露"), ("fgj1", "沈惊蛰"), ("benren", "钟谷雨"), ("heshi1", "苏白露"), ("liucheng", "苏白露"),
    ("xitong", "苏白露"), ("ganbu1", "云望舒"),
)  # fmt: skip


def test_other_files_do_not_exist(site: Site) -> None:
    for login, name in HIDDEN:
        with pytest.raises(NotFound):
            shown(site, login, name)


def test_both_branches_are_checked_with_what_bars_passes_and_is_not_known_yet(site: Site) -> None:
    bar(site, site.open_case("苏白露"), "苏白露")

    with reads.begin(site.office) as look:
        promotion, same = people_assessment.assess(look, site.person("苏白露"), today=site.today)

    assert [(one.branch, one.eligible) for one in (promotion, same)] == [
        ("promotion", False),
        ("same_level", False),
    ]
    found = {one.code: one for one in promotion.reasons}
    assert found["IN_IMPACT_PERIOD"].state == "blocked"
    assert found["IN_IMPACT_PERIOD"].until == site.today + timedelta(days=200)
    assert found["IN_IMPACT_PERIOD"].article == "党内严重警告"
    assert "不顺延" in found["IN_IMPACT_PERIOD"].detail[0]
    assert found["OPEN_MATTER"].article == ""
    assert found["FOUR_MUSTS"].state == "unknown"
    assert {one.state for one in same.reasons if one.code == "IN_IMPACT_PERIOD"} == {"passed"}


def kept(site: Site, kind: str) -> list[dict[str, Any]]:
    return site.rows(history.history_event, kind=kind)


def test_pages_are_drawn_and_every_look_is_kept_without_names(site: Site) -> None:
    bar(site, site.open_case("苏白露"), "苏白露")
    browser = site.as_("ganbu1")

    page = browser.get("/people?q=" + quote("苏白露"))
    file = browser.get(f"/people/{site.person('苏白露')}?branch=promotion")

    assert (page.status_code, file.status_code) == (200, 200)
    assert "苏白露" in page.text
    assert "影响期内" in page.text
    assert "目前不能" in file.text
    assert "平级重新任职" not in file.text
    bodies = [row["body"].decode() for row in kept(site, "read")]
    assert sum(site.person("苏白露") in body for body in bodies) == 2
    assert not any("苏白露" in body for body in bodies)


def test_pages_hide_what_is_hidden(site: Site) -> None:
    bar(site, site.open_case("苏白露"), "苏白露")
    person = site.person("苏白露")

    own, unit = site.as_("benren").get(f"/people/{person}"), site.as_("fgj1").get(f"/people/{person}")

    assert (own.status_code, unit.status_code) == (200, 200)
    for text in (own.text, unit.text):
        assert "严重警告" not in text
        assert "目前不能" not in text
    assert "此人现在能不能提" not in own.text
    for login, status in (("xitong", 404), ("heshi1", 404), ("shenji", 200)):
        assert site.as_(login).get(f"/people/{person}").status_code == status
    assert site.visitor().get(f"/people/{person}").status_code == 303
    assert site.as_("ganbu1").get("/people/nobody").status_code == 404


FORM = lrmx.write(
    lrmx.Form(
        name="安桂枝",
        sex="女",
        born="198103",
        current_post="星屿市教育局副局长",
        career="2010.03--    副局长",
    )
)


def upload(site: Site, login: str, data: bytes = FORM, name: str = "安桂枝.lrmx") -> Any:
    return site.as_(login).post("/people/import", {"file": (io.BytesIO(data), name)})


def test_a_form_is_previewed_confirmed_and_exported_through_the_pages(any_site: Site) -> None:
    site = any_site
    browser = site.as_("ganbu1")
    assert browser.get("/people/import").status_code == 200

    preview = browser.post("/people/import", {"file": (io.BytesIO(FORM), "安桂枝.lrmx")})
    token = preview.text.split('name="confirm" value="')[1].split('"')[0]
    none = browser.post("/people/import", {"confirm": token})
    done = browser.post("/people/import", {"confirm": token, "row": "1"})
    (person,) = site.rows(people.person, name="安桂枝")
    file = site.as_("ganbu1").get(f"/people/{person['id']}/lrmx")

    assert [one.status_code for one in (preview, none, done, file)] == [200, 422, 200, 200]
    assert "请至少勾选一人" in none.text
    assert "安桂枝" in none.text
    assert "新增1人" in done.text
    assert file.data == FORM
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert len(kept(site, "person_exported")) == 1


def test_a_wrong_file_is_refused_on_the_page_and_others_may_not_import(site: Site) -> None:
    refused = upload(site, "ganbu1", b"<html/>")

    assert refused.status_code == 422
    assert "不是任免审批表" in refused.text
    assert site.as_("ganbu1").post("/people/import", {}).status_code == 422
    assert upload(site, "jiwei").status_code == 403
    assert site.as_("fgj1").get("/people/import").status_code == 403


def test_a_roster_goes_out_inert_with_its_trace_and_only_to_the_department(site: Site) -> None:
    site.change(people.person, {"id": site.person("苏白露")}, {"nation": "=1+1"})

    answer = site.as_("ganbu2").get("/people/roster.xlsx")

    sheets = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    rows = {row[0]: row for row in sheets[0].iter_rows(min_row=2, values_only=True)}
    assert len(rows) == ALL - 1
    assert rows["苏白露"][3] == "'=1+1"
    assert sheets[1]["B1"].value == "何小雪"
    (event,) = kept(site, "exported")
    assert site.person("苏白露") in event["body"].decode()
    for login in ("jiwei", "fgj1", "shenji", "benren"):
        assert site.as_(login).get("/people/roster.xlsx").status_code == 403


def test_the_template_can_be_had(site: Site) -> None:
    answer = site.as_("ganbu1").get("/people/template.xlsx")

    assert openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]["A1"].value == "姓名"


def test_nothing_leaves_when_the_trace_cannot_be_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp.persistence.failures import DatabaseUnavailable
    from webapp.persistence.unit_of_work import Reading

    def full(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(Reading, "disclose", full)
    paths = ("/people", f"/people/{site.person('苏白露')}", "/people/roster.xlsx")

    answers = [site.as_("ganbu1").get(path) for path in paths]

    assert [one.status_code for one in answers] == [503, 503, 503]
    assert not any("苏白露" in one.text for one in answers)
