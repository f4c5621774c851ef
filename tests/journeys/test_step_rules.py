"""What the regulations ask of single steps beyond their forms, asked through the verbs."""

from datetime import date, timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, to_committee, to_tracking
from webapp.domain.errors import Invalid, NotAllowed, RuleBroken
from webapp.persistence.models import cases, people
from webapp.queries import cadres
from webapp.services import cases as case_verbs
from webapp.services import reads, tasks
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post
from webapp.services.demo.staff import PAPER
from webapp.services.paper import Paper

FOUND = {
    "severity": "medium", "violation_found": "no", "cause_kind": "personal", "will_ability": "willing",
    "situation_codes": ["U08_insufficient_ability"], "determination_outcome": "unsuited",
}  # fmt: skip


def verified(journey: Journey) -> str:
    """Signed by both verifiers, waiting for the determination."""
    case_id = journey.open_case(
        "ganbu1", CADRE, source="annual_appraisal", situation_codes=["U08_insufficient_ability"],
        severity_reported="high", source_count=2, credibility="plausible",
    )  # fmt: skip
    journey.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    given = {"conflict_declared": "no", "opening_proposal_outcome": "submit"}
    journey.do(case_id, "propose_opening", "fubuzhang1", **given)
    team = [journey.person("heshi1"), journey.person("heshi2")]
    journey.do(case_id, "approve_opening", "changwei03", opening_outcome="approved", verifiers=team)
    journey.do(case_id, "hear_subject", "heshi1", statement_listeners=team, statement_signed="signed")
    journey.do(case_id, "verify", "heshi2")
    journey.each(case_id, "sign_report", signature_outcome="signed")
    return case_id


def refused(journey: Journey, case_id: str, element: str, by: str, **given: object) -> list[str]:
    """The codes of the reasons for which the step is not completed."""
    task = journey.task(case_id, element)
    with pytest.raises(RuleBroken) as broken:
        journey.complete(by, task["id"], **given)
    return [one.code for one in broken.value.reasons]


def test_a_determination_waits_for_a_team_nobody_of_which_must_step_aside(journey: Journey) -> None:
    case_id = verified(journey)
    case_verbs.declare_recusal(
        journey.begin(),
        journey.actor("jiandu1"),
        case_id=case_id,
        person_id=journey.person("heshi2"),
        reason="亲属关系",
    )

    assert refused(journey, case_id, "determine", "fubuzhang1", **FOUND) == ["TEAM_RECUSAL"]
    journey.complete(
        "fubuzhang1",
        journey.task(case_id, "determine")["id"],
        **{**FOUND, "determination_outcome": "more_work"},
    )


def test_a_lighter_manner_than_advised_is_explained_and_goes_to_a_second_signer(journey: Journey) -> None:
    case_id = verified(journey)
    journey.do(case_id, "determine", "fubuzhang1", **{**FOUND, "situation_codes": ["U14_appraisal"]})
    asked = {**scenes.PLAIN, "manner": "lateral_transfer", "target_post_id": post(AWAY)}

    assert refused(journey, case_id, "propose", "ganbu1", **asked) == ["DEVIATION_REASON", "SECOND_SIGNATURE"]
    asked["deviation_reason"] = "近一年整改明显，群众认可。"
    assert refused(journey, case_id, "propose", "ganbu1", **asked) == ["SECOND_SIGNATURE"]
    journey.do(case_id, "propose", "ganbu1", **{**asked, "lighter_track": "yes"})
    assert journey.elements(case_id) == {"countersign_lighter"}


def decided(journey: Journey) -> str:
    """The committee has decided, the talk is due."""
    case_id = to_committee(journey)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    return case_id


def test_a_talk_follows_the_decision_and_is_not_dated_ahead(journey: Journey) -> None:
    case_id = decided(journey)
    talkers = [journey.person("changwei03"), journey.person("ganbu1")]
    asked = {"talk_outcome": "accepted", "talkers": talkers, "talk_signed": "signed"}
    early, late = journey.today - timedelta(days=1), journey.today + timedelta(days=1)

    assert refused(journey, case_id, "talk", "changwei03", **asked, talked_on=early) == ["TALK_EARLY"]
    with pytest.raises(Invalid) as ahead:
        journey.do(case_id, "talk", "changwei03", **asked, talked_on=late)
    assert "不能晚于今天" in ahead.value.problems["talked_on"]
    assert journey.case(case_id)["talked_on"] is None
    journey.do(case_id, "talk", "changwei03", **asked, talked_on=journey.today)
    assert journey.case(case_id)["talked_on"] == journey.today


def test_formalities_do_not_take_effect_before_the_decision(journey: Journey) -> None:
    case_id = decided(journey)
    talkers = [journey.person("changwei03"), journey.person("ganbu1")]
    journey.do(case_id, "talk", "changwei03", talk_outcome="accepted", talkers=talkers, talk_signed="signed")

    with pytest.raises(Invalid) as early:
        journey.do(case_id, "formalities", "ganbu1", effective_on=journey.today - timedelta(days=1))

    assert set(early.value.problems) == {"effective_on"}
    with pytest.raises(Invalid) as far:
        journey.do(case_id, "formalities", "ganbu1", effective_on="2042-03-10")
    assert "不能晚于今天" in far.value.problems["effective_on"]
    assert [row["valid_to"] for row in journey.rows(people.cadre, person_id=CADRE)] == [None]


def test_who_is_relieved_without_a_new_post_leads_nothing_and_has_no_title(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    journey.do(case_id, "propose", "ganbu1", manner="relieve_of_post", **scenes.PLAIN)
    journey.meet("dept", case_id)
    journey.do(case_id, "consult_discipline", "jiwei", discipline_opinion="agree")
    journey.do(case_id, "consult_leader", "changwei02", leader_opinion="agree")
    journey.do(case_id, "consolidate", "ganbu1", consultation_outcome="submit")
    journey.do(case_id, "check_materials", "fubuzhang2", materials_outcome="complete")
    journey.meet("committee", case_id)
    before = journey.row(people.cadre, person_id=CADRE, valid_to=None)
    journey.do(
        case_id, "record_decision", "shiweiban", legal_act_needed="no", decided_manner="relieve_of_post",
        tracking_class="A",
    )  # fmt: skip
    scenes.talk_and_appoint(journey, case_id)

    now = journey.row(people.cadre, person_id=CADRE, valid_to=None)
    assert journey.rows(people.appointment, person_id=CADRE, valid_to=None) == []
    assert (now["title"], now["is_leading"]) == ("干部", False)
    assert (now["rank"], now["unit_id"]) == (before["rank"], before["unit_id"])
    with reads.begin(journey.office) as look:
        (held,) = cadres.posts(look, [CADRE], journey.today).values()
    assert held.title == "干部"


def test_the_letter_to_the_assisting_manager_is_of_this_attempt(on_the_way_up: tuple[Journey, str]) -> None:
    journey, case_id = on_the_way_up
    manager = journey.rows(people.organisation, limit=1)[0]["id"]
    with journey.office.engine.begin() as connection:
        now = (people.cadre.c.person_id == CADRE) & people.cadre.c.valid_to.is_(None)
        connection.execute(people.cadre.update().where(now).values(dual_manager_id=manager))
    scenes.initiate(journey, case_id, branch="further_use", post_id=post("jyj:deputy"))
    begun = journey.today
    scenes.examine(journey, case_id, branch="further_use")
    journey.do(case_id, "consult", "ganbu1", consultation_outcome="agree")

    early = {"dual_sent_on": begun - timedelta(days=1)}
    assert refused(journey, case_id, "send_dual_letter", "ganbu1", **early) == ["DUAL_LETTER"]
    with pytest.raises(Invalid) as ahead:
        journey.do(case_id, "send_dual_letter", "ganbu1", dual_sent_on=journey.today + timedelta(days=1))
    assert "不能晚于今天" in ahead.value.problems["dual_sent_on"]
    journey.do(case_id, "send_dual_letter", "ganbu1", dual_sent_on=begun)
    assert journey.elements(case_id) == {"dual_reply"}


def test_a_decision_does_not_take_effect_before_it_was_made(journey: Journey) -> None:
    with pytest.raises(Invalid) as early:
        journey.open_case(
            "jiandu1", CADRE, "sanction", late_entry="no", track="party", kind="warning", tracking_class="A",
            decided_on=journey.today, effective_on=journey.today - timedelta(days=1),
        )  # fmt: skip

    assert set(early.value.problems) == {"effective_on"}
    assert journey.rows(cases.measure) == []
    assert journey.rows(cases.case_file) == []


def change(journey: Journey, table: object, where: dict[str, object], values: dict[str, object]) -> None:
    """Something happens outside the processes."""
    with journey.office.engine.begin() as connection:
        fits = [table.c[name] == value for name, value in where.items()]  # type: ignore[attr-defined]
        assert connection.execute(table.update().where(*fits).values(**values)).rowcount  # type: ignore[attr-defined]


def on_paper(journey: Journey, case_id: str, decided_on: date) -> None:
    """The first step of opening, done on paper by one of the deputy heads and entered by the section."""
    task_id = journey.task(case_id, "propose_opening")["id"]
    given = {"conflict_declared": "no", "opening_proposal_outcome": "submit"}
    posted, uploads = journey.answers(task_id, given)
    name = journey.row(people.person, id=journey.person("fubuzhang1"))["name"]
    tasks.complete(
        journey.begin(), journey.actor("ganbu1"), task_id=task_id, posted=posted, key="k", uploads=uploads,
        on_paper=Paper(decided_by=name, decided_on=decided_on, scans=[PAPER]),
    )  # fmt: skip


def assessed(journey: Journey) -> str:
    """A case waiting for the proposal to open it."""
    case_id = journey.open_case(
        "ganbu1", CADRE, source="annual_appraisal", situation_codes=["U08_insufficient_ability"],
        severity_reported="high", source_count=2, credibility="plausible",
    )  # fmt: skip
    journey.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    return case_id


def test_nothing_is_done_on_paper_before_the_step_began(journey: Journey) -> None:
    case_id = assessed(journey)

    with pytest.raises(Invalid) as early:
        on_paper(journey, case_id, journey.today - timedelta(days=1))

    assert set(early.value.problems) == {"paper_decided_on"}
    on_paper(journey, case_id, journey.today)


def test_of_two_namesakes_in_one_office_neither_is_guessed(journey: Journey) -> None:
    case_id = assessed(journey)
    name = journey.row(people.person, id=journey.person("fubuzhang1"))["name"]
    change(journey, people.person, {"id": journey.person("fubuzhang2")}, {"name": name})

    with pytest.raises(Invalid) as ambiguous:
        on_paper(journey, case_id, journey.today)

    assert "2名" in ambiguous.value.problems["paper_decided_by"]


def test_a_recusal_is_declared_for_oneself_and_for_others_by_who_supervises_only(journey: Journey) -> None:
    case_id = assessed(journey)
    about = {"case_id": case_id, "reason": "亲属关系"}

    with pytest.raises(NotAllowed):
        case_verbs.declare_recusal(
            journey.begin(), journey.actor("ganbu1"), person_id=journey.person("gwyk"), **about
        )
    for login, person in (("ganbu1", "ganbu1"), ("jiandu1", "gwyk"), ("fubuzhang1", "fubuzhang1")):
        case_verbs.declare_recusal(
            journey.begin(), journey.actor(login), person_id=journey.person(person), **about
        )


def test_a_member_of_the_deciding_body_is_not_kept_out_by_one_other_persons_entry(journey: Journey) -> None:
    case_id = assessed(journey)
    for member in ("changwei05", "buwei1"):
        with pytest.raises(NotAllowed, match="由本人声明"):
            case_verbs.declare_recusal(
                journey.begin(),
                journey.actor("jiandu1"),
                case_id=case_id,
                person_id=journey.person(member),
                reason="亲属关系",
            )
    assert journey.rows(cases.case_exclusion, case_id=case_id) == []


def test_a_relative_or_a_recused_colleague_is_not_picked_for_a_part_in_the_case(journey: Journey) -> None:
    case_id = assessed(journey)
    given = {"conflict_declared": "no", "opening_proposal_outcome": "submit"}
    journey.do(case_id, "propose_opening", "fubuzhang1", **given)
    first, second = journey.person("heshi1"), journey.person("heshi2")
    assert journey.relate(CADRE, first, "sibling", by="jiandu1")

    with pytest.raises(Invalid) as kin:
        journey.do(
            case_id, "approve_opening", "changwei03", opening_outcome="approved", verifiers=[first, second]
        )

    assert "verifiers" in kin.value.problems


def test_a_second_file_on_the_same_matter_is_refused_and_the_first_is_named(journey: Journey) -> None:
    case_id = assessed(journey)

    with pytest.raises(Invalid) as twice:
        assessed(journey)

    assert journey.case(case_id)["number"] in twice.value.problems["cadre"]
    case_verbs.declare_recusal(
        journey.begin(),
        journey.actor("ganbu1"),
        case_id=case_id,
        person_id=journey.person("ganbu1"),
        reason="",
    )
    with pytest.raises(Invalid) as unnamed:
        assessed(journey)
    assert journey.case(case_id)["number"] not in unnamed.value.problems["cadre"]


def test_a_supervisor_does_not_press_tomorrow_nor_accept_a_promise_of_yesterday(journey: Journey) -> None:
    case_id = to_tracking(journey)
    live_on = {"leave": ("hold_visit", "supervise_7")}
    scenes.live(journey, case_id, journey.today + timedelta(days=110), **live_on)
    tomorrow, yesterday = journey.today + timedelta(days=1), journey.today - timedelta(days=1)

    with pytest.raises(Invalid) as absurd:
        journey.do(case_id, "supervise_7", pressed_on=tomorrow, promised_on=yesterday)

    assert set(absurd.value.problems) == {"pressed_on", "promised_on"}
