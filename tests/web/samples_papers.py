"""Samples of the papers 文书, plainly invented: full ones, long ones, and ones with everything left to fill by hand."""

from datetime import date
from types import SimpleNamespace as View
from typing import Any

from webapp.exchange.lrmx import Form, Member
from webapp.services import approval_sheet
from webapp.web.filled import NOTHING, Filled

LONG = "推进重点任务不力，多次协调仍未按期完成，群众反映集中。" * 90
FORM = Form(
    name="苏白露",
    sex="女",
    born="197809",
    nation="汉族",
    native_place="云汀星屿",
    birthplace="云汀星屿",
    joined_party="200106",
    worked_since="200007",
    health="健康",
    education="大学",
    degree="工学学士",
    education_school="云汀大学水利系",
    current_post="星屿市城市更新局副局长",
    career="\n".join(
        f"{year}.03--{year + 2}.03  星屿市某局科员、副科长（虚构）" for year in range(2000, 2024, 2)
    ),
    rewards="2019年被评为先进工作者",
    appraisals="2023年度称职；2024年度称职；2025年度称职",
    family=(Member("丈夫", "云望舒", "197612", "中共党员", "星屿市某学校教师"),),
)


def _paper(**values: Any) -> View:
    return View(**{"back": "/", **values})


def approval(form: Form = FORM, **proposed: str) -> Any:
    """任免审批表."""
    return approval_sheet.of(form, proposed, back="/", day=date(2026, 11, 22))


PROPOSAL = Filled(
    {
        "name": "苏白露",
        "sex": "女",
        "birth_month": "1978.09",
        "present_post": "星屿市城市更新局副局长",
        "situation_codes": "担当和斗争精神不强",
        "main_facts": LONG,
        "manner": "平职调整",
        "reporting_unit": "星屿市委组织部",
        "filled_by": "顾半夏",
        "filled_on": "2026年3月2日",
    },
    {},
)
PERIODS = (
    View(
        bar="不得提拔、进一步使用、晋升职级",
        explanation=("自2026年3月16日（生效之日）起计12个月", "至2027年3月15日"),
    ),
)
LABELS = ("纪检监察机关意见", "协管方意见", "统战部门意见", "分管领导意见")
OPINIONS = tuple(View(label=label, text="同意。", signed_by="江立夏", on="2026年3月9日") for label in LABELS)
UNASKED = tuple(View(label=label, text="", signed_by="", on="") for label in LABELS)


def proposal(**changes: Any) -> View:
    """调整建议表."""
    values: dict[str, Any] = {
        "form": PROPOSAL,
        "periods": PERIODS,
        "opinions": OPINIONS,
        "superior": "",
        "decided": {
            "dept": "第三次部务会（2026年3月9日）研究：应到7人，实到7人，同意7票，不同意0票，缓议0票，同意（通过）。"
        },
    }
    return _paper(**{**values, **changes})


def record(kind: str, title: str, form: Filled = NOTHING, **changes: Any) -> View:
    """谈话记录 or 回访记录."""
    values: dict[str, Any] = {
        "title": title,
        "kind": kind,
        "subject": "苏白露",
        "post": "副局长",
        "unit_name": "星屿市城市更新局",
        "form": form,
        "unit": NOTHING,
        "check": NOTHING,
        "apart": NOTHING,
        "talkers": (),
    }
    return _paper(**{**values, **changes})


TALK = Filled(
    {
        "talked_on": "2026年3月20日",
        "talk_place": "组织部谈话室",
        "reasons_notified": LONG,
        "subject_view": "接受组织决定。",
        "remedy_text": "可以依照规定申请复核。",
    },
    {},
)
VISIT = Filled(
    {"visit_no": "第2次", "visit_type": "定期", "held_on": "2026年9月1日", "state_of_mind": LONG},
    {"others_heard": (("单位领导", "2"), ("同事", "5"))},
)
UNIT = Filled({"unit_thought": "端正。", "unit_results": "完成河湖巡查任务。"}, {})


def member(index: int) -> View:
    """The n-th member of the committee."""
    who = View(id=f"m{index}", name=("柳清明", "林霜降", "江立夏", "叶知秋")[index % 4], post="")
    return View(
        id=f"m{index}",
        person=who,
        chair=index == 0,
        attendance="absent" if index == 9 else "present",
        reason="出差" if index == 9 else "",
    )


def item(index: int, **changes: Any) -> View:
    """The n-th item of the agenda, decided."""
    values: dict[str, Any] = {
        "id": f"i{index}",
        "number": index + 1,
        "subject": ("苏白露", "顾半夏", "钟谷雨")[index % 3],
        "subject_post": "星屿市城市更新局副局长",
        "matter": "调整决定",
        "proposal": "建议平职调整。",
        "recused": (View(member_id="m1", name="林霜降", reason="x"),) if index % 5 == 0 else (),
        "remarks": (),
        "secret": index % 2 == 0,
        "state": "decided",
        "agree": 9,
        "disagree": 0,
        "defer": 1,
        "abstain": 0,
        "result": "passed",
    }
    return View(**{**values, **changes})


def minutes(count: int = 3, **changes: Any) -> View:
    """会议纪要 with so many items."""
    members = tuple(member(index) for index in range(11))
    meeting = View(
        id="m", title="2026年第7次常委会", body="committee", place="三楼会议室", expected=11, present=10,
        members=members, held_on=View(year=2026, month=3, day=16),
    )  # fmt: skip
    values: dict[str, Any] = {
        "meeting": meeting,
        "committee": "中共星屿市委员会",
        "items": tuple(item(index) for index in range(count)),
        "extract": False,
        "absent": tuple(one for one in members if one.attendance != "present"),
        "present": tuple(one for one in members if one.attendance == "present"),
    }
    return _paper(**{**values, **changes})


NOTICE = Filled(
    {
        "notice_person": "苏白露，女，1978年9月生，汉族，中共党员，大学，工学学士",
        "notice_posts": "现任星屿市城市更新局副局长，拟任星屿市水务局局长",
        "notice_contact": "电话 0000-0000000；地址：星屿市某路1号（虚构）",
    },
    {},
)


def notice(**changes: Any) -> View:
    """任前公示."""
    values = {
        "organ": "中共星屿市委组织部",
        "form": NOTICE,
        "starts_on": "2026年11月23日",
        "ends_on": "2026年11月30日",
    }
    return _paper(**{**values, "dated": "2026年11月23日", **changes})


OPEN_ITEM = item(1, agree=None, state="voting", result="")
PAGES: dict[str, tuple[str, Any]] = {
    "paper-approval": ("papers/approval.html", approval(proposed_post="星屿市水务局局长", reason="工作需要")),
    "paper-approval-blank": ("papers/approval.html", approval(Form(name="苏白露"))),
    "paper-proposal": ("papers/proposal.html", proposal()),
    "paper-proposal-blank": (
        "papers/proposal.html",
        proposal(form=NOTHING, periods=(), opinions=UNASKED, decided={}),
    ),
    "paper-talk": ("papers/talk.html", record("talk", "调整谈话记录", TALK, talkers=("江立夏", "林霜降"))),
    "paper-talk-blank": ("papers/talk.html", record("hear_subject", "核实谈话记录")),
    "paper-talk-refused": (
        "papers/talk.html",
        record("appointment_talk", "任职谈话记录", Filled({"talk_refusal": "本人在外地。"}, {})),
    ),
    "paper-visit": (
        "papers/visit.html",
        record(
            "hold_visit",
            "回访记录",
            VISIT,
            unit=UNIT,
            check=Filled({"subject_answer": "核对无误，签字"}, {}),
            apart=Filled({"health": "良好。", "family": "父母需要照料。"}, {}),
        ),
    ),
    "paper-visit-blank": ("papers/visit.html", record("hold_visit", "回访记录")),
    "paper-minutes": ("papers/minutes.html", minutes()),
    "paper-minutes-long": ("papers/minutes.html", minutes(40)),
    "paper-minutes-extract": ("papers/minutes.html", minutes(1, extract=True)),
    "paper-minutes-open": ("papers/minutes.html", minutes(0, items=(OPEN_ITEM,), absent=())),
    "paper-notice": ("papers/publicity.html", notice()),
    "paper-notice-blank": (
        "papers/publicity.html",
        notice(form=NOTHING, starts_on="", ends_on="", dated="", organ=""),
    ),
}
ENDPOINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "papers.proposal": ("/papers/cases/<case_id>/proposal", ("GET",)),
    "papers.publicity": ("/papers/cases/<case_id>/publicity", ("GET",)),
    "papers.approval_of_case": ("/papers/cases/<case_id>/approval", ("GET",)),
    "papers.approval": ("/papers/people/<person_id>/approval", ("GET",)),
    "papers.record": ("/papers/tasks/<task_id>", ("GET",)),
    "papers.minutes": ("/papers/meetings/<meeting_id>/minutes", ("GET",)),
}
LINKS = (
    View(kind="proposal", title="调整建议表", task_id=None, done=True),
    View(kind="record", title="调整谈话记录", task_id="t3", done=False),
)
