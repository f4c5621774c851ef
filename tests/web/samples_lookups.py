"""Samples of the look-ups, plainly invented: what their templates expect."""

from datetime import date
from types import SimpleNamespace as View
from typing import Any

TODAY = date(2026, 11, 22)


def _found(state: str, sentence: str, **changes: Any) -> View:
    values = {
        "code": "X",
        "sentence": sentence,
        "article": "",
        "state": state,
        "until": None,
        "detail": (),
        "source": "",
    }
    return View(**{**values, **changes})


CHECKS = (
    View(
        branch="promotion",
        eligible=False,
        checked_on=TODAY,
        reasons=(
            _found(
                "blocked",
                "影响期自2026年3月16日至2027年9月15日，期间不得提拔、进一步使用、晋升职级。",
                until=date(2027, 9, 15),
                article="党内严重警告",
                source="措施登记和影响期核算",
                detail=("自2026年3月16日生效之日起算，遇节假日不顺延。",),
            ),
            _found("unknown", "“四必”须在考察阶段办理，目前尚未核查。", article="干部选拔任用工作条例"),
        ),
    ),
    View(
        branch="same_level",
        eligible=True,
        checked_on=TODAY,
        reasons=(_found("passed", "没有正在执行的影响期。"),),
    ),
)
CHOSEN = View(id="p1", name="苏白露", post="星屿市城市更新局副局长")


def checking(**changes: Any) -> View:
    """此人现在能不能提, of one cadre, for a post."""
    values: dict[str, Any] = {
        "q": "苏白露",
        "post_q": "副局长",
        "day": TODAY,
        "is_today": True,
        "found": (),
        "posts": (),
        "chosen": CHOSEN,
        "target": View(value="o1", label="副局长", hint="市水务局　副处级"),
        "checks": CHECKS,
        "kept_back": "",
        "problems": (),
    }
    return View(**{**values, **changes})


def ending(index: int) -> View:
    """The n-th line of what ends soon."""
    return View(
        kind=("impact", "admonishment", "probation")[index % 3],
        person_id=f"p{index}",
        name=("苏白露", "顾半夏", "钟谷雨")[index % 3],
        post="副局长",
        unit="市城市更新局",
        what="党内严重警告：不得提拔、进一步使用、晋升职级",
        ends_on=date(2026, 12, 1 + index),
        free_on=date(2026, 12, 2 + index),
        case_id=f"c{index}" if index % 2 else None,
        late=index == 2,
    )


ENDINGS = tuple(ending(i) for i in range(6))
PAGING = View(number=1, size=50, total=6, next=None, previous=None)
COUNTS = {"impact": 2, "admonishment": 2, "probation": 2}
PAGES: dict[str, tuple[str, Any]] = {
    "lookup": ("lookups/index.html", checking()),
    "lookup-asked": ("lookups/index.html", checking(q="", post_q="", chosen=None, target=None, checks=())),
    "lookup-several": (
        "lookups/index.html",
        checking(
            chosen=None,
            checks=(),
            target=None,
            found=(CHOSEN, View(id="p2", name="苏白果", post="")),
            posts=(View(value="o1", label="副局长", hint="市水务局"),),
            problems=(View(field="day", sentence="“x”不是日期，现按今天核查。"),),
        ),
    ),
    "lookup-kept-back": (
        "lookups/index.html",
        checking(checks=(), kept_back="请由负责该干部的科室核查。", day=date(2027, 1, 4), is_today=False),
    ),
    "ends": (
        "lookups/ends.html",
        View(
            days=90,
            kind="",
            rows=ENDINGS,
            counts=COUNTS,
            paging=PAGING,
            until=date(2027, 2, 20),
        ),
    ),
    "ends-empty": (
        "lookups/ends.html",
        View(days=30, kind="probation", rows=(), counts=COUNTS, paging=PAGING, until=date(2026, 12, 22)),
    ),
}
ENDPOINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lookups.index": ("/lookups", ("GET",)),
    "lookups.ending": ("/lookups/ends", ("GET",)),
}
