"""The page on which a signal is sent 发出信号: to what its sender answers for, with a reason, once."""

from tests.services.test_signals import BEGINS, TASK, chain, process
from tests.site import Site, any_site, pg_site, pg_template, prepared, site
from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.persistence import finders
from webapp.persistence.models import cases, history, runtime
from webapp.services import deployments, instances
from webapp.services.desk import standing

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]

PATH = "/corrections/signals"
WAITS = chain(
    ("startEvent", "s", ""),
    ("intermediateCatchEvent", "w", '<bpmn:signalEventDefinition signalRef="go"/>'),
    ("userTask", "then", TASK),
    ("endEvent", "e", ""),
)
WHY = "条件已经具备，请各件继续。"


def publish(site: Site, key: str, body: str) -> None:
    bundle = deployments.Bundle(key, process(key, body))
    deployments.deploy(site.office.begin(), system_actor("deploy"), bundle, origin="installation")


def waiting(site: Site) -> str:
    """A process of a case that waits for the signal."""
    case_id = site.open_case("苏白露")
    publish(site, "waits", WAITS)
    work = site.office.begin()
    with work:
        case = standing(work, finders.load_case(work, case_id) or {})
        row = finders.latest_definition(work, "waits")
        assert row is not None
        run, applied = instances.begin(work, row, case, variables={}, started_by="system")
        work.commit(
            events.ProcessStarted(
                actor=system_actor("t"), effective_at=work.now, stream=run.stream, case_id=case_id,
                facts=applied.facts,
            )
        )  # fmt: skip
    return case_id


def test_whoever_answers_for_the_cases_sends_it_with_a_reason(any_site: Site) -> None:
    site = any_site
    waiting(site)
    publish(site, "begins", BEGINS)
    head = site.as_("changwei03")
    page = head.get(PATH)
    assert "等待的流程1个" in page.text
    assert "启动begins" in page.text
    assert "发出信号" in head.get("/corrections").text

    answer = head.post(PATH, {"name": "go", "reason": WHY})

    assert answer.status_code == 303
    assert len(site.rows(runtime.work_item, element_id="then")) == 1
    (event,) = site.rows(history.history_event, kind="signal_broadcast")
    assert WHY.encode() not in event["body"]
    assert [row["owner_kind"] for row in site.rows(cases.sealed_value, owner_kind="signal")] == ["signal"]


def test_nobody_else_sends_one_and_nothing_goes_without_a_name_or_a_reason(site: Site) -> None:
    waiting(site)
    head = site.as_("changwei03")
    assert "请选择要发出的信号。" in head.post(PATH, {"reason": WHY}).text
    refused = head.post(PATH, {"name": "go", "reason": " "})
    assert refused.status_code == 422
    assert "写明理由" in refused.text
    assert "没有流程在等待" in head.post(PATH, {"name": "nothing", "reason": WHY}).text
    for login in ("ganbu1", "liucheng"):
        assert site.as_(login).get(PATH).status_code == 403
        assert site.as_(login).post(PATH, {"name": "go", "reason": WHY}).status_code == 403
    assert site.rows(history.history_event, kind="signal_broadcast") == []
