"""退回修改 on the task page: offered where the diagram draws it, with a reason the next person reads."""

from tests.site import Site
from tests.web.test_hostile_forms import ASSESSED

REASON = "情形与事实对应不上，请补充。"


def test_a_task_is_sent_back_with_a_reason_that_the_next_person_reads(site: Site) -> None:
    case = site.open_case()
    first = site.task(case, "assess")
    assert "退回理由" not in site.as_("ganbu1").get(f"/tasks/{first}").text
    done = site.as_("ganbu1").post(
        f"/tasks/{first}/complete", {**ASSESSED, "f.assessment_outcome": "open_case"}
    )
    assert done.status_code == 303
    leader, task = site.as_("fubuzhang1"), site.task(case, "propose_opening")
    assert "退回到“分析研判”" in leader.get(f"/tasks/{task}").text

    without = leader.post(f"/tasks/{task}/send_back", {"return_reason": " "})
    sent = leader.post(f"/tasks/{task}/send_back", {"return_reason": REASON})

    assert without.status_code == 422
    assert "请写明退回的理由" in without.text
    assert sent.status_code == 303
    again = site.as_("ganbu1").get(f"/tasks/{site.task(case, 'assess')}").text
    assert "退回修改：" + REASON in again
    assert "退回修改：“提出启动核实意见”" in again
    assert REASON not in site.as_("ganbu1").get(f"/tasks/{first}").text
