"""The history pages: search by auditors and heads, one record with its sealed form for who is in charge."""

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import history, tracking
from webapp.services.demo import scenes as story
from webapp.services.demo.staff import Staff

SEALED = "巡察反馈推进重点任务不力。"


@pytest.fixture
def office(site: Site) -> Site:
    return scenes.with_pages(site)


def test_an_auditor_searches_and_opens_a_record_with_its_form(office: Site) -> None:
    case_id = office.open_case()
    browser = office.as_("shenji")

    listed = text(browser, "/history?kind=case_opened")
    shown = text(browser, f"/history/case:{case_id}:1")

    assert f"/history/case:{case_id}:1" in listed
    assert SEALED in shown
    reads = office.rows(history.history_event, kind="read", actor_id=office.actor("shenji").user_id)
    assert len(reads) == 3
    assert not any(SEALED.encode() in one["body"] for one in reads)


def test_the_unit_reads_no_record_of_what_the_organs_did(office: Site) -> None:
    case_id = office.open_case("苏白露")
    scenes.talked(office, case_id)

    assert office.as_("fgj1").get(f"/history/case:{case_id}:1").status_code == 404


def test_who_may_not_search_is_told_and_foreign_records_are_not_there(office: Site) -> None:
    case_id = office.open_case()

    assert office.as_("fgj1").get("/history").status_code == 403
    assert office.as_("fgj1").get(f"/history/case:{case_id}:1").status_code == 404
    assert office.as_("shenji").get("/history/nothing").status_code == 404


def test_a_wrong_date_is_said_beside_the_search_as_typed(office: Site) -> None:
    answer = office.as_("shenji").get("/history?since=2026-02-31&q=签收")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "日期请写成" in page
    assert "签收" in page


def test_every_record_of_a_case_that_came_down_and_is_tracked_can_be_read(office: Site) -> None:
    staff = Staff(office.office)
    case_id = story.open_and_verify(staff, office.person("苏白露"))
    post_id = story.post("fgj:rank")
    story.propose_and_consult(staff, case_id, manner="convert_to_rank_only", post_id=post_id)
    committee = staff.meet("committee", case_id)
    story.decide(staff, case_id, manner="convert_to_rank_only", post_id=post_id)
    story.talk_and_appoint(staff, case_id)
    story.set_up_tracking(staff, case_id, mentor=office.person("钟谷雨"))
    browser = office.as_("shenji")

    pages = [
        text(browser, f"/history/case:{case_id}:{row['seq']}")
        for row in office.rows(history.history_event, stream=f"case:{case_id}")
    ]

    assert len(pages) > 25
    assert any("随即办理：" in page for page in pages)
    assert "转任职级公务员" in text(browser, f"/meetings/{committee}")
    (plan,) = office.rows(tracking.tracking_plan, case_id=case_id)
    page = text(office.as_("jiandu1"), f"/tracking/{plan['id']}")
    assert "钟谷雨" in page
    assert "首次回访" in page
    assert "推进领导干部能上能下" in page
    assert "建立或并入跟踪管理方案" in page
    assert "确定帮带责任人（联系人）" in page
