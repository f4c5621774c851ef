"""A form handed in twice, by a double click or the back button, is done once and answered alike."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.queries import scenes
from tests.site import CADRE, Site, user_id
from webapp.persistence.models import administration, cases, designs, identity, meetings, people, runtime
from webapp.persistence.models.history import history_event
from webapp.services.demo.organisation import fixed

Asked = tuple[str, dict[str, Any], Any]
ZZB = fixed("organisation", "zzb")


def on_a_task(site: Site, what: str, **typed: str) -> tuple[str, dict[str, Any]]:
    task = site.task(site.open_case(), "assess")
    site.as_("ganbu1").post(f"/tasks/{task}/claim")
    return f"/tasks/{task}/{what}", dict(typed)


def comment(site: Site) -> Asked:
    return *on_a_task(site, "comment", text="请核对时间。"), cases.comment


def attachment(site: Site) -> Asked:
    return *on_a_task(site, "attach", note="原件"), cases.attachment


def release(site: Site) -> Asked:
    return *on_a_task(site, "release", reason="请另派"), None


def transfer(site: Site) -> Asked:
    case = site.open_case("苏白露")
    site.complete(
        site.task(case, "assess"), "jiandu1", assessment_outcome="open_case", assessment_text="建议启动。"
    )
    task = site.task(case, "propose_opening")
    site.as_("fubuzhang1").post(f"/tasks/{task}/claim")
    return f"/tasks/{task}/transfer", {"receiver": user_id("fubuzhang2"), "reason": "出差"}, None


def objection(site: Site) -> Asked:
    case, day = site.open_case(), site.today
    scenes.talked(site, case)
    notice = {"kind": "promotion", "starts_on": day, "working_days": 5, "ends_on": day, "closes_on": day}
    scenes.put(site, cases.publicity, case_id=case, status="open", **notice)
    typed = {"manner": "letter", "received_on": day.isoformat(), "text": "反映一件事"}
    return f"/cases/{case}/objections", typed, cases.objection


def suspension(site: Site) -> Asked:
    return f"/cases/{site.open_case()}/suspend", {"reason": "因病住院", "confirmed": "1"}, None


def recusal(site: Site) -> Asked:
    return (
        f"/cases/{site.open_case()}/recusal",
        {"reason": "同学关系", "confirmed": "1"},
        cases.case_exclusion,
    )


def meeting(site: Site) -> Asked:
    item = scenes.item(site, site.open_case())
    day = (site.today + timedelta(days=7)).isoformat()
    typed = {
        "f.body": "dept", "f.held_on": day, "f.place": "三楼会议室", "f.title": "第九次会议", "item": [item],
    }  # fmt: skip
    return "/meetings/new", typed, meetings.meeting


def appraisal(site: Site) -> Asked:
    typed = {"year": str(site.today.year - 1), "grade": "excellent"}
    return f"/people/{site.person(CADRE)}/appraisals", typed, None


def relative(site: Site) -> Asked:
    typed = {"name": "苏白露", "relation": "spouse", "source": "archive", "evidence": "履历表"}
    return f"/people/{site.person(CADRE)}/relatives", typed, people.kinship_request


def places(site: Site) -> Asked:
    unit = site.rows(people.organisation, name="星屿市教育局（示例）")[0]["id"]
    day = site.today.isoformat()
    typed = {
        "unit": unit,
        "level": "whole",
        "places": "9",
        "valid_from": day,
        "document_no": "星编办〔2026〕15号",
    }
    return "/lookups/quotas", typed, people.staffing_quota


def rule(site: Site) -> Asked:
    day = (site.today + timedelta(days=30)).isoformat()
    typed = {"key": "publicity_workdays", "value": "7", "valid_from": day, "document": "星组〔2026〕9号"}
    return "/rules/values", {**typed, "reason": "按通知执行"}, administration.rule_proposal


def substitute(site: Site) -> Asked:
    day = site.today
    typed = {
        "substitute": user_id("jiandu1"), "desk": f"cadre_section:{ZZB}", "valid_from": day.isoformat(),
        "valid_to": (day + timedelta(days=7)).isoformat(), "reason": "外出培训",
    }  # fmt: skip
    return "/account/substitutes", typed, identity.substitution


def role(site: Site) -> Asked:
    typed = {
        "f.user": user_id("jiandu1"), "f.role": "archive_section", "f.place": ZZB, "f.reason": "临时负责档案",
    }  # fmt: skip
    return "/accounts/propose", typed, identity.role_proposal


def draft(site: Site) -> Asked:
    return "/designs", {"key": "p_another", "name": "另一流程"}, designs.draft


def measure_change(site: Site) -> Asked:
    measure = scenes.measure(site, site.open_case())
    day = site.today.isoformat()
    typed = {
        "f.organ": "中共星屿市委",
        "f.document_no": "星委〔2026〕8号",
        "f.decided_on": day,
        "f.reason": "复查撤销",
    }
    return f"/measures/{measure}/changes/new/revoke", typed, cases.measure_change


ASKED: dict[str, tuple[str, Callable[[Site], Asked]]] = {
    "comment": ("ganbu1", comment), "attachment": ("ganbu1", attachment), "release": ("ganbu1", release),
    "transfer": ("fubuzhang1", transfer), "objection": ("xinfang", objection), "suspension": ("changwei03", suspension),
    "recusal": ("ganbu2", recusal), "meeting": ("jilu", meeting), "appraisal": ("ganbu1", appraisal),
    "relative": ("ganbu1", relative), "places": ("gwyk", places), "rule": ("anquan", rule),
    "substitute": ("ganbu1", substitute), "role": ("anquan", role), "draft": ("liucheng", draft),
    "measure change": ("ganbu1", measure_change),
}  # fmt: skip


def post(site: Site, login: str, path: str, typed: dict[str, Any], key: str, scan: str = "one") -> Any:
    """A browser posts; a file to be attached is made anew, as its stream is read once."""
    file = (
        {"file": (io.BytesIO(b"%PDF-1.7 " + scan.encode()), "原件.pdf")} if path.endswith("/attach") else {}
    )
    return site.as_(login).post(path, {**typed, **file}, key=key)


@pytest.mark.parametrize("what", ASKED)
def test_the_same_form_twice_is_done_once_and_answered_alike(site: Site, what: str) -> None:
    login, asked = ASKED[what]
    path, typed, table = asked(site)
    before = len(site.rows(table)) if table is not None else 0
    key = str(uuid4())

    first = post(site, login, path, typed, key)
    known = len(site.rows(history_event))
    second = post(site, login, path, typed, key)

    assert (first.status_code, second.status_code) == (303, 303), (first.text, second.text)
    assert second.location == first.location
    made = [row["kind"] for row in site.rows(history_event, order=("recorded_at",))[known:]]
    assert set(made) <= {"read"}
    if table is not None:
        assert len(site.rows(table)) == before + 1


@pytest.mark.parametrize("what", ["comment", "attachment", "objection", "appraisal"])
def test_what_was_altered_under_a_key_already_used_is_refused_and_not_taken_for_done(
    site: Site, what: str
) -> None:
    login, asked = ASKED[what]
    path, typed, _ = asked(site)
    key = str(uuid4())
    assert post(site, login, path, typed, key).status_code == 303
    before = [row for row in site.rows(history_event) if row["kind"] != "read"]

    changes = (
        {"text": "另一句话。"} if "text" in typed else {"grade": "competent"} if "grade" in typed else {}
    )
    answer = post(site, login, path, {**typed, **changes}, key, scan="two")

    assert answer.status_code == 422
    assert "提交编号已用于另一项操作" in answer.text
    assert [row for row in site.rows(history_event) if row["kind"] != "read"] == before


def test_what_is_kept_of_a_form_tells_nothing_of_what_was_written(site: Site) -> None:
    path, typed, _ = comment(site)
    post(site, "ganbu1", path, typed, "one")
    post(site, "ganbu1", path, typed, "two")

    kept = site.rows(runtime.idempotency, key=["one", "two"])

    assert "请核对" not in str(kept)
    assert len({row["request_digest"] for row in kept}) == 1
    site.app.secret_key = "another secret"
    answer = post(site, "ganbu1", path, typed, "one")
    assert answer.status_code != 303


def test_two_equal_comments_at_different_times_are_two(any_site: Site) -> None:
    path, typed, table = comment(any_site)
    for _ in range(2):
        assert post(any_site, "ganbu1", path, typed, str(uuid4())).status_code == 303
    key = str(uuid4())
    for _ in range(2):
        assert post(any_site, "ganbu1", path, typed, key).status_code == 303
    assert len(any_site.rows(table)) == 3
