"""The pages of corrections and changes of version: tried, put forward by one, agreed to by another."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.queries.scenes import text
from tests.site import Site
from webapp.domain.access import system_actor
from webapp.persistence.models import runtime
from webapp.persistence.models.corrections import correction, version_change
from webapp.services import deployments

WHY = "登记的情况有误，须重新登记。"
BACK = {"way": "assess register_signal", "reason": WHY}


@pytest.fixture
def case_id(site: Site) -> str:
    return site.open_case("苏白露")


@pytest.fixture
def path(site: Site, case_id: str) -> str:
    (row,) = site.rows(runtime.process_instance, case_id=case_id)
    return f"/corrections/{row['id']}"


def test_a_return_is_tried_put_forward_and_agreed_to_on_the_page(site: Site, case_id: str, path: str) -> None:
    section, head = site.as_("jiandu1"), site.as_("changwei03")
    assert "流程纠正" in text(section, f"/cases/{case_id}")
    assert "登记日常了解信息" in text(section, path)

    tried = section.post(f"{path}/return", {**BACK, "act": "try"})
    assert "没有改动流程" in tried.text
    assert "开始：“登记日常了解信息”。" in tried.text
    assert set(site.open_tasks(case_id)) == {"assess"}
    key = str(uuid4())
    for _ in range(2):
        assert section.post(f"{path}/return", {**BACK, "act": "propose"}, key=key).status_code == 303

    (row,) = site.rows(correction)
    assert WHY in text(head, path)
    assert "须由第二人" in section.post(f"{path}/{row['id']}/confirm").text
    assert head.post(f"{path}/{row['id']}/confirm").status_code == 303
    assert set(site.open_tasks(case_id)) == {"register_signal"}
    assert "已复核同意" in text(head, path)


def test_a_refusal_names_every_gate_and_keeps_what_was_chosen(site: Site, case_id: str, path: str) -> None:
    section = site.as_("jiandu1")
    wish = {"taken": "assess", "what": "before", "begin": "talk", "reason": WHY, "act": "propose"}
    answer = section.post(f"{path}/modify", wish)
    assert answer.status_code == 422
    assert "“分析研判”须由有权人员作出决定，不能跳过。" in answer.text
    assert "“常委会讨论决定”须等待会议" in answer.text
    assert section.post(f"{path}/return", {"way": "", "act": "propose"}).status_code == 422
    assert section.post(f"{path}/return", {**BACK, "reason": " ", "act": "propose"}).status_code == 422
    assert section.post(f"{path}/variables", {"act": "try"}).status_code == 422
    assert section.post(f"{path}/evaluate").status_code == 409
    assert site.rows(correction) == []
    assert set(site.open_tasks(case_id)) == {"assess"}


def test_strangers_find_no_process_and_who_runs_the_installation_no_case(
    site: Site, case_id: str, path: str
) -> None:
    assert site.as_("ganbu1").get(path).status_code == 403
    assert site.as_("benren").get(path).status_code in (403, 404)
    shown = text(site.as_("xitong"), path)
    assert "分析研判" in shown
    assert "苏白露" not in shown
    assert f"/cases/{case_id}" not in site.as_("xitong").get(path).text
    (number,) = [row["number"] for row in site.rows(runtime.process_instance.metadata.tables["case_file"])]
    assert "调整不适宜担任现职干部" in text(site.as_("xitong"), f"/corrections?q={number}")
    site.as_("jiandu1").post(f"{path}/return", {**BACK, "act": "propose"})
    assert WHY not in text(site.as_("xitong"), path)
    assert "反映程度" not in shown
    assert site.as_("xitong").post(f"{path}/variables", {"act": "try"}).status_code in (403, 422)
    assert site.as_("xitong").get(f"{path}/diagram").json["marks"]["assess"] == "active"


def test_what_waits_is_listed_and_refused_with_a_reason(site: Site, path: str) -> None:
    section, head = site.as_("jiandu1"), site.as_("changwei03")
    section.post(f"{path}/return", {**BACK, "act": "propose"})
    (row,) = site.rows(correction)
    assert "退回" in text(head, "/corrections")
    assert head.post(f"{path}/{row['id']}/reject", {"reason": ""}).status_code == 422
    assert head.post(f"{path}/{row['id']}/reject", {"reason": "不必退回。"}).status_code == 303
    shown = text(section, path)
    assert "不必退回" in shown
    assert "未同意" in shown


def second_version(site: Site) -> None:
    """p01 once more, with another name for one of its steps."""
    folder = Path(__file__).parents[2] / "workflows"
    (bundle,) = [one for one in deployments.read_folder(folder) if one.key == "p01_down_adjustment"]
    files = {
        name: data.replace("分析研判".encode(), "研究判断".encode()) for name, data in bundle.files.items()
    }
    deployments.deploy(
        site.office.begin(),
        system_actor("test"),
        deployments.Bundle(bundle.key, files),
        origin="installation",
    )


def test_running_cases_are_moved_to_another_version_on_the_page(site: Site, case_id: str, path: str) -> None:
    designer, head = site.as_("liucheng"), site.as_("changwei03")
    address = "/version-changes/new/p01_down_adjustment"
    assert designer.get(address).status_code == 404
    second_version(site)
    assert "迁移在办事项" in text(designer, "/designs/versions/p01_down_adjustment")
    tried = designer.get(address)
    assert "可以" in tried.text
    assert "苏白露" not in tried.text
    chosen = path.rpartition("/")[2]
    assert designer.post(address, {"act": "propose", "reason": "改名。"}).status_code == 422

    wish = {"act": "propose", "reason": "改名。", "instance": chosen}
    answer = designer.post(address, wish)

    assert answer.status_code == 303
    (row,) = site.rows(version_change)
    page = f"/version-changes/{row['id']}"
    assert designer.post(f"{page}/confirm").status_code == 403
    assert "换版" in text(head, "/corrections")
    assert head.post(f"{page}/confirm").status_code == 303
    assert "已换用第2版" in text(head, page)
    assert site.rows(runtime.work_item, case_id=case_id, status="open")[0]["name"] == "研究判断"
    assert head.post(f"{page}/reject", {"reason": "晚了。"}).status_code == 409
    assert site.as_("ganbu1").get(page).status_code == 403
