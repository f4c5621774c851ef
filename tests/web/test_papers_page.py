"""Papers say what was handed in and nothing more, to those who may see it; every opening is kept."""

from collections.abc import Mapping
from uuid import uuid4

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import Site
from webapp.domain import events
from webapp.exchange import lrmx
from webapp.persistence.models import cases, history, meetings, runtime
from webapp.services import people as verbs
from webapp.services import sealing

PROPOSED = {
    "name": "见任免审批表", "present_post": "城市更新局副局长", "main_facts": "推进不力。" * 400,
    "adjustment_reason": "人岗不相适", "posts_ended": "副局长职务", "filled_by": "何小雪",
}  # fmt: skip
TALKED = {
    "talk_place": "三楼谈话室",
    "reasons_notified": "平职调整",
    "subject_view": "接受",
    "mood_note": "需要多关心",
}


def done(
    site: Site, case_id: str, element: str, form_key: str, values: Mapping[str, object], by: str = "ganbu1"
) -> str:
    """A completed step of the case whose form holds the values → its task."""
    (case,) = site.rows(cases.case_file, id=case_id)
    instance = site.rows(runtime.process_instance, case_id=case_id)[0]
    task_id = scenes.put(
        site, runtime.work_item, instance_id=instance["id"], case_id=case_id, element_id=element, name=element,
        process_key="p01_down_adjustment", form_key=form_key, status="completed", opened_at=case["opened_at"],
        closed_at=case["opened_at"], completed_by=site.actor(by).user_id, locals={},
    )  # fmt: skip
    work = site.office.begin()
    with work:
        sealing.seal_values(work, values, case_id=case_id, owner_kind="form", owner_id=task_id)
        work.commit(events.Read(actor=site.actor(by), effective_at=work.now, facts={"what": "test"}))
    return task_id


@pytest.fixture
def case_id(site: Site) -> str:
    return site.open_case("苏白露")


def test_the_proposal_form_says_what_was_proposed_and_leaves_the_rest_blank(site: Site, case_id: str) -> None:
    done(site, case_id, "propose", "adjustment_proposal", PROPOSED)
    done(
        site,
        case_id,
        "consult_discipline",
        "consult_discipline",
        {"opinion_text": "没有影响调整的问题。", "signatory": "江立夏"},
    )

    paper = text(site.as_("ganbu1"), f"/papers/cases/{case_id}/proposal")

    assert "<td>苏白露</td>" in paper
    assert "见任免审批表" not in paper
    written = [words for key, words in PROPOSED.items() if key != "name"]
    for words in (*written, "没有影响调整的问题。", "江立夏", "调整建议表"):
        assert words in paper, words
    assert "（待填写）" in paper
    for never in ("None", "再上", site.rows(cases.case_file, id=case_id)[0]["number"], "巡察反馈"):
        assert never not in paper, never
    assert "调整建议表" in text(site.as_("ganbu1"), f"/cases/{case_id}")


def test_a_paper_of_a_case_just_begun_is_whole_and_empty(site: Site, case_id: str) -> None:
    for kind in ("proposal", "publicity"):
        paper = text(site.as_("ganbu1"), f"/papers/cases/{case_id}/{kind}")
        assert "（待填写）" in paper
        assert "None" not in paper


def test_a_talk_is_printed_without_what_the_office_notes_for_itself(site: Site, case_id: str) -> None:
    task = done(site, case_id, "talk", "down_talk", TALKED)

    paper = text(site.as_("ganbu1"), f"/papers/tasks/{task}")

    for words in ("调整谈话记录", "苏白露", "三楼谈话室", "平职调整", "接受", "以上记录已经本人核对。"):
        assert words in paper, words
    assert "需要多关心" not in paper
    assert "调整谈话记录（打印）" in text(site.as_("ganbu1"), f"/tasks/{task}")


def test_steps_without_a_paper_have_none(site: Site, case_id: str) -> None:
    assert site.as_("ganbu1").get(f"/papers/tasks/{site.task(case_id, 'assess')}").status_code == 404
    assert site.as_("ganbu1").get(f"/papers/tasks/{uuid4()}").status_code == 404


def test_the_approval_form_carries_what_the_case_proposes_and_no_id_number(site: Site, case_id: str) -> None:
    done(site, case_id, "propose", "adjustment_proposal", PROPOSED)

    plain = text(site.as_("ganbu1"), f"/papers/people/{site.person('苏白露')}/approval")
    paper = text(site.as_("ganbu1"), f"/papers/cases/{case_id}/approval")

    assert "苏白露" in plain
    assert "副局长职务" not in plain
    assert "副局长职务" in paper
    assert "人岗不相适" in paper


def test_ages_and_the_career_are_printed_as_the_form_has_them(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = lrmx.Member("女儿", "云小满", "200508", "共青团员", "学生")
    form = lrmx.Form(
        name="苏白露", born="197809", age_counted_on="20260301", id_number="990102197809011234", family=(member,),
        career="2000.07--2010.03  科员\n2010.03--        科长",
    )  # fmt: skip
    monkeypatch.setattr(verbs, "approval_form", lambda *_: form)

    paper = text(site.as_("ganbu1"), f"/papers/people/{site.person('苏白露')}/approval")

    for words in ("1978.09（47岁）", "<span>2010.03--        科长</span>", "云小满", "<td>20</td>"):
        assert words in paper, words
    assert "990102" not in paper
    assert paper.count('<tr class="relative">') == 10


def test_minutes_tell_results_of_all_items_and_nobodys_choice(site: Site, case_id: str) -> None:
    items = [scenes.item(site, one) for one in (case_id, site.open_case("顾半夏"))]
    room = scenes.opened(site, *items)
    counts = {"entitled": 7, "present": 7, "recused": 0, "agree": 6, "disagree": 0, "defer": 1, "abstain": 0}
    for one in items:
        site.change(meetings.agenda_item, {"id": one}, {"status": "decided", "result": "passed", **counts})

    whole = text(site.as_("jilu"), f"/papers/meetings/{room}/minutes")
    extract = text(site.as_("jilu"), f"/papers/meetings/{room}/minutes?item={items[0]}")
    opened = [row["body"] for row in site.rows(history.history_event, kind="read")]
    assert sum(b'"paper.minutes"' in body for body in opened) == 2

    for words in ("会议纪要", "应到7人，实到7人", "同意6票，不同意0票，缓议1票", "苏白露", "顾半夏"):
        assert words in whole, words
    assert "摘录" in extract
    assert "顾半夏　调整建议" not in extract
    assert site.as_("jilu").get(f"/papers/meetings/{room}/minutes?item={uuid4()}").status_code == 404
    for login in ("benren", "fgj1", "xitong", "heshi1"):
        assert site.as_(login).get(f"/papers/meetings/{room}/minutes").status_code == 404, login


def test_papers_do_not_exist_for_the_cadre_the_unit_the_recused_and_strangers(
    site: Site, case_id: str
) -> None:
    talk = done(site, case_id, "talk", "down_talk", TALKED)
    scenes.talked(site, case_id)
    paths = [f"/papers/cases/{case_id}/{kind}" for kind in ("proposal", "publicity", "approval")]
    paths += [f"/papers/tasks/{talk}", f"/papers/people/{site.person('苏白露')}/approval"]
    row = {"case_id": case_id, "person_id": site.actor("jiandu1").person_id, "reason": "declared"}
    scenes.put(site, cases.case_exclusion, **row, since=site.office.begin().now)

    refused = {
        (login, path): site.as_(login).get(path).status_code
        for login in ("benren", "fgj1", "liucheng", "xitong")
        for path in paths
    }
    kept_out = [site.as_("jiandu1").get(path).status_code for path in paths[:4]]

    assert {key: code for key, code in refused.items() if code not in (403, 404)} == {}
    assert kept_out == [404] * 4
    assert site.visitor().get(paths[0]).status_code in (302, 303)
    assert site.as_("ganbu1").get("/papers/cases/x/proposal").status_code == 404


def test_every_opening_is_kept_with_ids_and_without_names(site: Site, case_id: str) -> None:
    talk = done(site, case_id, "talk", "down_talk", TALKED)
    browser = site.as_("ganbu1")
    for path in (f"cases/{case_id}/proposal", f"tasks/{talk}", f"people/{site.person('苏白露')}/approval"):
        text(browser, f"/papers/{path}")

    bodies = [row["body"].decode() for row in site.rows(history.history_event, kind="read")]

    assert [
        sum(f'"{what}"' in body for body in bodies)
        for what in ("paper.proposal", "paper.record", "paper.approval")
    ] == [1, 1, 1]
    assert not any("苏白露" in body for body in bodies)
