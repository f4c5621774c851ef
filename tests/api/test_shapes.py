"""Each resource against Camunda 7's reference: the properties of its objects, its dates, its status codes."""

import re
from typing import Any

import pytest

from tests.api.known import KEY, furnish
from tests.api.program import Program, program, values
from tests.site import SIGNAL, Site

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
# What the reference of Camunda 7 lists for each object; further properties may stand beside them.
REFERENCE = {
    "process-definition": "id key category description name version resource deploymentId diagram suspended tenantId"
    " versionTag historyTimeToLive startableInTasklist",
    "process-instance": "id definitionId businessKey caseInstanceId ended suspended tenantId links",
    "task": "id name assignee owner created due followUp delegationState description executionId parentTaskId priority"
    " processDefinitionId processInstanceId caseExecutionId caseDefinitionId caseInstanceId taskDefinitionKey suspended"
    " formKey camundaFormRef tenantId",
    "deployment": "id name source tenantId deploymentTime",
    "decision-definition": "id key category name version resource deploymentId decisionRequirementsDefinitionId"
    " decisionRequirementsDefinitionKey tenantId versionTag historyTimeToLive",
    "history/process-instance": "id rootProcessInstanceId superProcessInstanceId superCaseInstanceId caseInstanceId"
    " processDefinitionName processDefinitionKey processDefinitionVersion processDefinitionId businessKey startTime"
    " endTime removalTime durationInMillis startUserId startActivityId deleteReason tenantId state",
    "history/task": "id processDefinitionKey processDefinitionId processInstanceId executionId caseDefinitionKey"
    " caseDefinitionId caseInstanceId caseExecutionId rootProcessInstanceId activityInstanceId name description"
    " deleteReason owner assignee startTime endTime duration taskDefinitionKey priority due parentTaskId followUp"
    " tenantId removalTime",
    "history/activity-instance": "id parentActivityInstanceId activityId activityName activityType processDefinitionKey"
    " processDefinitionId processInstanceId executionId taskId calledProcessInstanceId calledCaseInstanceId assignee"
    " startTime endTime durationInMillis canceled completeScope tenantId removalTime rootProcessInstanceId",
}
# Of these properties the ones that are no text, with the type the reference names; null where there is none.
NUMBERS = frozenset(
    {"version", "historyTimeToLive", "priority", "processDefinitionVersion", "durationInMillis", "duration"}
)
FLAGS = frozenset({"suspended", "ended", "startableInTasklist", "canceled", "completeScope"})
NEVER_NULL = frozenset({"id", "key", "version", "processDefinitionId", "definitionId", "state", *FLAGS})
DATES = ("created", "due", "startTime", "endTime", "deploymentTime")


@pytest.fixture
def known(site: Site) -> dict[str, str]:
    return furnish(site)


@pytest.fixture
def jiandu(site: Site, known: dict[str, str]) -> Program:
    return program(site, "jiandu1")


def test_every_list_has_the_properties_of_the_reference_and_a_count(
    jiandu: Program, known: dict[str, str]
) -> None:
    for name, properties in REFERENCE.items():
        query = {"processInstanceId": known["instance_id"]} if "activity" in name else {}
        rows = jiandu.get(f"/engine-rest/{name}", **query)
        assert rows, name
        for row in rows:
            assert set(properties.split()) <= set(row), name
            assert all(DATE.fullmatch(row[one]) for one in DATES if row.get(one)), name
            for one in properties.split():
                assert _is_as_told(one, row[one]), (name, one, row[one])
        assert jiandu.get(f"/engine-rest/{name}/count", **query) == {"count": len(rows)}, name


def _is_as_told(name: str, value: object) -> bool:
    if name == "links":
        return value == []
    if name == "key" and value is None:
        return False
    if value is None:
        return name not in NEVER_NULL
    if name in FLAGS:
        return isinstance(value, bool)
    return type(value) is (int if name in NUMBERS else str)


# Operation → status and the type of every property of its answer, as the reference of Camunda 7 has them.
ANSWERS: tuple[tuple[str, str, str, Any, int, dict[str, type | tuple[type, ...]]], ...] = (
    ("ganbu1", "GET", "version", None, 200, {"version": str}),
    ("jiandu1", "GET", "task/{task_id}/form-variables", None, 200, {"assessment_outcome": dict}),
    ("ganbu1", "GET", "process-definition/key/{process_key}/form-variables", None, 200, {"cadreId": dict}),
    ("jiandu1", "GET", "process-definition/key/{process_key}/xml", None, 200, {"id": str, "bpmn20Xml": str}),
    ("jiandu1", "GET", "process-definition/{definition_id}/xml", None, 200, {"id": str, "bpmn20Xml": str}),
    ("jiandu1", "GET", "task/{unknown}", None, 404, {"type": str, "message": str, "code": int}),
    ("jiandu1", "POST", "task/{task_id}/complete", {"variables": {}}, 400, {"type": str, "message": str, "code": int}),
    ("jiandu1", "POST", "task/{task_id}/claim", {"userId": "jiandu1"}, 204, {}),
    ("jiandu1", "POST", "task/{task_id}/unclaim", {}, 204, {}),
    ("jiandu1", "POST", "task/{task_id}/assignee", {"userId": "jiandu1"}, 204, {}),
    ("jiandu1", "POST", "task/count", {}, 200, {"count": int}),
    ("jiandu1", "POST", "process-instance/count", {}, 200, {"count": int}),
    ("changwei03", "PUT", "process-instance/{instance_id}/suspended", {"suspended": True, "reason": "等待。"}, 204, {}),
    ("changwei03", "PUT", "process-instance/{instance_id}/suspended", {"suspended": False}, 204, {}),
    ("changwei03", "DELETE", "process-instance/{instance_id}?deleteReason=x", None, 400, {"type": str, "message": str}),
    ("jiwei", "POST", "message", {"messageName": "none"}, 400, {"type": str, "message": str, "code": int}),
)  # fmt: skip


def test_every_other_answer_has_the_status_and_the_types_of_the_reference(
    site: Site, known: dict[str, str]
) -> None:
    programs: dict[str, Program] = {}
    for login, method, path, body, status, types in ANSWERS:
        asking = programs.setdefault(login, program(site, login))
        address = f"/engine-rest/{path.format(**known, unknown='0' * 36)}"
        answer = asking.ask(method, address, **({"json": body} if body is not None else {}))
        assert answer.status_code == status, (path, answer.text)
        assert answer.data or not types
        for name, kind in types.items():
            assert isinstance(answer.json[name], kind), (path, name)


def test_one_object_is_what_its_list_shows(jiandu: Program, known: dict[str, str]) -> None:
    for path in (
        f"task/{known['task_id']}", f"process-instance/{known['instance_id']}", f"deployment/{known['deployment_id']}",
        f"process-definition/{known['definition_id']}", f"process-definition/key/{KEY}",
        f"history/process-instance/{known['instance_id']}", "decision-definition/key/d09_situation_screen",
    ):  # fmt: skip
        one = jiandu.get(f"/engine-rest/{path}")
        listed = jiandu.get(
            f"/engine-rest/{path.removesuffix(path.rpartition('/')[2]).removesuffix('key/').rstrip('/')}"
        )
        assert one in listed, path


def test_ids_and_variables_are_written_as_camunda_writes_them(jiandu: Program, known: dict[str, str]) -> None:
    definition = jiandu.get(f"/engine-rest/process-definition/key/{KEY}")
    key, version, _ = definition["id"].split(":")
    assert (key, int(version)) == (KEY, definition["version"])
    xml = jiandu.get(f"/engine-rest/process-definition/{definition['id']}/xml")
    assert xml["id"] == definition["id"]
    assert xml["bpmn20Xml"].startswith("<?xml")
    fields = jiandu.get(f"/engine-rest/task/{known['task_id']}/form-variables")
    assert {frozenset(one) for one in fields.values()} == {frozenset({"value", "type", "valueInfo"})}


def test_starting_answers_the_instance_and_every_write_without_an_answer_is_204(site: Site) -> None:
    ganbu, jiandu = program(site, "ganbu1"), program(site, "jiandu1")
    sent = values(cadreId=site.person("顾半夏"), received_on=site.today.isoformat(), **SIGNAL)
    started = ganbu.post(
        f"/engine-rest/process-definition/key/{KEY}/start", {"variables": sent}, status=200
    ).json
    assert set(REFERENCE["process-instance"].split()) <= set(started)
    assert (started["ended"], started["links"]) == (False, [])
    (task,) = jiandu.get("/engine-rest/task", processInstanceId=started["id"])

    for verb, body in (("claim", {"userId": "jiandu1"}), ("unclaim", None)):
        answer = jiandu.post(f"/engine-rest/task/{task['id']}/{verb}", body)
        assert (answer.status_code, answer.data) == (204, b"")
    done = jiandu.post(f"/engine-rest/task/{task['id']}/complete", {"variables": _assessed()})
    assert (done.status_code, done.data) == (204, b"")
    jiandu.get(f"/engine-rest/task/{task['id']}", status=404)


def _assessed() -> dict[str, Any]:
    return {
        "assessment_outcome": {"value": "open_case", "type": "String", "valueInfo": {}},
        "assessment_text": {"value": "情况属实，建议启动核实。", "type": "String"},
    }


def test_filters_sorting_and_paging_do_what_the_reference_says(any_site: Site) -> None:
    for cadre in ("苏白露", "顾半夏", "温霜降"):
        any_site.open_case(cadre)
    jiandu = program(any_site, "jiandu1")
    path = "/engine-rest/task"
    every = jiandu.get(path, sortBy="created", sortOrder="asc")
    assert len(every) == 3
    assert jiandu.get(path, sortBy="created", sortOrder="desc") == every[::-1]
    assert jiandu.get(path, sortBy="created", sortOrder="asc", firstResult=1, maxResults=1) == every[1:2]
    sorting = {
        "sorting": [{"sortBy": "name", "sortOrder": "asc"}, {"sortBy": "created", "sortOrder": "desc"}]
    }
    assert jiandu.post(path, sorting, status=200).json == every[::-1]

    first, created = every[0]["id"], every[1]["created"]
    assert [one["id"] for one in jiandu.get(path, createdBefore=created)] == [first]
    jiandu.post(f"{path}/{first}/claim", {}, status=204)
    assert [one["id"] for one in jiandu.get(path, assignee="jiandu1")] == [first]
    assert len(jiandu.get(path, unassigned="true")) == 2
    assert len(jiandu.get(path, unassigned="false")) == 3
    for query in ({"candidateGroup": "cadre_supervision"}, {"candidateUser": "jiandu2"}):
        assert len(jiandu.get(path, **query)) == 2
        assert len(jiandu.get(path, includeAssignedTasks="true", **query)) == 3
    assert jiandu.get(path, candidateGroup="auditor") == []
    assert len(jiandu.get(path, candidateGroups="auditor,cadre_supervision")) == 2
    assert len(jiandu.get(path, nameLike="分析%", minPriority=50, maxPriority=50, active="true")) == 3
    assert jiandu.get(path, dueBefore="2020-01-01T00:00:00.000+0800") == []
    numbers = sorted(one["businessKey"] for one in jiandu.get("/engine-rest/process-instance"))
    assert len(numbers) == 3
    assert len(jiandu.get(path, processInstanceBusinessKeyIn=",".join(numbers[:2]))) == 2
    assert len(jiandu.get(path, processDefinitionKey=KEY, taskDefinitionKeyIn="assess,verify")) == 3


def test_the_history_tells_what_was_passed_through(any_site: Site) -> None:
    case = any_site.open_case("苏白露")
    jiandu = program(any_site, "jiandu1")
    task = any_site.task(case, "assess")
    jiandu.post(f"/engine-rest/task/{task}/complete", {"variables": _assessed()}, status=204)
    (instance,) = jiandu.get("/engine-rest/history/process-instance", unfinished="true", startedBy="ganbu1")
    assert (instance["state"], instance["startUserId"], instance["endTime"]) == ("ACTIVE", "ganbu1", None)

    past = jiandu.get("/engine-rest/history/task", finished="true", sortBy="endTime", sortOrder="asc")
    assert [(one["taskDefinitionKey"], one["assignee"], one["deleteReason"]) for one in past] == [
        ("register_signal", "ganbu1", "completed"), ("assess", "jiandu1", "completed"),
    ]  # fmt: skip
    path = "/engine-rest/history/activity-instance"
    tasks = jiandu.get(path, processInstanceId=instance["id"], activityType="userTask")
    assert [(one["activityId"], one["taskId"] == task, bool(one["endTime"])) for one in tasks] == [
        ("register_signal", False, True), ("assess", True, True), ("propose_opening", False, False),
    ]  # fmt: skip
    begun = jiandu.get(path, processInstanceId=instance["id"], sortBy="startTime", sortOrder="asc")[0]
    assert (begun["activityType"], begun["canceled"]) == ("startEvent", False)
    assert jiandu.get(path, processInstanceId=instance["id"], firstResult=1000) == []
    jiandu.get(path, status=400)


def test_a_table_answers_by_the_names_of_its_outputs(site: Site) -> None:
    path = "/engine-rest/decision-definition/key/d09_situation_screen"
    asked = {
        "variables": {"severity_reported": {"value": "low", "type": "String"}, "source_count": {"value": 1}}
    }
    rows = program(site, "liucheng").post(f"{path}/evaluate", asked, status=200).json

    assert rows == [{"advice": {"value": "watch", "type": "String", "valueInfo": {}}}]
