"""Substitutes: named by oneself, for ordinary tasks of a time, marked for ever, and never past a guard."""

from datetime import timedelta

import pytest

from tests.queries.scenes import text
from tests.site import Site, user_id
from webapp.domain.access import Actor
from webapp.domain.errors import NotAllowed, NotFound
from webapp.persistence.models import cases, history, identity, people, runtime
from webapp.services import tasks
from webapp.services.demo.organisation import fixed

ANSWERS = {
    "assessment_outcome": "watch", "assessment_opinion": "继续了解", "conclusion": "watch",
}  # fmt: skip
PLACE = fixed("organisation", "zzb")


def asked(site: Site, to: str = "jiandu1", **changes: str) -> dict[str, str]:
    day = site.today
    return {
        "substitute": user_id(to), "desk": f"cadre_section:{PLACE}", "valid_from": day.isoformat(),
        "valid_to": (day + timedelta(days=7)).isoformat(), "reason": "外出培训", **changes,
    }  # fmt: skip


def named(site: Site, to: str = "jiandu1", by: str = "ganbu1") -> str:
    """Whoever holds the section's role has a substitute → its id."""
    assert site.as_(by).post("/account/substitutes", asked(site, to)).status_code == 303
    return str(site.rows(identity.substitution, principal_id=user_id(by))[-1]["id"])


def offer(site: Site, task_id: str, role: str = "cadre_section") -> None:
    site.change(runtime.work_candidate, {"work_item_id": task_id}, {"role": role, "organisation_id": PLACE})


@pytest.fixture
def waiting(any_site: Site) -> tuple[Site, str, str]:
    """A case whose open task, which is not decisive, is offered to the cadre section alone → site, case, task."""
    case = any_site.open_case("钟谷雨", by="jiandu1")
    task = any_site.task(case, "assess")
    offer(any_site, task)
    any_site.change(runtime.work_item, {"id": task}, {"element_id": "file_papers"})
    return any_site, case, task


def claim(site: Site, login: str, task: str) -> None:
    tasks.claim(site.office.begin(), site.actor(login), task_id=task)


def test_a_substitute_sees_claims_and_does_the_task_and_both_names_stay(
    waiting: tuple[Site, str, str],
) -> None:
    site, case, task = waiting
    with pytest.raises((NotAllowed, NotFound)):
        claim(site, "dangan", task)
    named(site, "dangan")

    browser = site.as_("dangan")
    listed = text(browser, "/inbox?tab=stand_in")
    assert f"代 {site.actor('ganbu1').name}" in listed
    assert "钟谷雨" in listed
    assert f"您代理{site.actor('ganbu1').name}的“干部科”" in text(browser, f"/tasks/{task}")
    claim(site, "dangan", task)
    assert f"代 {site.actor('ganbu1').name}" in text(browser, "/inbox?tab=mine")
    assert "钟谷雨" not in text(site.as_("ganbu2"), "/inbox?tab=group")
    (row,) = site.rows(runtime.work_item, id=task)
    assert (row["assignee_id"], row["on_behalf_id"]) == (user_id("dangan"), user_id("ganbu1"))
    (event,) = site.rows(history.history_event, kind="task_claimed", case_id=case)
    assert f'"on_behalf_of":"{user_id("ganbu1")}"'.encode() in event["body"]
    told = text(site.as_("shenji"), f"/history/{event['stream']}:{event['seq']}")
    assert site.actor("ganbu1").name in told
    assert site.actor("dangan").name in told


def test_it_ends_by_date_and_by_hand_and_what_was_claimed_goes_back(waiting: tuple[Site, str, str]) -> None:
    site, _, task = waiting
    one = named(site, "dangan")
    claim(site, "dangan", task)
    assert site.as_("ganbu2").post(f"/account/substitutes/{one}/end").status_code == 404
    assert site.as_("anquan").post(f"/account/substitutes/{one}/end").status_code == 404

    assert site.as_("ganbu1").post(f"/account/substitutes/{one}/end").status_code == 303

    (row,) = site.rows(runtime.work_item, id=task)
    assert (row["assignee_id"], row["on_behalf_id"]) == (None, None)
    assert "代理待办" not in text(site.as_("dangan"), "/inbox")
    with pytest.raises((NotAllowed, NotFound)):
        claim(site, "dangan", task)
    assert site.as_("dangan").post(f"/account/substitutes/{one}/end").status_code == 409
    again = named(site, "dangan")
    claim(site, "dangan", task)
    yesterday = {"valid_from": site.today - timedelta(days=3), "valid_to": site.today - timedelta(days=1)}
    site.change(identity.substitution, {"id": again}, yesterday)
    assert "钟谷雨" in text(site.as_("ganbu2"), "/inbox?tab=group")
    with pytest.raises((NotAllowed, NotFound)):
        tasks.complete(site.office.begin(), site.actor("dangan"), task_id=task, posted=ANSWERS, key="late")
    claim(site, "ganbu2", task)


def test_a_substitute_gains_no_sight_no_office_and_names_nobody_further(
    waiting: tuple[Site, str, str],
) -> None:
    site, case, _ = waiting
    named(site, "peiyang")
    sub: Actor = site.actor("peiyang")
    assert "cadre_section" not in sub.roles_on(site.today)
    assert not sub.holds("cadre_section", PLACE, site.today)
    assert site.as_("peiyang").get("/cases/start").status_code == 403
    other = site.open_case("苏白露", by="jiandu1")
    offer(site, site.task(other, "assess"), "cadre_supervision")
    assert site.as_("peiyang").get(f"/cases/{other}").status_code == 404
    assert site.as_("peiyang").get(f"/cases/{case}").status_code == 200
    further = site.as_("peiyang").post("/account/substitutes", asked(site, "dangan"))
    assert further.status_code == 403
    assert "不能再委托" in further.text


def test_where_the_principal_steps_aside_or_has_acted_before_the_substitute_may_not(
    waiting: tuple[Site, str, str],
) -> None:
    site, case, task = waiting
    named(site, "dangan")
    kin = {
        "person_id": site.person("钟谷雨"),
        "relative_id": site.actor("ganbu1").person_id,
        "relation": "spouse",
    }
    with site.office.engine.begin() as connection:
        connection.execute(people.kinship.insert().values(**kin))
    assert "钟谷雨" not in text(site.as_("dangan"), "/inbox?tab=stand_in")
    with pytest.raises((NotAllowed, NotFound)):
        claim(site, "dangan", task)
    with site.office.engine.begin() as connection:
        connection.execute(people.kinship.delete().where(people.kinship.c.relative_id == kin["relative_id"]))
    claim(site, "dangan", task)
    assert site.rows(cases.case_exclusion, case_id=case) == []


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"desk": f"org_dept_head:{PLACE}"}, 403, "本人担任的岗位"),
        ({"substitute": ""}, 422, "请选择岗位和代理人"),
        ({"substitute": user_id("ganbu1")}, 422, "另一名同志"),
        ({"substitute": user_id("xinfang")}, 422, "同一单位"),
        ({"substitute": user_id("changwei03")}, 422, "科室工作人员"),
        ({"substitute": user_id("xitong")}, 422, "同一单位"),
        ({"valid_from": "2020-01-01"}, 422, "不能早于今天"),
        ({"valid_to": "2099-01-01"}, 422, "不超过92天"),
        ({"valid_to": ""}, 422, "截止日"),
        ({"reason": " "}, 422, "请写明委托代理的理由"),
    ],
)
def test_what_may_not_be_is_said(site: Site, changes: dict[str, str], status: int, said: str) -> None:
    answer = site.as_("ganbu1").post("/account/substitutes", asked(site, **changes))
    assert answer.status_code == status
    assert said in answer.text
    assert site.rows(identity.substitution) == []


def test_leaders_and_members_have_nobody_in_their_place(site: Site) -> None:
    for login, role in (("changwei03", "org_dept_head"), ("buwei1", "dept_meeting_member")):
        answer = site.as_(login).post("/account/substitutes", asked(site, desk=f"{role}:{PLACE}"))
        assert answer.status_code == 422
        assert "须本人办理" in answer.text


def test_two_substitutes_at_a_time_are_refused_and_both_find_it_on_their_record(site: Site) -> None:
    named(site)
    with pytest.raises(AssertionError):
        named(site, "dangan")
    streams = {row["stream"] for row in site.rows(history.history_event, kind="substitute_named")}
    assert streams == {f"user:{user_id('ganbu1')}", f"user:{user_id('jiandu1')}"}
    assert not any("外出培训".encode() in row["body"] for row in site.rows(history.history_event))
    assert "外出培训" in text(site.as_("jiandu1"), "/account")


def test_a_decisive_task_is_never_done_in_somebodys_place(any_site: Site) -> None:
    case = any_site.open_case("钟谷雨", by="jiandu1")
    task = any_site.task(case, "assess")
    offer(any_site, task)
    named(any_site, "dangan")
    with pytest.raises(NotAllowed, match="代理人不能办理"):
        claim(any_site, "dangan", task)
    assert "代理人不能办理" in text(any_site.as_("dangan"), f"/tasks/{task}")
