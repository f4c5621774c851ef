"""The auditor's pages: records in families, looks apart, a case as it was at any event, tables that leave the house."""

import csv
import io
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import CADRE, Site, user_id
from webapp.domain import events
from webapp.domain.event_families import families
from webapp.engine import Problem
from webapp.exchange.csv_table import write_table
from webapp.persistence.models import cases, history, identity, runtime
from webapp.queries import history as search
from webapp.services import checking, tasks

AUDITOR = "全明鉴"
ROOMS = ("/history/reads", "/history/administration", "/history/checks")


def events_of(site: Site, kind: str) -> list[dict[str, Any]]:
    return [json.loads(row["body"]) for row in site.rows(history.history_event, kind=kind)]


def export(site: Site, login: str, query: str = "", **data: str) -> Any:
    return site.as_(login).post(f"/history/export.csv?{query}", data)


def table_of(answer: Any) -> list[list[str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_kind_stands_in_one_family_and_none_is_lost() -> None:
    listed = [kind for one in families() for kind in one.kinds]

    assert sorted(listed) == sorted(events.KINDS)
    assert len(families()) < 20
    assert all(len(one.options) <= 20 for one in search.kinds())


def test_looks_at_files_stand_apart_from_what_was_done(site: Site) -> None:
    case_id = site.open_case()
    site.as_("jiandu1").get(f"/cases/{case_id}")
    browser = site.as_("shenji")

    usual, looks = text(browser, "/history"), text(browser, "/history?kind=family:reading")

    # The choice of kinds names it; no line of the list does.
    listed = [page.partition('<div id="list"')[2] for page in (usual, looks)]
    assert "查阅了个人信息" not in listed[0]
    assert "登记并建立工作卷宗" in listed[0]
    assert "查阅了个人信息" in listed[1]


def test_who_read_which_file_is_listed_with_the_case_and_the_connection(any_site: Site) -> None:
    site = any_site
    case_id, other = site.open_case(), site.open_case("叶小满", by="ganbu2")
    task = site.task(case_id, "assess")
    site.as_("jiandu1").get(f"/cases/{case_id}")
    site.as_("ganbu1").get(f"/tasks/{task}")
    site.as_("ganbu2").get(f"/cases/{other}")
    (row,) = site.rows(cases.case_file, id=case_id)
    browser = site.as_("shenji")

    for query in (f"person={CADRE}", f"case_no={row['number']}"):
        listed = text(browser, f"/history/reads?{query}").partition('<div id="list"')[2]
        assert f"{row['number']} {CADRE}" in listed
        assert "工作卷宗" in listed
        assert "办理待办" in listed
        assert "叶小满" not in listed


def test_a_case_is_shown_as_it_was_at_any_event_and_not_as_it_is(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case()
    tasks.claim(site.office.begin(), site.actor("ganbu1"), task_id=site.task(case_id, "assess"))
    newest = max(row["seq"] for row in site.rows(history.history_event, stream=f"case:{case_id}"))
    browser = site.as_("shenji")
    # Present rows say otherwise: only the events may be believed.
    site.change(runtime.work_item, {"case_id": case_id, "element_id": "assess"}, {"name": "改过的名称"})

    first, last = (
        text(browser, f"/history/cases/{case_id}/at/1"),
        text(browser, f"/history/cases/{case_id}/at/{newest}"),
    )

    assert "待签收" in first
    assert "已签收" not in first
    assert "已签收" in last
    assert "改过的名称" not in first.partition('aria-labelledby="steps-title"')[0]
    assert "巡察反馈推进重点任务不力。" in first
    (instance,) = site.rows(runtime.process_instance, case_id=case_id)
    drawing = browser.get(f"/history/cases/{case_id}/at/1/diagrams/{instance['id']}").get_json()
    assert "active" in drawing["marks"].values()
    assert browser.get(f"/history/cases/{case_id}/at?seq={newest}").status_code == 200
    for wrong in ("at/99999", "at/0", "at?seq=x", "at?seq=-1", f"at/1/diagrams/{case_id}"):
        assert browser.get(f"/history/cases/{case_id}/{wrong}").status_code == 404, wrong


def test_who_held_a_post_then_goes_by_the_dates_of_the_grant(site: Site) -> None:
    case_id = site.open_case()
    before = text(site.as_("shenji"), f"/history/cases/{case_id}/at/1")
    site.take_role("jiandu1", "cadre_supervision")
    after = text(site.as_("shenji"), f"/history/cases/{case_id}/at/1")

    holders = [page.partition("有权办理的人")[2].partition("回避")[0] for page in (before, after)]
    assert holders[0] != holders[1]


def test_an_erased_field_is_said_to_be_erased(site: Site) -> None:
    case_id = site.open_case()
    erased = {"ciphertext": None, "wrapped_key": None, "erased_at": site.instant()}
    site.change(cases.sealed_value, {"case_id": case_id, "owner_kind": "form", "field": "summary"}, erased)

    for page in (f"/history/case:{case_id}:1", f"/history/cases/{case_id}/at/1"):
        assert "已依规删除，只留承诺值" in text(site.as_("shenji"), page)


def test_a_version_that_todays_rules_would_refuse_goes_on_and_is_shown_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = site.open_case()

    def stricter(contents: Any, _drawings: Any, _catalogue: Any) -> None:
        contents.problems.append(Problem(None, "new.rule", "新规定。", "a new rule"))

    monkeypatch.setattr("webapp.engine.bundle.Contents.lint", stricter)
    known = dict(site.office._definitions)
    site.office._definitions.clear()
    try:
        site.complete(
            site.task(case_id, "assess"), "ganbu2", assessment_text="继续关注。", assessment_outcome="watch"
        )
        page = text(site.as_("shenji"), f"/history/case:{case_id}:1")
    finally:
        site.office._definitions.clear()
        site.office._definitions.update(known)

    assert "巡察反馈推进重点任务不力。" in page
    assert "填写内容" in page


def test_only_auditors_enter_and_own_and_relatives_files_are_not_there(site: Site) -> None:
    case_id, other = site.open_case(), site.open_case("叶小满", by="ganbu2")
    site.as_("jiandu1").get(f"/cases/{case_id}")
    inside = (f"/history/cases/{case_id}", f"/history/cases/{case_id}/at/1")
    for login in ("changwei03", "ganbu1", "benren", "liucheng", "anquan"):
        for path in (*ROOMS, *inside):
            assert site.as_(login).get(path).status_code in (403, 404), (login, path)
        assert export(site, login, purpose="archive").status_code == 403
        assert site.as_(login).post("/history/checks").status_code == 403
    scenes.relate(site, AUDITOR, CADRE)
    (hidden,) = site.rows(cases.case_file, id=case_id)
    browser = site.as_("shenji")

    for path in inside:
        assert browser.get(path).status_code == 404
    assert browser.post("/history/checks", {"case_id": case_id}).status_code == 404
    for path in (*ROOMS, "/history", "/history?kind=any"):
        page = text(browser, path)
        assert hidden["number"] not in page, path
        assert CADRE not in page, path
    exported = export(site, "shenji", "kind=any", purpose="archive").text
    assert hidden["number"] not in exported
    assert f"case:{other}" in exported
    assert case_id not in exported


def test_a_table_opens_in_excel_holds_no_formula_and_is_on_record_with_its_purpose(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case()

    answer = export(site, "shenji", "kind=case_opened&who=何小雪", purpose="internal_audit")
    lines = table_of(export(site, "shenji", "kind=case_opened", purpose="internal_audit"))

    assert len(table_of(answer)) == 1
    assert lines[0][:3] == ["发生时间", "种类", "内容"]
    assert [line[8] for line in lines[1:]] == [f"case:{case_id}"]
    first = events_of(site, "exported")[0]
    facts = first["facts"]
    assert (facts["purpose"], facts["rows"], facts["scope"]) == ("internal_audit", 0, {"kind": "case_opened"})
    assert "何小雪" not in json.dumps(first, ensure_ascii=False)
    for sign in ("=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"):
        assert write_table(["甲"], [[sign]]).decode("utf-8-sig").splitlines()[1].startswith("\"'")


def test_a_table_without_a_purpose_or_too_long_does_not_leave(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.open_case()

    for purpose in ("", "curiosity"):
        answer = export(site, "shenji", purpose=purpose)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/history")
    monkeypatch.setattr("webapp.web.pages.audit_export.MOST_LINES", 1)
    assert export(site, "shenji", purpose="archive").status_code == 303
    assert events_of(site, "exported") == []


def test_what_an_administrator_did_is_told_with_before_and_after(site: Site) -> None:
    grant = next(row for row in site.rows(identity.role_grant, role="cadre_supervision"))
    answer = site.as_("anquan").post(f"/accounts/grants/{grant['id']}/revoke", {"reason": "岗位调整"})
    assert answer.status_code == 303

    page = text(site.as_("shenji"), "/history/administration").partition('<div id="list"')[2]

    assert "收回岗位角色" in page
    assert "干部监督科" in page
    assert "已收回" in page
    assert "发布了流程版本" in page
    assert "没有此流程" in page


def whole(site: Site, login: str = "shenji") -> str:
    """Ask for a check of everything, let the worker do it → the page that then stands there."""
    assert site.as_(login).post("/history/checks").status_code == 303
    assert checking.run_waiting(site.office, "worker")
    return text(site.as_(login), "/history/checks")


def test_a_check_of_one_case_and_of_everything_names_what_does_not_hold(any_site: Site) -> None:
    case_id = any_site.open_case()
    browser = any_site.as_("shenji")
    assert "记录完整，未发现改动" in whole(any_site)
    (row,) = any_site.rows(cases.case_file, id=case_id)
    any_site.change(cases.case_file, {"id": case_id}, {"stage": "closed"})

    for page in (whole(any_site), browser.post("/history/checks", {"case_id": case_id}).text):
        assert "记录对不上，可能被改动" in page
        assert row["number"] in page.partition("发现的问题")[2]
    later = text(any_site.as_("anshen"), "/history/checks")
    assert "处不符" in later
    assert f"{AUDITOR}发起的全部校验" in later
    assert row["number"] in later.partition("发现的问题")[2], "the result stays, with what was found"
    acts = any_site.rows(history.history_event, kind="history_verified")
    assert {one["actor_id"] for one in acts} == {user_id("shenji")}, "done by the worker, for who asked"


def test_a_check_of_everything_shows_how_far_it_is_and_only_one_runs(
    any_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_site.open_case()
    browser = any_site.as_("shenji")
    assert browser.get("/history/checks/progress").status_code == 404
    assert browser.post("/history/checks").status_code == 303
    assert "等待开始" in text(browser, "/history/checks")
    assert browser.post("/history/checks").status_code == 409
    assert any_site.as_("anshen").post("/history/checks").status_code == 409
    looks = len(any_site.rows(history.history_event, kind="read"))
    seen: list[str] = []
    verify = checking.history.verify

    def slowly(office: Any, actor: Any, *, tick: Any) -> Any:
        def and_look() -> None:
            tick()
            if not seen and tick.__self__.done >= 5:
                wait_for(lambda: any_site.rows(history.check)[0]["done"] >= 5)
                seen.append(text(browser, "/history/checks/progress"))

        return verify(office, actor, tick=and_look)

    monkeypatch.setattr(checking, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(checking.history, "verify", slowly)
    assert checking.run_waiting(any_site.office, "one")

    assert "已读5条次，共" in seen[0]
    assert not checking.run_waiting(any_site.office, "two")
    assert len(any_site.rows(history.history_event, kind="read")) == looks, "progress is no look at a file"
    assert "校验已经结束" in text(browser, "/history/checks/progress")


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_check_whose_worker_is_gone_is_begun_anew_and_the_lost_one_writes_nothing(site: Site) -> None:
    browser = site.as_("shenji")
    browser.post("/history/checks")
    (row,) = site.rows(history.check)
    gone = datetime.now(UTC) - checking.GONE - timedelta(seconds=1)
    lost = {"status": "running", "owner": "lost", "beat_at": gone, "done": 3, "total": 9}
    site.change(history.check, {"id": row["id"]}, lost)

    checking._write(site.office, row["id"], "another", {"done": 7})
    assert site.rows(history.check)[0]["done"] == 3
    assert checking.run_waiting(site.office, "next")

    (row,) = site.rows(history.check)
    assert (row["status"], row["owner"], row["problems"]) == ("done", "next", 0)
    assert row["done"] == row["total"]


def test_a_check_that_could_not_be_finished_says_so_and_may_be_asked_for_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(checking.history, "verify", broken)
        site.as_("shenji").post("/history/checks")
        checking.run_waiting(site.office, "worker")

    assert "没有做完" in text(site.as_("shenji"), "/history/checks")
    assert "记录完整，未发现改动" in whole(site)


def test_the_worker_checks_beside_its_other_work(site: Site) -> None:
    assert checking.beside_safely(site.office, "worker", None) is None
    site.as_("shenji").post("/history/checks")

    thread = checking.beside_safely(site.office, "worker", None)

    assert thread is not None
    assert checking.beside_safely(site.office, "worker", thread) in (thread, None)
    thread.join(20)
    assert site.rows(history.check)[0]["status"] == "done"
    assert checking.beside_safely(site.office, "worker", thread) is None


def test_only_auditors_ask_for_a_check_or_see_its_progress(site: Site) -> None:
    for login in ("ganbu1", "liucheng", "xitong", "changwei03"):
        assert site.as_(login).post("/history/checks").status_code == 403
        assert site.as_(login).get("/history/checks/progress").status_code == 403
    assert site.rows(history.check) == []
