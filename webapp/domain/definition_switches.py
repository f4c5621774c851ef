"""Stopping and resuming the starts of a process 流程启停, and taking away a version that never ran.

What stops is only what would begin: whatever has begun goes on. One designer puts it forward, a second one agrees,
as with every version that is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Conflict, Invalid, Reason, RuleBroken

Act = Literal["suspend", "activate", "remove"]
Standing = Literal["active", "suspended", "removed"]
DESIGNER = "process_designer"
ACTS_ZH: Mapping[Act, str] = {"suspend": "暂停启动", "activate": "恢复启动", "remove": "删除版本"}
STANDS: Mapping[Act, Standing] = {"suspend": "suspended", "activate": "active", "remove": "removed"}
LONGEST_REASON = 400
# What receives a right of the cadre never rests 复核、申诉 (F12).
ALWAYS_OPEN = frozenset({"p10_appeal"})


@dataclass(frozen=True, slots=True)
class Version:
    """One version as an act finds it; ``ran``: something was ever done on it, ``callers``: who calls it by number."""

    number: int
    standing: Standing
    origin: str = "designer"
    ran: bool = False
    callers: tuple[str, ...] = ()


def require_designer(actor: Actor, day: date) -> None:
    """NotAllowed for all but designers."""
    require_role(actor, DESIGNER, day=day)


def told_reason(reason: str) -> str:
    """The reason as written; Invalid without one or with one too long."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def require_possible(act: Act, key: str, versions: Sequence[Version]) -> tuple[int, ...]:
    """The numbers of the versions an act changes; a refusal with a sentence where it changes none or may not.

    RuleBroken for what must always be open; Conflict for a version that ran, came with the installation or is
    called by number.
    """
    if act == "suspend" and key in ALWAYS_OPEN:
        sentence = "复核、申诉是干部的权利，受理的流程不能暂停。"
        raise RuleBroken([Reason("ALWAYS_OPEN", sentence, "F12")])
    if act == "remove":
        for one in versions:
            _require_removable(one)
    before: Standing = "active" if act == "suspend" else "suspended"
    found = tuple(one.number for one in versions if act == "remove" or one.standing == before)
    if not found:
        raise Conflict("该流程已经暂停启动。" if act == "suspend" else "该流程没有暂停启动。")
    return found


def _require_removable(one: Version) -> None:
    if one.ran:
        raise Conflict(
            f"第{one.number}版已经办理过流程，办理记录以它为据，不能删除；不再使用的，请暂停启动。"
        )
    if one.origin == "installation":
        raise Conflict(f"第{one.number}版随系统安装，不能删除；不再使用的，请暂停启动。")
    if one.callers:
        names = "、".join(f"“{name}”" for name in one.callers)
        raise Conflict(f"流程{names}指定调用第{one.number}版，不能删除。")
