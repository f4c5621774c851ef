"""After the talk the unit and the helper see the announced decision and what is theirs, never who said what."""

import pytest

from tests.site import Site
from webapp.persistence.models import cases, history, runtime
from webapp.services.demo import story


@pytest.fixture
def told(site: Site) -> tuple[Site, str]:
    """The demo's tracked cadre 苏白露, long after the talk → site, case."""
    story.load(site.office)
    (case,) = [row for row in site.rows(cases.case_file) if row["person_id"] == site.person("苏白露")]
    return site, case["id"]


def test_the_unit_reads_no_task_of_the_organs_in_charge(told: tuple[Site, str]) -> None:
    site, case_id = told
    unit = site.as_("fgj1")
    inside = [
        row
        for row in site.rows(runtime.work_item, case_id=case_id)
        if row["element_id"] in ("register_signal", "verify", "consult_discipline", "propose")
    ]

    answers = {row["element_id"]: unit.get(f"/tasks/{row['id']}").status_code for row in inside}

    assert answers == {
        "register_signal": 404,
        "verify": 404,
        "consult_discipline": 404,
        "propose": 404,
    }
    assert site.as_("ganbu1").get(f"/tasks/{inside[0]['id']}").status_code == 200


def test_the_units_page_of_the_case_shows_the_decision_and_nothing_of_the_debate(
    told: tuple[Site, str],
) -> None:
    site, case_id = told

    page = site.as_("fgj1").get(f"/cases/{case_id}").get_data(as_text=True)

    assert "影响期" in page
    for word in ("核实认定", "应到", "调整建议", "日常了解", "流程图："):
        assert word not in page
    instance = site.rows(runtime.process_instance, case_id=case_id)[0]["id"]
    assert site.as_("fgj1").get(f"/cases/{case_id}/diagrams/{instance}").status_code == 404
    assert site.as_("fgj1").post(f"/cases/{case_id}/verify", {}).status_code == 403


def test_the_unit_opens_no_record_of_the_history(told: tuple[Site, str]) -> None:
    site, case_id = told
    row = site.rows(history.history_event, case_id=case_id, kind="task_completed")[0]

    answer = site.as_("fgj1").get(f"/history/{row['stream']}:{row['seq']}")

    assert answer.status_code in (403, 404)
