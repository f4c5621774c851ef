"""Samples of the designers' pages, plainly invented."""

from datetime import UTC, datetime
from types import SimpleNamespace as View
from typing import Any

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
HASH = "9f2c61d0aa3be74c5518e0e6b7d49913f06a8dbb0c1742e98d35aa60711cfe42"
KEY, NAME = "p02a_periodic_note", "帮带记实与年度小结"
# Pages on which the editor draws, under its own policy.
EDITING = frozenset({"design-draft", "design-draft-other"})


def line(**changes: Any) -> View:
    """A draft in a list."""
    values = {
        "id": "d1", "key": KEY, "name": NAME, "owner": "屈画桥", "base_version": 2, "revision": 4,
        "saved_at": NOW, "saved_by": "屈画桥", "mine": True,
    }  # fmt: skip
    return View(**{**values, **changes})


def proposal(**changes: Any) -> View:
    """A proposal."""
    values = {
        "id": "s1", "key": KEY, "name": NAME, "digest": HASH, "base_version": 2, "status": "waiting",
        "status_zh": "待复核", "reason": "增加核阅前的补充材料环节。", "proposed_at": NOW, "proposed_by": "屈画桥",
        "decided_at": None, "decided_by": "", "decision_reason": "", "version": None, "mine": False,
    }  # fmt: skip
    return View(**{**values, **changes})


def diagram(url: str) -> View:
    """A drawing behind an address that the samples' app answers."""
    return View(instance_id="", name=NAME, key=KEY, version=2, url=url, steps=())


def _note(sentence: str) -> View:
    """One note on a file of another tool."""
    return View(element_id="Activity_0x1", element_name="复核", line=12, sentence=sentence)


def draft(**changes: Any) -> View:
    """The page of a draft."""
    one = View(id="d1", key=KEY, name=NAME, owner_id="u1", base_version=2, revision=4, digest=HASH)
    values = {
        "draft": one, "line": line(), "problems": (), "reason": "",
        "files": (
            View(name=f"{KEY}.bpmn", kind="流程图", size=21_480, removable=False),
            View(name="forms/p02a_note_check.json", kind="表单", size=1_920, removable=True),
            View(name="d06_annual_appraisal.dmn", kind="决策表", size=4_312, removable=True),
        ),
        "findings": (
            View(level="error", element_id="check_note", element_name="核阅", file="x.bpmn", line=12,
                 sentence="用户任务“核阅”没有人能办：请指定办理角色、候选人或办理人。"),
            View(level="warning", element_id="", element_name="", file="x.bpmn", line=None,
                 sentence="节点没有图形，流程图上看不到它。"),
        ),
        "others": (line(id="d2", owner="卓临摹", saved_by="卓临摹", mine=False),), "reported": 12,
        "diagram": diagram("/designs/d1/drawing"),
    }  # fmt: skip
    return View(**{**values, **changes})


CHANGES = (
    View(how="新增", kind="用户任务", name="补充材料", element_id="Activity_1", file="流程图.bpmn", parts=()),
    View(how="改动", kind="用户任务", name="核阅", element_id="check_note", file="流程图.bpmn",
         parts=(("时限", "", "=add working days(today(), 5)"), ("办理角色", "干部科", "干部监督科"))),
    View(how="移动", kind="结束事件", name="已记实", element_id="note_recorded", file="流程图.bpmn", parts=()),
    View(how="删去", kind="栏目", name="关注原因", element_id="note_reason", file="forms/p02a.json", parts=()),
)  # fmt: skip
COUNTS = (("新增", 1), ("删去", 1), ("改动", 1), ("移动", 1))


def version(number: int, **changes: Any) -> View:
    """A published version."""
    values = {
        "version": number, "digest": HASH, "deployed_at": NOW, "deployed_by": "系统安装", "proposed_by": "",
        "approved_by": "", "reason": "", "decision_reason": "", "origin": "随系统安装", "running": 3, "finished": 9,
        "current": False, "rests": False, "removable": False,
    }  # fmt: skip
    return View(**{**values, **changes})


def switch(**changes: Any) -> View:
    """A request to stop the starts of a process."""
    values = {
        "id": "w1", "what": "暂停启动", "status": "proposed", "reason": "规定正在修订。", "proposed_at": NOW,
        "proposed_by": "屈画桥", "settled_at": None, "settled_by": "", "mine": False, "key": KEY, "act": "suspend",
        "version": None,
    }  # fmt: skip
    return View(**{**values, **changes})


def switches(**changes: Any) -> View:
    """The page on which starts are stopped."""
    values = {
        "key": KEY, "name": NAME, "versions": (version(2, current=True, rests=True), version(1)), "open": None,
        "past": (switch(status="done", settled_at=NOW, settled_by="卓临摹"),), "refused": (),
        "posted": {"what": "", "reason": ""},
    }  # fmt: skip
    return View(**{**values, **changes})


def versions() -> View:
    """The page of versions."""
    newest = version(
        2, proposed_by="屈画桥", approved_by="卓临摹", reason="增加环节。", decision_reason="已核对。",
        origin="页面发布", current=True,
    )  # fmt: skip
    return View(
        key=KEY,
        name=NAME,
        versions=(newest, version(1)),
        cases={1: ("星屿〔2026〕3号",)},
        proposals=(proposal(), proposal(id="s2", status="approved", status_zh="已发布", version=2)),
    )


def trial(form: View | None, **changes: Any) -> View:
    """The page of a trial run."""
    task = {
        "id": "t1", "name": "填写帮带记实", "groups": ["mentor"], "who": "试行甲（虚构）", "due_at": "2026-12-01",
        "element_id": "write_note",
    }  # fmt: skip
    run = View(
        id="r1", draft_id="d1", finished=form is None, moment=NOW, waiting={"steps": 3, "answers": "hand"}
    )
    values = {
        "trial": run, "name": NAME, "tasks": [task, {**task, "id": "t2", "name": "督促补办"}] if form else [],
        "chosen": task if form else None, "form": form, "suggested": True,
        "timers": [{"id": "m1", "name": "逾期7日", "at": NOW}],
        "messages": [{"id": "g1", "name": "计划有变", "message": "plan_changed", "text": "{}"}],
        "trail": [
            {"words": "自动环节", "name": "读取计划行", "at": NOW, "detail": "read_note：care = education"},
            {"words": "开始", "name": "记实或小结到期", "at": NOW, "detail": ""},
        ],
        "variables": [("due_on", "2026-11-22")], "diagram": diagram("/designs/trials/r1/drawing"),
    }  # fmt: skip
    return View(**{**values, **changes})


def pages(form: View) -> dict[str, tuple[str, View]]:
    """Name → template and view; ``form`` a drawn form."""
    process = View(
        key=KEY, name=NAME, version=2, deployed_at=NOW, deployed_by="屈画桥", running=3,
        drafts=(line(), line(id="d2", owner="卓临摹", mine=False)),
    )  # fmt: skip
    listed = {
        "processes": (process, View(**{**vars(process), "key": "p03_return_visit", "drafts": ()})),
        "new": (line(id="d3", key="p20_new", name="新流程（示例）"),),
        "waiting": (proposal(), proposal(id="s2", mine=True)),
        "switches": (switch(), switch(id="w2", mine=True)),
        "problems": (),
        "posted": {"key": "", "name": "", "import_key": ""},
    }
    wrong = (View(field="key", sentence="编号用小写字母开头。"),)
    sheet = View(
        id="d06_annual_appraisal", name="年度考核影响", policy="唯一命中", inputs=("种类", "当年"), outputs=("结果",),
        rows=(('"demotion"', "true", '"no_grade"', "依据条款"), ("—", "—", '"normal"', "")), text="",
    )  # fmt: skip
    one = draft().draft
    shown = {"draft": one, "name": "forms/p02a_note_check.json", "sheets": (), "form": form, "problems": ()}
    start = {
        "draft": one,
        "starts": [{"id": "begin", "name": "记实或小结到期", "message": "note_due"}],
        "refused": "",
        "text": "{due_on: 1}",
        "problems": (),
    }
    return {
        "designs": ("designs/index.html", View(**listed)),
        "designs-wrong": ("designs/index.html", View(**{**listed, "problems": wrong, "processes": ()})),
        "design-draft": ("designs/show.html", draft()),
        "design-draft-other": (
            "designs/show.html",
            draft(
                line=line(mine=False, saved_by="卓临摹"),
                findings=(),
                others=(),
                problems=(View(field="reason", sentence="请写明理由。"),),
            ),
        ),
        "design-imported": (
            "designs/imported.html",
            View(
                draft=one,
                reports=(
                    View(
                        file=f"{KEY}.bpmn",
                        source="order-check.bpmn",
                        made_at=NOW,
                        by_hand=(
                            _note(
                                "表达式“${order.total() > 1}”不能自动改写成 FEEL（“order.total(”处），请手工改写。"
                            ),
                        ),
                        written=(_note("“zeebe:assignmentDefinition”改写成了本系统的写法，请核对。"),),
                        not_run=(_note("扩展“colour”（urn:acme）原样保留，但不会被执行。"),),
                    ),
                ),
            ),
        ),
        "design-imported-empty": ("designs/imported.html", View(draft=one, reports=())),
        "design-form": ("designs/view.html", View(**shown)),
        "design-table": (
            "designs/view.html",
            View(
                **{
                    **shown,
                    "form": None,
                    "sheets": (sheet, View(**{**vars(sheet), "id": "x", "text": "1 + 1"})),
                }
            ),
        ),
        "design-versions": ("designs/versions.html", versions()),
        "design-switches": ("designs/switches.html", switches()),
        "design-switches-waiting": ("designs/switches.html", switches(open=switch())),
        "design-switches-own": ("designs/switches.html", switches(open=switch(mine=True))),
        "design-switches-refused": (
            "designs/switches.html",
            switches(
                versions=(version(3, current=True, removable=True, running=0, finished=0), version(2)),
                refused=("第2版已经办理过流程，不能删除。",),
                posted={"what": "remove:3", "reason": "写错了。"},
            ),
        ),
        "design-compare": (
            "designs/compare.html",
            View(
                left=View(label="第1版", name=NAME, diagram=diagram("/designs/d1/drawing")),
                right=View(label="第2版", name=NAME, diagram=diagram("/designs/d1/drawing")),
                changes=CHANGES,
                counts=COUNTS,
            ),
        ),
        "design-proposal": (
            "designs/proposal.html",
            View(
                proposal=proposal(),
                changes=CHANGES,
                counts=COUNTS,
                files=((f"{KEY}.bpmn", 9_000),),
                refused="",
            ),
        ),
        "design-proposal-own": (
            "designs/proposal.html",
            View(
                proposal=proposal(mine=True, base_version=0),
                changes=(),
                counts=(),
                files=(),
                refused="须由他人复核。",
            ),
        ),
        "design-trial-begin": ("designs/trial_begin.html", View(**start)),
        "design-trial-refused": (
            "designs/trial_begin.html",
            View(**{**start, "refused": "草稿还有1处错误。"}),
        ),
        "design-trial": ("designs/trial.html", trial(form)),
        "design-trial-over": ("designs/trial.html", trial(None, timers=[], messages=[])),
    }


ENDPOINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "designs.index": ("/designs", ("GET",)),
    "designs.create": ("/designs/new", ("POST",)),
    "design_imports.begin": ("/designs/imports", ("POST",)),
    "design_imports.report": ("/designs/<draft_id>/imported", ("GET",)),
    "designs.show": ("/designs/<draft_id>", ("GET",)),
    **{
        f"designs.{verb}": (f"/designs/<draft_id>/{verb}", ("GET", "POST"))
        for verb in (
            "drawing", "model", "save", "check", "expression", "upload", "remove", "copy", "discard", "propose",
        )
    },
    "designs.download": ("/designs/<draft_id>/download/<path:file>", ("GET",)),
    "designs.view": ("/designs/<draft_id>/view/<path:file>", ("GET", "POST")),
    "design_versions.versions": ("/designs/versions/<key>", ("GET",)),
    "definition_switches.show": ("/designs/switches/<key>", ("GET",)),
    "definition_switches.propose": ("/designs/switches/<key>", ("POST",)),
    **{
        f"definition_switches.{verb}": (f"/designs/switches/<key>/<switch_id>/{verb}", ("POST",))
        for verb in ("confirm", "reject")
    },
    "design_versions.restore": ("/designs/versions/<key>/<int:version>/restore", ("POST",)),
    "design_versions.difference": ("/designs/compare/<left>/<right>", ("GET",)),
    **{
        f"design_versions.{verb}": (f"/designs/proposals/<proposal_id>/{verb}", ("GET", "POST"))
        for verb in ("proposal", "approve", "reject", "withdraw")
    },
    "trials.begin": ("/designs/<draft_id>/trial", ("GET",)),
    "trials.start": ("/designs/<draft_id>/trial/start", ("POST",)),
    "trials.show": ("/designs/trials/<run_id>", ("GET",)),
    "trials.drawing": ("/designs/trials/<run_id>/drawing", ("GET",)),
    **{
        f"trials.{verb}": (f"/designs/trials/<run_id>/{verb}", ("POST",))
        for verb in ("complete", "timer", "message")
    },
}  # fmt: skip
