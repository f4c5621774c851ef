"""The cadre's own page: nothing before the talk, afterwards what was told and never what was said about it."""

import re

import pytest

from tests.site import Site
from webapp.persistence.models import cases, history, tracking
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post
from webapp.services.demo.staff import Staff

CADRE = "苏白露"
NO_PROMISE = "影响期满不等于恢复原职务，也不必然提拔"
REPORTED = "匿名来信反映其与同事不和"
# What the cadre never reads (domain rule of silence), in the words of the demo and of the forms.
NEVER = (
    "联系类别", "应到", "赞成", "缓议", "表决", "反映来源", "思想情绪", "评价依据", "还有", "天后", "调整建议",
    "纪检监察机关意见", REPORTED,
)  # fmt: skip


@pytest.fixture
def staff(any_site: Site) -> Staff:
    return Staff(any_site.office, patience=5)


def decided(site: Site, staff: Staff) -> str:
    """A demotion decided by the committee, nobody told yet → case."""
    case_id = scenes.open_and_verify(staff, site.person(CADRE))
    to = post("fgj:rank")
    scenes.propose_and_consult(staff, case_id, manner="demotion", post_id=to)
    staff.meet("committee", case_id)
    scenes.decide(staff, case_id, manner="demotion", post_id=to)
    return case_id


def own_page(site: Site) -> str:
    """The cadre's page as text, without the head of every page."""
    answer = site.as_("benren").get("/mine")
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def talk(staff: Staff, case_id: str, **given: object) -> None:
    talkers = [staff.person("changwei03"), staff.person("ganbu1")]
    told = {
        "talk_outcome": "disputes", "talkers": talkers, "talk_signed": "signed",
        "reasons_notified": "连续两年重点任务未完成。", "subject_view": "服从决定，对第二项事实有不同看法。",
        "mood_note": "思想情绪：情绪低落。",
    }  # fmt: skip
    staff.do(case_id, "talk", "changwei03", **{**told, **given})


def test_nothing_shows_before_the_talk_and_what_was_told_after_it(any_site: Site, staff: Staff) -> None:
    case_id = decided(any_site, staff)
    subject = any_site.as_("benren")

    before = own_page(any_site)
    assert "目前没有需要您了解或办理的本人事项" in before
    assert "降职" not in before
    inbox = subject.get("/?tab=group").get_data(as_text=True)
    assert CADRE not in inbox[inbox.index("<main") :]
    for path in (f"/cases/{case_id}", "/history", "/cases?q=苏白露", "/tracking"):
        assert subject.get(path).status_code in (403, 404)

    talk(staff, case_id)
    page = own_page(any_site)

    for words in (
        "降职（不适宜担任现职）", "中共星屿市委员会", "《推进领导干部能上能下规定》", "24个月",
        "复核（公务员法）",
        "直接申诉（公务员法）", "次日起算", "连续两年重点任务未完成。",
        "服从决定，对第二项事实有不同看法。", "核实时告知的事实和本人说明",
        NO_PROMISE,
    ):  # fmt: skip
        assert words in page, words
    assert [words for words in NEVER if words in page] == []
    looks = any_site.rows(history.history_event, kind="read", actor_id=any_site.actor("benren").user_id)
    assert case_id.encode() in looks[-1]["body"]
    assert CADRE.encode() not in looks[-1]["body"]


def test_the_record_to_be_signed_stands_beside_the_form_and_a_finished_visit_on_the_own_page(
    site: Site,
) -> None:
    staff = Staff(site.office, patience=5)
    case_id = decided(site, staff)
    scenes.talk_and_appoint(staff, case_id)
    scenes.set_up_tracking(staff, case_id, mentor=site.person("钟谷雨"))
    told = {
        "visit_outcome": "held",
        "signing": "online",
        "difficulties": "孩子入学路远。",
        "others_view": REPORTED,
    }
    visit = site.rows(tracking.visit, case_id=case_id, status="planned")
    first = min(row["due_on"] for row in visit)
    scenes.live(staff, case_id, first, leave=("prepare_visit",))
    staff.do(case_id, "prepare_visit")
    staff.do(case_id, "hold_visit", **told)
    task_id = staff.task(case_id, "subject_sign")["id"]

    task = site.as_("benren").get(f"/tasks/{task_id}").get_data(as_text=True)
    page = own_page(site)

    for words in ("降职（不适宜担任现职）", "孩子入学路远。", NO_PROMISE, 'href="/mine"'):
        assert words in task, words
    assert REPORTED not in task
    assert "核实认定" not in task
    assert f"/tasks/{task_id}" in site.as_("benren").get("/mine").get_data(as_text=True)
    assert "孩子入学路远。" not in page, "the visit is not over"
    assert "钟谷雨" in page

    staff.do(case_id, "subject_sign", "benren", subject_answer="signed", subject_comment="无补充。")
    scenes.catch_up(staff, case_id)
    page = own_page(site)

    assert "孩子入学路远。" in page
    assert "无补充。" in page
    assert [words for words in NEVER if words in page] == []


def test_others_find_the_page_empty_and_no_entry_in_the_menu(site: Site) -> None:
    page = site.as_("ganbu1").get("/mine").get_data(as_text=True)

    assert "目前没有需要您了解或办理的本人事项" in page
    assert 'href="/mine"' not in page
    assert site.visitor().get("/mine").status_code in (302, 303)


def test_who_was_told_of_an_own_matter_finds_the_entry_whatever_the_role(site: Site) -> None:
    case_id = site.open_case(CADRE)
    clerk = site.actor("fgj1").person_id
    assert 'href="/mine"' not in site.as_("fgj1").get("/").get_data(as_text=True)

    site.change(cases.case_file, {"id": case_id}, {"person_id": clerk, "talked_on": site.today})

    assert 'href="/mine"' in site.as_("fgj1").get("/").get_data(as_text=True)
