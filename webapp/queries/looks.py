"""Who looked at which file 查阅留痕, when and in what connection: the records of reading, in words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from webapp.domain.access import Actor, require_role
from webapp.domain.event_families import kinds_of
from webapp.domain.exporting import LEDGER_PURPOSES, PURPOSES
from webapp.domain.roles import AUDITING
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, history, history_pages, records
from webapp.queries.parts import PAGE_SIZE, Option, Paging, Problem, paging

EVENT = records.EVENT
KINDS = kinds_of("reading", "exports")
# What a look was at, and in what connection it usually happens.
WHAT: Mapping[str, tuple[str, str]] = {
    "inbox": ("待办清单", "办理待办"), "task": ("待办", "办理待办"), "form": ("填写内容", "核对填写内容"),
    "tasks": ("待办清单", "办理待办"), "case": ("工作卷宗", "查看卷宗"), "cases": ("卷宗清单", "查找卷宗"),
    "diagram": ("流程图", "查看卷宗"), "attachment": ("附件", "查看附件"), "people": ("干部名册", "查找干部"),
    "person": ("干部信息", "查看干部"), "people.import": ("导入预览", "导入人员信息"),
    "people.roster": ("花名册", "导出名册"), "measure": ("措施登记", "查看措施"), "plan": ("跟踪管理方案", "跟踪管理"),
    "tracking": ("跟踪台账", "跟踪管理"), "meeting": ("会议与议题", "会议研究"), "meetings": ("会议清单", "会议研究"),
    "meetings_waiting": ("待上会议题", "安排会议"), "history": ("办理记录清单", "查办理记录"),
    "history_event": ("办理记录", "查办理记录"), "case_history": ("卷宗办理记录", "审计查阅"),
    "case_at": ("卷宗某一时点", "审计查阅"), "reads": ("查阅留痕", "审计查阅"),
    "administration": ("管理操作", "审计查阅"),
    "checks": ("校验结果", "审计查阅"), "bundle": ("卷宗证据包", "审计查阅"), "mine": ("本人事项", "本人查看"),
    "accounts": ("账号与授权", "授权管理"), "incidents": ("流程异常", "处理异常"),
    "lookup.eligibility": ("任职限制核查", "查询此人现在能不能提"), "lookup.ends": ("到期清单", "查询"),
    "lookup.quotas": ("职数与编制登记", "查询"),
    "lookup.vacancies": ("职数与空缺", "查询"), "lookup.roster": ("花名册", "查找干部"),
    "paper.proposal": ("调整建议表", "打印文书"), "paper.publicity": ("任前公示", "打印文书"),
    "paper.approval": ("任免审批表", "打印文书"), "paper.record": ("谈话、回访记录", "打印文书"),
    "paper.minutes": ("会议纪要", "打印文书"), "tracking.ledger": ("跟踪台账", "导出台账"),
    "account": ("代理与亲属登记", "本人账号"), "mine_appeal": ("复核、申诉", "本人查看"),
    "appeals": ("复核、申诉", "查看措施"), "measures": ("措施清单", "查看措施"),
    "kinship": ("待确认的亲属关系登记", "回避管理"), "rules": ("规则取值", "规则维护"),
    "correction": ("流程更正", "更正流程"), "corrections": ("流程更正", "更正流程"),
    "version_change": ("流程版本迁移", "流程维护"), "version_changes": ("流程版本迁移", "流程维护"),
    "variables": ("流程变量", "接口查询"), "instance": ("流程实例", "接口查询"), "instances": ("流程实例", "接口查询"),
    "past_instance": ("流程实例", "接口查询"), "past_instances": ("流程实例", "接口查询"),
    "past_tasks": ("待办清单", "接口查询"), "activities": ("办理环节", "接口查询"),
    "external_task": ("外部系统事项", "接口办理"), "external_tasks": ("外部系统事项", "接口办理"),
    "door:up_down": ("登记日常了解信息", "登记"), "door:sanction": ("登记处分、处理决定", "登记"),
    "organisations": ("机构表", "导出"),
    "history.csv": ("办理记录表格", "导出"), "case.bundle": ("卷宗证据包", "导出"),
}  # fmt: skip
OTHER = ("页面", "日常工作")


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, when, at what, whose, why."""

    id: str
    at: datetime
    who: str
    what: str
    about: str
    case_id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class LooksView:
    """One page of looks."""

    person: str
    who: str
    case_no: str
    kind: str
    since: str
    until: str
    kinds: tuple[Option, ...]
    rows: tuple[Look, ...]
    paging: Paging
    is_filtered: bool
    problems: tuple[Problem, ...]


def show(reads: Reads, actor: Actor, asked: history.Asked, day: date) -> LooksView:
    """One page of looks and exports, newest first; for auditors."""
    require_role(actor, *sorted(AUDITING), day=day)
    filtered, kind = asked.is_filtered, asked.kind if asked.kind in KINDS else ""
    sought, problems = history.sought_of(reads, actor, _narrowed(asked), day)
    # Most records are looks: they are met walking back in time, not gathered kind by kind.
    any_kind = func.coalesce(EVENT.c.kind, EVENT.c.kind)
    sought = sought.where(EVENT.c.kind == kind if kind else any_kind.in_(KINDS))
    if asked.case_no:
        sought = history.of_numbered(reads, sought, asked.case_no)
    rows = history_pages.page(reads, sought, asked.page)
    return LooksView(
        person=asked.person,
        who=asked.who,
        case_no=asked.case_no,
        kind=kind,
        since=asked.since,
        until=asked.until,
        kinds=tuple(Option(code, _kind(code)) for code in KINDS),
        rows=lines(reads, rows[:PAGE_SIZE]),
        paging=paging(asked.page, len(rows)),
        is_filtered=filtered,
        problems=problems,
    )


def _narrowed(asked: history.Asked) -> history.Asked:
    """A look stands on the reader's own chain, so the case is looked for in what it says."""
    return replace(asked, kind=history.ANY, case_no="", q="")


def _kind(code: str) -> str:
    return {"read": "查阅", "exported": "导出数据", "person_exported": "导出任免审批表"}.get(code, code)


def lines(reads: Reads, rows: Iterable[Row]) -> tuple[Look, ...]:
    """Looks in words, in five statements however many there are."""
    rows = list(rows)
    facts = [json.loads(row["body"]).get("facts", {}) for row in rows]
    files = _files(reads, facts)
    who = cadres.names(reads, [*(row["actor_id"] for row in rows), *(one.get("person_id") for one in facts)])
    return tuple(_look(row, one, files, who) for row, one in zip(rows, facts, strict=True))


def _files(reads: Reads, facts: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Attachment, task and case ids → the case's id and what it is called."""
    found: dict[str, str] = {}
    for name, table in (("attachment_id", cases.attachment), ("task_id", runtime.work_item)):
        ids = sorted({one[name] for one in facts if one.get(name)})
        if ids:
            query = select(table.c.id, table.c.case_id).where(table.c.id.in_(ids))
            found |= {row["id"]: row["case_id"] for row in reads.fetch_all(query) if row["case_id"]}
    wanted = {*found.values(), *(one["case_id"] for one in facts if one.get("case_id"))}
    wanted |= {one["stream"].removeprefix("case:") for one in facts if _is_case(one.get("stream"))}
    case, person = cases.case_file, people.person
    query = select(case.c.id, case.c.number, person.c.name).join(person, person.c.id == case.c.person_id)
    rows = reads.fetch_all(query.where(case.c.id.in_(sorted(wanted)))) if wanted else []
    named = {row["id"]: (row["id"], f"{row['number']} {row['name']}") for row in rows}
    return named | {one: named[case_id] for one, case_id in found.items() if case_id in named}


def _is_case(stream: object) -> bool:
    return isinstance(stream, str) and stream.startswith("case:")


def _look(
    row: Row, facts: Mapping[str, Any], files: Mapping[str, tuple[str, str]], who: Mapping[str, str]
) -> Look:
    code = str(facts.get("what", "")).removeprefix("api:")
    what, why = WHAT.get(code, OTHER)
    if code.startswith("door:"):
        what, why = "登记页", "登记卷宗"
    if row["kind"] == "person_exported":
        what, why = "任免审批表", "导出"
    keys = [str(facts.get(name, "")) for name in ("case_id", "attachment_id", "task_id")]
    keys.append(str(facts.get("stream", "")).removeprefix("case:"))
    case = next((files[one] for one in keys if one in files), None)
    return Look(
        id=records.event_id(row["stream"], row["seq"]),
        at=row["effective_at"],
        who=who[str(row["actor_id"])],
        what=what,
        about=case[1] if case else _about(facts, who),
        case_id=case[0] if case else None,
        why={**PURPOSES, **LEDGER_PURPOSES}.get(str(facts.get("purpose", "")), why),
    )


def _about(facts: Mapping[str, Any], who: Mapping[str, str]) -> str:
    if facts.get("person_id"):
        return who.get(facts["person_id"], "")
    for name, unit in (
        ("people", "人"),
        ("cases", "卷"),
        ("plans", "份方案"),
        ("records", "条"),
        ("tasks", "项"),
    ):
        if isinstance(facts.get(name), list) and facts[name]:
            return f"{len(facts[name])}{unit}"
    return ""
