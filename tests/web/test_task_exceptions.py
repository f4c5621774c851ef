"""A task left by an exception its diagram draws on it, with one press; none is offered elsewhere."""

from tests.queries.scenes import text
from tests.services import scenes
from tests.services.test_instance_commands import SHARED, THROWN
from tests.site import Site
from webapp.domain.access import system_actor
from webapp.persistence.models import runtime
from webapp.services import deployments, instances
from webapp.services.deployments import Bundle


def started(site: Site) -> tuple[str, str]:
    """A process with exceptions on its first task, on a case → the case, the task."""
    files = scenes.process("thrown", THROWN, SHARED)
    deployments.deploy(
        site.office.begin(), system_actor("test"), Bundle("thrown", files), origin="installation"
    )
    case_id = site.open_case("苏白露")
    instances.start(site.office.begin(), site.actor("ganbu1"), key="thrown", variables={}, case_id=case_id)
    return case_id, site.task(case_id, "a")


def test_who_may_do_the_task_escalates_it_or_leaves_it_as_drawn(site: Site) -> None:
    case_id, task_id = started(site)
    officer, path = site.as_("ganbu1"), f"/tasks/{task_id}/exception"
    assert "转入" in text(officer, f"/tasks/{task_id}")
    assert "名heard" in text(officer, f"/tasks/{task_id}")
    assert "名caught" not in text(site.as_("ganbu1"), f"/tasks/{site.task(case_id, 'assess')}")

    assert officer.post(path, {"kind": "escalation", "code": "late"}).status_code == 303
    assert {"a", "remind"} <= set(site.open_tasks(case_id))
    assert site.as_("jiandu1").post(path, {"kind": "error", "code": "no"}).status_code == 403
    assert officer.post(path, {"kind": "other", "code": "no"}).status_code == 422
    for _ in range(2):
        assert officer.post(path, {"kind": "error", "code": "no"}, key="once").status_code == 303

    assert "handle" in site.open_tasks(case_id)
    assert site.rows(runtime.work_item, id=task_id)[0]["status"] == "cancelled"


def test_a_gate_offers_no_exception(site: Site) -> None:
    case_id, task_id = started(site)
    given = {"f.outcome": "yes"}
    assert site.as_("ganbu1").post(f"/tasks/{task_id}/complete", given).status_code == 303
    gate = site.task(case_id, "g")
    assert "名caught_g" not in text(site.as_("ganbu1"), f"/tasks/{gate}")
