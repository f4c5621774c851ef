"""Figures for the watching machine: the installation's condition, nobody's name, nobody else's business."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.site import Site, config, open_site
from webapp.persistence.models import runtime

TOKEN = "a-token-for-the-watching-machine"


def figure(text: str, name: str) -> float:
    found = [line for line in text.splitlines() if line.startswith(name + " ")]
    assert found, f"{name} is missing"
    return float(found[0].rpartition(" ")[2])


def test_what_waits_and_what_is_late_is_counted(any_site: Site) -> None:
    case = any_site.open_case("苏白露")
    before = any_site.visitor().get("/metrics").text
    (task,) = any_site.open_tasks(case).values()
    any_site.change(runtime.work_item, {"id": task}, {"due_at": any_site.instant() - timedelta(days=1)})

    after = any_site.visitor().get("/metrics").text

    assert figure(before, "zaishang_tasks_open") == 1
    assert figure(after, "zaishang_tasks_overdue") == figure(before, "zaishang_tasks_overdue") + 1
    assert figure(after, "zaishang_incidents_open") == 0
    assert figure(after, "zaishang_events_total") > 0
    assert figure(after, "zaishang_last_event_timestamp_seconds") > 0


def test_requests_are_counted_by_endpoint_and_never_by_address(site: Site) -> None:
    case = site.open_case("苏白露")
    site.as_("ganbu1").get(f"/cases/{case}")
    site.visitor().get("/no/such/page?name=苏白露")

    text = site.visitor().get("/metrics").text

    assert 'zaishang_answers_total{endpoint="cases.show",status="200"} 1.0' in text
    assert 'zaishang_request_seconds_count{endpoint="none",method="GET"} 1.0' in text
    assert case not in text
    assert "苏白露" not in text


@pytest.mark.parametrize("more", [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}])
def test_without_a_token_only_this_machine_itself_may_ask(site: Site, more: dict[str, str]) -> None:
    answer = site.visitor(environ_overrides=more).get("/metrics")

    assert answer.status_code == 403
    assert "zaishang_" not in answer.text


def test_with_a_token_whoever_shows_it_may_ask_and_nobody_else(site: Site) -> None:
    site.app.config["METRICS_TOKEN"] = TOKEN
    far = {"REMOTE_ADDR": "10.0.0.7"}

    right = site.visitor(environ_overrides=far, headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
    wrong = site.visitor(headers={"Authorization": "Bearer 令牌"}).get("/metrics")

    assert right.status_code == 200
    assert wrong.status_code == 403
    assert site.visitor().get("/metrics").status_code == 403


def test_a_stopped_database_is_no_page_of_figures(prepared: Path) -> None:
    site = open_site(config(prepared, "postgresql://nobody@127.0.0.1:1/nothing"))

    assert site.visitor().get("/metrics").status_code == 503
