"""The page on which starts are stopped and let begin again 启停, and the same acts over the API."""

from typing import Any

import pytest

from tests.api.program import Program, program
from tests.services.test_proposals import proposed
from tests.site import Site, any_site, pg_site, pg_template, prepared, site
from webapp.persistence.models import repository
from webapp.services import proposals

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]

KEY = "p02a_periodic_note"
P01 = "p01_down_adjustment"
PATH = f"/designs/switches/{KEY}"
WHY = {"reason": "规定正在修订。"}


def put(asking: Program, path: str, body: dict[str, object], status: int = 202) -> Any:
    return asking.ask("PUT", path, json=body, status=status)


def waiting(site: Site) -> str:
    (row,) = site.rows(repository.switch, status="proposed")
    return str(row["id"])


def test_two_designers_stop_the_starts_and_the_pages_say_so(any_site: Site) -> None:
    first, second = any_site.as_("liucheng"), any_site.as_("liucheng2")
    page = f"/designs/switches/{P01}"
    assert first.post(page, {"what": "suspend", **WHY}).status_code == 303
    one = f"{page}/{waiting(any_site)}"
    assert "待复核的启停申请" in second.get("/designs").text
    assert "须由另一名流程设计员复核" in first.get(page).text
    assert first.post(f"{one}/confirm").status_code == 403
    assert any_site.open_case("苏白露")

    assert second.post(f"{one}/confirm").status_code == 303

    for path in (page, f"/designs/versions/{P01}", f"/definitions/{P01}", "/definitions"):
        assert "暂停启动" in first.get(path).text
    door = program(any_site, "ganbu1").post(
        f"/engine-rest/process-definition/key/{P01}/start",
        {"variables": {"cadreId": {"value": any_site.person("顾半夏")}}}, status=400,
    )  # fmt: skip
    assert "暂停启动" in door.json["message"], door.json
    opened = any_site.as_("ganbu1").get("/cases/start")
    assert opened.status_code == 409
    assert "已暂停启动" in opened.text
    assert second.post(page, {"what": "activate", **WHY}).status_code == 303
    assert first.post(f"{page}/{waiting(any_site)}/confirm").status_code == 303
    assert "可以启动" in first.get(page).text
    assert any_site.open_case("顾半夏")


def test_a_version_that_never_ran_is_taken_away_and_not_shown_any_more(site: Site) -> None:
    found = proposed(site)
    proposals.approve(site.office, site.actor("liucheng2"), proposal_id=found.id, digest=found.digest)
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    assert first.post(PATH, {"what": "remove:2", **WHY}).status_code == 303
    assert second.post(f"{PATH}/{waiting(site)}/confirm").status_code == 303

    assert "第2版" not in first.get(f"/designs/versions/{KEY}").text
    assert first.get(f"/definitions/{KEY}?version=2").status_code == 404
    assert "删除了从未办理过的流程版本" in site.as_("shenji").get("/history/administration").text
    assert len(site.rows(repository.definition, key=KEY)) == 2


def test_what_makes_no_sense_is_said_on_the_page_and_the_reason_stays(site: Site) -> None:
    first, second = site.as_("liucheng"), site.as_("liucheng2")
    nothing = first.post(PATH, {"what": "stop", **WHY})
    assert nothing.status_code == 422
    assert "请选择要办的事。" in nothing.text
    assert WHY["reason"] in nothing.text
    assert "写明理由" in first.post(PATH, {"what": "suspend", "reason": " "}).text
    own = first.post(PATH, {"what": "remove:1", **WHY})
    assert own.status_code == 409
    assert "随系统安装" in own.text
    right = first.post("/designs/switches/p10_appeal", {"what": "suspend", **WHY})
    assert right.status_code == 409 or right.status_code == 422
    assert "复核、申诉是干部的权利" in right.text
    assert first.post(PATH, {"what": "suspend", **WHY}).status_code == 303
    answer = second.post(f"{PATH}/{waiting(site)}/reject", {"reason": "不必暂停。"})
    assert answer.status_code == 303
    assert "未同意" in first.get(PATH).text
    assert site.as_("ganbu1").get(PATH).status_code == 403


def test_programs_put_it_forward_by_camundas_paths_and_agree_by_ours(site: Site) -> None:
    first, second = program(site, "liucheng"), program(site, "liucheng2")
    base = f"/engine-rest/process-definition/key/{KEY}"
    assert first.get(base)["suspended"] is False
    body = {"suspended": True, **WHY}
    refused = put(first, f"{base}/suspended", {**body, "includeProcessInstances": True}, 400)
    assert "暂停卷宗" in refused.json["message"]
    made = put(first, f"{base}/suspended", body).json
    (listed,) = first.get("/api/definition-switches")
    assert (listed["id"], listed["act"], listed["status"]) == (made["id"], "suspend", "proposed")
    first.post(f"/api/definition-switches/{made['id']}/confirm", status=403)
    done = second.post(f"/api/definition-switches/{made['id']}/confirm")
    assert done.json == {"versions": [1]}

    assert first.get(base)["suspended"] is True
    assert [one["key"] for one in first.get("/engine-rest/process-definition", suspended="true")] == [KEY]
    anew = {"processDefinitionKey": KEY, "suspended": False, **WHY}
    again = put(second, "/engine-rest/process-definition/suspended", anew).json
    second.post(f"/api/definition-switches/{again['id']}/reject", {"reason": "暂不恢复。"}, status=204)
    assert first.get(base)["suspended"] is True


def test_a_version_is_deleted_over_the_api_by_two(site: Site) -> None:
    found = proposed(site)
    proposals.approve(site.office, site.actor("liucheng2"), proposal_id=found.id, digest=found.digest)
    first, second = program(site, "liucheng"), program(site, "liucheng2")
    newest = first.get(f"/engine-rest/process-definition/key/{KEY}")["id"]
    path = f"/engine-rest/process-definition/{newest}"
    made = first.ask("DELETE", path, status=202, query_string={"reason": "写错了。"}).json
    second.post(f"/api/definition-switches/{made['id']}/confirm")

    assert first.get(f"/engine-rest/process-definition/key/{KEY}")["version"] == 1
    first.get(path, status=404)
    (left,) = first.get("/engine-rest/process-definition", key=KEY)
    assert left["version"] == 1
    refused = first.ask(
        "DELETE",
        f"/engine-rest/process-definition/{left['id']}",
        status=400,
        query_string={"reason": "不要了。"},
    )
    assert "随系统安装" in refused.json["message"]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/00000000-0000-7000-8000-000000000000/confirm"])
def test_nobody_else_reaches_the_page(site: Site, path: str) -> None:
    browser = site.as_("ganbu1")
    answer = browser.post(path) if path.endswith("confirm") else browser.get(path)
    assert answer.status_code in (403, 404)


def test_the_start_of_a_designer_names_nothing_that_is_not_there(site: Site) -> None:
    page = site.as_("liucheng").get("/inbox").get_data(as_text=True)

    assert "等待您复核" not in page
    assert "流程草稿0件" not in page
    assert "设计流程</a>" in page
