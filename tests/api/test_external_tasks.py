"""External tasks over the API: fetched, done, given back, as Camunda 7's clients do it."""

from typing import Any
from uuid import uuid4

import pycamunda.externaltask
import pytest

from bench.world import AGAIN
from tests.api.program import Program, program
from tests.api.test_camunda_client import address, ask
from tests.services.test_external_tasks import asking
from tests.site import Site
from webapp.domain.access import system_actor
from webapp.persistence.models import runtime
from webapp.queries import cases
from webapp.services import deployments, instances, reads
from webapp.services.deployments import Bundle

__all__ = ["address", "ask"]
FETCH = {"workerId": "w1", "maxTasks": 5, "topics": [{"topicName": "lookup", "lockDuration": 60_000}]}


def reach(site: Site) -> str:
    """A case with an instance that waits for a program → the case."""
    bundle = Bundle("asks", asking())
    deployments.deploy(site.office.begin(), system_actor("test"), bundle, origin="installation")
    case = site.open_case()
    started = instances.start(
        site.office.begin(), site.actor("ganbu1"), key="asks", variables={}, case_id=case
    )
    (task,) = site.rows(runtime.work_item, instance_id=started, status="open")
    site.complete(task["id"], "ganbu1", **AGAIN)
    return case


def refused(asking: Program, path: str, body: Any, status: int) -> str:
    return str(asking.post(path, body, status=status).json["message"])


def test_a_program_fetches_and_completes(any_site: Site) -> None:
    site, case = any_site, reach(any_site)
    duijie = program(site, "duijie")
    assert duijie.get("/engine-rest/external-task/count", topicName="lookup", notLocked="true") == {
        "count": 1
    }

    (locked,) = duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json

    with reads.begin(site.office) as look:
        assert cases.meeting_awaited(look, case) == "等待外部程序"
    assert locked["activityId"] == "ask"
    assert locked["workerId"] == "w1"
    assert locked["businessKey"] == locked["variables"]["no"]["value"]
    assert duijie.get("/engine-rest/external-task", locked="true")[0]["id"] == locked["id"]
    assert duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json == []
    path = f"/engine-rest/external-task/{locked['id']}"
    assert "不在您名下" in refused(duijie, f"{path}/complete", {"workerId": "w2"}, 400)
    done = {"workerId": "w1", "variables": {"result_code": {"value": "ok", "type": "String"}}}
    key = str(uuid4())
    duijie.post(f"{path}/complete", done, status=204, key=key)
    duijie.post(f"{path}/complete", done, status=204, key=key)
    assert "found" in site.open_tasks(case)
    with reads.begin(site.office) as look:
        assert cases.meeting_awaited(look, case) == ""
    assert "已经办结" in refused(duijie, f"{path}/complete", done, 400)


def test_a_failed_task_asks_the_administrator_who_gives_it_another_try(any_site: Site) -> None:
    site, _ = any_site, reach(any_site)
    duijie, xitong = program(site, "duijie"), program(site, "xitong")
    (locked,) = duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json
    path = f"/engine-rest/external-task/{locked['id']}"
    duijie.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 5000}, status=204)

    failed = {"workerId": "w1", "errorMessage": "对方系统不通", "retries": 0, "retryTimeout": 0}
    duijie.post(f"{path}/failure", failed, status=204)

    assert xitong.get(path)["errorMessage"] == "对方系统不通"
    assert len(site.rows(runtime.incident, code="EXTERNAL_FAILED")) == 1
    assert duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json == []
    xitong.ask("PUT", f"{path}/retries", json={"retries": 2}, status=204)
    (again,) = duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json
    assert again["retries"] == 2
    duijie.post(f"{path}/unlock", status=204)
    assert xitong.get(path)["workerId"] is None


def test_an_error_goes_the_way_the_diagram_draws(any_site: Site) -> None:
    site, case = any_site, reach(any_site)
    duijie = program(site, "duijie")
    (locked,) = duijie.post("/engine-rest/external-task/fetchAndLock", FETCH, status=200).json
    path = f"/engine-rest/external-task/{locked['id']}/bpmnError"

    assert "没有处理" in refused(duijie, path, {"workerId": "w1", "errorCode": "OTHER"}, 400)
    duijie.post(path, {"workerId": "w1", "errorCode": "NOT_FOUND"}, status=204)

    assert "by_hand" in site.open_tasks(case)


@pytest.mark.parametrize("login", ["ganbu1", "liucheng"])
def test_nobody_else_gets_at_them(site: Site, login: str) -> None:
    reach(site)
    other, duijie = program(site, login), program(site, "duijie")

    assert other.get("/engine-rest/external-task", status=403)["type"] == "AuthorizationException"
    assert "限外部任务程序办理" in refused(other, "/engine-rest/external-task/fetchAndLock", FETCH, 403)
    waiting = duijie.get("/engine-rest/external-task/count", topicName="lookup", notLocked="true")
    assert waiting == {"count": 1}


def test_a_public_client_fetches_and_completes(site: Site, address: str, ask: Any) -> None:
    case = reach(site)
    fetching = pycamunda.externaltask.FetchAndLock(address, worker_id="w1", max_tasks=3)
    fetching.add_topic("lookup", lock_duration=60_000)

    (found,) = ask("duijie", fetching)

    completing = pycamunda.externaltask.Complete(address, id_=found.id_, worker_id="w1")
    completing.add_variable("result_code", "ok", type_="String")
    ask("duijie", completing)
    assert "found" in site.open_tasks(case)
