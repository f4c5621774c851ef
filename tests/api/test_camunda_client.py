"""A public client of the Camunda 7 REST API works against ours as it is: pycamunda, from the package index."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pycamunda
import pycamunda.base
import pycamunda.decisiondef
import pycamunda.deployment
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.task
import pycamunda.version
import pytest
import requests
from werkzeug.serving import make_server

from tests.services.test_proposals import KEY, files
from tests.site import PASSWORD, SIGNAL, Site
from webapp.persistence.models import repository, runtime
from webapp.services import instances, interruptions, looking, reads

P01 = "p01_down_adjustment"


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site on a port of its own."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/engine-rest"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def ask() -> Iterator[Any]:
    """Send a request of the client as somebody, over one connection a person."""
    sessions: dict[str, requests.Session] = {}

    def send(login: str, request: Any) -> Any:
        session = sessions.setdefault(login, requests.Session())
        session.auth = (login, PASSWORD)
        request.session = session
        return request()

    yield send
    for session in sessions.values():
        session.close()


def test_a_public_client_starts_finds_claims_and_completes(site: Site, address: str, ask: Any) -> None:
    assert ask("ganbu1", pycamunda.version.Get(address)).startswith("0.")
    start = pycamunda.processdef.StartInstance(address, key=P01)
    given = {"cadreId": site.person("苏白露"), "received_on": site.today.isoformat(), **SIGNAL}
    for name, value in given.items():
        start.add_variable(name, value, type_="Json" if isinstance(value, list) else "String")
    started = ask("ganbu1", start)
    assert started.business_key.startswith(str(site.today.year))

    found = ask(
        "jiandu1",
        pycamunda.task.GetList(
            address, process_instance_business_key=started.business_key, candidate_group="cadre_supervision",
            created_after=site.instant() - timedelta(hours=1), sort_by="created", ascending=False,
            first_result=0, max_results=5,
        ),
    )  # fmt: skip
    assert [(one.task_definition_key, one.assignee) for one in found] == [("assess", None)]
    task_id = found[0].id_
    ask("jiandu1", pycamunda.task.Claim(address, id_=task_id, user_id="jiandu1"))
    assert ask("jiandu1", pycamunda.task.Get(address, id_=task_id)).assignee == "jiandu1"
    ask("jiandu1", pycamunda.task.Unclaim(address, id_=task_id))
    complete = pycamunda.task.Complete(address, id_=task_id)
    for name, value in {
        "assessment_outcome": "open_case",
        "assessment_text": "情况属实，建议启动核实。",
    }.items():
        complete.add_variable(name, value, type_="String")
    ask("jiandu1", complete)

    assert [row["element_id"] for row in site.rows(runtime.work_item, status="open")] == ["propose_opening"]
    listed = ask("ganbu1", pycamunda.processinst.GetList(address, business_key=started.business_key))
    assert [one.id_ for one in listed] == [started.id_]


def test_a_public_client_reads_definitions_evaluates_and_proposes(site: Site, address: str, ask: Any) -> None:
    newest = pycamunda.processdef.GetList(address, latest_version=True, sort_by="key", ascending=True)
    keys = [one.key for one in ask("liucheng", newest)]
    assert keys == sorted(keys)
    assert P01 in keys
    assert ask("liucheng", pycamunda.processdef.Count(address, key=P01)) == 1
    assert "<bpmn:process" in ask("liucheng", pycamunda.processdef.GetXML(address, key=P01))
    decide = pycamunda.decisiondef.Evaluate(address, key="d09_situation_screen")
    for name, value, kind in (("severity_reported", "low", "String"), ("source_count", 1, "Integer")):
        decide.add_variable(name, value, type_=kind)
    assert ask("liucheng", decide)[0]["advice"].value == "watch"

    create = pycamunda.deployment.Create(address, name="改写说明文字。", source="客户端")
    create.auth = ("liucheng", PASSWORD)
    create.add_resource((f"{KEY}.bpmn", files()[f"{KEY}.bpmn"]))
    created = create()
    (proposal,) = site.rows(repository.proposal)
    assert (proposal["id"], proposal["status"]) == (created.id_, "waiting")
    assert ask("liucheng", pycamunda.deployment.Get(address, id_=created.id_)).name == "改写说明文字。"


def test_a_public_client_resumes_a_case_and_is_told_what_it_must_say(
    site: Site, address: str, ask: Any
) -> None:
    case = site.open_case("苏白露")
    (row,) = site.rows(runtime.process_instance)
    head, instance = "changwei03", row["id"]

    with pytest.raises(pycamunda.BadRequest, match="写明理由"):
        ask(head, pycamunda.processinst.Suspend(address, id_=instance))
    with pytest.raises(pycamunda.BadRequest, match="写明理由"):
        ask(head, pycamunda.processinst.Delete(address, id_=instance))
    interruptions.suspend(site.office.begin(), site.actor(head), case_id=case, reason="等待核查结论。")
    listed = pycamunda.processinst.GetList(address, suspended=True)
    assert [one.id_ for one in ask(head, listed)] == [instance]
    ask(head, pycamunda.processinst.Activate(address, id_=instance))

    assert site.rows(runtime.process_instance)[0]["status"] == "running"


def test_a_public_client_deletes_what_belongs_to_no_case_and_the_record_says_without_reason(
    site: Site, address: str, ask: Any
) -> None:
    starter = site.actor("ganbu1")
    instance = instances.start(site.office.begin(), starter, key="p04_reinstatement", variables={})

    ask("changwei03", pycamunda.processinst.Delete(address, id_=instance))

    assert site.rows(runtime.process_instance, id=instance)[0]["status"] == "cancelled"
    with reads.begin(site.office) as look:
        told = looking.many_values(look, site.office, "cancel", [instance])
    assert told[instance] == {"reason": "经接口删除，未附理由"}


def test_a_public_client_reads_our_refusals_as_camundas(site: Site, address: str, ask: Any) -> None:
    with pytest.raises(pycamunda.NotFound):
        ask("jiandu1", pycamunda.task.Get(address, id_="0" * 36))
    with pytest.raises(pycamunda.BadRequest):
        ask("jiandu1", pycamunda.processdef.StartInstance(address, key=P01))
    with pytest.raises(pycamunda.Unauthorized):
        ask("jiandu9", pycamunda.version.Get(address))
