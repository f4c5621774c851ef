"""Putting processes right over the API: put forward by Camunda's paths, agreed to by ``/api``, under the same rules."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.program import program
from tests.site import Site
from tests.web.test_corrections_page import second_version
from webapp.persistence.models import cases, repository, runtime, tracking
from webapp.persistence.models.corrections import correction, version_change

WHY = "登记的情况有误。"
P01 = "p01_down_adjustment"


@pytest.fixture
def case_id(site: Site) -> str:
    return site.open_case("苏白露")


@pytest.fixture
def instance_id(site: Site, case_id: str) -> str:
    return str(site.rows(runtime.process_instance, case_id=case_id)[0]["id"])


def moving(*steps: tuple[str, str], annotation: str = WHY) -> dict[str, Any]:
    return {
        "instructions": [{"type": what, "activityId": one} for what, one in steps],
        "annotation": annotation,
    }


def test_a_return_is_put_forward_once_and_agreed_to_by_another(
    site: Site, case_id: str, instance_id: str
) -> None:
    section, head = program(site, "jiandu1"), program(site, "changwei03")
    body = {"from": "assess", "to": "register_signal", "reason": WHY}
    path, key = f"/api/process-instances/{instance_id}/return", str(uuid4())
    made = [section.post(path, body, status=202, key=key).json for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    assert "第二人" in made[0]["message"]
    assert [one["id"] for one in head.get("/api/corrections")] == [made[0]["id"]]
    assert program(site, "ganbu1").get("/api/corrections") == []

    section.post(f"/api/corrections/{made[0]['id']}/confirm", status=403)
    head.post(f"/api/corrections/{made[0]['id']}/confirm", status=204)

    assert set(site.open_tasks(case_id)) == {"register_signal"}
    head.post(f"/api/corrections/{made[0]['id']}/reject", {"reason": "晚了。"}, status=409)


def test_modification_never_skips_a_gate_and_needs_a_reason(
    site: Site, case_id: str, instance_id: str
) -> None:
    section = program(site, "jiandu1")
    path = f"/engine-rest/process-instance/{instance_id}/modification"
    refused = section.post(
        path, moving(("cancel", "assess"), ("startBeforeActivity", "talk")), status=400
    ).json
    assert refused["refusal"] == "RuleBroken"
    assert "“常委会讨论决定”须等待会议或有关方面的结果，不能跳过。" in refused["message"]
    again = moving(("cancel", "assess"), ("startBeforeActivity", "assess"))
    assert "理由" in section.post(path, {**again, "annotation": ""}, status=400).json["message"]
    program(site, "ganbu1").post(path, again, status=403)
    made = section.post(path, again, status=202).json
    assert site.rows(correction)[0]["id"] == made["id"]
    old = site.task(case_id, "assess")
    program(site, "changwei03").post(f"/api/corrections/{made['id']}/confirm", status=204)
    assert site.task(case_id, "assess") != old


def test_variables_go_through_their_fields_and_never_raw(site: Site, instance_id: str) -> None:
    section = program(site, "jiandu1")
    path = f"/engine-rest/process-instance/{instance_id}/variables"
    raw = {"modifications": {"caseNo": {"value": "x"}, "nobody": {"value": 1}}}
    refused = section.post(path, raw, status=400, query_string={"reason": WHY}).json
    assert set(refused["problems"]) == {"caseNo", "nobody"}
    low = {"severity_reported": {"value": "low", "type": "String"}}
    assert "理由" in section.post(path, {"modifications": low}, status=400).json["message"]
    relied = section.post(path, {"modifications": low}, status=400, query_string={"reason": WHY}).json
    assert "“苗头分级参考”已据“反映程度”办理" in relied["message"]
    told = {"query_string": {"reason": WHY}}
    odd = section.ask("PUT", f"{path}/severity_reported", json={"value": "?"}, status=400, **told).json
    assert set(odd["problems"]) == {"severity_reported"}
    assert site.rows(correction) == []


def test_exceptions_and_signals_are_refused_where_nobody_waits_for_them(site: Site, case_id: str) -> None:
    section = program(site, "jiandu1")
    task = f"/engine-rest/task/{site.task(case_id, 'assess')}"
    refused = section.post(f"{task}/bpmnError", {"errorCode": "other"}, status=400).json
    assert "没有为“分析研判”画出" in refused["message"]
    caught = section.post(f"{task}/bpmnError", {"errorCode": "not_opened"}, status=400).json
    assert caught["refusal"] == "RuleBroken"
    section.post(f"{task}/bpmnEscalation", {"escalationCode": "late"}, status=400)
    assert "没有流程在等待" in section.post("/engine-rest/signal", {"name": "go"}, status=400).json["message"]
    program(site, "ganbu1").post("/engine-rest/signal", {"name": "go"}, status=403)
    assert set(site.open_tasks(case_id)) == {"assess"}


def test_a_migration_is_planned_tried_put_forward_and_done(
    site: Site, case_id: str, instance_id: str
) -> None:
    second_version(site)
    designer, head = program(site, "liucheng"), program(site, "changwei03")
    ids = [row["id"] for row in site.rows(repository.definition, key=P01, order=("version",))]
    both = {
        "sourceProcessDefinitionId": f"{P01}:1:{ids[0]}",
        "targetProcessDefinitionId": f"{P01}:2:{ids[1]}",
    }
    plan = designer.post("/engine-rest/migration/generate", both, status=200).json
    assert {
        "sourceActivityIds": ["assess"],
        "targetActivityIds": ["assess"],
        "updateEventTrigger": False,
    } in plan["instructions"]
    (tried,) = designer.post("/engine-rest/migration/validate", plan, status=200).json["instances"]
    assert (tried["processInstanceId"], tried["migratable"]) == (instance_id, True)
    crooked = {**plan, "instructions": [{"sourceActivityIds": ["nowhere"], "targetActivityIds": ["assess"]}]}
    assert designer.post("/engine-rest/migration/validate", crooked, status=200).json["instructionReports"]
    program(site, "ganbu1").post("/engine-rest/migration/validate", plan, status=403)

    wish = {"migrationPlan": plan, "processInstanceIds": [instance_id]}
    path = "/engine-rest/migration/execute"
    made = designer.post(path, wish, status=202, query_string={"reason": "改名。"}).json
    assert [one["status"] for one in head.get("/api/version-changes")] == ["proposed"]
    designer.post(f"/api/version-changes/{made['id']}/confirm", status=403)
    (result,) = head.post(f"/api/version-changes/{made['id']}/confirm", status=200).json

    assert (result["processInstanceId"], result["moved"]) == (instance_id, True)
    assert site.rows(version_change)[0]["status"] == "done"
    assert site.rows(runtime.process_instance, id=instance_id)[0]["definition_id"] == ids[1]
    head.post(f"/api/version-changes/{made['id']}/reject", {"reason": "晚了。"}, status=409)


def follow(site: Site, case_id: str) -> None:
    """The case is decided, and its plan was led to the end."""
    (row,) = site.rows(cases.case_file, id=case_id)
    plan = {
        "id": str(uuid4()), "person_id": row["person_id"], "case_id": case_id, "tracking_class": "A",
        "care": "education", "opened_on": site.today, "status": "closed", "conclusion": "recommended",
    }  # fmt: skip
    with site.office.engine.begin() as connection:
        connection.execute(
            cases.case_file.update().where(cases.case_file.c.id == case_id).values(stage="tracking")
        )
        connection.execute(tracking.tracking_plan.insert().values(**plan))


def test_a_process_starts_at_the_start_event_named_and_at_no_other(site: Site, case_id: str) -> None:
    (number,) = [row["number"] for row in site.rows(runtime.process_instance.metadata.tables["case_file"])]
    path = "/engine-rest/process-definition/key/p04_reinstatement/start"
    follow(site, case_id)

    def at(element: str) -> dict[str, Any]:
        step = {"type": "startBeforeActivity", "activityId": element}
        return {"businessKey": number, "startInstructions": [step]}

    officer = program(site, "ganbu1")
    assert "由消息" in officer.post(path, at("recommended_by_tracking"), status=400).json["message"]
    assert "没有" in officer.post(path, at("initiate"), status=404).json["message"]
    started = officer.post(path, at("proposed_by_section"), status=200).json
    assert started["businessKey"] == number
