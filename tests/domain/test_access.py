"""Who may see, claim, complete and hand on; recusal, silence, separation of duties, 三员分立."""

from datetime import date

import pytest

from webapp.domain.access import (
    Actor,
    Candidate,
    CaseFacts,
    Grant,
    TaskFacts,
    require_may_claim,
    require_may_complete,
    require_may_release,
    require_may_see_case,
    require_may_see_own_file,
    require_may_see_task,
    require_may_transfer,
    require_role,
    require_second_person,
    system_actor,
)
from webapp.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.domain.roles import APART, ROLES, reasons_against_holding
from webapp.domain.roles import role as role_of

DAY = date(2026, 11, 22)
ORG, UNIT, COMMITTEE = "org-dept", "water-bureau", "city-committee"
BODIES = {"org_dept": ORG, "unit": UNIT, "committee": COMMITTEE}


def actor(name, *roles, organisation=ORG, person=True, **grant):
    grants = tuple(Grant(role, organisation, date(2020, 1, 1), **grant) for role in roles)
    return Actor(f"user-{name}", f"person-{name}" if person else None, name, grants=grants)


def case(**changes):
    return CaseFacts(**{
        "case_id": "case", "subject_person_id": "person-zhong", "silent": True, "organisations": BODIES, **changes,
    })  # fmt: skip


def task(*roles, facts=None, **changes):
    places = (facts or case()).organisations
    known = frozenset(Candidate(code, places.get(role_of(code).body)) for code in roles)
    return TaskFacts(
        **{"task_id": "task", "element_id": "review", "state": "open", "candidates": known, **changes}
    )


def may(guard, who, one):
    """Whether the guard lets somebody through."""
    try:
        guard(who, one, case(), DAY)
    except (NotFound, NotAllowed, Conflict, RuleBroken):
        return False
    return True


def test_a_grant_holds_from_its_first_to_its_last_day_at_its_organisation():
    chen = actor("chen", "cadre_section", valid_to=date(2026, 11, 22))
    assert chen.roles_on(DAY) == {"cadre_section"}
    assert chen.holds("cadre_section", ORG, DAY)
    assert not chen.holds("cadre_section", UNIT, DAY)
    assert chen.roles_on(date(2026, 11, 23)) == frozenset()
    assert chen.roles_on(date(2019, 12, 31)) == frozenset()


def test_a_candidate_claims_completes_and_releases():
    chen = actor("chen", "cadre_section")
    free, held = task("cadre_section"), task("cadre_section", assignee="user-chen")

    assert may(require_may_claim, chen, free)
    assert may(require_may_complete, chen, held)
    assert may(require_may_release, chen, held)
    assert not may(require_may_release, chen, free), "nothing is held"


def test_the_same_role_at_another_organisation_sees_nothing():
    other = actor("other", "cadre_section", organisation="other-city")
    for guard in (require_may_claim, require_may_complete, require_may_release):
        with pytest.raises(NotFound):
            guard(other, task("cadre_section"), case(), DAY)


def test_another_role_of_the_office_sees_the_case_but_may_not_act():
    li = actor("li", "cadre_supervision")
    require_may_see_case(li, case(), DAY)
    with pytest.raises(NotAllowed, match="干部科"):
        require_may_claim(li, task("cadre_section"), case(), DAY)


def test_chen_may_not_complete_or_claim_or_release_wangs_task():
    chen = actor("chen", "cadre_section")
    held = task("cadre_section", assignee="user-wang")
    with pytest.raises(Conflict):
        require_may_claim(chen, held, case(), DAY)
    with pytest.raises(Conflict):
        require_may_complete(chen, held, case(), DAY)
    with pytest.raises(NotAllowed):
        require_may_release(chen, held, case(), DAY)


def test_a_done_task_and_a_closed_case_take_no_more_work():
    chen = actor("chen", "cadre_section")
    with pytest.raises(Conflict):
        require_may_complete(chen, task("cadre_section", state="done"), case(), DAY)
    with pytest.raises(Conflict):
        require_may_complete(chen, task("cadre_section"), case(is_open=False), DAY)


def test_a_grant_that_ended_gives_nothing_any_more():
    chen = actor("chen", "cadre_section", valid_to=date(2026, 11, 21))
    with pytest.raises(NotFound):
        require_may_complete(chen, task("cadre_section", assignee="user-chen"), case(), DAY)


@pytest.mark.parametrize("changes", [
    {"subject_person_id": "person-chen"},
    {"relatives": frozenset({"person-chen"})},
    {"excluded": frozenset({"person-chen"})},
])  # fmt: skip
def test_the_own_case_a_relatives_case_and_a_recused_case_do_not_exist(changes):
    chen = actor("chen", "cadre_section", "org_dept_head")
    facts = case(silent=False, **changes)
    for guard in (require_may_claim, require_may_complete, require_may_release, require_may_see_task):
        with pytest.raises(NotFound):
            guard(chen, task("cadre_section"), facts, DAY)
    with pytest.raises(NotFound):
        require_may_see_case(chen, facts, DAY)


@pytest.mark.parametrize("role", ["unit_party_org", "unit_personnel", "mentor"])
def test_the_unit_and_the_helper_see_nothing_before_the_talk(role):
    someone = actor("unit", role, organisation=UNIT)
    with pytest.raises(NotFound):
        require_may_complete(someone, task(role), case(silent=True), DAY)
    require_may_complete(someone, task(role), case(silent=False), DAY)


def test_a_named_helper_waits_for_the_talk_as_well():
    helper = actor("helper")
    facts = {"named": {"mentor": frozenset({"person-helper"})}}
    with pytest.raises(NotFound):
        require_may_claim(helper, task("mentor"), case(silent=True, **facts), DAY)
    require_may_claim(helper, task("mentor"), case(silent=False, **facts), DAY)


def test_an_officer_who_also_holds_a_unit_role_may_not_do_the_units_task_before_the_talk():
    both = Actor(
        "user-both",
        "person-both",
        "双岗",
        grants=(
            Grant("cadre_section", ORG, date(2020, 1, 1)),
            Grant("unit_party_org", UNIT, date(2020, 1, 1)),
        ),
    )
    require_may_see_case(both, case(), DAY)
    with pytest.raises(NotAllowed):
        require_may_claim(both, task("unit_party_org"), case(silent=True), DAY)


def test_the_cadre_reads_the_own_summary_and_does_the_own_task_only_after_the_talk():
    zhong = actor("zhong")
    own = task("subject")
    with pytest.raises(NotFound):
        require_may_see_own_file(zhong, case(silent=True))
    with pytest.raises(NotFound):
        require_may_complete(zhong, own, case(silent=True), DAY)
    told = case(silent=False)
    require_may_see_own_file(zhong, told)
    require_may_complete(zhong, own, told, DAY)
    with pytest.raises(NotFound):
        require_may_see_case(zhong, told, DAY)
    with pytest.raises(NotFound):
        require_may_complete(zhong, task("cadre_section"), told, DAY)
    with pytest.raises(NotFound):
        require_may_see_own_file(actor("chen"), told)


def test_a_team_named_in_the_case_works_on_it_without_a_grant():
    wang = actor("wang")
    facts = case(named={"verification_team": frozenset({"person-wang"})})
    require_may_complete(wang, task("verification_team"), facts, DAY)
    with pytest.raises(NotFound):
        require_may_complete(actor("zhao"), task("verification_team"), facts, DAY)


def test_a_person_named_by_the_diagram_is_a_candidate():
    wang = actor("wang", "cadre_supervision")
    assert may(require_may_claim, wang, task(candidate_people=frozenset({"person-wang"})))
    assert not may(require_may_claim, wang, task(candidate_people=frozenset({"person-zhao"})))


def test_who_proposed_does_not_approve_not_even_from_a_second_account():
    facts = case(done_by={"propose": frozenset({"person-chen"})})
    approval = task("org_dept_deputy_head", separate_from=frozenset({"propose"}))
    second_account = Actor(
        "user-chen-2", "person-chen", "陈", grants=(Grant("org_dept_deputy_head", ORG, date(2020, 1, 1)),)
    )
    with pytest.raises(NotAllowed, match="相互分离"):
        require_may_complete(second_account, approval, facts, DAY)
    require_may_complete(actor("wang", "org_dept_deputy_head"), approval, facts, DAY)


def test_a_substitute_acts_but_not_decisively_and_not_for_the_recused():
    sub = actor("sub", "org_dept_deputy_head", on_behalf_of="person-head")
    require_may_complete(sub, task("org_dept_deputy_head"), case(), DAY)
    own_grant = Grant("cadre_section", ORG, date(2020, 1, 1))
    insider = Actor(sub.user_id, sub.person_id, sub.name, grants=(*sub.grants, own_grant))
    with pytest.raises(NotAllowed, match="代理"):
        require_may_complete(insider, task("org_dept_deputy_head", is_decisive=True), case(), DAY)
    recused = case(excluded=frozenset({"person-head"}))
    with pytest.raises(NotAllowed):
        require_may_complete(insider, task("org_dept_deputy_head"), recused, DAY)
    with pytest.raises(NotFound):
        require_may_see_case(sub, case(relatives=frozenset({"person-head"})), DAY)


def test_the_system_completes_what_is_not_decisive_and_claims_nothing():
    timer = system_actor("job 7, p02 v3")
    require_may_complete(timer, task("cadre_section"), case(), DAY)
    with pytest.raises(NotAllowed):
        require_may_complete(timer, task("cadre_section", is_decisive=True), case(), DAY)
    with pytest.raises(NotAllowed):
        require_may_claim(timer, task("cadre_section"), case(), DAY)
    require_may_release(timer, task("cadre_section", assignee="user-gone"), case(), DAY)


def test_decisive_acts_are_never_handed_on():
    chen, wang = actor("chen", "cadre_section"), actor("wang", "cadre_section")
    held = task("cadre_section", assignee="user-chen")
    require_may_transfer(chen, wang, held, case(), DAY)
    decisive = task("cadre_section", assignee="user-chen", is_decisive=True)
    with pytest.raises(NotAllowed, match="不得转办"):
        require_may_transfer(chen, wang, decisive, case(), DAY)


def test_handing_on_to_a_relative_or_an_outsider_gives_the_same_answer():
    chen = actor("chen", "cadre_section")
    held = task("cadre_section", assignee="user-chen")
    answers = set()
    for receiver, facts in (
        (actor("kin", "cadre_section"), case(relatives=frozenset({"person-kin"}))),
        (actor("outsider"), case()),
        (actor("li", "cadre_supervision"), case()),
    ):
        with pytest.raises(NotAllowed) as refused:
            require_may_transfer(chen, receiver, held, facts, DAY)
        answers.add(refused.value.sentence)
    assert len(answers) == 1


def test_a_task_is_not_handed_to_oneself_or_the_system():
    chen = actor("chen", "cadre_section")
    held = task("cadre_section", assignee="user-chen")
    for receiver in (chen, system_actor("job")):
        with pytest.raises(NotAllowed):
            require_may_transfer(chen, receiver, held, case(), DAY)
    with pytest.raises(Conflict):
        require_may_transfer(chen, actor("wang", "cadre_section"), task("cadre_section"), case(), DAY)


@pytest.mark.parametrize("role", sorted(APART))
def test_administrators_designers_and_auditors_act_on_no_case_even_with_a_stray_grant(role):
    stray = Actor(
        "user-x",
        "person-x",
        "甲",
        grants=(Grant(role, None, date(2020, 1, 1)), Grant("cadre_section", ORG, date(2020, 1, 1))),
    )
    with pytest.raises((NotAllowed, NotFound)):
        require_may_complete(stray, task("cadre_section"), case(), DAY)


def test_auditors_read_cases_and_other_administrators_do_not():
    require_may_see_case(actor("a", "auditor", organisation=None), case(), DAY)
    for role in ("system_admin", "security_admin", "process_designer"):
        with pytest.raises(NotFound):
            require_may_see_case(actor("a", role, organisation=None), case(), DAY)
    own = case(subject_person_id="person-a")
    with pytest.raises(NotFound):
        require_may_see_case(actor("a", "auditor", organisation=None), own, DAY)


def test_the_three_administrators_are_three_persons_and_do_no_business():
    assert reasons_against_holding(["system_admin", "audit_admin"])
    assert reasons_against_holding(["security_admin", "audit_admin"])
    assert reasons_against_holding(["system_admin", "security_admin"])
    assert reasons_against_holding(["process_designer", "cadre_section"])
    assert reasons_against_holding(["auditor", "committee_member"])
    assert not reasons_against_holding(["auditor", "audit_admin"])
    assert not reasons_against_holding(["cadre_section", "visitor", "meeting_recorder"])
    assert len(reasons_against_holding(["system_admin", "audit_admin", "cadre_section"])) == 3


def test_the_second_person_is_another_one():
    require_second_person(actor("wang"), ["person-chen"])
    with pytest.raises(NotAllowed):
        require_second_person(actor("chen"), ["person-chen"])


def test_a_missing_role_is_named_in_chinese():
    with pytest.raises(NotAllowed, match="组织部部长"):
        require_role(actor("chen", "cadre_section"), "org_dept_head", day=DAY)


def test_a_substitute_is_kept_apart_with_whom_it_stands_in_for():
    grant = Grant(
        "cadre_section", ORG, date(2020, 1, 1), on_behalf_of="person-chen", principal=("user-chen", "陈")
    )
    sub = Actor("user-li", "person-li", "李", grants=(grant,))
    asked = task("cadre_section", separate_from=frozenset({"propose"}))
    require_may_complete(sub, asked, case(done_by={"propose": frozenset({"user-wang"})}), DAY)
    for behind in ("user-chen", "person-chen", "user-li"):
        with pytest.raises(NotAllowed):
            require_may_complete(sub, asked, case(done_by={"propose": frozenset({behind})}), DAY)


def test_a_task_without_a_case_is_for_its_candidates():
    review = TaskFacts("task", "review", "open", frozenset({Candidate("process_designer", None)}))
    designer = actor("d", "process_designer", organisation=None)
    require_may_complete(designer, review, None, DAY)
    with pytest.raises(NotFound):
        require_may_complete(actor("chen", "cadre_section"), review, None, DAY)


def test_every_role_has_its_own_code_a_chinese_name_and_a_body():
    assert len({r.code for r in ROLES}) == len(ROLES)
    assert all(r.zh and r.body for r in ROLES)
    assert {r.body for r in ROLES} == {
        "org_dept", "committee", "discipline", "unit", "superior", "installation",
    }  # fmt: skip


def test_the_helper_of_the_cadre_steps_aside_where_the_diagram_says_so():
    helper, own = actor("chen", "cadre_section"), case(mentors=frozenset({"person-chen"}))
    require_may_claim(helper, task("cadre_section"), own, DAY)
    with pytest.raises(NotAllowed, match="回避"):
        require_may_claim(helper, task("cadre_section", recusal=frozenset({"mentor"})), own, DAY)
    stand_in = actor("li", "cadre_section", on_behalf_of="person-chen")
    with pytest.raises(NotAllowed):
        require_may_claim(stand_in, task("cadre_section", recusal=frozenset({"mentor"})), own, DAY)


def test_the_cadre_cannot_be_named_for_a_task_that_is_not_the_cadres_own():
    subject, named = actor("zhong"), {"candidate_people": frozenset({"person-zhong"})}
    require_may_claim(subject, task(**named), case(silent=False), DAY)
    with pytest.raises(NotFound):
        require_may_claim(subject, task(**named, recusal=frozenset({"subject"})), case(silent=False), DAY)
