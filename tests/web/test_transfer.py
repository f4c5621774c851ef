"""Handing a task on to a colleague, and what the list of handled ones says."""

import pytest

from tests.queries.scenes import text
from tests.site import Site, user_id
from webapp.persistence.models import history, runtime

ASSESSED = {"assessment_outcome": "open_case", "assessment_text": "建议启动核实。"}


@pytest.fixture
def task(any_site: Site) -> str:
    case_id = any_site.open_case("苏白露")
    any_site.complete(any_site.task(case_id, "assess"), "jiandu1", **ASSESSED)
    found = any_site.task(case_id, "propose_opening")
    assert any_site.as_("fubuzhang1").post(f"/tasks/{found}/claim").status_code == 303
    return found


def hand_on(site: Site, task: str, to: str, by: str = "fubuzhang1", reason: str = "出差") -> int:
    data = {"receiver": user_id(to), "reason": reason}
    return site.as_(by).post(f"/tasks/{task}/transfer", data).status_code


def test_a_task_goes_to_a_colleague_of_the_same_post(any_site: Site, task: str) -> None:
    assert "转办给" in text(any_site.as_("fubuzhang1"), f"/tasks/{task}")

    assert hand_on(any_site, task, "fubuzhang2") == 303

    assert any_site.rows(runtime.work_item, id=task)[0]["assignee_id"] == user_id("fubuzhang2")
    event = any_site.rows(history.history_event, kind="task_transferred")[0]
    assert user_id("fubuzhang2").encode() in event["body"]
    assert "出差".encode() not in event["body"]
    assert "转办" in text(any_site.as_("shenji"), f"/history/{event['stream']}:{event['seq']}")
    assert hand_on(any_site, task, "fubuzhang2") == 403


def test_what_must_be_done_in_person_is_never_handed_on(site: Site) -> None:
    assess = site.task(site.open_case("苏白露"), "assess")
    assert site.as_("jiandu1").post(f"/tasks/{assess}/claim").status_code == 303

    assert "转办给" not in text(site.as_("jiandu1"), f"/tasks/{assess}")
    assert hand_on(site, assess, "jiandu2", by="jiandu1") == 403


def test_it_goes_to_nobody_else_and_not_without_a_reason(any_site: Site, task: str) -> None:
    assert hand_on(any_site, task, "ganbu1") == 403
    assert hand_on(any_site, task, "fubuzhang1") == 403
    assert hand_on(any_site, task, "fubuzhang2", by="ganbu1") == 403
    assert hand_on(any_site, task, "fubuzhang2", reason=" ") == 422
    assert any_site.as_("fubuzhang1").post(f"/tasks/{task}/transfer", {"reason": "x"}).status_code == 422
    assert any_site.rows(runtime.work_item, id=task)[0]["assignee_id"] == user_id("fubuzhang1")


def test_what_a_handled_task_came_to_stands_in_the_list(site: Site) -> None:
    case_id = site.open_case("苏白露")
    answers = {"assessment_outcome": "watch", "assessment_text": "继续了解。"}
    site.complete(site.task(case_id, "assess"), "jiandu1", **answers)

    assert "继续关注" in text(site.as_("jiandu1"), "/?tab=done")
