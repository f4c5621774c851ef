"""What may happen to a measure later, and how the periods are counted anew."""

from dataclasses import replace
from datetime import date

import pytest

from webapp.domain.errors import Conflict, Invalid, RuleBroken
from webapp.domain.measure_changes import (
    Change,
    Registered,
    Standing,
    changed,
    kinds_open_to,
    require_decided_by_committee,
    require_may_restore,
    require_not_longer,
)
from webapp.domain.recounting import Counted, Term, recount

TODAY = date(2026, 11, 22)
WARNING = Registered(
    "party", "warning", "中共星屿市纪委", "星纪〔2026〕3号", date(2026, 3, 2), date(2026, 3, 2)
)
PROBATION = replace(
    WARNING, kind="party_probation_one_year", decided_on=date(2026, 1, 31), effective_on=date(2026, 1, 31)
)
PAPER = ("中共星屿市纪委", "星纪复〔2026〕1号")


def change(kind: str, on: date = date(2026, 9, 1), new: Registered | None = None) -> Change:
    return Change(kind, *PAPER, on, new)  # type: ignore[arg-type]


def test_a_revoked_measure_ends_that_day_and_is_not_touched_again() -> None:
    revoked = changed(Standing(WARNING), change("revoke"), TODAY)

    assert (revoked.ended_on, revoked.ended_by) == (date(2026, 9, 1), "revoked")
    assert kinds_open_to(revoked) == ()
    with pytest.raises(Conflict):
        changed(revoked, change("correct", new=replace(WARNING, kind="serious_warning")), TODAY)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (change("revoke", date(2026, 2, 1)), "decided_on"),
        (change("revoke", date(2026, 11, 23)), "decided_on"),
        (Change("revoke", " ", "1号", TODAY), "organ"),
        (Change("revoke", "纪委", "", TODAY), "document_no"),
        (change("correct", new=WARNING), "kind"),
        (change("correct", new=replace(WARNING, effective_on=date(2026, 3, 1))), "effective_on"),
        (change("correct", new=replace(WARNING, kind="demerit")), "measure"),
        (change("change", new=replace(WARNING, document_no="别的文号")), "kind"),
        (change("change"), "kind"),
    ],
)
def test_a_change_without_a_sound_paper_or_content_is_refused(asked: Change, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        changed(Standing(WARNING), asked, TODAY)

    assert field in refused.value.problems


def test_a_review_counts_from_the_first_decisions_day() -> None:
    serious = replace(WARNING, kind="serious_warning")
    new = replace(WARNING, effective_on=date(2026, 9, 1), decided_on=date(2026, 9, 1))

    after = changed(Standing(serious), change("change", new=new), TODAY).registered

    assert (after.kind, after.effective_on) == ("warning", date(2026, 3, 2))


DEMERIT = replace(WARNING, track="admin", kind="demerit", months_decided=12)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (WARNING, replace(WARNING, kind="serious_warning"), "REVIEW_HEAVIER"),
        (DEMERIT, replace(DEMERIT, months_decided=18), "REVIEW_HEAVIER"),
        (DEMERIT, replace(DEMERIT, kind="warning", months_decided=18), "REVIEW_HEAVIER"),
        (DEMERIT, replace(WARNING, months_decided=None), "REVIEW_OTHER_TRACK"),
    ],
)
def test_a_review_never_makes_it_heavier_longer_or_another_kind_of_affair(
    old: Registered, new: Registered, code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        changed(Standing(old), change("change", new=new), TODAY)

    assert [one.code for one in refused.value.reasons] == [code]


def test_a_review_lets_no_period_end_later() -> None:
    require_not_longer(date(2026, 9, 1), date(2026, 9, 1))
    require_not_longer(None, date(2026, 9, 1))
    for after in (date(2026, 9, 2), None):
        with pytest.raises(RuleBroken):
            require_not_longer(date(2026, 9, 1), after)


def test_what_the_committee_decided_is_reviewed_on_the_day_it_passed_a_later_item() -> None:
    demoted = replace(WARNING, track="up_down", kind="demotion")
    review = change("change", new=replace(demoted, kind="lateral_transfer"))

    require_decided_by_committee(demoted, review, frozenset({date(2026, 9, 1)}))
    require_decided_by_committee(WARNING, review, frozenset())
    for passed_on in (frozenset({demoted.decided_on}), frozenset()):
        with pytest.raises(RuleBroken):
            require_decided_by_committee(demoted, review, passed_on)
    same_day = replace(review, decided_on=demoted.decided_on)
    with pytest.raises(RuleBroken):
        require_decided_by_committee(demoted, same_day, frozenset({demoted.decided_on}))


def test_no_period_ends_early_for_good_behaviour() -> None:
    with pytest.raises(RuleBroken) as refused:
        changed(Standing(WARNING), change("end"), TODAY)
    assert refused.value.reasons[0].article == "F27"

    suspended = Standing(replace(WARNING, track="handling", kind="suspension"))
    assert changed(suspended, change("end"), TODAY).ended_by == "ended"


def test_probation_in_the_party_is_extended_once_and_only_while_it_runs() -> None:
    extended = changed(Standing(PROBATION), change("extend"), TODAY)

    assert extended.registered.kind == "party_probation_two_years"
    for standing, on in (
        (extended, date(2026, 10, 1)),
        (Standing(PROBATION, restored_on=date(2026, 8, 1)), date(2026, 9, 1)),
        (Standing(WARNING), date(2026, 9, 1)),
    ):
        with pytest.raises(RuleBroken):
            changed(standing, change("extend", on), TODAY)
    with pytest.raises(RuleBroken):
        changed(Standing(PROBATION), change("extend", date(2027, 2, 1)), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("party_probation_one_year", date(2027, 1, 31)),
        ("party_probation_two_years", date(2028, 1, 31)),
    ],
)
def test_rights_come_back_when_the_probation_has_run_not_before(kind: str, first: date) -> None:
    registered = replace(PROBATION, kind=kind)

    require_may_restore(registered, first)
    with pytest.raises(RuleBroken):
        require_may_restore(registered, first.replace(day=30))
    with pytest.raises(Conflict):
        require_may_restore(WARNING, first)


def test_a_later_measure_of_the_track_stands_on_the_rest_and_falls_back_when_the_first_is_revoked() -> None:
    first = Counted("1", "party", "warning", date(2026, 1, 1), date(2026, 1, 1), (Term("promotion", 12),))
    second = replace(
        first,
        measure_id="2",
        starts_on=date(2026, 7, 1),
        kind="serious_warning",
        terms=(Term("promotion", 18),),
    )
    other = replace(second, measure_id="3", track="admin", terms=(Term("promotion", 6),))

    before = recount([second, other, first])
    after = recount([second, other, replace(first, ended_on=date(2026, 9, 1), is_revoked=True)])

    ends = {key[0]: period.ends_on for key, period in before.items()}
    assert ends == {"1": date(2026, 12, 31), "2": date(2028, 6, 30), "3": date(2026, 12, 31)}
    ends = {key[0]: period.ends_on for key, period in after.items()}
    assert ends == {"1": date(2026, 9, 1), "2": date(2027, 12, 31), "3": date(2026, 12, 31)}


def test_an_open_end_keeps_a_later_one_open_until_rights_are_restored() -> None:
    first = Counted(
        "1", "party", "party_probation_one_year", date(2025, 1, 10), date(2025, 1, 10),
        (Term("promotion", 24, is_open=True),),
    )  # fmt: skip
    second = replace(
        first, measure_id="2", kind="warning", starts_on=date(2025, 6, 1), terms=(Term("promotion", 12),)
    )

    assert {period.ends_on for period in recount([first, second]).values()} == {None}
    restored = recount([replace(first, restored_on=date(2026, 1, 10)), second])

    assert restored["1", "promotion"].ends_on == date(2028, 1, 9)
    assert restored["2", "promotion"].ends_on == date(2029, 1, 9)


def test_what_is_revoked_before_it_took_effect_never_barred() -> None:
    one = Counted(
        "1", "party", "warning", date(2026, 10, 1), date(2026, 8, 1), (Term("promotion", 12),),
        ended_on=date(2026, 9, 1), is_revoked=True,
    )  # fmt: skip

    period = recount([one])["1", "promotion"]

    assert not any(period.bars_on(day) for day in (date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 2)))
