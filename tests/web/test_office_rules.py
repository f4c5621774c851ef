"""Policy values and calendars: proposed by one, confirmed by another, within the law, never for running cases."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.queries.scenes import text
from tests.site import Site
from webapp.domain import calendar_years
from webapp.persistence.models import administration, cases, history

NOTICE = """2024-01-01 休 元旦
2024-02-10至2024-02-17 休 春节
2024-02-04 班 春节调休
2024-02-18 班 春节调休
2024-04-04~2024-04-06 休 清明节
2024-04-07 班 清明节调休
2024-05-01至2024-05-05 休 劳动节
2024-04-28 班 劳动节调休
2024-05-11 班 劳动节调休
2024-06-10 休 端午节
2024-09-15至2024-09-17 休 中秋节
2024-09-14 班 中秋节调休
2024-10-01至2024-10-07 休 国庆节
2024-09-29 班 国庆节调休
2024-10-12 班 国庆节调休"""


def asked(site: Site, **changes: str) -> dict[str, str]:
    return {
        "key": "publicity_workdays", "value": "7", "valid_from": site.today.isoformat(),
        "document": "星组发〔2024〕3号", "reason": "本地规定延长公示期", **changes,
    }  # fmt: skip


def year(number: int = 2027) -> dict[str, str]:
    return {
        "year": str(number), "text": shifted(number), "document": "国办发明电〔2026〕7号", "reason": "年度安排",
    }  # fmt: skip


def shifted(number: int) -> str:
    """A made-up notice of another year: the festivals alone, no moved working days."""
    lines = [line for line in NOTICE.splitlines() if " 休 " in line]
    return "\n".join(lines).replace("2024", str(number))


def agree(site: Site, by: str, *, agreed: str = "yes") -> int:
    (waiting,) = site.rows(administration.rule_proposal, status="proposed")
    return site.as_(by).post(f"/rules/proposals/{waiting['id']}", {"agreed": agreed}).status_code


def test_a_value_counts_for_later_cases_when_a_second_person_agrees(any_site: Site) -> None:
    site = any_site
    before = site.open_case("钟谷雨")
    first = site.as_("jiandu1")
    assert first.post("/rules/values", asked(site)).status_code == 303
    assert "等待复核" in text(first, "/rules")
    assert first.post("/rules/values", asked(site)).status_code == 409
    assert agree(site, "jiandu1") == 403
    assert site.rows(administration.policy_value) == []

    assert agree(site, "anquan") == 303

    later = site.open_case("苏白露")
    policies = {row["id"]: row["policy"] for row in site.rows(cases.case_file)}
    assert policies[before] == {}
    assert policies[later] == {"publicity_workdays": 7}
    page = text(first, "/rules")
    assert "7个工作日" in page
    assert "正在适用" in page
    (changed,) = site.rows(history.history_event, kind="policy_changed")
    assert b'"after":7' in changed["body"]
    assert b'"before":5' in changed["body"]
    assert not any("本地规定".encode() in row["body"] for row in site.rows(history.history_event))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "4"}, "法定公示期不少于5个工作日，不能缩短"),
        ({"value": "31"}, "5到30之间"),
        ({"value": "x"}, "5到30之间"),
        ({"value": "5"}, "本已适用"),
        ({"key": "quorum"}, "请选择要设定的规则参数"),
        ({"key": "report_all", "value": "7"}, "请填写“是”或者“否”"),
        ({"key": "agenda_notice_days", "value": "0"}, "不得临时动议"),
        ({"document": ""}, "依据文件"),
        ({"reason": " "}, "请写明理由"),
        ({"valid_from": ""}, "请填写生效日"),
        ({"valid_from": "2020-01-01"}, "不溯及既往"),
    ],
)
def test_what_the_law_sets_is_not_passed_and_nothing_is_missing(
    site: Site, changes: dict[str, str], said: str
) -> None:
    answer = site.as_("anquan").post("/rules/values", asked(site, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert site.rows(administration.rule_proposal) == []


def test_the_same_person_never_confirms_and_a_refusal_changes_nothing(site: Site) -> None:
    site.as_("anquan").post("/rules/values", asked(site, key="report_all", value="是"))
    assert agree(site, "anquan") == 403
    assert agree(site, "changwei03") == 403
    assert agree(site, "anquan2", agreed="no") == 303
    assert site.rows(administration.policy_value) == []
    assert len(site.rows(history.history_event, kind="policy_refused")) == 1


def test_a_years_calendar_is_previewed_proposed_and_confirmed(any_site: Site) -> None:
    site = any_site
    first = site.as_("anquan")
    assert site.rows(administration.calendar_year, year=2027) == []

    shown = first.post("/rules/calendar/preview", year())
    assert shown.status_code == 200
    assert "2027年10月1日（周五）休，国庆节" in shown.text
    assert site.rows(administration.rule_proposal) == []
    assert first.post("/rules/calendar", year()).status_code == 303
    assert site.rows(administration.calendar_year, year=2027) == []
    assert agree(site, "anquan2") == 303

    assert [row["source"] for row in site.rows(administration.calendar_year, year=2027)] == [
        "国办发明电〔2026〕7号"
    ]
    with site.office.glance() as look:
        calendar = look.calendar()
    holiday = site.today.replace(year=2027, month=10, day=1)
    assert not calendar.is_workday(holiday)
    assert calendar.is_official({2027})
    assert first.post("/rules/calendar", year()).status_code == 422


def test_a_calendar_on_file_is_replaced_day_by_day(site: Site) -> None:
    moved = {**year(2024), "text": NOTICE.replace("2024-10-12 班 国庆节调休", "2024-10-13 班 国庆节调休")}
    assert site.as_("anquan").post("/rules/calendar", moved).status_code == 303
    assert "比现有的多休1天、多上班1天" in text(site.as_("anquan2"), "/rules")
    assert agree(site, "anquan2") == 303
    days = {row["day"].isoformat(): row["is_workday"] for row in site.rows(administration.calendar_day)}
    assert days.get("2024-10-13") is True
    assert "2024-10-12" not in days
    assert days["2024-09-29"] is True


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("国庆放假七天", "没有读懂"),
        ("2027-02-30 休 春节", "没有读懂"),
        ("2026-10-01 休 国庆节", "不在2027年"),
        ("2027-10-01 班 国庆节", "本来就是工作日"),
        ("2027-10-02 休 国庆节\n2027-10-02 班 国庆节", "前后不一致"),
        ("2027-10-01 休 国庆节", "没有写到元旦"),
        ("x\n" * 200, "不超过100行"),
    ],
)
def test_a_notice_that_is_not_understood_is_said_line_by_line(site: Site, lines: str, said: str) -> None:
    answer = site.as_("anquan").post("/rules/calendar/preview", {**year(), "text": lines})
    assert answer.status_code == 422
    assert said in answer.text
    assert site.as_("anquan").post("/rules/calendar", {**year(), "text": lines}).status_code == 422
    assert site.rows(administration.rule_proposal) == []


def test_a_file_of_an_old_spreadsheet_is_read_and_another_is_refused(site: Site) -> None:
    first = site.as_("anquan")
    file = (BytesIO(shifted(2027).replace(" ", ",").encode("gb18030")), "2027.csv")
    shown = first.post(
        "/rules/calendar/preview", {**year(), "text": "", "file": file}, content_type="multipart/form-data"
    )
    assert "2027年1月1日（周五）休，元旦" in shown.text
    odd = (BytesIO(b"\x89PNG\xff\xff\xff"), "x.png")
    answer = first.post(
        "/rules/calendar/preview", {**year(), "text": "", "file": odd}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422


def test_a_missing_calendar_is_told_in_time(site: Site) -> None:
    day = site.today
    autumn = day.replace(month=11, day=1)
    assert calendar_years.missing_years([autumn.year], autumn) == (autumn.year + 1,)
    assert calendar_years.missing_years([autumn.year], autumn - timedelta(days=1)) == ()
    with site.office.engine.begin() as connection:
        connection.execute(administration.calendar_year.delete())
    assert f"还没有{day.year}年" in text(site.as_("anquan"), "/rules")


@pytest.mark.parametrize("login", ["ganbu1", "liucheng", "fgj1", "changwei05", "xinfang"])
def test_nobody_else_enters(site: Site, login: str) -> None:
    browser = site.as_(login)
    assert browser.get("/rules").status_code == 403
    assert browser.post("/rules/values", asked(site)).status_code == 403
    assert browser.post("/rules/calendar", year()).status_code == 403
