"""Vacancies, the roster and the ledger: within the scope of who asks, safe for Excel, each on record."""

import io
from datetime import date

import openpyxl
import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.services.test_step_cost import counted
from tests.site import Site
from webapp.domain import events
from webapp.persistence.models import cases, history, people
from webapp.services import sealing

PEOPLE = 30
MOST_OF_A_LIST = 14


def names(page: str) -> int:
    return page.count('<th scope="row"><a')


def test_vacancies_count_quota_and_holders_per_unit_and_name_nobody(any_site: Site) -> None:
    site = any_site
    held = site.rows(people.appointment, person_id=site.person("苏白露"))[0]
    site.change(people.post, {"id": held["post_id"]}, {"quota": 9, "title": "第三副局长"})
    holders = len(site.rows(people.appointment, post_id=held["post_id"], valid_to=None))
    browser = site.as_("ganbu1")

    free = text(browser, "/lookups/vacancies?only=vacant")
    site.change(people.post, {"id": held["post_id"]}, {"quota": 0})
    over = text(browser, "/lookups/vacancies?only=over")

    assert f"第三副局长{holders}／9" in free
    counts = (
        f'data-label="实配" class="num">{holders}</td><td data-label="空缺" class="num">{9 - holders}</td>'
    )
    assert counts in free
    assert f'<span class="late">超{holders}</span>' in over
    assert "苏白露" not in free + over
    assert "没有符合条件的职务" in text(browser, "/lookups/vacancies?rank=无")


def test_the_roster_is_searched_by_what_is_asked(site: Site) -> None:
    browser = site.as_("ganbu1")
    person_id = site.person("苏白露")
    born = f"{site.today.year - 46}-{site.today.month:02d}"
    site.change(people.person, {"id": person_id}, {"birth_month": born, "sex": "女", "party": "无党派人士"})
    scenes.measure(site, site.open_case("苏白露"))

    def found(query: str) -> bool:
        return "苏白露" in text(browser, f"/lookups/roster?{query}")

    exactly = "from_y=46&from_m=0&to_y=46&to_m=0"
    assert found(exactly)
    assert not found("from_y=46&from_m=1&to_y=46&to_m=5")
    assert not found("to_y=45&to_m=11&from_y=45&from_m=8")
    assert "46岁" in text(browser, f"/lookups/roster?{exactly}")
    assert found("party=other")
    assert not found("party=member&standing=barred")
    assert found("standing=barred")
    assert not found("standing=tracked")
    assert found("sex=女&standing=barred")
    assert not found("sex=男&standing=barred")
    assert names(text(browser, "/lookups/roster?page=2")) == PEOPLE - 20


def test_education_is_searched_though_it_lies_sealed(site: Site) -> None:
    work = site.office.begin()
    with work:
        values = {"profile": {"education": "研究生，管理学硕士"}}
        sealing.seal_values(work, values, case_id=None, owner_kind="person", owner_id=site.person("苏白露"))
        work.commit(events.Read(actor=site.actor("ganbu1"), effective_at=work.now, facts={"what": "test"}))

    page = text(site.as_("ganbu1"), "/lookups/roster?education=硕士")

    assert "苏白露" in page
    assert names(page) == 1


@pytest.mark.parametrize("sort", ["unit", "name", "older", "younger", "longest", "x"])
def test_the_roster_is_sorted(site: Site, sort: str) -> None:
    page = text(site.as_("ganbu1"), f"/lookups/roster?sort={sort}")

    assert names(page) == 20


def test_nonsense_is_taken_as_not_asked(site: Site) -> None:
    for query in (
        "unit=x",
        "sex=%3Cb%3E",
        "from_y=-1",
        "from_m=9999",
        "to_y=%E4%B9%9D",
        "page=999999999999",
        "rank=%25",
    ):
        assert site.as_("ganbu1").get(f"/lookups/roster?{query}").status_code == 200
        assert site.as_("ganbu1").get(f"/lookups/vacancies?{query}").status_code == 200


def test_own_and_relatives_rows_are_not_in_the_roster(site: Site) -> None:
    pages = [text(site.as_("ganbu2"), f"/lookups/roster?page={number}") for number in (1, 2)]

    assert "罗寒露" not in pages[0] + pages[1]


def test_the_ledger_goes_out_for_a_purpose_inert_and_on_record(site: Site) -> None:
    plan_id = scenes.plan(site, site.open_case("苏白露"), 20, latest_end=date(2027, 3, 1))
    scenes.measure(site, site.rows(cases.case_file)[0]["id"], document_no="=HYPERLINK(1)")
    browser = site.as_("ganbu1")

    form, without = browser.get("/lookups/ledger"), browser.get("/lookups/ledger.xlsx")
    answer = browser.get("/lookups/ledger.xlsx?purpose=meeting")

    assert (form.status_code, without.status_code, answer.status_code) == (200, 422, 200)
    assert "请选择用途" in without.text
    sheets = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    heading, row = sheets[0].iter_rows(values_only=True)
    line = dict(zip(heading, row, strict=True))
    assert (line["姓名"], line["影响期至"], line["联系类别"]) == ("苏白露", "2027-03-01", "重点")
    assert line["措施"] == "免职（不适宜担任现职）"
    assert line["文号"] == "'=HYPERLINK(1)"
    assert ("用途", "会议研究") in list(sheets[1].iter_rows(values_only=True))
    (event,) = site.rows(history.history_event, kind="exported")
    assert plan_id in event["body"].decode()
    assert '"meeting"' in event["body"].decode()
    assert "苏白露" not in event["body"].decode()


def test_the_ledger_holds_only_what_one_may_see_and_goes_only_to_the_department(site: Site) -> None:
    case_id = site.open_case("苏白露")
    scenes.plan(site, case_id, 20)
    row = {"case_id": case_id, "person_id": site.actor("jiandu1").person_id, "reason": "declared"}
    scenes.put(site, cases.case_exclusion, **row, since=site.office.begin().now)

    data = site.as_("jiandu1").get("/lookups/ledger.xlsx?purpose=filing").data

    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row == 1
    for login in ("jiwei", "shenji", "fgj1", "benren", "liucheng"):
        assert site.as_(login).get("/lookups/ledger.xlsx?purpose=filing").status_code == 403, login
        assert site.as_(login).get("/lookups/ledger").status_code == 403, login


def test_others_do_not_enter_and_every_look_is_kept(site: Site) -> None:
    for login in ("benren", "fgj1", "liucheng", "xitong"):
        for path in ("/lookups/vacancies", "/lookups/roster"):
            assert site.as_(login).get(path).status_code == 403, (login, path)
    text(site.as_("ganbu1"), "/lookups/vacancies")
    text(site.as_("ganbu1"), "/lookups/roster")
    bodies = [one["body"].decode() for one in site.rows(history.history_event, kind="read")]

    assert ["lookup.vacancies" in bodies[0], site.person("苏白露") in "".join(bodies)] == [True, True]
    assert not any("苏白露" in one for one in bodies)


def test_lists_cost_the_same_however_many_rows(site: Site) -> None:
    browser = site.as_("ganbu1")
    paths = (
        "/lookups/vacancies",
        "/lookups/roster",
        "/lookups/roster?standing=none&education=%E5%A4%A7%E5%AD%A6",
    )
    text(browser, paths[0])
    costs = []
    for path in (*paths, "/lookups/ledger.xlsx?purpose=meeting"):
        with counted() as seen:
            assert browser.get(path).status_code == 200
        costs.append(len(seen["statements"]))

    assert max(costs) <= MOST_OF_A_LIST, costs
