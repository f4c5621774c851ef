"""Impact periods: counting, overlap, open ends, what is barred."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain import impact
from webapp.domain.errors import Invalid, RuleBroken
from webapp.domain.impact import Bar, CountingPolicy
from webapp.domain.measures import MEASURES, measure

FREE_ON_END = CountingPolicy(end_day_barred=False)
QUIET = settings(database=None, deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 1, 1), 6, date(2026, 6, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 12, date(2027, 8, 30)),
        (date(2026, 3, 1), 24, date(2028, 2, 29)),
    ],
)
def test_a_period_ends_the_day_before_the_corresponding_day_or_on_the_months_last(start, months, end):
    assert impact.end_of(start, months) == end


@QUIET
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(1, 60))
def test_the_day_after_a_period_is_never_before_the_corresponding_day_of_its_month(start, months):
    end = impact.end_of(start, months)
    following = end + timedelta(days=1)
    assert following.day in (start.day, 1)
    assert start < following


def test_a_period_never_moves_off_a_holiday():
    assert impact.period(date(2026, 10, 2), 12).ends_on == date(2027, 10, 1)


def test_whether_the_end_day_is_barred_is_a_policy_and_is_shown():
    strict = impact.period(date(2026, 3, 15), 12)
    mild = impact.period(date(2026, 3, 15), 12, FREE_ON_END)
    end = date(2027, 3, 14)
    assert strict.bars_on(end)
    assert not mild.bars_on(end)
    assert strict.first_free_day == date(2027, 3, 15)
    assert mild.first_free_day == end
    assert strict.rule == "end_day_barred"
    assert mild.rule == "end_day_free"
    assert "仍受限制" in strict.explanation
    assert "不再受限制" in mild.explanation


def test_nothing_is_barred_before_the_effective_day():
    assert not impact.period(date(2026, 3, 15), 12).bars_on(date(2026, 3, 14))


def test_a_party_sanction_inside_a_running_one_adds_to_the_unexpired_rest():
    first = impact.period(date(2026, 1, 10), 12, track="party")
    second = impact.period(date(2026, 7, 1), 18, track="party", running=[first])
    assert first.ends_on == date(2027, 1, 9)
    assert second.starts_on == date(2026, 7, 1)
    assert second.ends_on == impact.end_of(date(2027, 1, 10), 18) == date(2028, 7, 9)
    assert "合并计算" in second.explanation


def test_a_sanction_period_inside_a_sanction_period_adds_likewise():
    first = impact.period(date(2026, 1, 10), 6, track="admin")
    second = impact.period(date(2026, 7, 9), 12, track="admin", running=[first])
    assert second.ends_on == date(2027, 7, 9)


def test_an_expired_period_adds_nothing():
    first = impact.period(date(2026, 1, 10), 6, track="admin")
    second = impact.period(date(2026, 7, 10), 12, track="admin", running=[first])
    assert second.ends_on == date(2027, 7, 9)


def test_across_tracks_nothing_adds_and_the_latest_end_wins():
    party = impact.period(date(2026, 1, 10), 24, track="party")
    admin = impact.period(date(2026, 2, 1), 12, track="admin", running=[party])
    handling = impact.period(date(2026, 2, 1), 12, track="handling", running=[party, admin])
    assert admin.ends_on == handling.ends_on == date(2027, 1, 31)
    assert impact.latest_end([party, admin, handling]).on == date(2028, 1, 9)


def test_the_adding_of_sanction_periods_is_a_policy():
    only_party = CountingPolicy(adding_tracks=frozenset({"party"}))
    first = impact.period(date(2026, 1, 10), 12, track="admin")
    second = impact.period(date(2026, 3, 1), 6, only_party, track="admin", running=[first])
    assert second.ends_on == date(2026, 8, 31)


@QUIET
@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 48), st.integers(1, 48), st.integers(0, 700)
)
def test_a_second_sanction_never_ends_before_the_first_nor_before_its_own_term(start, first, second, gap):
    one = impact.period(start, first, track="party")
    later = start + timedelta(days=gap)
    two = impact.period(later, second, track="party", running=[one])
    assert two.ends_on is not None
    assert one.ends_on is not None
    assert two.ends_on >= impact.end_of(later, second)
    assert not one.bars_on(later) or two.ends_on > one.ends_on


def test_probation_in_the_party_is_open_until_rights_are_restored_and_counts_from_that_day():
    opened = impact.period(date(2026, 5, 6), None, track="party")
    assert opened.ends_on is None
    assert opened.first_free_day is None
    assert opened.bars_on(date(2040, 1, 1))
    assert "未定" in opened.explanation
    closed = impact.after_restoration(opened, date(2027, 5, 20), 24)
    assert closed.ends_on == date(2029, 5, 19)
    assert closed.starts_on == date(2026, 5, 6)


def test_rights_cannot_be_restored_twice_or_before_the_sanction():
    opened = impact.period(date(2026, 5, 6), None, track="party")
    with pytest.raises(Invalid):
        impact.after_restoration(opened, date(2026, 5, 5), 24)
    with pytest.raises(RuleBroken):
        impact.after_restoration(impact.period(date(2026, 5, 6), 12), date(2027, 1, 1), 24)


def test_a_new_sanction_inside_an_open_one_stays_open():
    opened = impact.period(date(2026, 5, 6), None, track="party")
    assert impact.period(date(2026, 9, 1), 12, track="party", running=[opened]).ends_on is None


def test_probation_in_the_party_is_extended_once_from_one_year_to_two():
    assert impact.extended_probation(12) == 24
    with pytest.raises(RuleBroken):
        impact.extended_probation(24)


def test_a_decision_may_set_a_longer_term_up_to_forty_eight_months_and_never_a_shorter():
    assert impact.months_in_force(24, None) == 24
    assert impact.months_in_force(24, 48) == 48
    for decided in (49, 23):
        with pytest.raises(RuleBroken):
            impact.months_in_force(24, decided)
    assert impact.months_in_force(60, 60) == 60


def test_a_stated_term_is_the_longest_one_and_stretches_no_shorter_bar():
    bars = [Bar("promotion", 24), Bar("leading", 12)]
    for stated, longest in ((24, date(2028, 3, 31)), (30, date(2028, 9, 30))):
        found = impact.periods(bars, date(2026, 4, 1), basis="x", track="handling", months_decided=stated)
        ends = {one.bar: one.ends_on for one in found}
        assert ends == {"promotion": longest, "leading": date(2027, 3, 31)}


def test_one_measure_gives_a_period_for_each_bar_that_bars_something():
    found = impact.periods(
        [Bar("promotion", 24), Bar("leading", 12), Bar("equal", 0)],
        date(2026, 4, 1),
        basis="handling.relieve_of_post",
        track="handling",
    )
    assert {p.bar: p.ends_on for p in found} == {"promotion": date(2028, 3, 31), "leading": date(2027, 3, 31)}
    assert {p.basis for p in found} == {"handling.relieve_of_post"}


def test_months_decided_hold_for_every_bar_of_the_measure():
    found = impact.periods(
        [Bar("promotion", 12)], date(2026, 4, 1), basis="x", track="admin", months_decided=30
    )
    assert found[0].ends_on == date(2028, 9, 30)


def test_zero_or_absurd_months_are_refused():
    for months in (0, -1, 10_000):
        with pytest.raises(Invalid):
            impact.end_of(date(2026, 1, 1), months)


def test_the_latest_end_is_open_if_one_is_open_and_nothing_if_there_is_none():
    opened = impact.period(date(2026, 5, 6), None)
    assert impact.latest_end([opened, impact.period(date(2026, 1, 1), 60)]).is_open
    assert impact.latest_end([opened]).on is None
    assert impact.latest_end([]).is_none
    assert impact.latest_end([opened], "leading").is_none


@pytest.mark.parametrize(
    ("action", "leading", "barred"),
    [
        ("promotion", True, {"promotion", "equal", "leading"}),
        ("further_use", True, {"promotion", "equal", "leading"}),
        ("rank_promotion", True, {"promotion"}),
        ("same_level", True, {"equal", "leading"}),
        ("same_level", False, {"equal"}),
        ("rank_only", True, set()),
    ],
)
def test_each_action_meets_its_own_bars(action, leading, barred):
    assert impact.bars_against(action, leading_post=leading) == barred


def test_the_reasons_name_the_period_and_stop_the_day_after_its_end():
    found = impact.periods([Bar("promotion", 12)], date(2026, 4, 1), basis="文号甲", track="up_down")
    reasons = impact.reasons_in_impact_period(found, "promotion", date(2027, 3, 31))
    assert [r.code for r in reasons] == ["IN_IMPACT_PERIOD"]
    assert "至2027年3月31日" in reasons[0].sentence
    assert impact.reasons_in_impact_period(found, "promotion", date(2027, 4, 1)) == []
    assert impact.reasons_in_impact_period(found, "same_level", date(2026, 5, 1)) == []


def test_a_period_ends_early_only_by_a_later_decision():
    suspended = impact.period(date(2026, 4, 1), None, track="handling")
    ended = impact.ended_by_decision(suspended, date(2026, 8, 1))
    assert ended.ends_on == date(2026, 8, 1)
    with pytest.raises(Invalid):
        impact.ended_by_decision(suspended, date(2026, 3, 1))


def test_every_measure_has_its_own_key_and_relief_of_post_is_no_dismissal():
    assert len({m.key for m in MEASURES}) == len(MEASURES)
    assert measure("up_down", "relieve_of_post").zh.startswith("免职")
    assert measure("admin", "dismissal_sanction").zh == "政务撤职"
    with pytest.raises(Invalid):
        measure("party", "unknown")
