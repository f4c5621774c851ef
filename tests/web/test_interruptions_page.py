"""Suspending, resuming and ending a case on its page; what a suspended case answers."""

import pytest

from tests.queries.scenes import text
from tests.site import SIGNAL, Site
from webapp.persistence.models import cases, runtime

AGREED = {"reason": "等待核查结论。", "confirmed": "1"}


@pytest.fixture
def case_id(site: Site) -> str:
    return site.open_case("苏白露")


def test_the_head_suspends_and_resumes_and_tasks_say_why_they_wait(site: Site, case_id: str) -> None:
    head, officer = site.as_("changwei03"), site.as_("jiandu1")
    task = site.task(case_id, "assess")
    assert head.post(f"/cases/{case_id}/suspend", {"reason": "x"}).status_code == 422
    assert "请勾选确认" in head.post(f"/cases/{case_id}/suspend", {"reason": "x"}).text

    assert head.post(f"/cases/{case_id}/suspend", AGREED).status_code == 303

    assert "已暂停" in text(head, f"/cases/{case_id}")
    answer = officer.post(f"/tasks/{task}/complete", {f"f.{name}": value for name, value in SIGNAL.items()})
    assert answer.status_code == 409
    assert "已暂停办理" in answer.text
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"
    assert "已暂停办理" in text(officer, f"/tasks/{task}")
    assert head.post(f"/cases/{case_id}/resume").status_code == 303
    assert "已暂停办理" not in text(officer, f"/tasks/{task}")


def test_only_the_head_interrupts_a_case_and_others_see_no_button(site: Site, case_id: str) -> None:
    assert "因故终止卷宗" in text(site.as_("changwei03"), f"/cases/{case_id}")
    assert "因故终止卷宗" not in text(site.as_("ganbu1"), f"/cases/{case_id}")
    for verb in ("suspend", "resume", "end", "stop"):
        answer = site.as_("ganbu1").post(f"/cases/{case_id}/{verb}", {**AGREED, "cause": "other"})
        assert answer.status_code == 403, verb


def test_a_case_is_ended_with_a_cause(site: Site, case_id: str) -> None:
    head = site.as_("changwei03")
    assert head.post(f"/cases/{case_id}/end", AGREED).status_code == 422
    assert head.post(f"/cases/{case_id}/stop", AGREED).status_code == 409

    assert head.post(f"/cases/{case_id}/end", {**AGREED, "cause": "other"}).status_code == 303

    assert site.rows(cases.case_file, id=case_id)[0]["status"] == "closed"
    assert site.open_tasks(case_id) == {}
    assert "因故终止" in text(head, f"/cases/{case_id}")
