"""Samples of the look-ups, plainly invented: what their templates expect."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as View
from typing import Any

from webapp.queries.parts import Field, FormView, Option

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
UNITS = (View(value="o1", label="市城市更新局", hint=""), View(value="o2", label="市水务局", hint=""))


def _posts(index: int) -> tuple[View, ...]:
    return (
        View(title="局长", rank="正处", quota=1, held=1, vacant=0, over=0),
        View(
            title="副局长",
            rank="副处",
            quota=3,
            held=index + 2,
            vacant=max(1 - index, 0),
            over=max(index - 1, 0),
        ),
    )


def _level(post: View, index: int) -> View:
    since, document_no = (TODAY, "星编办〔2026〕15号") if index else (None, "")
    return View(
        level=post.rank, quota=post.quota, held=post.held, vacant=post.vacant, over=post.over, posts=(post,),
        since=since, document_no=document_no,
    )  # fmt: skip


def _unit(index: int) -> View:
    return View(
        id=f"o{index}",
        name=f"市水务局{index}",
        levels=tuple(_level(post, index) for post in _posts(index)),
        establishment=View(places=36) if index else None,
        quota=4,
        held=index + 3,
        vacant=1,
        over=index // 2,
    )


def _roster_line(index: int) -> View:
    return View(
        id=f"p{index}", name="苏白露", sex="女", born_on=date(1978, 9, 1), age=578 + index, party="中共党员",
        post="副局长", unit="市城市更新局", rank="副处", since=date(2020, 3, 1),
        status=("none", "barred", "tracked")[index % 3],
    )  # fmt: skip


QUOTAS = tuple(
    View(
        id=f"q{index}", unit="市水务局", level=("副处", "编制")[index % 2], places=3 + index, valid_from=TODAY,
        document_no="星编办〔2026〕15号", recorded_by="左泽兰", recorded_at=datetime(2026, 11, 2, 2, tzinfo=UTC),
        state=("now", "ahead", "replaced")[index],
    )
    for index in range(3)
)  # fmt: skip
QUOTA_FORM = FormView(
    (
        Field("unit", "unit", "select", "单位", required=True, options=(Option("o1", "市水务局"),)),
        Field(
            "places", "places", "number", "核定数", required=True, unit="名", error="请填写0至9999的整数。"
        ),
        Field("valid_from", "valid_from", "date", "自何日起", required=True),
    )
)
ASKED = View(
    unit="o1", rank="副处", level="leading", sex="女", party="member", education="大学", standing="barred",
    age_from=540, age_to=None, sort="older", is_filtered=True,
)  # fmt: skip
PURPOSE = View(error="", options=(View(value="meeting", label="会议研究", hint=""),))
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
    "vacancies": (
        "lookups/vacancies.html",
        View(
            unit="",
            rank="",
            only="",
            units=UNITS,
            ranks=("副处", "正处"),
            rows=tuple(_unit(i) for i in range(3)),
            is_filtered=False,
        ),
    ),
    "quotas": ("lookups/quotas.html", View(unit="", units=UNITS, rows=QUOTAS, form=QUOTA_FORM, problems=())),
    "quotas-refused": (
        "lookups/quotas.html",
        View(
            unit="",
            units=UNITS,
            rows=QUOTAS,
            form=QUOTA_FORM,
            problems=(View(field="places", sentence="请填写0至9999的整数。"),),
        ),
    ),
    "quotas-empty": ("lookups/quotas.html", View(unit="o1", units=UNITS, rows=(), form=None, problems=())),
    "vacancies-empty": (
        "lookups/vacancies.html",
        View(unit="o1", rank="", only="over", units=UNITS, ranks=(), rows=(), is_filtered=True),
    ),
    "roster": (
        "lookups/roster.html",
        View(
            asked=ASKED,
            units=UNITS,
            ranks=("副处",),
            rows=tuple(_roster_line(i) for i in range(3)),
            paging=PAGING,
        ),
    ),
    "roster-empty": ("lookups/roster.html", View(asked=ASKED, units=UNITS, ranks=(), rows=(), paging=PAGING)),
    "ledger-taken": ("lookups/ledger.html", View(fields=(PURPOSE,), problems=())),
    "ledger-refused": (
        "lookups/ledger.html",
        View(
            fields=(View(error="请选择用途。", options=PURPOSE.options),),
            problems=(View(field="purpose", sentence="请选择用途。"),),
        ),
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
    "rosters.vacant": ("/lookups/vacancies", ("GET",)),
    "quotas.index": ("/lookups/quotas", ("GET",)),
    "quotas.record": ("/lookups/quotas", ("POST",)),
    "rosters.roster": ("/lookups/roster", ("GET",)),
    "rosters.choose_ledger": ("/lookups/ledger", ("GET",)),
    "rosters.take_ledger": ("/lookups/ledger.xlsx", ("GET",)),
    "lookups.ending": ("/lookups/ends", ("GET",)),
}
