"""Samples of the pages of corrections and changes of version, plainly invented."""

from datetime import UTC, datetime
from types import SimpleNamespace as View
from typing import Any

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
CASE_NO = "星屿〔2026〕调字1号"
STANDS = (("propose", "提出调整建议"),)
NO_FORM = View(fields=(), problems=(), readonly=False, draft_saved_at=None, revision=0)
DIAGRAM = View(
    instance_id="i1",
    name="调整不适宜担任现职干部",
    key="p01",
    version=2,
    url="/cases/c1/diagrams/i1",
    steps=(),
)


def line(**changes: Any) -> View:
    """A correction that waits for the second person."""
    values = {
        "id": "k1", "instance_id": "i1", "kind": "退回", "state": "proposed",
        "words": ("从“提出调整建议”退回到“核实并撰写核实报告”",),
        "outlook": ("撤销正在办理的：“提出调整建议”。", "开始：“核实并撰写核实报告”。"),
        "proposed_by": "蒋处暑", "proposed_at": NOW, "settled_by": "", "settled_at": None, "mine": False,
        "process": "调整不适宜担任现职干部", "case_no": CASE_NO, "reason": "核实材料有误，须重新办理。", "refusal": "",
    }  # fmt: skip
    return View(**{**values, **changes})


def asked(**changes: Any) -> View:
    """What was typed last."""
    values = {
        "kind": "", "at": "", "to": "", "taken": (), "begin": "", "what": "before", "reason": "", "outlook": (),
        "refused": (),
    }  # fmt: skip
    return View(**{**values, **changes})


def target(to: str, name: str, *sentences: str) -> View:
    """A step to go back to."""
    return View(at="propose", to=to, name=name, sentences=sentences)


def correction(*, sight: dict[str, Any] | None = None, **changes: Any) -> View:
    """The page of one process."""
    seen = {
        "instance_id": "i1", "definition": View(name="调整不适宜担任现职干部"), "version": 2, "digest": "d",
        "case_id": "c1", "number": CASE_NO, "running": True, "stands": STANDS,
        "targets": (
            target("verify", "核实并撰写核实报告"),
            target("phase_opening", "研判启动", "“登记调整措施”已经办理生效，不能退回到它之前。"),
        ),
        "elements": (("verify", "核实并撰写核实报告"), ("propose", "提出调整建议")),
        "settable": (), "present": {}, "conditional": False, "may_propose": True, "may_confirm": True,
    }  # fmt: skip
    values: dict[str, Any] = {
        "sight": View(**{**seen, **(sight or {})}), "diagram": DIAGRAM, "lines": (), "form": NO_FORM,
        "asked": asked(), "waiting": None,
    }  # fmt: skip
    return View(**{**values, **changes})


def change(**changes: Any) -> View:
    """A change of version."""
    values = {
        "id": "v1", "key": "p02_tracking", "name": "跟踪管理", "before": 1, "after": 2, "state": "proposed",
        "reason": "新版本改正了办理岗位。", "count": 2, "proposed_by": "屈画桥", "proposed_at": NOW, "settled_by": "",
        "settled_at": None, "mine": False, "results": (), "mapping": (("make_plan", "draft_plan"),),
    }  # fmt: skip
    return View(**{**values, **changes})


RESULTS = ((CASE_NO, True, ()), ("星屿〔2026〕调字2号", False, ("流程实例已经结束。",)))
PROSPECTS = (
    View(instance_id="i1", number=CASE_NO, stands=("制定方案",), sentences=(), fits=True),
    View(
        instance_id="i2", number="星屿〔2026〕调字2号", stands=("谈话",), fits=False,
        sentences=("新版本没有与“谈话”相当的环节，该环节须由有权人员作出决定，不能因换版省略。",),
    ),
)  # fmt: skip


def new_version(**changes: Any) -> View:
    """The page on which a change of version is tried."""
    values: dict[str, Any] = {
        "key": "p02_tracking", "name": "跟踪管理", "versions": (2, 1), "source": 1, "target": 2,
        "unmatched": (View(id="make_plan", name="制定方案", choices=(("draft_plan", "制定方案"),)),),
        "mapping": {"make_plan": "draft_plan"}, "prospects": PROSPECTS, "chosen": frozenset({"i1"}), "reason": "",
        "refused": (),
    }  # fmt: skip
    return View(**{**values, **changes})


PAGES: dict[str, tuple[str, View]] = {
    "corrections": (
        "corrections/index.html",
        View(
            lines=(line(),),
            rows=(View(id="i1", name="跟踪管理", status="running"),),
            q=CASE_NO,
            changes=(change(),),
            may_send=True,
        ),
    ),
    "corrections-empty": (
        "corrections/index.html",
        View(lines=(), rows=(), q="", changes=(), may_send=False),
    ),
    "correction": ("corrections/show.html", correction()),
    "correction-tried": (
        "corrections/show.html",
        correction(
            asked=asked(kind="return", at="propose", to="verify", outlook=("开始：“核实并撰写核实报告”。",))
        ),
    ),
    "correction-refused": (
        "corrections/show.html",
        correction(
            asked=asked(
                kind="modify",
                taken=("propose",),
                begin="talk",
                refused=("“常委会讨论决定”须等待会议或有关方面的结果，不能跳过。",),
            )
        ),
    ),
    "correction-waiting": (
        "corrections/show.html",
        correction(
            lines=(line(), line(id="k2", state="refused", settled_by="纪扶桑", settled_at=NOW)),
            waiting=line(),
        ),
    ),
    "correction-over": (
        "corrections/show.html",
        correction(sight={"running": False, "stands": (), "targets": (), "case_id": None}),
    ),
    "version-new": ("corrections/version_new.html", new_version()),
    "version-none": (
        "corrections/version_new.html",
        new_version(prospects=(), unmatched=(), chosen=frozenset()),
    ),
    "version-change": (
        "corrections/version.html",
        View(line=change(), mapping=(("制定方案", "拟定方案"),), may_confirm=True, refused=()),
    ),
    "version-done": (
        "corrections/version.html",
        View(
            line=change(state="done", settled_by="纪扶桑", settled_at=NOW, results=RESULTS, mapping=()),
            mapping=(),
            may_confirm=False,
            refused=(),
        ),
    ),
}

SIGNALS = (
    View(name="年度考核结束", waiting=12, begins=()),
    View(name="换届开始", waiting=1, begins=("跟踪管理", "回访")),
)
PAGES |= {
    "signals": (
        "corrections/signals.html",
        View(
            signals=SIGNALS, refused=("请写明理由，不超过500字。",), posted={"name": "换届开始", "reason": ""}
        ),
    ),
    "signals-none": (
        "corrections/signals.html",
        View(signals=(), refused=(), posted={"name": "", "reason": ""}),
    ),
}

ENDPOINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "task_exceptions.leave": ("/tasks/<task_id>/exception", ("POST",)),
    "corrections.index": ("/corrections", ("GET",)),
    "corrections.show": ("/corrections/<instance_id>", ("GET",)),
    "corrections.propose": ("/corrections/<instance_id>/<act>", ("POST",)),
    "corrections.confirm": ("/corrections/<instance_id>/<correction_id>/confirm", ("POST",)),
    "corrections.reject": ("/corrections/<instance_id>/<correction_id>/reject", ("POST",)),
    "corrections.evaluate": ("/corrections/<instance_id>/evaluate", ("POST",)),
    "signals.index": ("/corrections/signals", ("GET",)),
    "signals.send": ("/corrections/signals", ("POST",)),
    "version_changes.new": ("/version-changes/new/<key>", ("GET", "POST")),
    "version_changes.change": ("/version-changes/<change_id>", ("GET",)),
    "version_changes.confirm": ("/version-changes/<change_id>/confirm", ("POST",)),
    "version_changes.reject": ("/version-changes/<change_id>/reject", ("POST",)),
}
