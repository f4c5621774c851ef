"""Reinstatement 重新任用: every ground against it (decision table D3), and notices apart.

A notice tells the committee something; only a reason bars.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from webapp.domain.errors import Reason
from webapp.domain.impact import Action, ImpactPeriod, reasons_in_impact_period
from webapp.domain.people import months_between
from webapp.domain.workdays import add_months, zh_date

Step = Literal["initiation", "target", "discussion", "appointment"]
Appraisal = Literal["excellent", "competent", "basically_competent", "incompetent", "comment_only"]
Must = Literal["archive", "personal_matters", "integrity_opinion", "petition"]

STEPS_ZH: dict[Step, str] = {
    "initiation": "动议",
    "target": "确定考察对象",
    "discussion": "讨论决定",
    "appointment": "任职",
}
MUSTS_ZH: dict[Must, str] = {
    "archive": "干部档案必审",
    "personal_matters": "个人有关事项报告必核",
    "integrity_opinion": "纪检监察机关意见必听",
    "petition": "反映违规违纪问题线索具体、有可查性的信访举报必查",
}
# The rest of 2019 条例 art. 24.
DISQUALIFIERS: dict[str, str] = {
    "political_discipline": "违反政治纪律和政治规矩",
    "low_recognition": "群众公认度不高",
    "canvassing": "有跑官、拉票等非组织行为",
    "family_abroad": "配偶已移居国（境）外，或者没有配偶但子女均已移居国（境）外",
    "other_unfit": "其他原因不宜提拔或者进一步使用",
}
SELECTING: frozenset[Action] = frozenset({"promotion", "further_use"})
LATE_STEPS: frozenset[Step] = frozenset({"discussion", "appointment"})


@dataclass(frozen=True, slots=True)
class Check:
    """One of the 四必: passed or not, and the day of the reply or opinion."""

    passed: bool
    dated_on: date


@dataclass(frozen=True, slots=True)
class ReinstatementPolicy:
    """Policy values 重新任用口径; #5 and #6 of D3 are the office's own."""

    freshness_months: int = 6
    ask_tracking: bool = True
    ask_service_time: bool = False
    service_months: int = 12
    musts_for_same_level: bool = False


DEFAULT_POLICY = ReinstatementPolicy()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the cadre and the target post at one step of p04.

    ``measures``: keys like ``handling.demotion``; ``flags``: codes of DISQUALIFIERS; ``open_matters`` and
    ``unmet_qualifications``: words for each open investigation and each missing 任职资格条件; ``report_owed``:
    what the table of prior reports 事先报告 answered; ``unvisited``: the plan owed visits and none was held.
    """

    action: Action
    step: Step = "discussion"
    leading_post: bool = True
    periods: tuple[ImpactPeriod, ...] = ()
    measures: frozenset[str] = frozenset()
    open_matters: tuple[str, ...] = ()
    open_appeal: bool = False
    nature_excluded: bool = False
    last_appraisal: Appraisal | None = None
    last_visit_grade: str | None = None
    conclusion: str | None = None
    in_post_since: date | None = None
    report_owed: bool = False
    report_answer: Literal["agreed", "refused"] | None = None
    musts: Mapping[Must, Check] = field(default_factory=dict)
    double_signature: bool = False
    post_conflicts: int = 0
    vacancies: int = 0
    flags: frozenset[str] = frozenset()
    unmet_qualifications: tuple[str, ...] = ()
    deemed_consent: bool = False
    is_care: bool = False
    unvisited: bool = False


def reasons_against(facts: Facts, today: date, policy: ReinstatementPolicy = DEFAULT_POLICY) -> list[Reason]:
    """Every ground that bars the step on the day (D3, F07–F10); empty: 未发现限制情形."""
    return [
        *reasons_in_impact_period(facts.periods, facts.action, today, leading_post=facts.leading_post),
        *_matters(facts),
        *_record(facts),
        *_tracking(facts, today, policy),
        *_report(facts),
        *_four_musts(facts, today, policy),
        *_post(facts),
    ]


def _matters(facts: Facts) -> list[Reason]:
    reasons = [Reason("OPEN_MATTER", f"{matter}尚未办结。", "D3#2") for matter in facts.open_matters]
    if facts.nature_excluded:
        sentence = "影响期已满，但问题性质（政治、廉洁、严重品德）仍影响使用。"
        reasons.append(Reason("NATURE_EXCLUDED", sentence, "干部选拔任用工作条例第二十四条"))
    return reasons


def _record(facts: Facts) -> list[Reason]:
    reasons: list[Reason] = []
    if facts.last_appraisal is None:
        reasons.append(Reason("APPRAISAL_MISSING", "尚无上年度考核结果，请登记后再核查。", "D3#4"))
    if facts.last_appraisal in ("basically_competent", "incompetent"):
        reasons.append(Reason("APPRAISAL", "上一年度考核为基本称职以下等次。", "D3#4"))
    if facts.action in SELECTING:
        known = sorted(facts.flags & DISQUALIFIERS.keys())
        reasons += [Reason("DISQUALIFIED", f"{DISQUALIFIERS[code]}。", "条例第二十四条") for code in known]
    return reasons


def _tracking(facts: Facts, today: date, policy: ReinstatementPolicy) -> list[Reason]:
    reasons: list[Reason] = []
    if policy.ask_tracking and not facts.is_care:
        if facts.last_visit_grade == "poor":
            reasons.append(Reason("TRACKING_GRADE", "最近一次回访评价为较差。", "D3#5"))
        if facts.conclusion != "recommend":
            sentence = "跟踪评估意见未建议重新任用。" if facts.conclusion else "尚未作跟踪评估。"
            reasons.append(Reason("TRACKING", sentence, "D3#5"))
    if policy.ask_service_time and _is_short_in_post(facts, today, policy):
        reasons.append(Reason("SERVICE_TIME", f"降职后在现岗位任职不满{policy.service_months}个月。", "D3#6"))
    return reasons


def _is_short_in_post(facts: Facts, today: date, policy: ReinstatementPolicy) -> bool:
    demoted = any(key.endswith(".demotion") for key in facts.measures)
    since = facts.in_post_since
    return demoted and (since is None or months_between(since, today) < policy.service_months)


def _report(facts: Facts) -> list[Reason]:
    """事先报告 (F10): whether it is owed says the decision table ``d03_prior_report``, the one list there is."""
    if facts.step not in LATE_STEPS or not facts.report_owed or facts.report_answer == "agreed":
        return []
    if facts.report_answer == "refused":
        sentence = "上级组织部门答复不同意，不得提交讨论。"
    else:
        sentence = "须事先报告上级组织部门，未得到答复不得提交讨论。"
    return [Reason("NO_SUPERIOR_APPROVAL", sentence, "F10")]


def musts_are_owed(facts: Facts, policy: ReinstatementPolicy = DEFAULT_POLICY) -> bool:
    """True when the 四必 are owed: 提拔、进一步使用; 平级 only where the office chose so."""
    return facts.action in SELECTING or (facts.action == "same_level" and policy.musts_for_same_level)


def _four_musts(facts: Facts, today: date, policy: ReinstatementPolicy) -> list[Reason]:
    if facts.step not in LATE_STEPS or not musts_are_owed(facts, policy):
        return []
    reasons = [
        Reason("FOUR_MUSTS", f"{zh}：{problem}。", "F09")
        for code, zh in MUSTS_ZH.items()
        if (problem := _must_problem(facts.musts.get(code), today, policy))
    ]
    if not facts.double_signature:
        sentence = "缺少廉洁自律结论性意见“双签字”（单位党组织书记、纪检负责人）。"
        reasons.append(Reason("DOUBLE_SIGNATURE", sentence, "F09"))
    return reasons


def _must_problem(check: Check | None, today: date, policy: ReinstatementPolicy) -> str:
    if check is None:
        return "尚无结果"
    if not check.passed:
        return "未通过"
    if check.dated_on > today:
        return f"日期{zh_date(check.dated_on)}晚于今天"
    if add_months(check.dated_on, policy.freshness_months) < today:
        return f"出具于{zh_date(check.dated_on)}，已超过{policy.freshness_months}个月，请重新核查"
    return ""


def _post(facts: Facts) -> list[Reason]:
    reasons: list[Reason] = []
    if facts.post_conflicts:
        reasons.append(Reason("RECUSAL", f"与拟任单位{facts.post_conflicts}人有任职回避关系。", "D3#9"))
    if facts.action != "rank_promotion" and facts.vacancies < 1:
        reasons.append(Reason("QUOTA", "拟任职务没有空缺职数，不得超职数配备。", "D3#10"))
    reasons += [
        Reason("QUALIFICATION", f"任职资格条件不符：{words}。", "任职资格")
        for words in facts.unmet_qualifications
    ]
    return reasons


def notices(facts: Facts, policy: ReinstatementPolicy = DEFAULT_POLICY) -> list[Reason]:
    """What the committee should know but does not bar: an appeal, 只写评语, no visit, deemed consent, the reply."""
    told: list[Reason] = []
    if facts.open_appeal:
        told.append(
            Reason("APPEAL_OPEN", "本人的复核（申诉）正在办理，不停止原决定执行，也不限制任用。", "F12")
        )
    if facts.last_appraisal == "comment_only":
        told.append(Reason("COMMENT_ONLY", "上一年度考核只写评语、不定等次，不视为未达到称职。"))
    if facts.unvisited and not facts.is_care:
        sentence = "跟踪管理期间安排了回访，但一次也没有开展（均已改期或者取消），须向会议说明原因。"
        told.append(Reason("NOT_VISITED", sentence, "D3#5"))
    if facts.deemed_consent:
        told.append(Reason("CONSENT_DEEMED", "协管方一个月内未答复，视为同意。", "F24"))
    if facts.report_owed and facts.report_answer == "agreed":
        told.append(Reason("SUPERIOR_AGREED", "上级组织部门已答复同意，须向会议说明。", "F10"))
    return told
