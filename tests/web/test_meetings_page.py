"""Meetings through the browser: called, opened, voted, recorded with a scan, closed; refusals said on the page."""

import io
from datetime import timedelta
from typing import Any

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site
from webapp.persistence.models import cases, history, meetings

SCAN = b"%PDF-1.7\nsigned minutes"


@pytest.fixture
def office(site: Site) -> Site:
    return scenes.with_pages(site)


def form(**changes: Any) -> dict[str, Any]:
    return {"f.body": "dept", "f.title": "第三次部务会", "f.held_on": "", "f.place": "三楼会议室", **changes}


def test_the_recorder_calls_a_meeting_with_an_agenda(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    recorder = office.as_("jilu")
    assert "钟谷雨" in text(recorder, "/meetings/new")

    answer = recorder.post("/meetings/new", form(**{"f.held_on": office.today.isoformat(), "item": item_id}))

    assert answer.status_code == 303
    page = text(recorder, answer.headers["Location"])
    assert "第三次部务会" in page
    assert "钟谷雨" in page
    assert "会议已安排" in page


def test_a_form_with_gaps_comes_back_as_typed(office: Site) -> None:
    answer = office.as_("jilu").post("/meetings/new", form(**{"f.title": ""}))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "三楼会议室" in page
    assert "请填写会次。" in page
    assert "请填写会议日期。" in page
    bare = office.as_("jilu").post("/meetings/new", form(**{"f.title": "", "f.place": ""})).text
    assert bare.index("请填写会次。") < bare.index("请填写会议日期。") < bare.index("请填写会议地点。")
    assert office.rows(meetings.meeting) == []


def test_a_reason_typed_beside_a_button_that_was_refused_is_given_back(office: Site) -> None:
    meeting = scenes.called(office, scenes.item(office, office.open_case()))
    asked = {"held_on": "2020-01-01", "reason": "部长外出调研，改期召开"}

    answer = office.as_("jilu").post(f"/meetings/{meeting}/move", asked)

    assert answer.status_code == 422
    assert "改期须晚于原定" in answer.text
    assert "您填写的理由没有提交：部长外出调研，改期召开" in answer.text


def test_choosing_the_body_draws_the_form_again_and_saves_nothing(office: Site) -> None:
    answer = office.as_("jilu").post("/meetings/new", form(redraw="conditions"))

    assert answer.status_code == 200
    assert "请填写" not in answer.get_data(as_text=True)
    assert office.rows(meetings.meeting) == []


def test_the_committees_office_is_offered_the_committee_alone(office: Site) -> None:
    page = text(office.as_("shiweiban"), "/meetings/new")

    assert 'value="committee"' in page
    assert 'value="dept"' not in page


@pytest.mark.parametrize("login", ["ganbu1", "fubuzhang1", "liucheng"])
def test_only_recorders_call_meetings(office: Site, login: str) -> None:
    assert office.as_(login).get("/meetings/new").status_code == 403
    full = form(**{"f.held_on": office.today.isoformat()})
    assert office.as_(login).post("/meetings/new", full).status_code == 403


def test_a_whole_meeting_from_signing_in_to_the_close(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.called(office, item_id)
    recorder, path = office.as_("jilu"), f"/meetings/{meeting_id}"
    people = scenes.members(office, meeting_id)
    seats = {f"attendance.{one}": "present" for one in people[1:]}
    away = {f"attendance.{people[0]}": "leave", f"reason.{people[0]}": "出差在外"}

    for verb, data in (
        ("attend", {**seats, **away}),
        ("open", {}),
        ("start_vote", {"item_id": item_id}),
    ):
        assert recorder.post(f"{path}/{verb}", data).status_code == 303, verb
    assert "出差在外" in text(recorder, path)
    logins = ["fubuzhang1", "fubuzhang2", "fubuzhang3", "buwei1", "buwei2", "buwei3", "changwei03"]
    for login in [one for one in logins if office.actor(one).person_id != people[0]]:
        voted = office.as_(login).post(
            f"{path}/vote", {"item_id": item_id, "choice": "agree", "confirmed": "1"}
        )
        assert voted.status_code == 303, login
    assert recorder.post(f"{path}/decide", {"item_id": item_id}).status_code == 303
    assert recorder.post(f"{path}/close", {"confirmed": "1"}).status_code == 303

    page = text(office.as_("fubuzhang1"), path)
    assert "同意（通过）" in page
    assert "已结束" in page
    (row,) = office.rows(meetings.agenda_item, id=item_id)
    assert (row["agree"], row["result"]) == (6, "passed")


def test_a_paper_entry_keeps_the_scan_on_the_case_and_says_so(office: Site) -> None:
    case_id = office.open_case()
    item_id = scenes.item(office, case_id)
    meeting_id = scenes.opened(office, item_id)
    votes = {"item_id": item_id, "agree": "6", "disagree": "1", "defer": "", "note": "票签存办公室"}

    answer = office.as_("jilu").post(
        f"/meetings/{meeting_id}/record",
        {**votes, "scan": (io.BytesIO(SCAN), "票签.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    (row,) = office.rows(meetings.agenda_item, id=item_id)
    assert (row["on_paper"], row["result"]) == (True, "passed")
    (file,) = office.rows(cases.attachment, case_id=case_id)
    assert (file["purpose"], file["size"]) == ("minutes", len(SCAN))
    page = text(office.as_("fubuzhang1"), f"/meetings/{meeting_id}")
    assert "票签.pdf" in page
    assert "童远山代录" in page
    (event,) = office.rows(history.history_event, kind="votes_recorded")
    assert "票签存办公室".encode() not in event["body"]


def test_the_day_after_the_page_says_that_votes_are_over_and_takes_the_signed_papers(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.opened(office, item_id)
    scenes.voting(office, item_id)
    path, ballot = f"/meetings/{meeting_id}", {"item_id": item_id, "choice": "agree", "confirmed": "1"}
    assert office.as_("fubuzhang1").post(f"{path}/vote", ballot).status_code == 303
    office.change(meetings.meeting, {"id": meeting_id}, {"held_on": office.today - timedelta(days=1)})

    said, way_out = "会后只能凭会议纸面记录（扫描件）代录结果", "此前在线所投的票作废"
    member = text(office.as_("fubuzhang2"), path)
    assert said in member
    assert "提交表决" not in member
    page = text(office.as_("jilu"), path)
    assert said in page
    assert way_out in page
    assert "计票并宣布结果" not in page
    refused = office.as_("fubuzhang2").post(f"{path}/vote", ballot)
    assert (refused.status_code, said in refused.text) == (422, True)
    entered = office.as_("jilu").post(
        f"{path}/record",
        {"item_id": item_id, "agree": "6", "silent": "1", "scan": (io.BytesIO(SCAN), "票签.pdf")},
        content_type="multipart/form-data",
    )
    assert entered.status_code == 303
    after = text(office.as_("fubuzhang1"), path)
    assert "此前在线所投的1票作废" in after
    assert "您已表决" not in after


def test_against_a_rule_the_meeting_page_says_why(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.called(office, item_id)

    answer = office.as_("jilu").post(f"/meetings/{meeting_id}/open")

    assert answer.status_code == 422
    assert "到会0人，会议须有不少于5名成员到会，请先登记到会" in answer.get_data(as_text=True)


@pytest.mark.parametrize("count", ["viele", "-1", "9999999", "٣"])
def test_a_count_that_is_no_number_is_refused(office: Site, count: str) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.opened(office, item_id)

    answer = office.as_("jilu").post(f"/meetings/{meeting_id}/record", {"item_id": item_id, "agree": count})

    assert answer.status_code == 422
    assert "票数应为数字" in answer.get_data(as_text=True)


def test_a_member_may_not_record_and_a_stranger_finds_no_meeting(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.opened(office, item_id)
    data = {"item_id": item_id, "agree": "7"}

    assert office.as_("fubuzhang1").post(f"/meetings/{meeting_id}/record", data).status_code == 403
    assert office.as_("fgj1").get(f"/meetings/{meeting_id}").status_code == 404
    assert office.as_("jilu").get("/meetings/not-a-meeting").status_code == 404


def test_for_a_relative_the_item_does_not_exist_by_any_verb(office: Site) -> None:
    scenes.relate(office, "尹木香", "钟谷雨")
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.opened(office, item_id)
    scenes.voting(office, item_id)
    member = office.as_("fubuzhang3")

    assert "钟谷雨" not in text(member, f"/meetings/{meeting_id}")
    vote = member.post(f"/meetings/{meeting_id}/vote", {"item_id": item_id, "choice": "agree"})
    assert vote.status_code == 404


def test_a_recusal_is_noted_and_further_items_are_placed_before_the_opening(office: Site) -> None:
    first, second = scenes.item(office, office.open_case()), scenes.item(office, office.open_case("苏白露"))
    meeting_id = scenes.called(office, first)
    recorder = office.as_("jilu")
    member = office.person("黎辛夷")
    assert "苏白露" in text(recorder, f"/meetings/{meeting_id}")

    noted = recorder.post(
        f"/meetings/{meeting_id}/recuse",
        {"item_id": first, "member_id": member, "reason": "曾为同一班子成员"},
    )
    placed = recorder.post(f"/meetings/{meeting_id}/add_item", {"item": second})

    assert (noted.status_code, placed.status_code) == (303, 303)
    page = text(office.as_("buwei1"), f"/meetings/{meeting_id}")
    assert "曾为同一班子成员" in page
    assert "讨论和表决时请离场" in page
    assert "苏白露" in page
    assert recorder.post(f"/meetings/{meeting_id}/add_item", {"item": "x"}).status_code == 422


def test_reading_a_meeting_is_recorded_before_the_answer(office: Site) -> None:
    case_id = office.open_case()
    meeting_id = scenes.called(office, scenes.item(office, case_id))

    text(office.as_("buwei1"), f"/meetings/{meeting_id}")

    (event,) = office.rows(history.history_event, kind="read", actor_id=office.actor("buwei1").user_id)
    assert meeting_id.encode() in event["body"]
    assert case_id.encode() in event["body"]
    assert "钟谷雨".encode() not in event["body"]


def test_an_item_is_made_secret_put_off_and_withdrawn_on_the_page(office: Site) -> None:
    first, second = (scenes.item(office, office.open_case(name)) for name in ("苏白露", "顾半夏"))
    meeting_id = scenes.called(office, first, second)
    recorder, path = office.as_("jilu"), f"/meetings/{meeting_id}"

    assert recorder.post(f"{path}/manner", {"item_id": first, "secret": "yes"}).status_code == 303
    assert "无记名" in text(recorder, path)
    refused = recorder.post(f"{path}/withdraw", {"item_id": second, "reason": "", "then": "later"})
    assert refused.status_code == 422
    assert "请写明撤回议题的理由" in refused.text
    presence = dict.fromkeys(scenes.members(office, meeting_id), "present")
    recorder.post(f"{path}/attend", {f"attendance.{one}": value for one, value in presence.items()})
    recorder.post(f"{path}/open")
    assert "暂缓表决" in text(recorder, path)

    answer = recorder.post(f"{path}/put_off", {"item_id": first, "reason": "分歧较大。"})

    assert answer.status_code == 303
    page = text(recorder, path)
    assert "暂缓表决的理由：分歧较大。" in page
    assert "列入以后的会议" in page
    assert recorder.post(f"{path}/reconsider", {"item_id": first, "reason": "x"}).status_code == 422
    assert office.as_("ganbu1").post(f"{path}/put_off", {"item_id": second, "reason": "x"}).status_code == 403


def test_a_meeting_is_called_with_secret_ballots_and_members_still_vote_on_their_screens(
    office: Site,
) -> None:
    item_id = scenes.item(office, office.open_case())
    recorder = office.as_("jilu")
    asked = form(**{"f.held_on": office.today.isoformat(), "item": item_id, "f.secret": "yes"})
    recorder.post("/meetings/new", asked)
    (meeting,) = office.rows(meetings.meeting)
    path = f"/meetings/{meeting['id']}"
    presence = dict.fromkeys(scenes.members(office, meeting["id"]), "present")
    recorder.post(f"{path}/attend", {f"attendance.{one}": value for one, value in presence.items()})
    recorder.post(f"{path}/open")
    recorder.post(f"{path}/start_vote", {"item_id": item_id})
    member = office.as_("fubuzhang1")
    assert "只计票数" in text(member, path)

    assert member.post(f"{path}/vote", {"item_id": item_id, "choice": "disagree"}).status_code == 303

    assert "您已表决。" in text(member, path)
    assert {row["person_id"] for row in office.rows(meetings.item_choice)} == {None}


def test_a_waiting_item_is_withdrawn_from_the_list(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    recorder = office.as_("jilu")
    assert "撤回以后" in text(recorder, "/meetings")

    answer = recorder.post(f"/meetings/waiting/{item_id}/withdraw", {"reason": "材料不全", "then": "later"})

    # This item was put on the list by hand: no process waits for what becomes of it.
    assert answer.status_code == 422
    assert office.rows(meetings.agenda_item)[0]["status"] == "waiting"


def test_a_meeting_that_does_not_come_about_is_moved_or_cancelled_on_its_page(office: Site) -> None:
    item_id = scenes.item(office, office.open_case())
    meeting_id = scenes.called(office, item_id)
    path, recorder = f"/meetings/{meeting_id}", office.as_("jilu")
    saturday = office.today + timedelta(days=7 + (5 - office.today.weekday()) % 7)

    moved = recorder.post(f"{path}/move", {"held_on": saturday.isoformat(), "reason": "主要领导出差"})
    assert moved.status_code == 303
    page = text(recorder, path)
    assert "会议曾改期：主要领导出差" in page
    assert "会议日期不是工作日" in page
    assert recorder.post(f"{path}/cancel", {"reason": " "}).status_code == 422
    assert recorder.post(f"{path}/cancel", {"reason": "到会人数不足"}).status_code == 303

    page = text(recorder, path)
    assert "会议已取消：到会人数不足" in page
    assert "取消会议</button>" not in page
    assert office.rows(meetings.agenda_item, id=item_id)[0]["status"] == "waiting"


def test_all_but_those_away_are_entered_as_present_at_once(office: Site) -> None:
    meeting_id = scenes.called(office, scenes.item(office, office.open_case()))
    recorder, path = office.as_("jilu"), f"/meetings/{meeting_id}"
    members = list(scenes.members(office, meeting_id))
    assert "其余全部到会并保存" in text(recorder, path)
    entered = {f"reason.{one}": "" for one in members} | {f"attendance.{members[-1]}": "leave"}

    answer = recorder.post(f"{path}/attend", {**entered, f"reason.{members[-1]}": "出差", "everyone": "yes"})

    assert answer.status_code == 303
    rows = office.rows(meetings.meeting_member, meeting_id=meeting_id)
    assert sorted(row["presence"] for row in rows) == ["leave"] + ["present"] * (len(members) - 1)
