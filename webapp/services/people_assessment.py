"""此人现在能不能提: both branches of reinstatement checked as of today, in the words of the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from webapp.domain import formats, impact
from webapp.domain.errors import Invalid, NotFound, Reason
from webapp.domain.measures import TRACKS
from webapp.domain.measures import measure as measure_of
from webapp.domain.workdays import zh_date
from webapp.persistence.models import people
from webapp.services import eligibility
from webapp.services.dossier import running_periods

Branch = Literal["promotion", "same_level"]
BRANCHES: tuple[Branch, ...] = ("promotion", "same_level")
# What stands in the list when the rules found nothing against it: codes of the reasons, sentence.
PASSED: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"IN_IMPACT_PERIOD"}), "没有正在执行的影响期（处分期）。"),
    (frozenset({"OPEN_MATTER"}), "没有尚未办结的核查处理事项。"),
    (frozenset({"APPRAISAL", "APPRAISAL_MISSING"}), "上一年度考核没有基本称职以下等次。"),
    (frozenset({"TRACKING", "TRACKING_GRADE"}), "回访评价和跟踪评估意见没有不宜使用的情形。"),
)
PASSED_FOR_POST: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"RECUSAL"}), "与拟任单位没有任职回避关系。"),
    (frozenset({"QUOTA"}), "拟任职务有空缺职数。"),
)
# Where the office finds what a reason rests on, by code.
SOURCES: Mapping[str, str] = {
    "IN_IMPACT_PERIOD": "措施登记和影响期核算",
    "OPEN_MATTER": "工作卷宗",
    "APPRAISAL": "年度考核登记",
    "APPRAISAL_MISSING": "年度考核登记",
    "COMMENT_ONLY": "年度考核登记",
    "TRACKING": "跟踪台账",
    "TRACKING_GRADE": "跟踪台账",
    "NOT_VISITED": "跟踪台账",
    "APPEAL_OPEN": "复核、申诉登记",
    "RECUSAL": "亲属关系登记",
    "QUOTA": "职数、编制和任职登记",
}
UNKNOWN_CODES = frozenset({"APPRAISAL_MISSING"})
LATER_MUSTS = (
    "“四必”（档案必审、个人有关事项必核、纪检意见必听、信访举报必查）须在考察阶段办理，目前尚未核查。"
)
LATER_QUALIFICATION = "任职资格条件、岗位匹配由动议和考察时核定，不在此处核查。"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the sheet; ``state``: passed, blocked, notice or unknown."""

    code: str
    sentence: str
    article: str
    state: str
    until: date | None = None
    detail: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One branch: 提拔或进一步使用, or 平级重新任职. It tells, it decides nothing."""

    branch: str
    eligible: bool
    reasons: tuple[Finding, ...]
    checked_on: date


def assess(reads: Any, person_id: str, *, today: date, post_id: str = "") -> tuple[Assessment, ...]:
    """Both branches on the day, for a target post where one is given.

    The caller has asked whether the actor may see everything it rests on. NotFound for an unknown post.
    """
    if post_id and (not formats.is_id(post_id) or reads.one(people.post, id=post_id) is None):
        raise NotFound("没有找到拟任职务，请重新选择。")
    periods = impact.in_force(running_periods(reads, person_id), today)
    return tuple(_branch(reads, person_id, branch, today, post_id or None, periods) for branch in BRANCHES)


def _branch(
    reads: Any,
    person_id: str,
    branch: Branch,
    today: date,
    post_id: str | None,
    periods: Sequence[impact.ImpactPeriod],
) -> Assessment:
    verdict = eligibility.check(
        reads, person_id, action=branch, step="initiation", today=today, post_id=post_id
    )
    found = [
        _finding(one, "unknown" if one.code in UNKNOWN_CODES else "blocked", periods)
        for one in verdict.reasons
    ]
    found += [_finding(one, "notice", ()) for one in verdict.notices]
    codes = {one.code for one in verdict.reasons}
    passed = (*PASSED, *PASSED_FOR_POST) if post_id else PASSED
    found += [
        Finding(min(one), sentence, "", "passed", source=SOURCES.get(min(one), ""))
        for one, sentence in passed
        if not one & codes
    ]
    if branch == "promotion":
        found.append(Finding("FOUR_MUSTS", LATER_MUSTS, "干部选拔任用工作条例", "unknown"))
    found.append(Finding("QUALIFICATION", LATER_QUALIFICATION, "", "unknown"))
    return Assessment(branch, verdict.eligible, tuple(found), today)


def _finding(reason: Reason, state: str, periods: Sequence[impact.ImpactPeriod]) -> Finding:
    period = _period_of(reason, periods)
    detail = (explained(period),) if period else ()
    return Finding(
        code=reason.code,
        sentence=reason.sentence,
        article=_article(reason),
        state=state,
        until=period.ends_on if period else None,
        detail=detail,
        source=SOURCES.get(reason.code, ""),
    )


def _period_of(reason: Reason, periods: Sequence[impact.ImpactPeriod]) -> impact.ImpactPeriod | None:
    if reason.code != "IN_IMPACT_PERIOD":
        return None
    alike = [
        one for one in periods if one.basis == reason.article and impact.BARS_ZH[one.bar] in reason.sentence
    ]
    return next(
        (one for one in alike if one.ends_on is None or zh_date(one.ends_on) in reason.sentence), None
    )


def explained(period: impact.ImpactPeriod) -> str:
    """How a period was counted, in one sentence."""
    if period.ends_on is None:
        return f"自{zh_date(period.starts_on)}起，截止日须待后续决定，目前未定。"
    last = "届满日当日仍受限制" if period.rule == impact.END_BARRED else "届满日当日不再受限制"
    return f"自{zh_date(period.starts_on)}生效之日起算，至{zh_date(period.ends_on)}；遇节假日不顺延，{last}。"


def _article(reason: Reason) -> str:
    """The basis in words; numbers of our own tables are nothing to a reader."""
    track, _, kind = reason.article.partition(".")
    if track in TRACKS and kind:
        try:
            return measure_of(track, kind).zh
        except Invalid:
            return TRACKS[track]
    return "" if re.fullmatch(r"[A-Z][0-9]+(#[0-9]+)?", reason.article) else reason.article
