"""Bad input to the API: the right status, a sentence, nothing half-done."""

import io
from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.api.program import Program, program, values
from tests.services.test_proposals import KEY, files
from tests.site import SIGNAL, Site
from webapp.persistence.models import cases, history, identity, repository, runtime
from webapp.services import drafts, proposals

TASKS = "/engine-rest/task"
P01 = "/engine-rest/process-definition/key/p01_down_adjustment/start"
HUGE = 10 * 1024 * 1024


def refused(answer: TestResponse, status: int, type_: str, *words: str) -> str:
    """Camunda's error body, with our code → its Chinese sentence."""
    assert answer.status_code == status, answer.text
    body = answer.json
    assert body["type"] == type_
    assert isinstance(body["code"], int)
    for word in words:
        assert word in body["message"], body
    return str(body["message"])


def acts(site: Site) -> int:
    """Events that are more than a look."""
    return sum(row["kind"] not in ("read", "sign_in_refused") for row in site.rows(history.history_event))


@pytest.fixture
def ganbu(site: Site) -> Program:
    return program(site, "ganbu1")


@pytest.fixture
def jiandu(site: Site) -> Program:
    return program(site, "jiandu1")


BAD_QUERIES: tuple[dict[str, Any], ...] = (
    {"unheardOf": "1"}, {"processVariables": "a_eq_1"}, {"dueBefore": "yesterday"}, {"sortBy": "created"},
    {"dueBefore": "9999-12-31T23:59:59.999-1200"}, {"maxResults": "-1"}, {"maxResults": "1001"}, {"sortOrder": "asc"},
    {"maxResults": "9" * 40}, {"firstResult": "1.5"}, {"firstResult": "٣"}, {"unassigned": "ja"},
    {"sortBy": "password", "sortOrder": "asc"}, {"name": ["a", "b"]}, {"priority": "high"}, {"name": "x" * 3000},
)  # fmt: skip


def test_a_filter_that_is_unknown_or_unreadable_is_refused_by_name(jiandu: Program) -> None:
    for query in BAD_QUERIES:
        answer = jiandu.ask("GET", TASKS, query_string=query)
        word = "sort" if "sort" in str(query) else next(iter(query))
        assert refused(answer, 400, "InvalidRequestException", word)


def test_a_nested_filter_is_refused_and_the_depth_of_json_is_no_matter(jiandu: Program) -> None:
    for body in (
        {"orQueries": [{"name": "a"}]},
        {"name": {"like": "a"}},
        {"taskIdIn": [["a"]]},
        {"sorting": [{}]},
    ):
        assert refused(jiandu.post(TASKS, body), 400, "InvalidRequestException")
    deep = b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}"
    for raw in (
        deep,
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b'{"maxPriority": 1e999}',
    ):
        answer = jiandu.ask("POST", TASKS, data=raw, content_type="application/json")
        assert refused(answer, 400, "InvalidRequestException")


def test_beyond_the_end_is_an_empty_page_and_wildcards_are_only_percent_signs(
    site: Site, jiandu: Program
) -> None:
    site.open_case("苏白露")

    assert jiandu.get(TASKS, firstResult=2**31 - 1) == []
    assert jiandu.get(TASKS, maxResults=0) == []
    assert [one["name"] for one in jiandu.get(TASKS, nameLike="分析%")] == ["分析研判"]
    assert jiandu.get(TASKS, nameLike="____") == []
    assert jiandu.get(TASKS, nameLike="'; DROP TABLE work_item; --") == []


def test_unknown_ids_are_not_found_and_look_like_those_one_may_not_see(site: Site, jiandu: Program) -> None:
    site.open_case("苏白露")
    for one in (str(uuid4()), "1", "p01:1:x", "%00", "'"):
        for method, path in (
            ("GET", f"{TASKS}/{one}"), ("POST", f"{TASKS}/{one}/claim"), ("POST", f"{TASKS}/{one}/complete"),
            ("GET", f"{TASKS}/{one}/form-variables"), ("GET", f"/engine-rest/process-instance/{one}"),
            ("GET", f"/engine-rest/process-definition/{one}"), ("GET", f"/engine-rest/deployment/{one}"),
            ("GET", f"/engine-rest/decision-definition/key/{one}"),
            ("GET", f"/engine-rest/history/process-instance/{one}"),
        ):  # fmt: skip
            answer = jiandu.ask(method, path, **({"json": {}} if method == "POST" else {}))
            assert answer.status_code in (400, 404), (method, path, answer.text)
            assert answer.json["message"]


def test_another_organisations_ids_do_not_exist(any_site: Site) -> None:
    case = any_site.open_case("苏白露")
    task = any_site.task(case, "assess")
    (instance,) = any_site.rows(runtime.process_instance)
    number = any_site.rows(cases.case_file)[0]["number"]
    other = program(any_site, any_site.second_committee())

    assert other.get(TASKS) == []
    assert other.get(f"{TASKS}/count") == {"count": 0}
    assert other.get("/engine-rest/process-instance") == []
    assert other.get("/engine-rest/history/process-instance") == []
    assert other.get("/engine-rest/history/task") == []
    assert other.get("/engine-rest/history/activity-instance", processInstanceId=instance["id"]) == []
    assert other.get("/api/cases") == []
    for path in (f"{TASKS}/{task}", f"/engine-rest/process-instance/{instance['id']}", f"/api/cases/{case}"):
        other.get(path, status=404)
    before = acts(any_site)
    for path in ("claim", "unclaim", "complete"):
        assert other.post(f"{TASKS}/{task}/{path}").status_code == 404
    start = "/engine-rest/process-definition/key/p04_reinstatement/start"
    assert other.post(start, {"businessKey": number}).status_code == 404
    sent = {"messageName": "rights_restored", "businessKey": number}
    assert other.post("/engine-rest/message", sent).status_code == 404
    gone = other.ask(
        "DELETE", f"/engine-rest/process-instance/{instance['id']}", query_string={"deleteReason": "x"}
    )
    assert gone.status_code == 404
    assert acts(any_site) == before


def test_what_the_page_hides_the_api_hides(site: Site) -> None:
    """The cadre's relatives, the unit before the talk, designers and administrators."""
    site.open_case("苏白露")
    for login in ("fgj1", "jyj1", "liucheng", "xitong", "anquan", "benren"):
        asking = program(site, login)
        assert asking.get(TASKS) == [], login
        assert asking.get("/engine-rest/history/task") == [], login
        assert asking.get("/engine-rest/process-instance") == [], login


def test_a_decision_tables_page_is_not_for_everybody(site: Site) -> None:
    asking = program(site, "fgj1")
    for path in (
        "/engine-rest/process-definition",
        "/engine-rest/decision-definition",
        "/engine-rest/deployment",
    ):
        assert refused(asking.ask("GET", path), 403, "AuthorizationException", "限")


def test_a_designer_or_auditor_uses_no_approvers_verb(site: Site) -> None:
    case = site.open_case("苏白露")
    task = site.task(case, "assess")
    before = acts(site)
    for login in ("liucheng", "shenji", "xitong", "anquan", "anshen"):
        asking = program(site, login)
        before += 1
        for verb in ("claim", "complete"):
            assert asking.post(f"{TASKS}/{task}/{verb}").status_code in (403, 404), (login, verb)
    assert acts(site) == before


BAD_VARIABLES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"assessment_outcome": {"value": 5, "type": "String"}}, "assessment_outcome"),
    ({"assessment_outcome": {"value": "x", "type": "Integer"}}, "assessment_outcome"),
    ({"assessment_outcome": {"value": "x", "type": "Robot"}}, "assessment_outcome"),
    ({"assessment_outcome": {"value": "{", "type": "Json"}}, "assessment_outcome"),
    ({"assessment_outcome": {"value": "%%%", "type": "File"}}, "assessment_outcome"),
    ({"assessment_outcome": {"value": {"a": 1}}}, "研判"),
    ({"assessment_outcome": {"value": "no_such_choice"}}, "选项"),
    ({"caseId": {"value": str(uuid4())}}, "caseId"),
    ({"no_such_field": {"value": "x"}}, "no_such_field"),
    ({"assessment_text": {"value": "字" * 30_000}}, "不超过"),
    ({"assessment_text": "bare"}, "assessment_text"),
)


def test_a_wrong_variable_is_named_and_nothing_is_done(site: Site, jiandu: Program) -> None:
    task = site.task(site.open_case("苏白露"), "assess")
    before = acts(site)

    for variables, word in BAD_VARIABLES:
        answer = jiandu.post(f"{TASKS}/{task}/complete", {"variables": variables})
        assert refused(answer, 400, "InvalidRequestException", word)
    assert acts(site) == before


def test_ten_megabytes_of_variables_are_refused_before_they_are_read(site: Site, jiandu: Program) -> None:
    task = site.task(site.open_case("苏白露"), "assess")
    before = acts(site)

    answer = jiandu.post(f"{TASKS}/{task}/complete", {"variables": values(assessment_text="x" * HUGE)})

    assert answer.status_code == 413
    assert answer.json["type"] == "RestException"
    assert acts(site) == before


def test_starting_needs_a_cadre_or_an_open_case_and_takes_no_loose_variables(
    site: Site, ganbu: Program
) -> None:
    case = site.open_case("苏白露")
    (row,) = site.rows(cases.case_file)
    before = acts(site)
    good = values(received_on=site.today.isoformat(), **SIGNAL)
    p04 = "/engine-rest/process-definition/key/p04_reinstatement/start"

    assert refused(ganbu.post(P01, {"variables": good}), 400, "InvalidRequestException", "cadreId")
    assert refused(
        ganbu.post(P01, {"variables": {**good, **values(cadreId=str(uuid4()))}}),
        400,
        "InvalidRequestException",
    )
    assert refused(
        ganbu.post(P01, {"variables": values(cadreId=site.person("钟谷雨"))}),
        400,
        "InvalidRequestException",
        "必填",
    )
    assert refused(ganbu.post(p04, {}), 400, "InvalidRequestException", "businessKey")
    sent = {"businessKey": row["number"], "variables": values(archive_result="pass")}
    assert refused(ganbu.post(p04, sent), 400, "InvalidRequestException", "不接受变量")
    assert refused(ganbu.post(p04, {"businessKey": "2026-调-9999"}), 404, "InvalidRequestException")
    unknown = ganbu.post("/engine-rest/process-definition/key/none/start", {})
    assert refused(unknown, 404, "InvalidRequestException")
    assert acts(site) == before
    assert site.open_tasks(case)


def test_a_message_between_processes_is_never_taken_from_outside(site: Site, ganbu: Program) -> None:
    site.open_case("苏白露")
    (row,) = site.rows(cases.case_file)
    before = acts(site)
    forged = {
        "messageName": "meeting_result",
        "businessKey": row["number"],
        "processVariables": values(meeting_outcome="passed"),
    }

    assert refused(ganbu.post("/engine-rest/message", forged), 400, "RestException", "没有流程在等待")
    assert refused(
        ganbu.post("/engine-rest/message", {"businessKey": row["number"]}),
        400,
        "InvalidRequestException",
        "messageName",
    )
    assert refused(
        ganbu.post("/engine-rest/message", {**forged, "all": True}), 400, "InvalidRequestException", "all"
    )
    wrong = {**forged, "messageName": "rights_restored"}
    assert refused(
        program(site, "jiwei").post("/engine-rest/message", wrong),
        400,
        "InvalidRequestException",
        "restored_on",
    )
    assert acts(site) == before + 1


def test_cancelling_needs_the_head_and_a_reason_and_leaves_a_case_its_process(
    site: Site, ganbu: Program
) -> None:
    site.open_case("苏白露")
    (row,) = site.rows(runtime.process_instance)
    path = f"/engine-rest/process-instance/{row['id']}"
    head = program(site, "changwei03")

    assert refused(
        ganbu.ask("DELETE", path, query_string={"deleteReason": "重复登记。"}), 403, "AuthorizationException"
    )
    assert refused(head.ask("DELETE", path), 400, "InvalidRequestException", "理由")
    assert refused(
        head.ask("DELETE", path, query_string={"deleteReason": "重复登记。"}),
        400,
        "RestException",
        "因故终止",
    )
    assert site.rows(runtime.process_instance)[0]["status"] == "running"


def test_the_same_key_does_the_work_once_and_another_request_may_not_use_it(any_site: Site) -> None:
    jiandu, jilu = program(any_site, "jiandu1"), program(any_site, "jilu")
    task = any_site.task(any_site.open_case("苏白露"), "assess")
    body = {"variables": values(assessment_outcome="open_case", assessment_text="情况属实，建议启动核实。")}
    for _ in range(2):
        jiandu.post(f"{TASKS}/{task}/complete", body, status=204, key="one")
    assert len(any_site.rows(history.history_event, kind="task_completed")) == 1
    other = {"variables": values(assessment_outcome="watch", assessment_text="继续关注一段时间再研判。")}
    assert refused(
        jiandu.post(f"{TASKS}/{task}/complete", other, key="one"), 400, "RestException", "编号已用于另一项"
    )

    meeting = {
        "body": "dept",
        "heldOn": any_site.today.isoformat(),
        "place": "会议室",
        "number": "一",
        "items": [],
    }
    first, again = (jilu.post("/api/meetings", meeting, status=201, key="two").json for _ in range(2))
    assert first == again
    assert jilu.post("/api/meetings", {**meeting, "number": "二"}, key="two").status_code == 422
    assert refused(
        jiandu.post(f"{TASKS}/{task}/complete", body, key="x" * 81),
        400,
        "InvalidRequestException",
        "Idempotency-Key",
    )


def test_claiming_is_for_oneself_and_for_one(site: Site, jiandu: Program) -> None:
    task = site.task(site.open_case("苏白露"), "assess")
    second = program(site, "jiandu2")

    assert refused(
        jiandu.post(f"{TASKS}/{task}/claim", {"userId": "jiandu2"}), 403, "AuthorizationException", "本人"
    )
    jiandu.post(f"{TASKS}/{task}/claim", {"userId": "jiandu1"}, status=204)
    assert refused(second.post(f"{TASKS}/{task}/claim", {}), 400, "RestException", "签收，请刷新")
    assert refused(second.post(f"{TASKS}/{task}/unclaim"), 403, "AuthorizationException")
    jiandu.post(f"{TASKS}/{task}/unclaim", status=204)
    assert refused(jiandu.post(f"{TASKS}/{task}/unclaim"), 400, "RestException", "无人签收")


def test_a_proposal_over_the_api_goes_live_by_a_second_designer_and_the_reviewed_bytes(site: Site) -> None:
    first, second = program(site, "liucheng"), program(site, "liucheng2")
    data = {"deployment-name": "补充说明。", "file": (io.BytesIO(files()[f"{KEY}.bpmn"]), "图.bpmn")}
    created = first.ask("POST", "/engine-rest/deployment/create", data=data, status=200).json
    (row,) = site.rows(repository.proposal)
    path = f"/api/proposals/{row['id']}"

    assert created["deployedProcessDefinitions"] is None
    assert first.post(f"{path}/approve", {"digest": row["digest"]}).status_code == 403
    assert second.post(f"{path}/approve", {"digest": "0" * 64}).status_code == 409
    assert second.post(f"{path}/approve", {"digest": row["digest"]}, status=200).json == {"version": 2}
    assert second.post(f"{path}/reject", {"reason": "迟了。"}).status_code == 409
    listed = second.get("/engine-rest/process-definition", key=KEY, latestVersion="true")
    assert [(one["version"], one["deploymentId"]) for one in listed] == [(2, created["id"])]


def test_a_bad_deployment_is_told_with_its_element_and_stores_nothing(site: Site) -> None:
    designer, path = program(site, "liucheng"), "/engine-rest/deployment/create"
    broken = files()[f"{KEY}.bpmn"].replace(b"bpmn:userTask", b"bpmn:adHocSubProcess")
    for sent in (
        {"deployment-name": "x"},
        {"deployment-name": "x", "a": (io.BytesIO(broken), f"{KEY}.bpmn")},
        {"deployment-name": "x", "a": (io.BytesIO(b"MZ"), "run.exe")},
        {"deployment-name": "x", "a": (io.BytesIO(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "x.bpmn")},
        {"a": (io.BytesIO(files()[f"{KEY}.bpmn"]), f"{KEY}.bpmn")},
        {"deployment-name": "x" * 500, "a": (io.BytesIO(files()[f"{KEY}.bpmn"]), f"{KEY}.bpmn")},
    ):
        assert refused(
            designer.ask("POST", path, data=sent, content_type="multipart/form-data"),
            400,
            "InvalidRequestException",
        )
    assert refused(designer.post(path, {"deployment-name": "x"}), 400, "InvalidRequestException", "multipart")
    as_officer = {"deployment-name": "x", "a": (io.BytesIO(files()[f"{KEY}.bpmn"]), f"{KEY}.bpmn")}
    assert refused(program(site, "ganbu1").ask("POST", path, data=as_officer), 403, "AuthorizationException")
    assert site.rows(repository.proposal) == []


NAMELESS = b"--x\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n--x--\r\n"


def test_a_form_part_without_a_name_is_refused_by_pages_and_api(site: Site) -> None:
    whole = {"data": NAMELESS, "content_type": "multipart/form-data; boundary=x"}
    answer = program(site, "liucheng").ask("POST", "/engine-rest/deployment/create", **whole)

    assert refused(answer, 400, "RestException")
    assert site.checked(site.as_("ganbu1").client.post("/cases/start", **whole)).status_code == 400


def test_a_decision_asked_wrongly_is_refused(site: Site) -> None:
    asking, path = (
        program(site, "liucheng"),
        "/engine-rest/decision-definition/key/d09_situation_screen/evaluate",
    )

    assert refused(asking.post(path, {"variables": []}), 400, "InvalidRequestException")
    assert asking.post(path, {"variables": values(source_count="many")}).status_code in (200, 400)
    assert asking.post(path.replace("d09_situation_screen", "none"), {}).status_code == 404


def test_methods_and_addresses_that_do_not_exist_answer_as_programs_expect(jiandu: Program) -> None:
    for method, path, status in (
        ("GET", "/engine-rest/unheard-of", 404), ("PATCH", TASKS, 405), ("GET", "/api/unheard-of", 404),
        ("GET", "/engine-rest", 404),
    ):  # fmt: skip
        answer = jiandu.ask(method, path)
        assert answer.status_code == status
        assert answer.json["message"]


def test_a_personal_answer_is_shown_to_its_writer_as_a_draft_and_to_nobody_else(
    site: Site, jiandu: Program
) -> None:
    case = site.open_case("苏白露")
    task = site.task(case, "assess")
    said = "本人长期失眠，妻子卧病在床"
    drafts.save(site.office.begin(), site.actor("jiandu1"), task_id=task, posted={"assessment_text": said})
    path = f"{TASKS}/{task}/form-variables"

    assert jiandu.get(path)["assessment_text"]["value"] == said
    assert program(site, "jiandu2").get(path)["assessment_text"]["value"] is None
    assert said not in jiandu.ask("GET", f"{TASKS}/{task}").text
    program(site, "dangan").get(path, status=403)
    jiandu.get(path, variableNames="assessment_outcome", status=200)


def test_what_a_program_sends_is_sealed_like_what_a_person_types(site: Site, jiandu: Program) -> None:
    task = site.task(site.open_case("苏白露"), "assess")
    said = "本人长期失眠，妻子卧病在床，难以到岗"
    sent = values(assessment_outcome="open_case", assessment_text=said)
    jiandu.post(f"{TASKS}/{task}/complete", {"variables": sent}, status=204, key="k")

    for table in (history.history_event, runtime.process_instance, runtime.idempotency, runtime.outbox):
        assert said.encode() not in str(site.rows(table)).encode()
    assert any(said.encode() in row["body"] for row in site.rows(history.history_event)) is False


def test_an_expired_token_and_one_of_somebody_else_are_worth_nothing(site: Site, ganbu: Program) -> None:
    (row,) = site.rows(identity.api_token)
    site.change(identity.api_token, {"id": row["id"]}, {"expires_at": site.instant() - timedelta(seconds=1)})

    assert refused(ganbu.ask("GET", TASKS), 401, "AuthorizationException", "令牌")
    assert ganbu.token not in str(site.rows(identity.api_token))


def test_a_file_comes_in_with_its_name_and_wrong_ones_are_refused(site: Site, ganbu: Program) -> None:
    body = {"cadreId": {"value": site.person("苏白露")}, "received_on": {"value": site.today.isoformat()}}
    body |= {name: {"value": value} for name, value in SIGNAL.items()}
    exe = {"value": b64encode(b"MZ" * 9).decode(), "type": "File", "valueInfo": {"filename": "a.exe"}}

    assert refused(ganbu.post(P01, {"variables": {**body, "summary": exe}}), 400, "InvalidRequestException")
    assert site.rows(cases.case_file) == []


def test_a_proposal_is_reviewed_by_its_bytes(site: Site) -> None:
    found = proposals.propose(site.office, site.actor("liucheng"), files(), "说明。")
    shown = program(site, "liucheng2").ask("GET", "/api/proposals", query_string={"status": "waiting"}).json

    assert [one["digest"] for one in shown] == [found.digest]
