"""Verification, proposal, talk, execution, appeals and the kinds of event."""

from datetime import UTC, date, datetime

import pytest

from webapp.domain import appeals, events
from webapp.domain.access import Actor, system_actor
from webapp.domain.adjustment import (
    Proposal,
    Talk,
    Verification,
    reasons_against_finding,
    reasons_against_proposal,
    reasons_against_talk,
)
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.workdays import Calendar

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
CHEN = Actor("user-chen", "person-chen", "陈")


def codes(reasons):
    return [reason.code for reason in reasons]


def verification(**changes):
    return Verification(**{
        "team": ("a", "b"), "signed_by": frozenset({"a", "b"}), "subject_heard": True,
        "findings": {"U08_insufficient_ability": "met"}, **changes,
    })  # fmt: skip


def test_a_verification_with_a_signed_team_of_two_and_a_heard_subject_stands():
    assert codes(reasons_against_finding(verification())) == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"team": ("a",)}, "TEAM"),
    ({"signed_by": frozenset({"a"})}, "TEAM_UNSIGNED"),
    ({"barred": frozenset({"b"})}, "TEAM_RECUSAL"),
    ({"subject_heard": False}, "SUBJECT_UNHEARD"),
    ({"findings": {}}, "FINDING_MISSING"),
    ({"findings": {"U01": ""}}, "FINDING_MISSING"),
])  # fmt: skip
def test_a_verification_lacking_anything_is_refused(changes, code):
    assert codes(reasons_against_finding(verification(**changes))) == [code]


def test_leaving_the_advised_manner_is_explained_and_a_lighter_one_countersigned():
    advised = frozenset({"convert_to_rank_only", "relieve_of_post"})

    def found(manner, reason="", *, countersigned=False, advised=advised):
        return codes(reasons_against_proposal(Proposal(manner, advised, reason, countersigned)))

    assert found("relieve_of_post") == []
    assert found("demotion", advised=frozenset()) == []
    assert found("lateral_transfer") == ["DEVIATION_REASON", "SECOND_SIGNATURE"]
    assert found("lateral_transfer", "客观条件所致") == ["SECOND_SIGNATURE"]
    assert found("lateral_transfer", "客观条件所致", countersigned=True) == []
    assert found("demotion") == ["DEVIATION_REASON"]
    assert found("demotion", "屡次提醒仍不改正") == []


def test_a_talk_follows_the_decision_by_two_with_notice_of_remedy():
    good = Talk(TODAY, ("a", "b"), remedy_notified=True, subject_signed=True)
    assert codes(reasons_against_talk(good, decided_on=date(2026, 11, 20), today=TODAY)) == []
    assert codes(reasons_against_talk(good, decided_on=None, today=TODAY)) == ["TALK_EARLY"]
    assert codes(reasons_against_talk(good, decided_on=TODAY, today=date(2026, 11, 21))) == ["TALK_LATE"]
    bad = Talk(date(2026, 11, 1), ("a", "a"), remedy_notified=False, subject_signed=False)
    assert codes(reasons_against_talk(bad, decided_on=date(2026, 11, 20), today=TODAY)) == [
        "TALK_EARLY", "TALKERS", "REMEDY", "SUBJECT_SIGNATURE",
    ]  # fmt: skip


def test_a_review_is_filed_within_thirty_days_and_a_party_appeal_at_any_time():
    calendar = Calendar({}, frozenset({2026}))
    last = appeals.file_by(appeals.window("review"), date(2026, 11, 2), calendar)
    assert last.on == date(2026, 12, 2)
    assert appeals.is_in_time(last, date(2026, 12, 2))
    assert not appeals.is_in_time(last, date(2026, 12, 3))
    assert appeals.file_by(appeals.window("party_appeal"), TODAY, calendar) is None
    assert appeals.is_in_time(None, date(2040, 1, 1))
    assert appeals.decide_by(
        appeals.window("sanction_second_review"), date(2026, 8, 31), calendar
    ).on == date(2026, 11, 2)
    with pytest.raises(NotFound):
        appeals.window("petition_to_heaven")


def test_the_remedies_open_to_the_person_follow_the_kind_of_decision_and_what_was_used_before():
    calendar, told = Calendar({}, frozenset({2026})), date(2026, 3, 6)

    def open_to(key, *earlier):
        return [one.window.code for one in appeals.routes(*key.split("."), told, earlier, calendar)]

    assert open_to("up_down.demotion") == ["review", "direct_appeal"]
    assert open_to("up_down.lateral_transfer") == open_to("up_down.convert_to_rank_only") == []
    assert open_to("mild.admonishment") == []
    assert open_to("party.warning") == ["party_appeal"]
    assert open_to("handling.demotion") == ["handling_appeal"]
    assert open_to("accountability.relieve_of_post") == ["accountability_appeal"]
    answered = date(2026, 5, 6)
    assert open_to("up_down.demotion", appeals.Earlier("review", None)) == []
    assert open_to("up_down.demotion", appeals.Earlier("review", answered)) == ["appeal"]
    assert open_to("up_down.demotion", appeals.Earlier("direct_appeal", answered)) == ["second_appeal"]
    assert open_to("admin.demerit", appeals.Earlier("sanction_review", answered)) == [
        "sanction_second_review"
    ]
    (appeal,) = appeals.routes("up_down", "demotion", told, [appeals.Earlier("review", answered)], calendar)
    assert appeal.deadline.on == date(2026, 5, 21), "fifteen days from the answer, not from the telling"
    assert appeal.is_open(date(2026, 5, 21))
    assert not appeal.is_open(date(2026, 5, 22))


def test_an_outcome_is_weighed_by_kind_within_its_track_and_then_by_months():
    assert appeals.is_heavier("party", ("warning", None), ("serious_warning", None))
    assert not appeals.is_heavier("party", ("serious_warning", None), ("warning", None))
    assert appeals.is_heavier("party", ("warning", 12), ("warning", 18))
    assert not appeals.is_heavier("party", ("warning", 18), ("warning", 12))
    assert appeals.is_heavier("party", ("warning", None), ("demotion", None)), "another track is no change"


def test_a_panel_is_large_enough_and_odd_where_a_committee_decides():
    def wrong(code, count):
        return codes(appeals.reasons_against_panel(appeals.window(code), frozenset("abcdef"[:count])))

    assert wrong("direct_appeal", 3) == wrong("review", 2) == wrong("party_appeal", 2) == []
    assert wrong("direct_appeal", 4) == wrong("appeal", 2) == wrong("review", 1) == ["PANEL_SIZE"]


def test_the_time_to_decide_grows_once_by_the_extension_of_its_remedy():
    calendar, day = Calendar({}, frozenset({2026})), date(2026, 3, 2)
    assert appeals.decide_by(appeals.window("direct_appeal"), day, calendar).on == date(2026, 5, 1)
    longer = appeals.decide_by(appeals.window("direct_appeal"), day, calendar, is_extended=True)
    assert longer.on == date(2026, 6, 1), "31 May is a Sunday"
    assert appeals.accept_by(day, calendar).on == date(2026, 4, 1)


def test_an_appeal_never_makes_it_worse_nor_is_it_judged_by_the_handlers():
    assert codes(
        appeals.reasons_against_outcome(is_heavier=True, handlers=frozenset("a"), reviewers=frozenset("ab"))
    ) == ["APPEAL_HEAVIER", "REVIEWER_HANDLED"]
    assert not appeals.reasons_against_outcome(
        is_heavier=False, handlers=frozenset("a"), reviewers=frozenset("b")
    )


def test_an_event_knows_its_stream():
    done = events.TaskCompleted(actor=CHEN, effective_at=NOW, case_id="c1", facts={"task_id": "t"})
    assert (done.kind, done.stream, done.schema) == ("task_completed", "case:c1", 1)
    assert done.sentence == "办结了待办。"
    assert events.Read(actor=CHEN, effective_at=NOW).stream == "user:user-chen"
    assert events.CalendarChanged(actor=CHEN, effective_at=NOW).stream == "policy"
    assert events.JobRun(actor=system_actor("job"), effective_at=NOW).stream == "system"
    deployed = events.DefinitionDeployed(
        actor=CHEN, effective_at=NOW, stream="definition:p01_down_adjustment"
    )
    assert deployed.stream == "definition:p01_down_adjustment"


def test_an_event_without_a_stream_or_a_zone_is_refused():
    with pytest.raises(Invalid):
        events.TaskCompleted(actor=CHEN, effective_at=NOW)
    with pytest.raises(Invalid):
        events.PersonImported(actor=CHEN, effective_at=NOW)
    with pytest.raises(Invalid):
        events.SignedIn(actor=CHEN, effective_at=datetime(2026, 1, 1))


def test_every_kind_has_its_own_code_and_a_chinese_sentence():
    assert len(events.KINDS) > 50
    for kind, cls in events.KINDS.items():
        assert cls.kind == kind
        assert events.sentence_of(kind).endswith("。")
    assert len({events.sentence_of(kind) for kind in events.KINDS}) == len(events.KINDS)
    assert events.sentence_of("from_an_older_age") == "from_an_older_age"
