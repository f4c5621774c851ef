"""Forms as nobody should post them: missing, wrong, foreign, twice, too late."""

import io
import threading
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.site import SIGNAL, Browser, Site
from webapp.persistence.models import cases, history, runtime

ASSESSED = {"f.assessment_text": "原因在于履职能力不足，拟继续关注。", "f.assessment_outcome": "watch"}


def signal(site: Site, **changes: Any) -> dict[str, Any]:
    form = {**SIGNAL, "cadre": site.person("钟谷雨"), "received_on": site.today.isoformat(), **changes}
    return {f"f.{name}": value for name, value in form.items() if value is not None}


def acts(site: Site) -> int:
    """How many acts the history knows, reads and refused sign-ins apart."""
    return sum(row["kind"] not in ("read", "sign_in_refused") for row in site.rows(history.history_event))


def complete(browser: Browser, task_id: str, answers: dict[str, Any] = ASSESSED, **more: Any) -> TestResponse:
    return browser.post(f"/tasks/{task_id}/complete", answers, **more)


@pytest.fixture
def task(site: Site) -> str:
    """The task 分析研判 of a fresh case."""
    return site.task(site.open_case(), "assess")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"summary": None}, "情况摘要"),
        ({"summary": " \n\t"}, "情况摘要"),
        ({"source": "heard_in_the_lift"}, "来源"),
        ({"received_on": "2026-02-30"}, "掌握日期"),
        ({"source_count": "NaN"}, "独立来源数"),
        ({"source_count": "1e400"}, "独立来源数"),
        ({"source_count": "9" * 5000}, "独立来源数"),
        ({"source_count": "100"}, "独立来源数"),
        ({"situation_codes": ["U03_weak_resolve", "U99"]}, "涉及情形"),
        ({"credibility": ["plausible", "verified"]}, "可信程度"),
        ({"cadre": None}, "干部"),
        ({"cadre": "1 OR 1=1"}, "干部"),
        ({"cadre": "x" * 36}, "干部"),
        ({"evidence.keep": "x" * 36}, "佐证材料"),
        ({"actor": "shenji"}, "表单中没有"),
        ({"case.status": "closed"}, "表单中没有"),
        ({"evidence.0.name": "x"}, "表单中没有"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_stored(
    site: Site, changes: dict[str, Any], said: str
) -> None:
    before = acts(site)

    answer = site.as_("ganbu1").post("/cases/start", signal(site, **changes))

    assert answer.status_code == 422
    assert said in answer.text
    assert site.rows(cases.case_file) == []
    assert acts(site) == before


def test_a_missing_cadre_and_a_wrong_field_are_said_in_one_round(site: Site) -> None:
    wrong = signal(site, cadre=None, summary=None, received_on="2026-02-30")

    page = site.as_("ganbu1").post("/cases/start", wrong).text

    assert "请选择一名在册干部" in page
    assert "情况摘要" in page
    assert page.count('class="error') >= 3 or page.count("aria-invalid") >= 3


def test_answers_of_a_wrong_shape_are_refused_on_postgresql_too(pg_site: Site) -> None:
    browser = pg_site.as_("ganbu1")
    for changes in (
        {"cadre": "x" * 36},
        {"cadre": "\u0000"},
        {"evidence.keep": "y" * 36},
        {"summary": "\u0000"},
    ):
        answer = browser.post("/cases/start", signal(pg_site, **changes))
        assert answer.status_code == 422, changes
    for query in ("?unit=" + "x" * 36, "?q=%00", "?page=%00", "?stage=%00", "?unit=%00"):
        assert browser.get(f"/cases{query}").status_code in (200, 400, 422), query
    for query in ("?person=" + "x" * 36, "?person=%00"):
        assert browser.get(f"/cases/start{query}").status_code in (200, 400, 422), query
    for query in ("?q=%00", "?process=%00", "?due=%00", "?sort=%00"):
        assert browser.get(f"/inbox{query}").status_code in (200, 400, 422), query
    assert pg_site.rows(cases.case_file) == []


def test_what_was_typed_is_still_in_the_form_after_a_refusal(site: Site) -> None:
    answer = site.as_("ganbu1").post("/cases/start", signal(site, source="", summary="辛辛苦苦写下的一段话"))

    assert answer.status_code == 422
    assert "辛辛苦苦写下的一段话" in answer.text


def test_an_empty_decision_is_told_in_the_order_of_the_form_with_its_original(site: Site) -> None:
    answer = site.as_("jiandu1").post("/measures/new", {"f.late_entry": "no"})

    listed = answer.text.partition('class="problems"')[2].partition("</ul>")[0]
    places = [listed.find(name) for name in ("干部", "“措施类别”", "“决定文号”", "“决定原件”")]
    assert answer.status_code == 422
    assert -1 not in places
    assert places == sorted(places)
    assert "登记后由另一人对照决定原件逐项复核" in answer.text


def test_a_reviewer_sees_what_was_proposed_and_a_stranger_nothing(site: Site) -> None:
    case = site.open_case()
    site.complete(
        site.task(case, "assess"), "ganbu1", assessment_text="见材料", assessment_outcome="open_case"
    )
    site.complete(
        site.task(case, "propose_opening"), "fubuzhang1", opening_reason="多个来源一致，属实可能性大，建议启动。",
        conflict_declared="no", opening_proposal_outcome="submit",
        proposed_verifiers=[site.person("段立春"), site.person("史大寒")],
    )  # fmt: skip
    task_id = site.task(case, "approve_opening")
    page = f"/tasks/{task_id}"
    browser = site.as_("changwei03")
    browser.post(f"/tasks/{task_id}/claim")
    reads = sum(row["kind"] == "read" for row in site.rows(history.history_event))

    shown = browser.get(page).text

    assert sum(row["kind"] == "read" for row in site.rows(history.history_event)) == reads + 2

    for words in (
        "前一环节填写的内容：提出启动核实意见",
        "属实可能性大，建议启动",
        "段立春",
        "史大寒",
        "应当回避",
    ):
        assert words in shown
    assert "属实可能性大" not in site.as_("liucheng").get(page).text


def test_a_hidden_field_takes_no_answer(site: Site) -> None:
    case = site.open_case()
    site.complete(
        site.task(case, "assess"), "ganbu1", assessment_text="见材料", assessment_outcome="open_case"
    )
    proposal = site.task(case, "propose_opening")
    verifiers = [site.person("段立春"), site.person("史大寒")]
    answers = {
        "f.opening_reason": "属实可能性大", "f.proposed_verifiers": verifiers, "f.conflict_declared": "no",
        "f.opening_proposal_outcome": "submit", "f.opening_proposal_note": "藏在页面里的退回原因",
    }  # fmt: skip

    answer = complete(site.as_("fubuzhang1"), proposal, answers)

    assert answer.status_code == 422
    assert "按当前情形不需填写" in answer.text
    assert site.task(case, "propose_opening") == proposal


def test_a_form_of_another_task_does_not_fit(site: Site, task: str) -> None:
    answer = complete(site.as_("ganbu1"), task, {"f.opening_outcome": "approved", **ASSESSED})

    assert answer.status_code == 422
    assert "表单中没有“opening_outcome”这一栏" in answer.text


def test_a_redraw_saves_nothing_even_with_every_odd_command(site: Site, task: str) -> None:
    before = acts(site)
    browser = site.as_("ganbu1")
    odd = (
        "conditions", "search:f.nothing", "add:f.nothing", "remove:f.nothing:0", "remove:f.nothing:" + "9" * 150,
        "remove::", "add:", "\u202e", "x" * 5000,
    )  # fmt: skip
    for redraw in odd:
        cells = {
            "f.nothing.0.a": "1",
            "f.nothing." + "9" * 5000 + ".a": "1",
            "f.nothing.count": "999",
            **ASSESSED,
        }
        for path in (
            f"/tasks/{task}/form",
            f"/tasks/{task}/complete",
            f"/tasks/{task}/paper",
            "/cases/start",
        ):
            assert browser.post(path, {**cells, "redraw": redraw}).status_code == 200, (path, redraw)
    assert acts(site) == before


def test_the_same_key_twice_gives_the_same_answer_and_one_act(site: Site, task: str) -> None:
    browser = site.as_("ganbu1")
    first = complete(browser, task, key="one-and-the-same")
    known = acts(site)

    second = complete(browser, task, key="one-and-the-same")

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert acts(site) == known


def test_registering_twice_with_one_key_opens_one_case(site: Site) -> None:
    browser, form = site.as_("ganbu1"), signal(site)

    places = {browser.post("/cases/start", form, key="k").location for _ in range(2)}

    assert len(places) == 1
    assert len(site.rows(cases.case_file)) == 1


def test_the_same_key_with_another_body_is_refused(site: Site, task: str) -> None:
    browser = site.as_("ganbu1")
    complete(browser, task, key="k")

    answer = complete(browser, task, {**ASSESSED, "f.assessment_outcome": "dismissed"}, key="k")

    assert answer.status_code == 422
    assert "提交编号已用于另一项操作" in answer.text


def test_a_key_of_somebody_else_is_no_use(site: Site, task: str) -> None:
    complete(site.as_("ganbu1"), task, key="k")

    answer = complete(site.as_("jiandu1"), task, key="k")

    assert answer.status_code == 409


def test_a_second_completion_is_told_so_and_keeps_what_was_typed(site: Site, task: str) -> None:
    complete(site.as_("ganbu1"), task)
    before = acts(site)

    answer = complete(
        site.as_("jiandu1"), task, {**ASSESSED, "f.assessment_text": "另一位同志写了半天的分析"}
    )

    assert answer.status_code == 409
    assert "已经办结" in answer.text
    assert "另一位同志写了半天的分析" in answer.text
    assert acts(site) == before


def at_once(*calls: Any) -> list[Any]:
    """The results of calls that start at the same moment."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Any) -> None:
        barrier.wait()
        results[index] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_people_at_the_same_moment_one_wins(any_site: Site) -> None:
    case = any_site.open_case()
    task = any_site.task(case, "assess")
    one, other = any_site.as_("ganbu1"), any_site.as_("jiandu1")
    dismissed = {**ASSESSED, "f.assessment_outcome": "dismissed"}

    answers = at_once(lambda: complete(one, task), lambda: complete(other, task, dismissed))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert "请刷新" in lost.text
    done = [
        row for row in any_site.rows(history.history_event, case_id=case) if row["kind"] == "task_completed"
    ]
    assert len(done) == 1


def test_of_two_claims_at_the_same_moment_one_holds(any_site: Site) -> None:
    task = any_site.task(any_site.open_case(), "assess")
    browsers = [any_site.as_("ganbu1"), any_site.as_("jiandu1")]

    answers = at_once(*[lambda b=browser: b.post(f"/tasks/{task}/claim") for browser in browsers])

    assert sorted(answer.status_code for answer in answers) == [303, 409]


def test_a_double_click_is_one_act(any_site: Site) -> None:
    case = any_site.open_case()
    task = any_site.task(case, "assess")
    browsers = [any_site.as_("ganbu1") for _ in range(2)]

    answers = at_once(*[lambda b=browser: complete(b, task, key="one key") for browser in browsers])

    assert [answer.status_code for answer in answers] == [303, 303]
    kinds = [row["kind"] for row in any_site.rows(history.history_event, case_id=case)]
    assert kinds.count("task_completed") == 1


def test_a_role_lost_between_load_and_submit_is_lost(site: Site, task: str) -> None:
    browser = site.as_("ganbu1")
    assert browser.get(f"/tasks/{task}").status_code == 200
    before = acts(site)
    site.take_role("ganbu1", "cadre_section")

    answer = complete(browser, task)

    assert answer.status_code in (403, 404)
    assert acts(site) == before
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"


def test_a_task_held_by_somebody_else_is_not_completed(site: Site, task: str) -> None:
    site.as_("jiandu1").post(f"/tasks/{task}/claim")

    answer = complete(site.as_("ganbu1"), task)

    assert answer.status_code == 409
    holder = site.actor("jiandu1").name
    assert f"该待办已由{holder}签收" in answer.text
    assert f"该待办已由{holder}签收" in site.as_("ganbu1").post(f"/tasks/{task}/claim").text
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"


def test_on_a_closed_case_nothing_is_done_any_more(site: Site) -> None:
    case = site.open_case()
    task = site.task(case, "assess")
    site.change(cases.case_file, {"id": case}, {"status": "closed"})
    browser = site.as_("ganbu1")

    for verb in ("claim", "complete", "paper", "draft", "comment", "attach"):
        files = {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")} if verb == "attach" else {"text": "迟到的备注"}
        answer = browser.post(f"/tasks/{task}/{verb}", {**ASSESSED, **files})
        assert answer.status_code in (409, 422), verb
        assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"


def test_a_finished_instance_takes_no_further_step(site: Site) -> None:
    case = site.open_case()
    task = site.task(case, "assess")
    site.change(runtime.process_instance, {"case_id": case}, {"status": "suspended"})

    answer = complete(site.as_("ganbu1"), task)

    assert answer.status_code == 409
    assert "已暂停或已结束" in answer.text
    assert ASSESSED["f.assessment_text"] in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paper_decided_on": "昨天"}, "请填写线下办理的日期"),
        ({"paper_decided_on": "2199-01-01"}, "不能晚于今天"),
        ({"paper_decided_by": ""}, "请填写实际办理人的姓名"),
        ({"paper_decided_by": "查无此人"}, "人员库中没有“查无此人”"),
        ({"paper_scan": None}, "请上传经办人签字的扫描件"),
    ],
)
def test_a_step_on_paper_says_what_is_missing(
    site: Site, task: str, changes: dict[str, Any], said: str
) -> None:
    form = {
        "paper_decided_by": "吴山奈", "paper_decided_on": site.today.isoformat(),
        "paper_scan": (io.BytesIO(b"%PDF-1.7 x"), "scan.pdf"), **ASSESSED, **changes,
    }  # fmt: skip

    answer = site.as_("jiandu1").post(
        f"/tasks/{task}/paper", {k: v for k, v in form.items() if v is not None}
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert ASSESSED["f.assessment_text"] in answer.text
    assert site.rows(cases.attachment) == []


def test_the_name_on_paper_is_bound_by_the_same_rules(site: Site, task: str) -> None:
    form = {
        "paper_decided_by": "全明鉴", "paper_decided_on": site.today.isoformat(),
        "paper_scan": (io.BytesIO(b"%PDF-1.7 x"), "scan.pdf"), **ASSESSED,
    }  # fmt: skip

    answer = site.as_("jiandu1").post(f"/tasks/{task}/paper", form)

    assert answer.status_code == 403
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"
