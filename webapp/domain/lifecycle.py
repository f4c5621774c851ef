"""Stages of a case 工作卷宗 and the permitted moves, with the ribbon 下 → 跟踪 → 回访 → 再上."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.errors import NotFound, Reason, RuleBroken

Part = Literal["down", "tracking", "visits", "up"]
Standing = Literal["done", "current", "ahead"]

PARTS: tuple[tuple[Part, str], ...] = (
    ("down", "下"),
    ("tracking", "跟踪"),
    ("visits", "回访"),
    ("up", "再上"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage 阶段: code, words on the screen, its part of the ribbon, and where a case may go next."""

    code: str
    zh: str
    part: Part
    next: tuple[str, ...]


STAGES: tuple[Stage, ...] = (
    Stage("signal", "日常了解信息", "down", ("assessment", "closed")),
    Stage("assessment", "分析研判", "down", ("verification", "measure_intake", "closed")),
    Stage("verification", "核实认定", "down", ("assessment", "proposal", "measure_intake", "closed")),
    Stage("proposal", "调整建议", "down", ("verification", "dept_meeting", "closed")),
    Stage("dept_meeting", "部务会研究", "down", ("verification", "proposal", "committee", "closed")),
    Stage("committee", "常委会讨论决定", "down", ("proposal", "dept_meeting", "talk", "closed")),
    Stage("talk", "调整谈话", "down", ("formalities", "tracking", "closed")),
    Stage("formalities", "办理任免手续", "down", ("tracking", "closed")),
    Stage("measure_intake", "登记处理处分决定", "down", ("execution", "tracking", "closed")),
    Stage("execution", "处理处分决定执行", "down", ("tracking", "closed")),
    Stage(
        "tracking", "跟踪管理与回访", "tracking", ("conclusion", "verification", "measure_intake", "closed")
    ),
    Stage("conclusion", "跟踪评估意见", "visits", ("tracking", "initiation", "closed")),
    Stage(
        "initiation",
        "重新任用动议",
        "up",
        ("recommendation", "examination", "deliberation", "tracking", "closed"),
    ),
    Stage("recommendation", "民主推荐", "up", ("initiation", "examination", "tracking", "closed")),
    Stage(
        "examination", "考察", "up", ("initiation", "superior_report", "deliberation", "tracking", "closed")
    ),
    Stage("superior_report", "事先报告上级", "up", ("deliberation", "examination", "tracking", "closed")),
    Stage(
        "deliberation",
        "部务会研究（重新任用）",
        "up",
        ("examination", "superior_report", "decision", "tracking"),
    ),
    Stage(
        "decision",
        "常委会讨论决定（重新任用）",
        "up",
        ("publicity", "appointment", "deliberation", "tracking"),
    ),
    Stage("publicity", "任前公示", "up", ("appointment", "decision", "tracking")),
    Stage("appointment", "任职谈话与任职", "up", ("probation", "after_reuse", "tracking")),
    Stage("probation", "试用期", "up", ("after_reuse", "tracking", "closed")),
    Stage("after_reuse", "任用后跟踪", "up", ("measure_intake", "closed")),
    Stage("closed", "卷宗办结", "up", ()),
)

_BY_CODE = {stage.code: stage for stage in STAGES}
FIRST_STAGES = frozenset({"signal", "assessment", "verification", "measure_intake"})


def stage(code: str) -> Stage:
    """The stage of a code; NotFound when there is none."""
    found = _BY_CODE.get(code)
    if found is None:
        raise NotFound(f"没有“{code}”这个阶段。")
    return found


def may_move(current: str, following: str) -> bool:
    """True when the lifecycle permits the move; staying is no move."""
    return following in stage(current).next


def require_may_move(current: str, following: str) -> None:
    """RuleBroken, naming both stages and what may follow, when the move is not permitted."""
    if may_move(current, stage(following).code):
        return
    allowed = "、".join(stage(code).zh for code in stage(current).next) or "无"
    sentence = f"卷宗现处“{stage(current).zh}”，不能转入“{stage(following).zh}”；可以转入：{allowed}。"
    raise RuleBroken([Reason("STAGE_MOVE", sentence)])


def require_may_begin(code: str) -> None:
    """RuleBroken unless a case may begin at this stage: a signal, or the intake of a decision."""
    if stage(code).code not in FIRST_STAGES:
        raise RuleBroken([Reason("STAGE_FIRST", f"卷宗不能从“{stage(code).zh}”开始。")])


@dataclass(frozen=True, slots=True)
class RibbonPart:
    """One part of the ribbon: its word, where it stands, since when (the day it was first reached)."""

    part: Part
    zh: str
    standing: Standing
    since: date | None


def ribbon(
    current: str, entered: Mapping[str, date], first_visit_on: date | None = None
) -> tuple[RibbonPart, ...]:
    """The four parts 下 → 跟踪 → 回访 → 再上 of a case.

    ``entered``: stage code → first day in it. While tracked, 回访 is current too once a visit was held.
    A closed case has done the parts it reached; the others stay ahead.
    """
    since: dict[Part, date] = {}
    for code, day in entered.items():
        if code != "closed":
            part = stage(code).part
            since[part] = min(day, since.get(part, day))
    if first_visit_on is not None:
        since["visits"] = min(first_visit_on, since.get("visits", first_visit_on))
    return tuple(RibbonPart(part, zh, _standing(part, current, since), since.get(part)) for part, zh in PARTS)


def _standing(part: Part, current: str, since: Mapping[Part, date]) -> Standing:
    if current == "closed":
        return "done" if part in since else "ahead"
    order = [name for name, _ in PARTS]
    here = order.index(stage(current).part)
    if order.index(part) == here or (current == "tracking" and part == "visits" and part in since):
        return "current"
    return "done" if order.index(part) < here else "ahead"
