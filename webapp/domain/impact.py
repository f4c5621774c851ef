"""Impact periods 影响期（政务：处分期）: start, end, overlap, and what they bar on a day.

The month numbers come from decision table D1; this module only counts and combines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.domain.workdays import MAX_MONTHS, add_months, zh_date

BarKind = Literal["promotion", "equal", "leading"]
Action = Literal["promotion", "further_use", "rank_promotion", "same_level", "rank_only"]

BARS_ZH: dict[BarKind, str] = {
    "promotion": "提拔、进一步使用、晋升职级",
    "equal": "担任与原任职务相当或者更高的职务",
    "leading": "担任领导职务",
}
ADDING_TRACKS = frozenset({"party", "admin"})
MONTHS_DECIDED_CAP = 48
END_BARRED = "end_day_barred"
END_FREE = "end_day_free"


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing a measure forbids 限制事项, for how many months (from D1); None: until a later decision."""

    kind: BarKind
    months: int | None


@dataclass(frozen=True, slots=True)
class CountingPolicy:
    """How an office counts 计算口径: disputed points of practice, kept as policy values.

    ``end_day_barred``: the end day itself is still barred. ``adding_tracks``: tracks on which a new measure
    inside a running period adds to the unexpired rest (2023 处分条例 art. 21; 处分期 likewise).
    """

    end_day_barred: bool = True
    adding_tracks: frozenset[str] = ADDING_TRACKS

    @property
    def rule(self) -> str:
        """The rule code kept with each period."""
        return END_BARRED if self.end_day_barred else END_FREE


DEFAULT_POLICY = CountingPolicy()


@dataclass(frozen=True, slots=True)
class ImpactPeriod:
    """One impact period 影响期 of one bar; ``ends_on`` None means 未定 (until a later decision).

    ``basis``: the measure's key or document number; ``rule``: the counting rule used; ``track``: its track.
    """

    bar: BarKind
    starts_on: date
    ends_on: date | None
    basis: str
    rule: str = END_BARRED
    track: str = ""
    explanation: str = ""

    def bars_on(self, day: date) -> bool:
        """True when the bar is in force on the day."""
        return day >= self.starts_on and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """True once the period has run out 影响期满; never while the end is 未定."""
        if self.ends_on is None:
            return False
        return day > self.ends_on or (day == self.ends_on and self.rule == END_FREE)

    @property
    def first_free_day(self) -> date | None:
        """The first day no longer barred; None while the end is 未定."""
        if self.ends_on is None:
            return None
        return self.ends_on if self.rule == END_FREE else self.ends_on + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LatestEnd:
    """The latest end over several periods: a day, or open (未定), or nothing at all."""

    on: date | None
    is_open: bool

    @property
    def is_none(self) -> bool:
        """True when there was no period."""
        return self.on is None and not self.is_open


def end_of(start: date, months: int) -> date:
    """The day before the corresponding day; where that day is missing, the month's last day itself.

    Counted from the effective day and never moved off a holiday.
    """
    if not 1 <= months <= MAX_MONTHS:
        raise Invalid({"months": f"影响期月数应在1到{MAX_MONTHS}之间，现为{months}。"})
    reached = add_months(start, months)
    return reached if reached.day < start.day else reached - timedelta(days=1)


def months_in_force(table_months: int, months_decided: int | None) -> int:
    """The months that hold: those of the table, or a longer period set by the decision (cap 48)."""
    if months_decided is None:
        return table_months
    if months_decided < table_months:
        raise RuleBroken([Reason("IMPACT_SHORTENED", f"决定载明的期限不得短于规定的{table_months}个月。")])
    if months_decided > max(MONTHS_DECIDED_CAP, table_months):
        raise RuleBroken([Reason("IMPACT_OVER_CAP", f"决定载明的期限最长不超过{MONTHS_DECIDED_CAP}个月。")])
    return months_decided


def period(
    start: date,
    months: int | None,
    policy: CountingPolicy = DEFAULT_POLICY,
    *,
    bar: BarKind = "promotion",
    basis: str = "",
    track: str = "",
    running: Sequence[ImpactPeriod] = (),
) -> ImpactPeriod:
    """The impact period of one bar from its effective day, on top of the same track's running rest."""
    rest = _unexpired(running, bar, track, start, policy)
    if months is None or any(p.ends_on is None for p in rest):
        text = f"自{zh_date(start)}起，截止日未定：须待后续决定（如恢复党员权利、停职结束）后另行计算。"
        return ImpactPeriod(bar, start, None, basis, policy.rule, track, text)
    rest_ends = max((p.ends_on for p in rest if p.ends_on), default=None)
    ends_on = end_of(rest_ends + timedelta(days=1) if rest_ends else start, months)
    text = _explain(start, months, ends_on, rest_ends, policy)
    return ImpactPeriod(bar, start, ends_on, basis, policy.rule, track, text)


def _unexpired(
    running: Sequence[ImpactPeriod], bar: BarKind, track: str, start: date, policy: CountingPolicy
) -> list[ImpactPeriod]:
    if track not in policy.adding_tracks:
        return []
    return [p for p in running if p.track == track and p.bar == bar and p.bars_on(start)]


def _explain(start: date, months: int, ends_on: date, rest_ends: date | None, policy: CountingPolicy) -> str:
    rest = (
        f"原影响期尚未执行部分（至{zh_date(rest_ends)}）与新影响期{months}个月合并计算"
        if rest_ends
        else f"计{months}个月"
    )
    clamped = "（无对应日，以当月末日为止）" if ends_on == add_months(start, months) and not rest_ends else ""
    last = "届满日当日仍受限制" if policy.end_day_barred else "届满日当日不再受限制"
    return f"自{zh_date(start)}生效之日起，{rest}，至{zh_date(ends_on)}{clamped}；遇节假日不顺延，{last}。"


def periods(
    bars: Iterable[Bar],
    start: date,
    policy: CountingPolicy = DEFAULT_POLICY,
    *,
    basis: str,
    track: str,
    running: Sequence[ImpactPeriod] = (),
    months_decided: int | None = None,
) -> tuple[ImpactPeriod, ...]:
    """All periods of one measure; 0 months bar nothing; ``months_decided``: the decision's longer term."""
    asked = [bar for bar in bars if bar.months != 0]
    table = [bar.months for bar in asked]
    return tuple(
        period(
            start,
            None if bar.months is None else months_of_bar(bar.months, table, months_decided),
            policy,
            bar=bar.kind,
            basis=basis,
            track=track,
            running=running,
        )
        for bar in asked
    )


def months_of_bar(months: int, table: Iterable[int | None], months_decided: int | None) -> int:
    """The months of one bar: a term the decision states is the measure's longest one, shorter bars keep theirs.

    ``table``: the months of all its bars; 责令辞职 for 30 months bars leading posts for 12 all the same.
    """
    longest = max((one for one in table if one is not None), default=months)
    return months if months < longest else months_in_force(months, months_decided)


def after_restoration(
    open_period: ImpactPeriod, restored_on: date, months: int, policy: CountingPolicy = DEFAULT_POLICY
) -> ImpactPeriod:
    """Close a 留党察看 period: the following months start the day rights are restored 恢复党员权利."""
    if open_period.ends_on is not None:
        raise RuleBroken([Reason("PERIOD_NOT_OPEN", "该影响期截止日已经确定，不能再按恢复权利之日计算。")])
    if restored_on < open_period.starts_on:
        raise Invalid({"restored_on": "恢复党员权利的日期早于处分生效日，请核对。"})
    ends_on = end_of(restored_on, months)
    text = f"自{zh_date(restored_on)}恢复党员权利之日起计{months}个月，至{zh_date(ends_on)}。"
    return replace(open_period, ends_on=ends_on, rule=policy.rule, explanation=text)


def ended_by_decision(open_or_running: ImpactPeriod, ends_on: date) -> ImpactPeriod:
    """End a period by a later decision (停职结束, 撤销或变更原决定); F27: never for good behaviour."""
    if ends_on < open_or_running.starts_on:
        raise Invalid({"ends_on": "截止日早于起算日，请核对。"})
    text = f"依据后续决定，至{zh_date(ends_on)}止。"
    return replace(open_or_running, ends_on=ends_on, explanation=text)


def extended_probation(months: int) -> int:
    """留党察看 of one year may be extended once, to two: returns 24; RuleBroken for any other."""
    if months != 12:
        sentence = "留党察看期限最长不超过二年，只能由一年延长一次至二年。"
        raise RuleBroken([Reason("PROBATION_EXTENDED", sentence)])
    return 24


def latest_end(over: Iterable[ImpactPeriod], bar: BarKind | None = None) -> LatestEnd:
    """The latest end across tracks, of one bar or of all."""
    chosen = [p for p in over if bar is None or p.bar == bar]
    is_open = any(p.ends_on is None for p in chosen)
    on = max((p.ends_on for p in chosen if p.ends_on is not None), default=None)
    return LatestEnd(None if is_open else on, is_open)


def bars_against(action: Action, *, leading_post: bool = True) -> frozenset[BarKind]:
    """Which bars stand against an action; ``leading_post``: the target is a 领导职务."""
    if action == "rank_only":
        return frozenset()
    if action == "rank_promotion":
        return frozenset({"promotion"})
    bars: set[BarKind] = {"equal"} if action == "same_level" else {"promotion", "equal"}
    if leading_post:
        bars.add("leading")
    return frozenset(bars)


def in_force(over: Iterable[ImpactPeriod], day: date) -> tuple[ImpactPeriod, ...]:
    """The periods that bar something on the day."""
    return tuple(p for p in over if p.bars_on(day))


def reasons_in_impact_period(
    over: Iterable[ImpactPeriod], action: Action, day: date, *, leading_post: bool = True
) -> list[Reason]:
    """Every running period that forbids the action on the day (F07, F08; D3#1)."""
    wanted = bars_against(action, leading_post=leading_post)
    return [Reason("IN_IMPACT_PERIOD", _sentence(p), p.basis) for p in in_force(over, day) if p.bar in wanted]


def _sentence(p: ImpactPeriod) -> str:
    until = f"至{zh_date(p.ends_on)}" if p.ends_on else "，截止日未定"
    return f"影响期自{zh_date(p.starts_on)}{until}，期间不得{BARS_ZH[p.bar]}。"
