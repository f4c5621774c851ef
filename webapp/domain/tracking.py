"""Tracking 跟踪管理: one plan per cadre, opened the same day, never closed too early (F14, F15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.errors import Conflict, NotAllowed, Reason, RuleBroken
from webapp.domain.impact import ImpactPeriod, latest_end
from webapp.domain.visits import TrackingClass
from webapp.domain.workdays import zh_date

PlanState = Literal["open", "closed"]
Ending = Literal["concluded", "died", "retired", "left_service", "decision_revoked"]

ENDINGS_ZH: dict[Ending, str] = {
    "concluded": "评估后结束",
    "died": "因故终止（去世）",
    "retired": "因故终止（退休）",
    "left_service": "因故终止（离开公职）",
    "decision_revoked": "原决定被撤销",
}
# How long before the latest end the review 期满评估 begins.
EVALUATION_BEFORE_DAYS = 30
CONCLUSIONS: dict[str, str] = {
    "close": "结束跟踪",
    "extend": "延长跟踪",
    "intensify": "加强跟踪",
    "recommend": "建议重新任用",
    "reopen": "转入新的核实或处理",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One 跟踪管理方案 of a cadre; ``is_care``: 关心联系 for health, family or other non-personal causes."""

    plan_id: str
    person_id: str
    opened_on: date
    state: PlanState = "open"
    tracking_class: TrackingClass = "A"
    mentor_person_id: str | None = None
    mentor_named_on: date | None = None
    is_care: bool = False

    @property
    def zh(self) -> str:
        """What the plan is called on the screen."""
        return "关心联系" if self.is_care else "跟踪管理"


def reasons_against_opening_on(opened_on: date, effective_on: date) -> list[Reason]:
    """F14: the plan opens the day the measure takes effect."""
    if opened_on == effective_on:
        return []
    sentence = f"跟踪管理方案应自措施生效当日（{zh_date(effective_on)}）建立。"
    return [Reason("PLAN_SAME_DAY", sentence, "F14")]


def require_may_mentor(mentor_person_id: str, plan: Plan, relatives: Iterable[str]) -> None:
    """NotAllowed when the helper is the cadre or a relative."""
    if mentor_person_id == plan.person_id or mentor_person_id in set(relatives):
        raise NotAllowed("干部本人及其亲属不能担任帮带责任人（联系人），请另选他人。")


def reasons_against_closing(
    plan: Plan,
    periods: Iterable[ImpactPeriod],
    today: date,
    *,
    ending: Ending = "concluded",
    visits_open: int = 0,
    has_conclusion: bool = True,
) -> list[Reason]:
    """Everything that keeps a plan open (F14). Death, retirement and a revoked decision end it at once."""
    if ending != "concluded":
        return []
    reasons: list[Reason] = []
    kept = tuple(periods)
    end = latest_end(kept)
    if end.is_open:
        reasons.append(Reason("IMPACT_OPEN", "影响期截止日未定，不能结束跟踪管理。", "F14"))
    elif any(not period.is_over(today) for period in kept):
        until = zh_date(end.on) if end.on else ""
        reasons.append(Reason("IMPACT_RUNNING", f"影响期至{until}，期满前不能结束跟踪管理。", "F14"))
    if visits_open:
        reasons.append(Reason("VISITS_OPEN", f"还有{visits_open}次到期回访未完成。", "F15"))
    if not plan.is_care and plan.mentor_person_id is None:
        reasons.append(Reason("MENTOR_MISSING", "未确定帮带责任人（联系人）。", "F15"))
    if not has_conclusion:
        reasons.append(Reason("CONCLUSION_MISSING", "尚未形成跟踪评估意见。"))
    return reasons


def require_may_close(
    plan: Plan,
    periods: Iterable[ImpactPeriod],
    today: date,
    *,
    ending: Ending = "concluded",
    visits_open: int = 0,
    has_conclusion: bool = True,
) -> None:
    """RuleBroken with all the reasons; Conflict when it is closed already."""
    if plan.state == "closed":
        raise Conflict("该跟踪管理方案已经结束。")
    reasons = reasons_against_closing(
        plan, periods, today, ending=ending, visits_open=visits_open, has_conclusion=has_conclusion
    )
    if reasons:
        raise RuleBroken(reasons)
