"""Who sees which meeting and item: recorders, members, auditors; the persons concerned nothing of their own."""

from typing import Any

import pytest

from tests.queries import scenes
from tests.site import Site
from webapp.domain.errors import NotFound
from webapp.persistence.models import runtime
from webapp.queries import agenda, meetings
from webapp.services import meetings as verbs
from webapp.services import reads


def listed(site: Site, login: str, **asked: Any) -> meetings.MeetingsView:
    with reads.begin(site.office) as look:
        wanted = {"body": "", "state": "", "page": 1, **asked}
        return meetings.index(look, site.actor(login), day=site.today, **wanted)


def shown(site: Site, login: str, meeting_id: str) -> agenda.MeetingView:
    with reads.begin(site.office) as look:
        return agenda.show(
            look, site.actor(login), meeting_id, day=site.today, files=lambda _ids: {}, reasons={}
        )


@pytest.mark.parametrize("login", ["jilu", "fubuzhang1", "changwei03", "shenji"])
def test_recorder_member_head_and_auditor_see_a_department_meeting(site: Site, login: str) -> None:
    meeting_id = scenes.called(site, scenes.item(site, site.open_case()))

    assert [(row.id, row.items, row.expected) for row in listed(site, login).rows] == [(meeting_id, 1, 7)]


@pytest.mark.parametrize("login", ["ganbu1", "fgj1", "liucheng", "anquan", "changwei05"])
def test_nobody_else_sees_it(site: Site, login: str) -> None:
    meeting_id = scenes.called(site, scenes.item(site, site.open_case()))

    assert listed(site, login).rows == ()
    with pytest.raises(NotFound):
        shown(site, login, meeting_id)


def test_the_list_is_filtered_by_body_and_state_and_says_what_waits_for_the_recorder_only(
    any_site: Site,
) -> None:
    site = any_site
    case_id = site.open_case()
    scenes.called(site)
    scenes.item(site, case_id)

    assert len(listed(site, "jilu", body="dept", state="planned").rows) == 1
    assert listed(site, "jilu", body="committee").rows == ()
    assert listed(site, "jilu", state="closed").rows == ()
    assert [(one.subject, one.matter) for one in listed(site, "jilu").waiting] == [("钟谷雨", "调整建议")]
    assert listed(site, "fubuzhang1").waiting == ()
    assert (listed(site, "jilu").may_create, listed(site, "fubuzhang1").may_create) == (True, False)


def test_an_item_about_a_relative_does_not_exist_for_a_member(any_site: Site) -> None:
    site = any_site
    scenes.relate(site, "尹木香", "钟谷雨")
    first, second = site.open_case(), site.open_case("苏白露")
    meeting_id = scenes.called(site, scenes.item(site, first), scenes.item(site, second))

    assert [one.subject for one in shown(site, "fubuzhang3", meeting_id).items] == ["苏白露"]
    assert listed(site, "fubuzhang3").rows[0].items == 1
    others = shown(site, "fubuzhang1", meeting_id).items
    assert [one.subject for one in others] == ["钟谷雨", "苏白露"]
    assert [(line.name, line.reason) for line in others[0].recused] == [("尹木香", "与干部本人有亲属关系")]


def test_before_the_result_there_are_no_counts_and_only_the_own_choice(site: Site) -> None:
    item_id = scenes.item(site, site.open_case())
    meeting_id = scenes.opened(site, item_id)
    scenes.voting(site, item_id)
    verbs.vote(site.office.begin(), site.actor("fubuzhang1"), item_id=item_id, choice="disagree")

    (mine,) = shown(site, "fubuzhang1", meeting_id).items
    (other,) = shown(site, "fubuzhang2", meeting_id).items

    assert (mine.my_vote, mine.may_vote, mine.agree, mine.disagree) == ("disagree", False, None, None)
    assert (other.my_vote, other.may_vote, other.cast, other.not_cast) == ("", True, 1, 6)
    (chair,) = shown(site, "changwei03", meeting_id).items
    assert not chair.may_vote


def test_after_the_result_there_are_counts_with_their_arithmetic(site: Site) -> None:
    item_id = scenes.item(site, site.open_case())
    meeting_id = scenes.opened(site, item_id)
    counts = {"agree": 5, "disagree": 1, "defer": 1}
    verbs.record(site.office.begin(), site.actor("jilu"), item_id=item_id, counts=counts)

    (item,) = shown(site, "fubuzhang1", meeting_id).items

    assert (item.result, item.agree, item.disagree, item.defer, item.not_cast) == ("passed", 5, 1, 1, 0)
    assert item.recorded_by == "童远山"
    assert item.arithmetic[0].startswith("应到7人，实到7人")
    assert not item.may_record


def test_what_may_be_done_follows_the_state_and_the_role(site: Site) -> None:
    item_id = scenes.item(site, site.open_case())
    meeting_id = scenes.called(site, item_id)

    assert shown(site, "jilu", meeting_id).may == {"attend", "add_item", "change", "open"}
    assert shown(site, "fubuzhang1", meeting_id).may == frozenset()
    assert not shown(site, "jilu", meeting_id).has_quorum


def test_an_item_of_another_meeting_or_about_oneself_is_not_found(site: Site) -> None:
    item_id = scenes.item(site, site.open_case())
    meeting_id = scenes.called(site, item_id)
    # Found out later: nobody calls a meeting about a relative.
    scenes.relate(site, "童远山", "钟谷雨")

    with reads.begin(site.office) as look:
        agenda.require_item(look, site.actor("shenji"), meeting_id, item_id, site.today)
        wrong = (("jilu", meeting_id, item_id), ("shenji", item_id, item_id), ("shenji", meeting_id, "x"))
        for login, meeting, one in wrong:
            with pytest.raises(NotFound):
                agenda.require_item(look, site.actor(login), meeting, one, site.today)


def test_a_case_that_waits_for_a_meeting_says_so_in_the_list_and_on_its_page(site: Site) -> None:
    case_id = site.open_case("苏白露")
    scenes.item(site, case_id)
    site.change(runtime.work_item, {"case_id": case_id, "status": "open"}, {"status": "cancelled"})
    browser = site.as_("ganbu1")

    assert "等待部务会" in scenes.text(browser, "/cases")
    assert "等待部务会研究" in scenes.text(browser, f"/cases/{case_id}")
