"""One full sample of every view, plainly invented: what the templates expect, for tests without a database."""

from datetime import UTC, date, datetime
from types import SimpleNamespace as View
from typing import Any

from tests.web import design_samples, samples_corrections, samples_lookups, samples_papers
from webapp.domain.kinship import KINDS_ZH, SOURCES_ZH
from webapp.domain.policies import FIXED, POLICIES

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
EARLIER = datetime(2026, 11, 16, 1, 5, tzinfo=UTC)
HASH = "9f2c61d0aa3be74c5518e0e6b7d49913f06a8dbb0c1742e98d35aa60711cfe42"

ME = View(
    user_id="u1",
    person_id="p9",
    name="钟谷雨",
    post="干部监督科科员",
    roles=("cadre_supervision", "meeting_recorder"),
    pages=frozenset(
        [
            "inbox",
            "cases",
            "people",
            "lookups",
            "meetings",
            "tracking",
            "definitions",
            "designs",
            "history",
            "audit",
            "measure",
            "measures.new",
            "cases.start",
            "people.import",
            "people.kinship",
            "rules",
        ]
    ),
    own=True,
    open_count=23,
)
DEMO = View(loading=True, done=34, total=80, stage="正在载入示例卷宗", today=TODAY)
PAGING = View(number=1, size=20, total=46, next="2", previous=None)
LAST = View(number=3, size=20, total=46, next=None, previous="2")
ONE_PAGE = View(number=1, size=20, total=None, next=None, previous=None)


def option(value: str, label: str, hint: str = "") -> View:
    """An option of a choice."""
    return View(value=value, label=label, hint=hint)


def person(key: str, name: str, post: str = "") -> View:
    """A person by id, name and post."""
    return View(id=key, name=name, post=post)


SUBJECT = person("p1", "苏白露", "星屿市城市更新局副局长")
UNITS = (option("o1", "市城市更新局"), option("o2", "市水务局"), option("o3", "望潮区"))


def ribbon(now: str, since: date = date(2026, 3, 2)) -> tuple[View, ...]:
    """The four stages with `now` current."""
    keys = ("down", "tracking", "visit", "up")
    at = keys.index(now)
    notes = {"tracking": "联系类别：重点", "visit": "下次12月2日"}
    return tuple(
        View(
            key=key,
            state="done" if index < at else "now" if index == at else "ahead",
            since=since if index <= at else None,
            until=date(2026, 3, 16) if index < at else None,
            note=notes.get(key, "") if index <= at else "",
        )
        for index, key in enumerate(keys)
    )


def event(seq: int, title: str, **changes: Any) -> View:
    """One event of the history."""
    values: dict[str, Any] = {
        "id": f"case-c1:{seq}",
        "at": EARLIER,
        "effective_at": EARLIER,
        "kind": "task_completed",
        "title": title,
        "who": "顾半夏",
        "on_behalf_of": "",
        "role": "cadre_section",
        "lines": (),
        "outcome": "",
        "paper": False,
        "entered_by": "",
        "late": False,
        "hash": HASH,
        "seq": seq,
        "case_id": "c1",
        "case_no": "星屿〔2026〕调字7号",
        "corrected_by": None,
    }
    return View(**{**values, **changes})


EVENTS = (
    event(
        1,
        "登记日常了解信息",
        lines=("来源：巡察反馈；情形：推动工作不力。",),
        who="钟谷雨",
        role="cadre_supervision",
    ),
    event(2, "完成“分析研判”", outcome="启动核实"),
    event(
        3,
        "完成“核实认定”",
        outcome="属于不适宜担任现职情形",
        paper=True,
        entered_by="钟谷雨",
        late=True,
        who="林霜降",
        role="verification_team",
        lines=("核实组2人，谈话12人，查阅材料7份。",),
    ),
    event(4, "更正核实报告日期", corrected_by="case-c1:5", on_behalf_of="江立夏"),
)
FILES = (
    View(
        id="a1",
        name="核实报告.pdf",
        size=843_211,
        kind="pdf",
        added_by="林霜降",
        added_at=EARLIER,
        note="全体签名",
        digest=HASH,
    ),
    View(
        id="a2",
        name="谈话记录（第2次）.pdf",
        size=2_843_211,
        kind="pdf",
        added_by="钟谷雨",
        added_at=EARLIER,
        note="",
        digest=HASH,
    ),
)
AHEAD = (
    View(name="征求纪检监察机关意见", who="纪检监察机关负责人", condition="意见为同意调整时"),
    View(name="部务会研究", who="部务会", condition=""),
)
DIAGRAM = View(
    instance_id="i1",
    name="调整不适宜担任现职干部",
    key="p01_down_adjustment",
    version=3,
    url="/cases/c1/diagrams/i1",
    steps=(
        View(element_id="assess", name="分析研判", state="done", at=EARLIER, who="顾半夏"),
        View(element_id="proposal", name="提出调整建议", state="active", at=None, who="干部科"),
        View(element_id="meeting", name="部务会研究", state="ahead", at=None, who=""),
    ),
)


def field(key: str, kind: str, label: str, **changes: Any) -> View:
    """A field of a form as the templates draw it."""
    values: dict[str, Any] = {
        "key": key,
        "name": f"f.{key}",
        "kind": kind,
        "label": label,
        "description": "",
        "required": False,
        "readonly": False,
        "error": "",
        "value": None,
        "shown": "",
        "options": (),
        "chosen": (),
        "search": "",
        "files": (),
        "fields": (),
        "rows": (),
        "min": "",
        "max": "",
        "step": "",
        "max_length": None,
        "unit": "",
        "placeholder": "",
        "accept": "",
        "multiple": False,
        "reveals": False,
        "personal": False,
    }
    return View(**{**values, **changes})


SITUATIONS = (
    option("U03", "推动工作不力", "斗争精神不足，不担当、不作为，存在明显缺位失位"),
    option("U07", "精神状态差，工作懈怠"),
    option("U08", "领导能力不足，不能胜任"),
)
MANNERS = (
    option("lateral_transfer", "平职调整"),
    option("convert_to_rank_only", "转任职级公务员"),
    option("demotion", "降职"),
)


def every_field() -> tuple[View, ...]:
    """One field of every kind, some with values, one wrong."""

    def row(index: int, what: str, until: str) -> tuple[View, ...]:
        return (
            field(
                "what",
                "textfield",
                "措施",
                name=f"f.help.{index}.what",
                value=what,
                shown=what,
                required=True,
            ),
            field("until", "date", "时限", name=f"f.help.{index}.until", value=until, shown="2027年3月1日"),
        )

    return (
        field("intro", "text", "请对照核实报告逐项填写，内容将进入部务会材料。"),
        field(
            "situations",
            "checklist",
            "不适宜担任现职的情形",
            options=SITUATIONS,
            value=("U03",),
            required=True,
            shown="推动工作不力",
            description="可多选。依据《推进领导干部能上能下规定》第五条。",
        ),
        field(
            "manner",
            "radio",
            "调整方式",
            options=MANNERS,
            value="demotion",
            shown="降职",
            required=True,
            reveals=True,
        ),
        field(
            "reason",
            "textarea",
            "调整原因",
            required=True,
            personal=True,
            value="连续两年重点任务未完成，经提醒后改进不明显。",
            shown="连续两年重点任务未完成，经提醒后改进不明显。",
            max_length=2000,
            error="请写明与情形对应的主要事实，不少于30字。",
        ),
        field(
            "months",
            "number",
            "影响期",
            value="24",
            shown="24",
            unit="个月",
            description="按调整方式自动带出，可说明理由后修改。",
        ),
        field(
            "effective_on", "date", "建议生效日期", value="2026-12-01", shown="2026年12月1日", required=True
        ),
        field("document_no", "textfield", "文号", placeholder="星组〔2026〕12号"),
        field(
            "level",
            "select",
            "拟任职务层次",
            options=(option("same", "同层次"), option("lower", "低一层次")),
            value="lower",
            shown="低一层次",
        ),
        field(
            "post",
            "post",
            "拟任职务",
            options=(option("t1", "市水务局四级调研员", "空缺1"),),
            search="水务",
            required=True,
        ),
        field(
            "verifiers",
            "people",
            "核实组成员",
            chosen=(option("p3", "林霜降", "干部监督科副科长"), option("p4", "江立夏", "干部一科科员")),
            shown="林霜降、江立夏",
        ),
        field("unit", "organisation", "征求意见单位", search="不存在的单位"),
        field(
            "tags",
            "taglist",
            "相关材料",
            options=(option("a", "年度考核"), option("b", "巡察反馈")),
            value=("b",),
            shown="巡察反馈",
        ),
        field(
            "facts",
            "group",
            "听取意见",
            fields=(
                field("heard", "checkbox", "已当面听取本人意见", value=True, shown="是"),
                field("own_words", "textarea", "本人意见", shown="", personal=True),
            ),
        ),
        field(
            "help", "dynamiclist", "帮带措施", rows=(row(0, "跟班学习", "2027-03-01"), row(1, "每月谈话", ""))
        ),
        field(
            "report",
            "filepicker",
            "核实报告",
            files=FILES[:1],
            multiple=True,
            accept=".pdf",
            description="PDF，单个不超过50 MB。",
        ),
        field("cadre", "textfield", "干部", readonly=True, shown="苏白露"),
    )


def form(**changes: Any) -> View:
    """A form; editable and without problems unless said otherwise."""
    values: dict[str, Any] = {
        "fields": every_field(),
        "problems": (),
        "readonly": False,
        "draft_saved_at": NOW,
        "version": 3,
    }
    return View(**{**values, **changes})


def problem(name: str, sentence: str) -> View:
    """What is wrong with one input."""
    return View(field=name, sentence=sentence)


PERIODS = (
    View(
        bar="不得提拔任职或进一步使用",
        starts_on=date(2026, 3, 2),
        ends_on=date(2028, 3, 1),
        days_left=465,
        state="running",
        basis="推进领导干部能上能下：降职",
        explanation=("自决定生效之日2026年3月2日起算，24个月。", "对应日2028年3月2日的前一日为止期。"),
    ),
    View(
        bar="不得担任领导职务",
        starts_on=date(2026, 3, 2),
        ends_on=None,
        days_left=None,
        state="unsettled",
        basis="留党察看一年",
        explanation=(),
    ),
    View(
        bar="不得晋升职级",
        starts_on=date(2024, 1, 8),
        ends_on=date(2025, 1, 7),
        days_left=None,
        state="over",
        basis="党内警告",
        explanation=(),
    ),
)
MEASURES = (
    View(
        id="m1",
        kind="降职",
        track="推进领导干部能上能下",
        decided_on=date(2026, 3, 2),
        effective_on=date(2026, 3, 2),
        decided_by="中共星屿市委",
        document_no="星委干〔2026〕18号",
        months=24,
        note="",
    ),
    View(
        id="m2",
        kind="党内警告",
        track="党纪处分",
        decided_on=date(2024, 1, 8),
        effective_on=date(2024, 1, 8),
        decided_by="星屿市纪委",
        document_no="",
        months=None,
        note="",
    ),
)

NAMES = ("苏白露", "顾半夏", "江立夏", "林霜降", "叶知秋", "沈清明", "陆小满", "白术", "杜若", "秦艽")
TASKS = (
    "提出调整建议",
    "填写回访记录",
    "分析研判",
    "核实认定",
    "帮带记实",
    "办理任免手续",
    "任职限制核查",
    "调整谈话",
)
PROCESSES = ("调整不适宜担任现职干部", "跟踪管理", "回访教育", "重新任用")
POSTS = ("市城市更新局副局长", "市水务局四级调研员", "望潮区副区长", "市文化馆馆长")
STAGES = ("down", "tracking", "visit", "up")
DUES = (
    date(2026, 11, 17),
    date(2026, 11, 21),
    TODAY,
    date(2026, 11, 24),
    date(2026, 12, 2),
    None,
    date(2027, 1, 20),
)


def inbox_row(index: int) -> View:
    """The n-th row of a list of work."""
    return View(
        task_id=f"t{index}",
        name=TASKS[index % 8],
        process_name=PROCESSES[index % 4],
        stage=STAGES[index % 4],
        case_id="c1",
        case_no=f"星屿〔2026〕调字{index + 1}号",
        subject=NAMES[index % 10] if index != 6 else "",
        subject_post=POSTS[index % 4],
        created_at=EARLIER,
        due_on=DUES[min(index // 3, 6)],
        assignee="顾半夏",
        waits_for="部务会",
        state="claimed" if index == 2 else "open",
        completed_at=EARLIER,
        outcome="同意（通过）" if index % 2 else "",
        decisive=index == 0,
        may_claim=True,
        returned=index == 1,
        on_behalf_of="顾半夏" if index == 3 else "",
    )


def inbox(**changes: Any) -> View:
    """The inbox with twenty rows."""
    values: dict[str, Any] = {
        "tab": "mine",
        "counts": {"mine": 23, "group": 8, "done": None, "started": 4},
        "q": "",
        "process": "",
        "stage": "",
        "due": "",
        "sort": "due",
        "processes": tuple(option(f"p{i}", name) for i, name in enumerate(PROCESSES)),
        "stages": tuple(
            option(key, {"down": "下", "tracking": "跟踪", "visit": "回访", "up": "再上"}[key])
            for key in STAGES
        ),
        "rows": tuple(inbox_row(index) for index in range(20)),
        "paging": PAGING,
        "is_filtered": False,
        "tabs": ("mine", "group", "done", "started", "stand_in"),
        "beginnings": (),
    }
    return View(**{**values, **changes})


def own_account(**changes: Any) -> View:
    """The own account: substitutes and relatives."""
    line = View(
        id="su1", other="陆清和", role="干部科", place="市委组织部", valid_from=TODAY, valid_to=date(2026, 12, 1),
        state="代理中", reason="外出培训", may_end=True,
    )  # fmt: skip
    values: dict[str, Any] = {
        "named": (line, View(**{**vars(line), "id": "su2", "state": "已结束", "may_end": False})),
        "standing": (View(**{**vars(line), "id": "su3", "reason": ""}),),
        "desks": (option("cadre_section:o1", "干部科（市委组织部）"),),
        "colleagues": (option("u2", "陆清和"),),
        "kin": (kin(1), kin(2, since=None)),
        "problems": (),
        "typed": dict.fromkeys(("substitute", "desk", "valid_from", "valid_to", "reason"), ""),
    }
    return View(**{**values, **changes})


BEGINNINGS = tuple(
    View(code=code, count=3, late=1, id="m1", name="第12次部务会", on=date(2026, 11, 23))
    for code in (
        "group", "meeting", "own", "reviews", "drafts", "grants", "incidents", "records", "looks", "acts", "quotas",
    )
)  # fmt: skip
CASE_BRIEF = View(
    id="c1",
    case_no="星屿〔2026〕调字7号",
    matter="推动工作不力",
    subject=SUBJECT,
    managed_by="中共星屿市委",
    unit="市城市更新局",
    opened_on=date(2026, 9, 7),
    ribbon=ribbon("down", date(2026, 9, 7)),
    facts=(
        ("管理机关", "中共星屿市委"),
        ("立卷", "2026年9月7日"),
        ("核实结论", "属于不适宜情形"),
        ("本人意见", ""),
    ),
)


def task(**changes: Any) -> View:
    """A task of mine with everything on it."""
    values: dict[str, Any] = {
        "id": "t1",
        "name": "提出调整建议",
        "process_name": "调整不适宜担任现职干部",
        "process_key": "p01_down_adjustment",
        "version": 3,
        "stage": "down",
        "state": "mine",
        "assignee": person("p9", "钟谷雨", "干部监督科科员"),
        "created_at": EARLIER,
        "due_on": date(2026, 11, 24),
        "due_rule": "收到核实报告后10个工作日（本地政策）",
        "decisive": True,
        "consequence": "提交后进入部务会研究，调整建议不能撤回，只能由部务会退回修改。",
        "submit_label": "提交办理",
        "may": frozenset(("release", "complete", "return", "draft", "paper", "comment", "attach")),
        "why_not": "",
        "why_me": (
            "您具有“干部监督科”角色（2026年3月1日起）。",
            "卷宗由中共星屿市委管理，办理单位是市委组织部。",
            "您于11月16日签收。",
        ),
        "basis": (
            View(
                name="《推进领导干部能上能下规定》",
                article="第九条",
                text="组织（人事）部门根据核实情况，提出调整建议。（示例文字）",
            ),
            View(name="《党政领导干部选拔任用工作条例》", article="第五十八条", text=""),
        ),
        "hint": "调整建议应当包括调整原因、调整方式、岗位安排等内容。",
        "advice": (
            View(name="调整方式参考", lines=(("调整方式", "转任职级公务员"), ("联系类别", "重点联系"))),
        ),
        "ahead": AHEAD,
        "case": CASE_BRIEF,
        "form": form(),
        "paper": False,
        "paper_problems": (),
        "paper_values": {},
        "files": FILES,
        "events": EVENTS,
        "diagram": DIAGRAM,
        "own": None,
        "paper_title": "调整谈话记录",
        "case_files": FILES,
        "position": ("t0", "t2"),
        "sent": View(
            back_to=("核实并撰写核实报告",),
            here=View(id="k0", who="苏白露", at=EARLIER, text="请补充调整后的岗位安排。"),
        ),
        "comments": (View(id="k1", who="顾半夏", at=EARLIER, text="拟任职务空缺已与公务员科核对。"),),
    }
    return View(**{**values, **changes})


def case_row(index: int) -> View:
    """The n-th row of the list of cases."""
    return View(
        id=f"c{index}",
        case_no=f"星屿〔2026〕调字{index + 1}号",
        subject=NAMES[index % 10],
        subject_post=POSTS[index % 4],
        matter="推动工作不力" if index % 2 else "党纪处分",
        ribbon=ribbon(STAGES[index % 4]),
        stage_since=date(2026, 3, 2),
        state="open" if index % 5 else "closed",
        waits_for="部务会" if index % 3 else "",
        next_due_on=DUES[index % 7],
        opened_on=date(2026, 2, 20),
        updated_at=EARLIER,
    )


def case(**changes: Any) -> View:
    """A case in tracking, verified and sound."""
    case_tasks = (
        View(
            id="t1",
            name="填写回访记录",
            process_name="回访教育",
            state="claimed",
            who="林霜降、江立夏",
            created_at=EARLIER,
            due_on=date(2026, 11, 17),
            completed_at=None,
            may_open=True,
        ),
        View(
            id="t2",
            name="帮带记实",
            process_name="跟踪管理",
            state="open",
            who="帮带责任人",
            created_at=EARLIER,
            due_on=date(2026, 12, 31),
            completed_at=None,
            may_open=False,
        ),
        View(
            id="t3",
            name="调整谈话",
            process_name="调整不适宜担任现职干部",
            state="completed",
            who="江立夏",
            created_at=EARLIER,
            due_on=None,
            completed_at=EARLIER,
            may_open=True,
        ),
    )
    values: dict[str, Any] = {
        "id": "c1",
        "case_no": "星屿〔2026〕调字7号",
        "matter": "推动工作不力",
        "state": "open",
        "outcome": "",
        "subject": SUBJECT,
        "managed_by": "中共星屿市委",
        "unit": "市城市更新局",
        "opened_on": date(2026, 2, 20),
        "closed_on": None,
        "ribbon": ribbon("tracking"),
        "facts": (("联系人", "叶知秋"), ("联系类别", "重点")),
        "measures": MEASURES,
        "periods": PERIODS,
        "tasks": case_tasks,
        "events": EVENTS,
        "events_more": True,
        "diagrams": (DIAGRAM,),
        "files": FILES,
        "verification": View(
            ok=True,
            checked_at=NOW,
            events=41,
            head=HASH,
            first_bad=None,
            sentences=("最近一次签名检查点：第40条。",),
        ),
        "may": frozenset(("verify",)),
        "awaiting": "",
        "papers": samples_papers.LINKS,
    }
    return View(**{**values, **changes})


def reason(code: str, sentence: str, state: str, **changes: Any) -> View:
    """One ground of the eligibility sheet."""
    return View(
        **{
            "code": code,
            "sentence": sentence,
            "article": "",
            "state": state,
            "until": None,
            "detail": (),
            "source": "",
            **changes,
        }
    )


def member(index: int, attendance: str, why: str = "") -> View:
    """A member of the meeting."""
    return View(
        id=f"w{index}",
        person=person(f"p{index}", NAMES[index % 10], "市委常委"),
        chair=index == 0,
        attendance=attendance,
        reason=why,
    )


def recusal(key: str, name: str, **changes: Any) -> View:
    """A member who leaves for an item."""
    values = {"member_id": key, "name": name, "reason": "与干部本人有亲属关系", "since": None, "fresh": False}
    return View(**{**values, "may_undo": False, **changes})


def item(number: int, **changes: Any) -> View:
    """An item of the agenda."""
    values: dict[str, Any] = {
        "id": f"g{number}",
        "number": number,
        "case_id": "c1",
        "case_no": f"星屿〔2026〕调字{number}号",
        "subject": NAMES[number],
        "subject_post": POSTS[number % 4],
        "matter": "调整建议",
        "proposal": "建议免去现任职务，降职安排为市水务局四级调研员。",
        "state": "waiting",
        "recused": (),
        "unsettled": (),
        "my_vote": "",
        "i_am_recused": False,
        "may_vote": False,
        "may_record": False,
        "vote_waits": (),
        "count_waits": (),
        "silent": (),
        "agree": None,
        "disagree": None,
        "defer": None,
        "abstain": None,
        "cast": 0,
        "not_cast": 9,
        "result": "",
        "arithmetic": (),
        "recorded_by": "",
        "files": (),
        "secret": False,
        "remarks": ("此前会议缓议或暂缓表决，本次再次提请。",),
        "may": frozenset(("manner", "withdraw", "put_off", "reconsider")),
    }
    return View(**{**values, **changes})


WAITING = (
    View(
        id="q1",
        case_id="c1",
        case_no="星屿〔2026〕调字7号",
        subject="苏白露",
        matter="调整建议",
        body="dept",
        since=date(2026, 11, 18),
    ),
    View(
        id="q2",
        case_id="c2",
        case_no="星屿〔2025〕任字2号",
        subject="杜若",
        matter="重新任用",
        body="committee",
        since=date(2026, 11, 2),
    ),
)


def meeting(**changes: Any) -> View:
    """An open meeting with items in every state."""
    members = tuple(member(i, "present" if i < 9 else "leave", "" if i < 9 else "出差") for i in range(10))
    items = (
        item(
            1,
            state="voting",
            may_vote=True,
            may_record=True,
            cast=5,
            not_cast=4,
            files=FILES[:1],
            count_waits=("还有4名到会成员未表决，请表决或注明“未表决”后再计票。",),
            silent=(View(member_id="w5", name="柏寒露", reason=""),),
        ),
        item(
            2,
            state="decided",
            result="passed",
            agree=7,
            disagree=1,
            defer=0,
            abstain=0,
            cast=8,
            not_cast=0,
            recorded_by="钟谷雨",
            recused=(recusal("w3", "林霜降", since=date(2026, 3, 1)),),
            arithmetic=(
                "应到10人，实到9人，回避1人，参加本项表决8人（须不少于7人）；同意7票、不同意1票（通过须同意不少于6票）。结果：同意（通过）。",
            ),
        ),
        item(
            3,
            state="decided",
            result="not_passed",
            agree=4,
            disagree=3,
            defer=2,
            abstain=0,
            cast=9,
            not_cast=0,
            my_vote="agree",
        ),
        item(4, i_am_recused=True),
        item(
            5,
            recused=(
                recusal("w4", "白秋分", since=TODAY, fresh=True),
                recusal("w5", "孟白果", may_undo=True),
            ),
            unsettled=("施半枝",),
        ),
    )
    values: dict[str, Any] = {
        "id": "mt1",
        "title": "市委常委会第31次会议",
        "body": "committee",
        "held_on": TODAY,
        "place": "市委二楼会议室",
        "state": "open",
        "rule": "应到会成员三分之二以上到会方能举行；赞成超过应到会成员半数为通过。",
        "opened_at": NOW,
        "closed_at": None,
        "members": members,
        "expected": 10,
        "present": 9,
        "absent": 1,
        "quorum_needed": 7,
        "has_quorum": True,
        "items": items,
        "may": frozenset(("attend", "vote", "record", "close", "add_item")),
        "problems": (),
        "notices": ("会议曾改期：主要领导出差。",),
        "my_member_id": "w1",
        "votes_secret": True,
        "waiting": WAITING,
        "choices": ("agree", "disagree", "defer"),
    }
    return View(**{**values, **changes})


def plan_row(index: int) -> View:
    """The n-th row of the ledger."""
    return View(
        id=f"l{index}",
        case_id="c1",
        subject=NAMES[index % 10],
        subject_post=POSTS[index % 4],
        unit=UNITS[index % 3].label,
        tracking_class="ABC"[index % 3],
        mentor="叶知秋" if index else "",
        next_visit_on=DUES[index % 7],
        last_visit_on=date(2026, 8, 30),
        visits_done=index % 4,
        visits_planned=4,
        impact_ends_on=date(2028, 3, 1) if index % 4 else None,
        state="closed" if index == 8 else "open",
        care=index == 2,
    )


def definition_row(index: int) -> View:
    """The n-th process."""
    return View(
        key=f"p0{index + 1}_sample",
        name=PROCESSES[index],
        version=3,
        deployed_at=EARLIER,
        deployed_by="安装程序",
        digest=HASH,
        running=12,
        documentation="从日常了解信息到任免手续。",
        problems=index,
        rests=index == 1,
    )


def person_row(index: int) -> View:
    """The n-th cadre."""
    return View(
        id=f"p{index}",
        name=NAMES[index % 10],
        sex="女" if index % 3 else "男",
        born_on=date(1975, 4, 1),
        post=POSTS[index % 4],
        unit=UNITS[index % 3].label,
        rank="四级调研员",
        status=("none", "barred", "tracked", "probation")[index % 4],
        bar_until=date(2028, 3, 1) if index % 4 == 1 else None,
        open_cases=index % 3,
    )


ELIGIBILITY = (
    View(
        branch="promotion",
        eligible=False,
        checked_on=TODAY,
        reasons=(
            reason(
                "IN_IMPACT_PERIOD",
                "仍在影响期内，不得提拔任职或进一步使用。",
                "blocked",
                article="《推进领导干部能上能下规定》第十三条",
                until=date(2028, 3, 1),
                detail=PERIODS[0].explanation,
            ),
            reason("FOUR_MUSTS", "“凡提四必”尚未全部办理。", "unknown"),
            reason("OPEN_MATTER", "有一件申诉正在办理，请会议知悉。", "notice"),
            reason("APPRAISAL", "上年度考核称职。", "passed"),
        ),
    ),
    View(
        branch="same_level",
        eligible=True,
        checked_on=TODAY,
        reasons=(reason("SERVICE_TIME", "在现岗位工作满一年。", "passed"),),
    ),
)


CHANGE_KINDS = (("correct", "更正登记"), ("revoke", "撤销措施"), ("change", "复查变更"))
CHANGES = (
    View(
        id="ch2",
        kind="更正登记",
        state="proposed",
        proposed_by="马槐序",
        proposed_at=NOW,
        settled_by="",
        settled_at=None,
        paper="星屿市纪委，星纪复〔2026〕1号，2026年11月20日",
        differences=(("生效日期", "2026年3月2日", "2026年3月12日"),),
        reason="登记时把日期看错。",
        refusal="",
    ),
    View(
        id="ch1",
        kind="复查变更",
        state="refused",
        proposed_by="马槐序",
        proposed_at=EARLIER,
        settled_by="骆知母",
        settled_at=NOW,
        paper="星屿市纪委，星纪复〔2026〕2号，2026年11月10日",
        differences=(),
        reason="",
        refusal="依据不足。",
    ),
)


def measure(**changes: Any) -> View:
    """A measure with a change that waits for the second person."""
    values: dict[str, Any] = {
        "id": "m2",
        "case_id": "c1",
        "case_no": "星屿〔2026〕处字2号",
        "subject": SUBJECT,
        "title": "党纪处分：党内警告",
        "state": "in_force",
        "facts": (("决定机关", "星屿市纪委"), ("文号", "星纪〔2026〕3号"), ("生效日期", "2026年3月2日")),
        "periods": PERIODS,
        "changes": CHANGES,
        "kinds": (),
        "may_settle": True,
        "may_withdraw": False,
        "problems": (),
    }
    return View(**{**values, **changes})


def cadre(**changes: Any) -> View:
    """A cadre inside an impact period."""
    posts = (
        View(
            post="四级调研员",
            unit="市水务局",
            rank="四级调研员",
            starts_on=date(2026, 3, 2),
            ends_on=None,
            manner="降职",
        ),
        View(
            post="副局长",
            unit="市城市更新局",
            rank="",
            starts_on=date(2019, 6, 1),
            ends_on=date(2026, 3, 1),
            manner="",
        ),
    )
    values: dict[str, Any] = {
        "id": "p1",
        "name": "苏白露",
        "sex": "女",
        "born_on": date(1975, 4, 1),
        "age": 51,
        "nation": "汉族",
        "party": "中共党员",
        "education": "大学",
        "worked_since": date(1997, 8, 1),
        "measures": MEASURES,
        "facts": (("籍贯", "云汀星屿"), ("管理机关", "中共星屿市委"), ("职级", "四级调研员")),
        "appointments": posts,
        "appraisals": (("2025年", "称职"), ("2024年", "称职"), ("2023年", "优秀")),
        "cases": tuple(case_row(i) for i in range(2)),
        "periods": PERIODS,
        "eligibility": ELIGIBILITY,
        "appeals": (),
        "own_file": False,
        "may": frozenset(("start", "register", "record")),
        "kin": (kin(1), kin(2, derived=True, source="由其他登记推知"), kin(3, waiting="撤销", since=None)),
        "kin_waiting": 1,
        "kinds": tuple(KINDS_ZH.items()),
        "kin_sources": tuple(SOURCES_ZH.items()),
    }
    return View(**{**values, **changes})


def kin(number: int, **changes: Any) -> View:
    """A relative on file."""
    values: dict[str, Any] = {
        "relative_id": f"k{number}",
        "name": NAMES[number],
        "relation": "兄弟姐妹",
        "relation_code": "sibling",
        "derived": False,
        "since": TODAY,
        "source": "干部人事档案",
        "evidence": "履历表家庭成员栏",
        "entered_by": "陆清和",
        "confirmed_by": "祁白薇",
        "waiting": "",
    }
    return View(**{**values, **changes})


def kinship_request(number: int, **changes: Any) -> View:
    """An entry that waits for the second person."""
    values: dict[str, Any] = {
        "id": f"kr{number}",
        "person_id": "p1",
        "name": "苏白露",
        "relative": NAMES[number],
        "act": "登记",
        "before": "没有登记",
        "after": "兄弟姐妹",
        "source": "干部人事档案",
        "told": "履历表家庭成员栏",
        "entered_by": "陆清和",
        "entered_on": TODAY,
        "bears_on": (NAMES[number],),
        "may_settle": True,
    }
    return View(**{**values, **changes})


RULE_TYPED = {
    "key": "publicity_workdays", "value": "4", "valid_from": "2027-01-01", "document": "星组发〔2026〕3号",
    "reason": "统一",
}  # fmt: skip


def office_rules(**changes: Any) -> View:
    """Policy values and calendars."""
    dated = (
        View(
            words="7个工作日",
            valid_from=TODAY,
            document="星组发〔2026〕3号",
            confirmed_by="闵慎行",
            state="正在适用",
        ),
        View(words="6个工作日", valid_from=date(2025, 1, 1), document="", confirmed_by="", state="已被替代"),
    )
    proposals = tuple(
        View(
            id=f"rp{number}", title=title, before=before, after=after, valid_from=since, document="星组发〔2026〕5号",
            reason="本地规定延长公示期", proposed_by="车守白", proposed_on=TODAY, days=days, fixed_deadlines=number,
            may_settle=number == 0,
        )
        for number, (title, before, after, since, days) in enumerate(
            (
                ("任前公示的天数", "5个工作日", "7个工作日", TODAY, ()),
                ("2027年工作日历", "", "比现有的多休10天、多上班3天", None, ("2027年1月1日（周五）休，元旦",)),
            )
        )
    )  # fmt: skip
    values: dict[str, Any] = {
        "policies": tuple(
            View(policy=one, words=one.words(one.default), values=dated if index == 0 else ())
            for index, one in enumerate(POLICIES)
        ),
        "fixed": FIXED,
        "years": (View(year=2026, source="国务院办公厅节假日安排", free=19, worked=6),),
        "missing": (2027,),
        "proposals": proposals,
        "may_propose": True,
        "problems": (),
        "typed": dict.fromkeys(RULE_TYPED, ""),
    }
    return View(**{**values, **changes})


def office_calendar(**changes: Any) -> View:
    """A year's notice as read."""
    values: dict[str, Any] = {
        "year": "2027", "text": "2027-01-01至2027-01-03 休 元旦", "document": "国办发明电〔2026〕7号",
        "reason": "年度安排", "days": ("2027年1月1日（周五）休，元旦",),
        "problems": (), "ready": True, "festivals": "元旦、春节",
    }  # fmt: skip
    return View(**{**values, **changes})


IMPORT_ROWS = (
    View(
        number=2,
        name="苏白露",
        unit="市水务局",
        post="四级调研员",
        action="update",
        problems=(),
        warnings=("出生年月与系统一致。",),
        changes=(("职级", "", "四级调研员"), ("学历", "大专", "大学")),
    ),
    View(
        number=3,
        name="杜若",
        unit="市文化馆",
        post="馆长",
        action="create",
        problems=(),
        warnings=(),
        changes=(),
    ),
    View(
        number=4,
        name="",
        unit="市水务局",
        post="科长",
        action="refused",
        problems=("姓名为空。", "单位“市水务局（筹）”没有找到。"),
        warnings=(),
        changes=(),
    ),
    View(
        number=5,
        name="秦艽",
        unit="望潮区",
        post="副区长",
        action="same",
        problems=(),
        warnings=(),
        changes=(),
    ),
)


def importing(step: str = "preview") -> View:
    """The import in one of its steps."""
    return View(
        step=step,
        file_name="花名册2026.xlsx",
        token="k1",
        rows=IMPORT_ROWS,
        problems=(),
        good=2,
        bad=1,
        result=("新增1人。", "更新1人。", "1人无变化，1人未导入。"),
    )


def plan(**changes: Any) -> View:
    """A tracking plan."""

    def visit(number: int, state: str, **more: Any) -> View:
        planned: dict[str, Any] = {
            "id": f"v{number}",
            "number": number,
            "kind": "定期回访",
            "due_on": date(2026, 2 + 3 * number, 20),
            "held_on": None,
            "state": state,
            "visitors": "",
            "grade": "",
            "summary": "",
            "record_id": None,
            "task_id": None,
            "due_rule": "每6个月一次",
        }
        return View(**{**planned, **more})

    values: dict[str, Any] = {
        "id": "l1",
        "case_id": "c1",
        "case_no": "星屿〔2026〕调字7号",
        "subject": SUBJECT,
        "unit": "市水务局",
        "tracking_class": "B",
        "care": False,
        "mentor": person("p5", "叶知秋", "市水务局局长"),
        "mentor_since": date(2026, 3, 20),
        "opened_on": date(2026, 3, 2),
        "closed_on": None,
        "conclusion": "",
        "state": "open",
        "ribbon": ribbon("visit"),
        "goals": "熟悉河湖管理业务，独立承担一项重点任务。",
        "measures": MEASURES[:1],
        "periods": PERIODS[:1],
        "visits": (
            visit(
                1,
                "held",
                held_on=date(2026, 5, 18),
                visitors="林霜降、江立夏",
                grade="good",
                record_id="t9",
                summary="能正确对待决定，主动承担河湖巡查任务。",
            ),
            visit(2, "overdue", task_id="t1"),
            visit(3, "planned"),
        ),
        "notes": (
            View(
                id="n1",
                due_on=date(2026, 9, 30),
                written_on=date(2026, 9, 28),
                kind="第三季度帮带记实",
                author="叶知秋",
                state="written",
                task_id=None,
            ),
            View(
                id="n2",
                due_on=date(2026, 12, 31),
                written_on=None,
                kind="第四季度帮带记实",
                author="",
                state="planned",
                task_id="t9",
            ),
        ),
        "changes": (event(9, "联系人变更", lines=("原联系人调离，改为叶知秋。",)),),
    }
    return View(**{**values, **changes})


def definition() -> View:
    """A deployed process with two lint messages."""
    versions = tuple(
        View(
            version=n,
            deployed_at=EARLIER,
            deployed_by="安装程序",
            digest=HASH,
            running=4 * n,
            finished=20,
            current=n == 3,
            rests=n == 2,
        )
        for n in (3, 2, 1)
    )
    messages = (
        View(
            level="warning",
            element_id="proposal",
            element_name="提出调整建议",
            sentence="此环节没有写明依据。",
            file="p01.bpmn",
            line=120,
        ),
        View(
            level="error",
            element_id="",
            element_name="",
            sentence="决策表“调整方式”没有部署。",
            file="d2.dmn",
            line=None,
        ),
    )
    return View(
        key="p01_down_adjustment",
        name="调整不适宜担任现职干部",
        version=3,
        digest=HASH,
        deployed_at=EARLIER,
        deployed_by="安装程序",
        approved_by="白术",
        documentation="从日常了解信息到办理任免手续。",
        versions=versions,
        messages=messages,
        diagram=DIAGRAM,
        forms=(("proposal", "调整建议表"),),
        decisions=(("d2_manner", "调整方式"),),
        files=(("p01_down_adjustment.bpmn", 41_233),),
    )


def chain(way: str) -> View:
    """The records of one case in one of three ways."""
    return View(
        case_id="c1",
        case_no="星屿〔2026〕调字7号",
        subject="苏白露",
        way=way,
        events=EVENTS,
        diagrams=(DIAGRAM,),
    )


AT = View(
    case_id="c1",
    case_no="星屿〔2026〕调字7号",
    subject="苏白露",
    seq=2,
    first=1,
    last=4,
    event=EVENTS[1],
    steps=EVENTS,
    stage="分析研判",
    status="open",
    outcome="",
    tasks=(
        View(
            name="核实认定",
            state="open",
            holder="",
            candidates=("市委组织部干部监督科",),
            due_on=TODAY,
            withheld=False,
        ),
    ),
    periods=(View(bar="不得晋升职务", starts_on="2026-03-02", ends_on="2027-03-01"),),
    holders=(("市委组织部干部监督科", ("江立夏", "林霜降")),),
    excluded=("白术",),
    diagrams=(DIAGRAM,),
    form=None,
    erased=(),
)


BUNDLE = View(
    case_id="c1",
    case_no="星屿〔2026〕调字7号",
    forms=(View(work_item_id="t1", seq=1, name="登记日常了解信息", fields=3),),
    papers=4,
    bytes=3_400_000,
    records=19,
    withheld=1,
    made=(View(id="user:u1:9", at=EARLIER, who="白术", purpose="巡视巡察", digest=HASH),),
    problems=(View(field="purpose", sentence="请选择导出的用途。"),),
)


def looks(**changes: Any) -> View:
    """Who read what."""
    row = View(
        id="user:u1:3",
        at=EARLIER,
        who="顾半夏",
        what="工作卷宗",
        about="调字7号 苏白露",
        case_id="c1",
        why="查看卷宗",
    )
    values: dict[str, Any] = {
        "person": "", "who": "", "case_no": "", "kind": "", "since": "", "until": "",
        "kinds": (option("read", "查阅"),), "rows": (row,) * 3, "paging": LAST, "is_filtered": False, "problems": (),
    }  # fmt: skip
    return View(**{**values, **changes})


DOINGS = View(
    kind="",
    who="",
    since="",
    until="",
    kinds=(option("role_granted", "授予岗位角色"),),
    rows=(
        View(
            id="user:u1:4",
            at=EARLIER,
            title="授予岗位角色",
            who="白术",
            target="顾半夏",
            before="未授予",
            after="干部监督科",
        ),
    ),
    paging=ONE_PAGE,
    is_filtered=False,
    problems=(),
)
CHECKS = View(
    made=(View(id="system:9", at=EARLIER, who="白术", scope="全部", events=1200, problems=1),),
    size=1200,
    whole=View(status="done", is_open=False),
    outcome=View(
        ok=False,
        streams=9,
        events=1200,
        at=NOW,
        problems=120,
        who="白术",
        found=(
            View(
                case_no="星屿〔2026〕调字7号",
                case_id="c1",
                event_id="case:c1:3",
                seq=3,
                sentence="第3条记录：内容与摘要不符。",
            ),
        ),
    ),
)
CHECKING = View(
    made=(),
    size=1_200_000,
    whole=View(
        status="running", is_open=True, who="白术", asked_at=NOW, done=840_000, total=2_400_000, percent=35
    ),
    outcome=None,
)
CHECK_FAILED = View(
    made=(),
    size=1200,
    whole=View(
        status="failed",
        is_open=False,
        who="白术",
        asked_at=NOW,
        failure="系统异常，没有校验完，请联系系统管理员。",
    ),
    outcome=None,
)


def history(**changes: Any) -> View:
    """Rows of the history."""
    values: dict[str, Any] = {
        "q": "",
        "kind": "",
        "who": "",
        "case_no": "",
        "since": "",
        "until": "",
        "person": "",
        "kinds": (View(label="待办办理", options=(option("family:tasks", "待办办理（全部）"),)),),
        "rows": EVENTS * 5,
        "paging": LAST,
        "is_filtered": False,
        "problems": (),
    }
    return View(**{**values, **changes})


EVENT = View(
    event=EVENTS[2],
    facts=(("核实组", "林霜降、江立夏"), ("谈话人数", "12")),
    changes=(("状态", "核实中", "已认定"),),
    form=form(readonly=True),
    erased=("联系电话",),
    record="",
    in_chain=True,
    previous_hash=HASH,
    previous_id="case-c1:2",
    next_id="case-c1:4",
    definition="调整不适宜担任现职干部 第3版",
    elements=("核实认定", "提出调整建议"),
    decisions=(
        View(
            name="调整方式",
            inputs=(("情形", "推动工作不力"),),
            rules=("第7条",),
            outputs=(("调整方式", "降职"),),
        ),
    ),
)

MEETING_ROWS = tuple(
    View(
        id=f"mt{i}",
        title=f"市委常委会第{31 - i}次会议",
        body="committee",
        held_on=date(2026, 11, 22 - 7 * i),
        place="市委二楼会议室",
        state=("open", "planned", "closed")[i],
        items=5,
        decided=2,
        present=9,
        expected=10,
    )
    for i in range(3)
)

REFUSED = View(
    status=422,
    sentence="此人目前不能列入重新任用议程。",
    incident="",
    back_url="/cases/c1",
    retry=False,
    typed=(),
    sign_in="",
    reasons=(
        ("仍在影响期内，至2028年3月1日。", "《推进领导干部能上能下规定》第十三条"),
        ("“凡提四必”尚未办结。", ""),
    ),
)


def refusal(status: int, sentence: str, **changes: Any) -> View:
    """A refusal page."""
    return View(
        **{
            "status": status,
            "sentence": sentence,
            "reasons": (),
            "incident": "",
            "back_url": None,
            "retry": False,
            "typed": (),
            "sign_in": "",
            **changes,
        }
    )


SIGN_IN = View(
    login="",
    next="/",
    problem="",
    needs_code=False,
    locked_until=None,
    problems=(),
    demo_logins=(
        View(
            login="zhong",
            name="钟谷雨",
            post="干部监督科科员",
            does="登记、核实、代录线下办理",
            group="组织部",
        ),
        View(
            login="gu", name="顾半夏", post="干部一科科长", does="提出调整建议、办理任免手续", group="组织部"
        ),
        View(login="bai", name="白术", post="流程设计员", does="查看流程和版本", group="系统"),
        View(login="qin", name="秦艽", post="审计员", does="查看办理记录、校验", group="系统"),
    ),
    demo_others=(
        View(login="fgj2", name="顾半夏", post="发展和改革局", does="所在单位党组织", group="其余账号"),
    ),
)


def cases(**changes: Any) -> View:
    """The list of cases."""
    values: dict[str, Any] = {
        "q": "",
        "stage": "",
        "state": "",
        "unit": "",
        "sort": "updated",
        "units": UNITS,
        "paging": PAGING,
        "is_filtered": False,
        "rows": tuple(case_row(i) for i in range(12)),
        "may_start": True,
        "may_register": True,
    }
    return View(**{**values, **changes})


def people(**changes: Any) -> View:
    """The list of cadres."""
    values: dict[str, Any] = {
        "q": "",
        "unit": "",
        "status": "",
        "units": UNITS,
        "statuses": (option("barred", "影响期内"),),
        "paging": PAGING,
        "rows": tuple(person_row(i) for i in range(10)),
        "is_filtered": False,
        "may_import": True,
    }
    return View(**{**values, **changes})


def meetings(**changes: Any) -> View:
    """The list of meetings."""
    values: dict[str, Any] = {
        "body": "",
        "state": "",
        "rows": MEETING_ROWS,
        "waiting": WAITING,
        "paging": ONE_PAGE,
        "may_create": True,
    }
    return View(**{**values, **changes})


def ledger(**changes: Any) -> View:
    """The tracking ledger."""
    values: dict[str, Any] = {
        "q": "",
        "tracking_class": "",
        "due": "",
        "unit": "",
        "units": UNITS,
        "rows": tuple(plan_row(i) for i in range(10)),
        "paging": ONE_PAGE,
        "counts": {"all": 22, "overdue": 2, "month": 5, "ending": None},
        "is_filtered": False,
    }
    return View(**{**values, **changes})


PROBLEM = (problem("f.reason", "调整原因：请写明与情形对应的主要事实，不少于30字。"),)
FINISHED = {
    "state": "completed",
    "may": frozenset(),
    "consequence": "",
    "form": form(readonly=True, draft_saved_at=None),
}
PAPER = {
    "paper": True,
    "paper_problems": (
        problem("paper_decided_by", "请写明由谁签署。"),
        problem("paper_scan", "请上传扫描件。"),
    ),
    "paper_values": {"decided_on": "2026-11-20"},
    "form": form(problems=PROBLEM),
}
OTHERS = {
    "state": "other",
    "assignee": person("p2", "顾半夏", ""),
    "may": frozenset(("comment",)),
    "why_not": "此事项已由顾半夏签收，您可以查看。",
    "why_me": (),
    "basis": (),
    "ahead": (),
    "case": None,
    "files": (),
    "events": (),
    "comments": (),
    "diagram": None,
    "due_on": None,
    "due_rule": "",
    "hint": "",
    "advice": (),
    "consequence": "",
    "position": (None, None),
    "sent": View(back_to=(), here=None),
    "form": form(fields=(), readonly=True),
}

# name -> (template, view): the full page, then its empty and refused states.
NO_PROMISE = "影响期满不等于恢复原职务，也不必然提拔。"
OWN_DECISION = View(
    id="m1",
    kind="降职（不适宜担任现职）",
    track="推进领导干部能上能下",
    basis="《推进领导干部能上能下规定》",
    organ="中共星屿市委",
    document_no="星组任〔2026〕7号",
    ended="",
    decided_on=date(2026, 3, 2),
    effective_on=date(2026, 3, 2),
    remedies=(
        View(
            code="review",
            name="复核（公务员法）",
            to="原处理机关",
            last_day=date(2026, 4, 7),
            explanation="自2026年3月6日起30日，次日起算，至2026年4月5日，2026年4月5日为休息日，顺延至2026年4月7日。",
            is_open=False,
        ),
        View(
            code="party_appeal",
            name="党纪处分申诉",
            to="批准处分的党委或纪委",
            last_day=None,
            explanation="没有提出的期限。",
            is_open=True,
        ),
    ),
)


def appeal(**changes: Any) -> View:
    """An appeal that was taken up."""
    values: dict[str, Any] = {
        "id": "r1",
        "measure": "降职（不适宜担任现职）",
        "route": "复核（公务员法）",
        "to": "原处理机关",
        "filed_on": date(2026, 4, 1),
        "entry": "本人网上提出",
        "is_late": False,
        "state": "已受理",
        "is_open": True,
        "accepted_on": date(2026, 4, 8),
        "decide_by": date(2026, 5, 8),
        "decided_on": None,
        "document_no": "",
        "new_measure": "",
        "answered_on": None,
        "text": "对第二项事实认定不服。",
        "late_reason": "",
    }
    return View(**{**values, **changes})


OWN_MATTER = View(
    case_id="c1",
    case_no="2026-调-0007",
    talked_on=date(2026, 3, 6),
    decisions=(OWN_DECISION,),
    periods=PERIODS,
    appeals=(
        appeal(),
        appeal(state="撤销原决定", is_open=False, decided_on=date(2026, 6, 1), decide_by=None),
    ),
    confirmed_at=None,
)
OWN_TALK = View(
    case_id="c1",
    title="谈话记录",
    group="statement",
    closed_on=date(2026, 3, 6),
    form=form(
        readonly=True,
        problems=(),
        fields=(
            field("reasons_notified", "textarea", "告知的决定和理由", shown="连续两年重点任务未完成。"),
            field("subject_view", "textarea", "本人意见", shown="服从组织决定，希望继续做技术工作。"),
        ),
    ),
)


def mine(**changes: Any) -> View:
    """The cadre's own page with everything on it."""
    values: dict[str, Any] = {
        "name": "苏白露",
        "matters": (OWN_MATTER,),
        "papers": (
            OWN_TALK,
            View(**{**vars(OWN_TALK), "group": "help", "title": "培养措施"}),
            View(**{**vars(OWN_TALK), "group": "visit", "title": "回访记录的本人部分"}),
        ),
        "help": View(
            care=False,
            mentor="钟谷雨",
            mentor_on=date(2026, 3, 20),
            next_visit="2026年12月上旬",
            ended="",
            ended_on=None,
        ),
        "to_sign": (View(task_id="t1", name="本人核对签字"),),
        "remarks": {"c2": "保留意见。"},
        "sentence": NO_PROMISE,
    }
    return View(**{**values, **changes})


ACCOUNTS = View(
    accounts=(
        View(
            id="u1",
            username="ganbu1",
            name="顾半夏",
            active=True,
            grants=(
                View(id="g1", role_zh="干部科", place="星屿市委组织部", place_code="C02", valid_to=None),
                View(id="g2", role_zh="会议记录人", place="星屿市委组织部", place_code="C02", valid_to=TODAY),
            ),
        ),
        View(id="u2", username="anquan", name="林霜降", active=False, grants=()),
    ),
    proposals=(
        View(
            id="r1",
            name="顾半夏",
            role_zh="信息档案科",
            place="星屿市委组织部",
            proposed_by="林霜降",
            may_settle=True,
        ),
        View(
            id="r2", name="江立夏", role_zh="审计员", place="本系统", proposed_by="叶知秋", may_settle=False
        ),
    ),
    form=form(),
    problems=(),
)


PAGES: dict[str, tuple[str, View]] = {
    "sign-in": ("auth/sign_in.html", SIGN_IN),
    "sign-in-refused": (
        "auth/sign_in.html",
        View(
            **{
                **vars(SIGN_IN),
                "problem": "登录名或密码不对。",
                "needs_code": True,
                "locked_until": NOW,
                "demo_logins": (),
                "demo_others": (),
            }
        ),
    ),
    "inbox": ("inbox/index.html", inbox()),
    "inbox-group": ("inbox/index.html", inbox(tab="group")),
    "inbox-done": ("inbox/index.html", inbox(tab="done", paging=LAST)),
    "inbox-stand-in": ("inbox/index.html", inbox(tab="stand_in", rows=(), paging=ONE_PAGE)),
    "account": ("account/index.html", own_account()),
    "account-empty": (
        "account/index.html",
        own_account(
            named=(), standing=(), desks=(), kin=(), problems=(problem("", "请选择另一名同志代理。"),)
        ),
    ),
    "own-password": ("account/password.html", View(problems=(), shortest=12)),
    "own-password-wrong": (
        "account/password.html",
        View(problems=(problem("old", "原密码不正确。"),), shortest=12),
    ),
    "inbox-started": ("inbox/index.html", inbox(tab="started")),
    "inbox-empty": ("inbox/index.html", inbox(rows=(), paging=ONE_PAGE)),
    "inbox-beginning": ("inbox/index.html", inbox(rows=(), paging=ONE_PAGE, beginnings=BEGINNINGS)),
    "inbox-nothing-found": (
        "inbox/index.html",
        inbox(rows=(), paging=ONE_PAGE, q="无此人", is_filtered=True),
    ),
    "task": ("tasks/show.html", task()),
    "task-refused": ("tasks/show.html", task(form=form(problems=PROBLEM))),
    "task-open": (
        "tasks/show.html",
        task(
            state="open",
            assignee=None,
            may=frozenset(("claim",)),
            why_not="请先签收再办理。",
            form=form(readonly=True),
        ),
    ),
    "task-paper": ("tasks/show.html", task(**PAPER)),
    "task-finished": ("tasks/show.html", task(**FINISHED)),
    "task-own": ("tasks/show.html", task(**OTHERS, own=View(matter=OWN_MATTER, papers=(OWN_TALK,)))),
    "task-of-others": ("tasks/show.html", task(**OTHERS)),
    "cases": ("cases/index.html", cases()),
    "cases-empty": ("cases/index.html", cases(rows=(), paging=ONE_PAGE)),
    "case": ("cases/show.html", case()),
    "case-broken": (
        "cases/show.html",
        case(
            events=(),
            tasks=(),
            periods=(),
            measures=(),
            diagrams=(),
            files=(),
            verification=View(ok=False, checked_at=NOW, events=41, head=HASH, first_bad=12, sentences=()),
        ),
    ),
    "case-start": ("cases/start.html", View(form=form(problems=PROBLEM))),
    "measure": (
        "measures/new.html",
        View(form=form(), periods=PERIODS, sentences=("登记后同日建立跟踪管理。",)),
    ),
    "measure-shown": ("measures/show.html", measure()),
    "measure-settled": (
        "measures/show.html",
        measure(changes=CHANGES[1:], may_settle=False, state="revoked"),
    ),
    "measure-plain": (
        "measures/show.html",
        measure(changes=(), kinds=CHANGE_KINDS, may_settle=False, periods=()),
    ),
    "measure-change": (
        "measures/change.html",
        View(
            measure=measure(),
            kind="correct",
            title="更正登记",
            follows="第二人复核同意后，登记内容按更正后的执行。",
            form=form(problems=PROBLEM),
        ),
    ),
    "accounts": ("accounts/index.html", ACCOUNTS),
    "rules": ("rules/index.html", office_rules()),
    "rules-empty": (
        "rules/index.html",
        office_rules(
            years=(),
            missing=(),
            proposals=(),
            typed=RULE_TYPED,
            problems=(problem("", "法定公示期不少于5个工作日，不能缩短；请填写5到30之间的整数。"),),
        ),
    ),
    "rules-calendar": ("rules/calendar.html", office_calendar()),
    "rules-calendar-wrong": (
        "rules/calendar.html",
        office_calendar(ready=False, days=(), problems=(problem("", "第2行没有读懂：“国庆”。"),)),
    ),
    "accounts-empty": (
        "accounts/index.html",
        View(accounts=(), proposals=(), form=form(problems=PROBLEM), problems=PROBLEM),
    ),
    "people": ("people/index.html", people()),
    "people-empty": ("people/index.html", people(rows=(), paging=ONE_PAGE)),
    **samples_lookups.PAGES,
    **samples_corrections.PAGES,
    **samples_papers.PAGES,
    "person": ("people/show.html", cadre()),
    "person-own-file": (
        "people/show.html",
        cadre(own_file=True, eligibility=(), may=frozenset(), cases=(), periods=()),
    ),
    "mine": ("mine/show.html", mine()),
    "mine-empty": ("mine/show.html", mine(matters=(), papers=(), help=None, to_sign=())),
    "mine-confirmed": (
        "mine/show.html",
        mine(
            matters=(View(**{**vars(OWN_MATTER), "case_id": "c2", "confirmed_at": EARLIER, "appeals": ()}),),
            help=None,
        ),
    ),
    "mine-appeal-none": ("mine/appeal.html", View(decision=None, remedy=None, text="", problems=())),
    "mine-appeal": (
        "mine/appeal.html",
        View(
            decision=OWN_DECISION,
            remedy=OWN_DECISION.remedies[1],
            text="",
            problems=(problem("text", "请写明请求和理由。"),),
        ),
    ),
    "kinship": (
        "people/kinship.html",
        View(waiting=(kinship_request(1), kinship_request(2, may_settle=False, bears_on=())), problems=()),
    ),
    "kinship-empty": (
        "people/kinship.html",
        View(waiting=(), problems=(problem("", "此操作须由第二人复核，提出人本人不能复核。"),)),
    ),
    "import": ("people/import.html", importing("choose")),
    "import-preview": ("people/import.html", importing()),
    "import-done": ("people/import.html", importing("done")),
    "meetings": ("meetings/index.html", meetings()),
    "meetings-empty": ("meetings/index.html", meetings(rows=(), waiting=())),
    "meeting-new": ("meetings/new.html", View(form=form(), waiting=WAITING, chosen=("q1",))),
    "meeting": ("meetings/show.html", meeting()),
    "meeting-planned": (
        "meetings/show.html",
        meeting(
            state="planned",
            items=(),
            has_quorum=False,
            may=frozenset(("open",)),
            problems=(problem("", "到会人数还不够。"),),
        ),
    ),
    "ledger": ("tracking/index.html", ledger()),
    "ledger-empty": ("tracking/index.html", ledger(rows=())),
    "plan": ("tracking/show.html", plan()),
    "plan-bare": (
        "tracking/show.html",
        plan(visits=(), notes=(), changes=(), periods=(), mentor=None, care=True),
    ),
    "definitions": ("definitions/index.html", View(q="", rows=tuple(definition_row(i) for i in range(4)))),
    "definitions-empty": ("definitions/index.html", View(q="", rows=())),
    "definition": ("definitions/show.html", definition()),
    "history": ("history/index.html", history()),
    "incidents": (
        "incidents/index.html",
        View(
            rows=(
                View(
                    id="0190a000-0000-7000-8000-000000000901",
                    sentence="定时作业未能完成：环节“影响期起算”缺少“months”。",
                    said="",
                    code="JOB_FAILED",
                    process="跟踪管理",
                    element_id="open_impact_periods",
                    case_no="2026-调-0007",
                    opened_at=NOW,
                    may_retry=True,
                ),
                View(
                    id="0190a000-0000-7000-8000-000000000902",
                    sentence="外部任务“报送档案系统”（主题“archive_report”）未能办理，请核对后重试。",
                    said="档案系统没有应答（示例）",
                    code="EXTERNAL_FAILED",
                    process="干部档案材料报送（示例）",
                    element_id="report",
                    case_no="",
                    opened_at=NOW,
                    may_retry=True,
                ),
            ),
            paging=ONE_PAGE,
        ),
    ),
    "incidents-empty": ("incidents/index.html", View(rows=(), paging=ONE_PAGE)),
    "history-empty": ("history/index.html", history(rows=(), paging=ONE_PAGE)),
    "event": ("history/show.html", EVENT),
    "audit-case": ("audit/case.html", chain("timeline")),
    "audit-case-table": ("audit/case.html", chain("table")),
    "audit-case-diagram": ("audit/case.html", chain("diagram")),
    "audit-at": ("audit/at.html", AT),
    "audit-bundle": ("audit/bundle.html", BUNDLE),
    "audit-reads": ("audit/reads.html", looks()),
    "audit-reads-empty": ("audit/reads.html", looks(rows=(), paging=ONE_PAGE)),
    "audit-administration": ("audit/administration.html", DOINGS),
    "audit-checks": ("audit/checks.html", CHECKS),
    "audit-checking": ("audit/checks.html", CHECKING),
    "audit-check-failed": ("audit/checks.html", CHECK_FAILED),
    "refused": ("error.html", REFUSED),
    "not-found": ("error.html", refusal(404, "没有找到您要的内容，它可能已被移走，或您无权查看。")),
    "signed-out": (
        "error.html",
        refusal(
            401,
            "登录已过期，您填写的内容没有提交。",
            typed=("写了半个小时的意见。", "另一段说明文字。"),
            sign_in="/sign-in",
        ),
    ),
    "conflict": ("error.html", refusal(409, "顾半夏已于刚才签收。", back_url="/tasks/t1", retry=True)),
    "fault": ("error.html", refusal(500, "流程运行出现异常，已登记。", incident="2026-1122-0007")),
    **design_samples.pages(form()),
}

# endpoint -> (rule, methods): the addresses the templates link to.
ENDPOINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "auth.sign_in": ("/sign-in", ("GET", "POST")),
    "auth.sign_out": ("/sign-out", ("POST",)),
    "auth.demo": ("/demo", ("GET",)),
    "inbox.index": ("/", ("GET",)),
    "tasks.show": ("/tasks/<task_id>", ("GET",)),
    **{
        f"tasks.{verb}": (f"/tasks/<task_id>/{verb}", ("POST",))
        for verb in (
            "claim",
            "release",
            "transfer",
            "draft",
            "form",
            "complete",
            "paper",
            "send_back",
        )
    },
    **{f"task_notes.{verb}": (f"/tasks/<task_id>/{verb}", ("POST",)) for verb in ("comment", "attach")},
    "attachments.show": ("/attachments/<attachment_id>", ("GET",)),
    "cases.index": ("/cases", ("GET",)),
    "cases.start": ("/cases/start", ("GET", "POST")),
    "cases.show": ("/cases/<case_id>", ("GET",)),
    "cases.verify": ("/cases/<case_id>/verify", ("POST",)),
    "cases.diagram": ("/cases/<case_id>/diagrams/<instance_id>", ("GET",)),
    "measures.new": ("/measures/new", ("GET", "POST")),
    "mine.index": ("/mine", ("GET",)),
    "measure.show": ("/measures/<measure_id>", ("GET",)),
    "measure.change": ("/measures/<measure_id>/changes/new/<kind>", ("GET", "POST")),
    **{
        f"measure.{verb}": (f"/measures/<measure_id>/changes/<change_id>/{verb}", ("POST",))
        for verb in ("confirm", "reject")
    },
    "mine.new_appeal": ("/mine/appeals/new", ("GET",)),
    "mine.file_appeal": ("/mine/appeals", ("POST",)),
    "mine.confirm": ("/mine/<case_id>/confirm", ("POST",)),
    "people.index": ("/people", ("GET",)),
    "people.import_": ("/people/import", ("GET", "POST")),
    "people.show": ("/people/<person_id>", ("GET",)),
    "people.export": ("/people/<person_id>/lrmx", ("GET",)),
    "person_facts.appraisal": ("/people/<person_id>/appraisals", ("POST",)),
    "kinship.index": ("/people/kinship", ("GET",)),
    "kinship.enter": ("/people/<person_id>/relatives", ("POST",)),
    "kinship.change": ("/people/<person_id>/relatives/change", ("POST",)),
    "kinship.settle": ("/people/kinship/<request_id>", ("POST",)),
    "people.roster": ("/people/roster.xlsx", ("GET",)),
    **samples_lookups.ENDPOINTS,
    **samples_corrections.ENDPOINTS,
    **samples_papers.ENDPOINTS,
    "people.template": ("/people/template.xlsx", ("GET",)),
    "meetings.index": ("/meetings", ("GET",)),
    "meetings.new": ("/meetings/new", ("GET", "POST")),
    "meetings.show": ("/meetings/<meeting_id>", ("GET",)),
    **{
        f"meetings.{verb}": (f"/meetings/<meeting_id>/{verb}", ("POST",))
        for verb in (
            "open",
            "attend",
            "recuse",
            "start_vote",
            "note_silence",
            "vote",
            "record",
            "decide",
            "close",
            "add_item",
        )
    },
    **{
        f"meeting_items.{verb}": (f"/meetings/<meeting_id>/{verb}", ("POST",))
        for verb in ("put_off", "reconsider", "manner", "readmit", "withdraw")
    },
    "meeting_items.withdraw_waiting": ("/meetings/waiting/<item_id>/withdraw", ("POST",)),
    "tracking.index": ("/tracking", ("GET",)),
    "tracking.show": ("/tracking/<plan_id>", ("GET",)),
    "definitions.index": ("/definitions", ("GET",)),
    "definitions.show": ("/definitions/<key>", ("GET",)),
    "definitions.diagram": ("/definitions/<key>/<int:version>/diagram", ("GET",)),
    "history.index": ("/history", ("GET",)),
    "office_rules.index": ("/rules", ("GET",)),
    "office_rules.propose_value": ("/rules/values", ("POST",)),
    "office_rules.calendar": ("/rules/calendar", ("GET",)),
    "office_rules.preview": ("/rules/calendar/preview", ("POST",)),
    "office_rules.propose_calendar": ("/rules/calendar", ("POST",)),
    "office_rules.settle": ("/rules/proposals/<proposal_id>", ("POST",)),
    "account.index": ("/account", ("GET",)),
    "own_password.show": ("/account/password", ("GET",)),
    "own_password.change": ("/account/password", ("POST",)),
    "account.name": ("/account/substitutes", ("POST",)),
    "account.end": ("/account/substitutes/<substitution_id>/end", ("POST",)),
    "accounts.index": ("/accounts", ("GET",)),
    "accounts.propose": ("/accounts/propose", ("POST",)),
    "accounts.settle": ("/accounts/proposals/<proposal_id>", ("POST",)),
    "accounts.revoke": ("/accounts/grants/<grant_id>/revoke", ("POST",)),
    "accounts.disable": ("/accounts/<user_id>/disable", ("POST",)),
    "incidents.index": ("/incidents", ("GET",)),
    "incidents.retry": ("/incidents/<incident_id>/retry", ("POST",)),
    "history.show": ("/history/<path:event_id>", ("GET",)),
    **design_samples.ENDPOINTS,
    "audit.index": ("/history/checks", ("GET",)),
    "audit.check": ("/history/checks", ("POST",)),
    "audit.progress": ("/history/checks/progress", ("GET",)),
    "audit.reads": ("/history/reads", ("GET",)),
    "audit.administered": ("/history/administration", ("GET",)),
    "audit_case.show": ("/history/cases/<case_id>", ("GET",)),
    "audit_case.step": ("/history/cases/<case_id>/at", ("GET",)),
    "audit_case.at": ("/history/cases/<case_id>/at/<int:seq>", ("GET",)),
    "audit_export.prepare": ("/history/cases/<case_id>/bundle", ("GET",)),
    "audit_export.bundle": ("/history/cases/<case_id>/bundle", ("POST",)),
    "audit_export.verifier": ("/history/verify_bundle.py", ("GET",)),
    "audit_export.table": ("/history/export.csv", ("POST",)),
}


def _shape(key: str, x: int, y: int, width: int, height: int) -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<di:BPMNShape id="{key}_di" bpmnElement="{key}">{bounds}</di:BPMNShape>'


def _edge(key: str, first: int, last: int) -> str:
    points = "".join(f'<w:waypoint x="{x}" y="118"/>' for x in (first, last))
    return f'<di:BPMNEdge id="{key}_di" bpmnElement="{key}">{points}</di:BPMNEdge>'


DIAGRAM_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI"'
    ' targetNamespace="sample">'
    '<process id="p01"><startEvent id="start" name="收到核实报告"/><userTask id="proposal" name="提出调整建议"/>'
    '<userTask id="meeting" name="部务会研究"/><endEvent id="end"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="proposal"/>'
    '<sequenceFlow id="f2" sourceRef="proposal" targetRef="meeting"/>'
    '<sequenceFlow id="f3" sourceRef="meeting" targetRef="end"/></process>'
    '<di:BPMNDiagram id="d"><di:BPMNPlane id="pl" bpmnElement="p01">'
    + _shape("start", 100, 100, 36, 36)
    + _shape("proposal", 200, 78, 100, 80)
    + _shape("meeting", 360, 78, 100, 80)
    + _shape("end", 520, 100, 36, 36)
    + _edge("f1", 136, 200)
    + _edge("f2", 300, 360)
    + _edge("f3", 460, 520)
    + "</di:BPMNPlane></di:BPMNDiagram></definitions>"
)
MARKS = {"start": "done", "f1": "done", "proposal": "active"}
