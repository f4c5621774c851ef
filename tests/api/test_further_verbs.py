"""Suspending, handing on, sending back, changing measures and appeals over the API: same rights, same record."""

from base64 import b64encode
from typing import Any

import pytest

from tests.api.program import program, values
from tests.api.test_bad_input import refused
from tests.queries import scenes
from tests.site import Site, user_id
from tests.web.test_appeals import told
from webapp.persistence.models import cases, history, runtime
from webapp.services.demo.staff import PAPER, Staff

TASKS = "/engine-rest/task"
ASSESSED = values(assessment_outcome="open_case", assessment_text="建议启动核实。")


NO_WORK = ("read", "sign_in_refused", "token_issued")


def done(site: Site) -> int:
    """Events that change something of a case."""
    return sum(row["kind"] not in NO_WORK for row in site.rows(history.history_event))


@pytest.fixture
def instance(any_site: Site) -> str:
    any_site.open_case("苏白露")
    return str(any_site.rows(runtime.process_instance)[0]["id"])


def test_an_instance_is_suspended_with_its_case_and_resumed(any_site: Site, instance: str) -> None:
    head, officer = program(any_site, "changwei03"), program(any_site, "jiandu1")
    (case,) = any_site.rows(cases.case_file)
    path, task = f"/engine-rest/process-instance/{instance}", any_site.task(case["id"], "assess")

    head.ask("PUT", f"{path}/suspended", json={"suspended": True, "reason": "等待核查结论。"}, status=204)

    assert head.get(path)["suspended"] is True
    assert [one["id"] for one in officer.get(TASKS, suspended="true")] == [task]
    refused(
        officer.post(f"{TASKS}/{task}/complete", {"variables": ASSESSED}), 400, "RestException", "已暂停办理"
    )
    twice = head.ask("PUT", f"{path}/suspended", json={"suspended": True, "reason": "再次。"})
    refused(twice, 400, "RestException", "已经暂停")
    head.ask("PUT", f"{path}/suspended", json={"suspended": False}, status=204)
    officer.post(f"{TASKS}/{task}/complete", {"variables": ASSESSED}, status=204)
    assert [row["kind"] for row in any_site.rows(history.history_event, case_id=case["id"])].count(
        "case_suspended"
    ) == 1
    event = any_site.rows(history.history_event, kind="case_suspended")[0]
    assert "等待核查结论".encode() not in event["body"]


def test_suspending_needs_the_head_a_reason_and_a_case_one_may_see(any_site: Site, instance: str) -> None:
    path = f"/engine-rest/process-instance/{instance}/suspended"
    good = {"suspended": True, "reason": "等待核查结论。"}
    before = done(any_site)

    def ask(login: str, body: Any, at: str = path) -> Any:
        return program(any_site, login).ask("PUT", at, json=body)

    refused(ask("ganbu1", good), 403, "AuthorizationException")
    refused(ask("changwei03", {"suspended": True}), 400, "InvalidRequestException", "理由")
    refused(ask("changwei03", {}), 400, "InvalidRequestException", "suspended")
    refused(ask("changwei03", {"suspended": None}), 400, "InvalidRequestException", "suspended")
    refused(ask("changwei03", {"suspended": "yes"}), 400, "InvalidRequestException", "suspended")
    refused(ask("changwei03", {**good, "x": 1}), 400, "InvalidRequestException", "x")
    for login in (any_site.second_committee(), "liucheng"):
        refused(ask(login, good), 404, "InvalidRequestException")
    unknown = path.replace(instance, "0" * 36)
    refused(ask("changwei03", good, unknown), 404, "InvalidRequestException")
    assert done(any_site) == before
    assert any_site.rows(runtime.process_instance)[0]["status"] == "running"


def test_a_case_is_suspended_resumed_and_ended_by_its_own_address(site: Site) -> None:
    case, head = site.open_case("苏白露"), program(site, "changwei03")
    path = f"/api/cases/{case}"

    head.post(f"{path}/suspend", {"reason": "等待核查结论。"}, status=204, key="one")
    head.post(f"{path}/suspend", {"reason": "等待核查结论。"}, status=204, key="one")
    assert head.post(f"{path}/end", {"cause": "other", "reason": "重复登记。"}).status_code == 409
    head.post(f"{path}/resume", {}, status=204)
    assert head.post(f"{path}/end", {"cause": "tired", "reason": "重复登记。"}).status_code == 422
    assert program(site, "ganbu1").post(f"{path}/end", {"cause": "other", "reason": "x"}).status_code == 403
    head.post(f"{path}/end", {"cause": "other", "reason": "重复登记。"}, status=204)

    assert site.rows(cases.case_file, id=case)[0]["outcome"] == "ended_for_cause"
    assert site.open_tasks(case) == {}
    assert head.post(f"{path}/resume", {}).status_code == 409


@pytest.fixture
def proposing(site: Site) -> str:
    """A task that deputies may hand on and send back."""
    case = site.open_case("苏白露")
    site.complete(
        site.task(case, "assess"), "jiandu1", assessment_outcome="open_case", assessment_text="建议启动核实。"
    )
    return site.task(case, "propose_opening")


def test_a_claimed_task_is_handed_to_a_colleague_with_a_reason(site: Site, proposing: str) -> None:
    first, path = program(site, "fubuzhang1"), f"{TASKS}/{proposing}/assignee"

    def holder() -> Any:
        return site.rows(runtime.work_item, id=proposing)[0]["assignee_id"]

    first.post(path, {"userId": "fubuzhang1"}, status=204)
    assert holder() == user_id("fubuzhang1")
    refused(first.post(path, {"userId": "fubuzhang2"}), 400, "InvalidRequestException", "理由")
    for login in ("ganbu1", "nobody-at-all"):
        handed = first.post(path, {"userId": login, "reason": "出差。"})
        refused(handed, 403, "AuthorizationException", "不能承办")
    refused(first.post(path, {}), 400, "InvalidRequestException", "userId")
    assert holder() == user_id("fubuzhang1")
    first.post(path, {"userId": "fubuzhang2", "reason": "出差。"}, status=204)
    assert holder() == user_id("fubuzhang2")
    refused(first.post(path, {"userId": "fubuzhang2", "reason": "出差。"}), 403, "AuthorizationException")
    program(site, "fubuzhang2").post(path, {"userId": None}, status=204)
    assert holder() is None
    event = site.rows(history.history_event, kind="task_transferred")[0]
    assert "出差".encode() not in event["body"]


def test_a_task_is_sent_back_where_the_diagram_draws_it_and_nowhere_else(site: Site, proposing: str) -> None:
    leader, path = program(site, "fubuzhang1"), f"/api/tasks/{proposing}/return"

    assert leader.post(path, {"reason": " "}).status_code == 422
    assert program(site, "ganbu1").post(path, {"reason": "请补充。"}).status_code == 403
    assert program(site, site.second_committee()).post(path, {"reason": "请补充。"}).status_code == 404
    opened = leader.post(path, {"reason": "请补充。"}, status=200, key="one").json
    again = leader.post(path, {"reason": "请补充。"}, status=200, key="one").json

    assert opened == again
    (task,) = site.rows(runtime.work_item, status="open")
    assert opened == {"opened": [{"id": task["id"], "name": "分析研判"}]}
    no_way = program(site, "jiandu1").post(f"/api/tasks/{task['id']}/return", {"reason": "请补充。"})
    assert (no_way.status_code, "没有退回的去处" in no_way.json["message"]) == (403, True)


def test_a_measure_is_changed_by_two_programs_of_two_people(site: Site) -> None:
    case = site.open_case("苏白露")
    measure = scenes.measure(site, case)
    first, second, day = program(site, "ganbu1"), program(site, "jiandu1"), site.today.isoformat()
    (line,) = first.get(f"/api/cases/{case}/measures")
    assert (line["id"], line["measure"], line["state"]) == (measure, "up_down.relieve_of_post", "in_force")
    new = {"measure": "up_down.demotion", "organ": "中共星屿市委", "documentNo": "星委〔2026〕9号"}
    sent = {
        "kind": "correct", "organ": "中共星屿市委", "documentNo": "星委办〔2026〕1号", "decidedOn": day,
        "reason": "登记时种类选错。", "new": new,
    }  # fmt: skip
    path = f"/api/measures/{measure}"

    for wrong in ({}, {**sent, "new": None}, {**sent, "kind": "revoke"}, {**sent, "decidedOn": "2026-02-30"}):
        assert first.post(f"{path}/changes", wrong).status_code == 422, wrong
    assert second.get(path)["changes"] == []
    change = first.post(f"{path}/changes", sent, status=201, key="k").json["id"]
    assert first.post(f"{path}/changes", sent, status=201, key="k").json["id"] == change
    assert [one["reason"] for one in second.get(path)["changes"]] == ["登记时种类选错。"]
    assert first.post(f"/api/measure-changes/{change}/confirm").status_code == 403
    assert first.post(f"{path}/changes", sent).status_code == 409
    second.post(f"/api/measure-changes/{change}/confirm", status=204)

    assert second.get(path)["measure"] == "up_down.demotion"
    assert second.post(f"/api/measure-changes/{change}/reject", {"reason": "迟了。"}).status_code == 409
    for login in (site.second_committee(), "liucheng", "fgj1"):
        program(site, login).get(path, status=404)
        program(site, login).get(f"/api/cases/{case}/measures", status=404)
    assert "登记时种类选错".encode() not in b"".join(
        row["body"] for row in site.rows(history.history_event, case_id=case)
    )


def test_a_proposed_change_is_refused_with_a_reason(site: Site) -> None:
    measure = scenes.measure(site, site.open_case("苏白露"))
    first, second = program(site, "ganbu1"), program(site, "jiandu1")
    sent = {
        "kind": "revoke", "organ": "中共星屿市委", "documentNo": "星委〔2026〕9号",
        "decidedOn": site.today.isoformat(), "reason": "原决定撤销。",
    }  # fmt: skip
    change = first.post(f"/api/measures/{measure}/changes", sent, status=201).json["id"]

    assert second.post(f"/api/measure-changes/{change}/reject", {"reason": " "}).status_code == 422
    second.post(f"/api/measure-changes/{change}/reject", {"reason": "没有撤销决定。"}, status=204)

    (shown,) = first.get(f"/api/measures/{measure}")["changes"]
    assert (shown["state"], shown["refusal"]) == ("refused", "没有撤销决定。")


def test_an_appeal_is_filed_by_the_cadre_or_from_paper_and_never_late_by_silence(site: Site) -> None:
    staff = Staff(site.office, patience=5)
    case, measure = told(site, staff)
    own, officer = program(site, "benren"), program(site, "ganbu1")
    path, why = f"/api/measures/{measure}/appeals", "对第二项事实认定不服。"
    scan = {"value": b64encode(PAPER.data).decode(), "type": "File", "valueInfo": {"filename": PAPER.name}}
    on_paper = {"route": "review", "text": why, "filedOn": staff.today.isoformat(), "files": [scan]}
    before = done(site)

    assert own.post(path, {"route": "review"}).status_code == 422
    assert own.post(path, {"route": "prayer", "text": why}).status_code == 422
    assert officer.post(path, {"route": "review", "text": why}).status_code == 422
    assert officer.post(path, {**on_paper, "files": [{**scan, "value": "%%%"}]}).status_code == 422
    for login in ("jyj1", "liucheng", "shenji"):
        assert program(site, login).post(path, on_paper).status_code in (403, 404), login
    assert done(site) == before
    filed = own.post(path, {"route": "review", "text": why}, status=201, key="k").json["id"]
    assert own.post(path, {"route": "review", "text": why}, status=201, key="k").json["id"] == filed
    assert officer.post(path, on_paper).status_code == 409

    (line,) = officer.get(f"/api/cases/{case}/appeals")
    assert (line["id"], line["state"], line["entry"]) == (filed, "已提出", "本人网上提出")
    assert why not in str(line)
    own.get(f"/api/cases/{case}/appeals", status=404)
    appeal = site.rows(cases.appeal)[0]["instance_id"]
    stop = {"suspended": True, "reason": "等待核查结论。"}
    answer = program(site, "changwei03").ask(
        "PUT", f"/engine-rest/process-instance/{appeal}/suspended", json=stop
    )
    refused(answer, 400, "RestException", "不因卷宗暂停而停下")


def test_an_officer_enters_what_came_on_paper(site: Site) -> None:
    staff = Staff(site.office, patience=5)
    case, measure = told(site, staff)
    scan = {"value": b64encode(PAPER.data).decode(), "type": "File", "valueInfo": {"filename": PAPER.name}}
    sent = {"route": "review", "text": "不服。", "filedOn": staff.today.isoformat(), "files": [scan]}

    program(site, "ganbu1").post(f"/api/measures/{measure}/appeals", sent, status=201)

    (appeal,) = site.rows(cases.appeal, case_id=case)
    assert (appeal["entry"], appeal["filed_on"]) == ("paper", staff.today)
    assert len(site.rows(cases.attachment, case_id=case, purpose="appeal")) == 1
