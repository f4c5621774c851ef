"""Process variables as readers of the whole case see them, and start conditions asked once more."""

from typing import Any

from tests.api.program import program
from tests.services.test_signals import TASK, chain, process
from tests.services.test_starting import CONDITION
from tests.site import Site, any_site, pg_site, pg_template, prepared, site
from webapp.domain.access import system_actor
from webapp.persistence.models import cases, history, runtime
from webapp.services import deployments

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]


def instance_of(site: Site, case_id: str) -> str:
    return str(site.rows(runtime.process_instance, case_id=case_id)[0]["id"])


def test_variables_are_ids_codes_and_outcomes_and_each_look_is_recorded(any_site: Site) -> None:
    case_id = any_site.open_case("苏白露")
    instance_id = instance_of(any_site, case_id)
    section = program(any_site, "jiandu1")
    path = f"/engine-rest/process-instance/{instance_id}/variables"

    found = section.get(path)

    number = any_site.rows(cases.case_file, id=case_id)[0]["number"]
    assert found["caseNo"] == {"value": number, "type": "String", "valueInfo": {}}
    assert found["cadreId"]["value"] == any_site.person("苏白露")
    assert "苏白露" not in str(found)
    assert section.get(f"{path}/caseNo")["value"] == number
    section.get(f"{path}/nobody", status=404)
    looks = [
        row for row in any_site.rows(history.history_event, kind="read") if b"api:variables" in row["body"]
    ]
    assert len(looks) == 3
    program(any_site, "liucheng").get(path, status=404)


def test_nothing_written_in_a_form_is_among_them(site: Site) -> None:
    case_id = site.open_case("苏白露")
    found = program(site, "jiandu1").get(
        f"/engine-rest/process-instance/{instance_of(site, case_id)}/variables"
    )
    sealed = site.rows(cases.sealed_value, case_id=case_id)
    assert sealed
    assert not {row["field"] for row in sealed} & set(found)


def publish(site: Site, key: str, condition: str) -> None:
    text = CONDITION.replace('outcome = "yes"', condition)
    body = chain(("startEvent", "s", text), ("userTask", "begun", TASK), ("endEvent", "e", ""))
    bundle = deployments.Bundle(key, process(key, body))
    deployments.deploy(site.office.begin(), system_actor("deploy"), bundle, origin="installation")


def test_start_conditions_are_asked_once_more_by_who_may_put_processes_right(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case("苏白露")
    number = site.rows(cases.case_file, id=case_id)[0]["number"]
    section: Any = program(site, "jiandu1")
    body = {"businessKey": number}
    assert section.post("/engine-rest/condition", body, status=200).json == []
    publish(site, "watches", "caseNo != null")

    program(site, "ganbu1").post("/engine-rest/condition", body, status=403)
    refused = section.post("/engine-rest/condition", {**body, "variables": {"a": {"value": 1}}}, status=400)
    assert "variables" in refused.text
    (begun,) = section.post("/engine-rest/condition", body, status=200, key="k1").json
    (again,) = section.post("/engine-rest/condition", body, status=200, key="k1").json

    assert begun["id"] == again["id"]
    assert begun["definitionKey"] == "watches"
    assert len(site.rows(runtime.work_item, element_id="begun")) == 1
    assert section.post("/engine-rest/condition", body, status=200).json == []
    kinds = [row["kind"] for row in site.rows(history.history_event, case_id=case_id)]
    assert kinds.count("conditions_evaluated") == 1


def test_batches_are_refused_with_a_sentence_that_names_the_way(site: Site) -> None:
    section = program(site, "jiandu1")
    instance_id = instance_of(site, site.open_case("苏白露"))
    move = {"instructions": [{"type": "cancel", "activityId": "assess"}]}
    path = f"/engine-rest/process-instance/{instance_id}/modification-async"
    assert "第二人复核" in section.post(path, move, status=400).json["message"]
    assert "逐件" in section.post("/engine-rest/modification/executeAsync", {}, status=400).json["message"]
