"""A case's history in words 办理过程: codes and ids are stored, the sentences are made here."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.events import sentence_of
from webapp.domain.meetings import RESULTS_ZH
from webapp.domain.workdays import local_date, zh_date
from webapp.persistence.models import history, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import Event
from webapp.queries.tasks import user_names

MOST = 200
ON_TASKS = {
    "task_completed": "办结",
    "paper_recorded": "线下办理",
    "task_claimed": "签收",
    "task_released": "退回科室待办",
    "draft_saved": "保存草稿",
    "comment_added": "留言",
    "attachment_added": "上传附件",
}
# Of no use to somebody who reads what was done in a case.
QUIET = frozenset({"draft_saved", "task_claimed", "task_released"})


def of_case(reads: Reads, case_id: str, *, all_kinds: bool = False) -> tuple[Event, ...]:
    """The newest events of a case, oldest first; claims and drafts only when ``all_kinds``."""
    rows = reads.fetch_all(_query(case_id))
    bodies = [json.loads(row["body"]) for row in rows]
    names = user_names(reads, _users(rows, bodies))
    tasks = _task_names(reads, bodies)
    shown = [
        event(row, body, names, tasks)
        for row, body in zip(rows, bodies, strict=True)
        if all_kinds or row["kind"] not in QUIET
    ]
    return tuple(reversed(shown))


def _query(case_id: str) -> Select[Any]:
    table = history.history_event
    return select(table).where(table.c.stream == f"case:{case_id}").order_by(table.c.seq.desc()).limit(MOST)


def _users(rows: list[Any], bodies: list[Any]) -> set[str]:
    found = {row["actor_id"] for row in rows} | {body["facts"].get("decided_by", "") for body in bodies}
    return {one for one in found if len(one) == 36}


def _task_names(reads: Reads, bodies: list[Any]) -> dict[str, str]:
    ids = {_task_id(body["facts"]) for body in bodies} - {""}
    if not ids:
        return {}
    item = runtime.work_item
    query = select(item.c.id, item.c.name).where(item.c.id.in_(sorted(ids)))
    return {row["id"]: row["name"] for row in reads.fetch_all(query)}


def _task_id(facts: Mapping[str, Any]) -> str:
    first = facts.get("first")
    return str(
        facts.get("work_item_id") or (first.get("work_item_id") if isinstance(first, dict) else "") or ""
    )


def event(
    row: Mapping[str, Any], body: Mapping[str, Any], names: Mapping[str, str], tasks: Mapping[str, str]
) -> Event:
    """One stored event as a line a person reads."""
    facts = body["facts"]
    paper = row["kind"] == "paper_recorded"
    actor = names.get(row["actor_id"], "系统" if row["actor_id"] == "system" else row["actor_id"])
    decided_by = names.get(facts.get("decided_by", ""), "")
    return Event(
        id=f"{row['stream']}:{row['seq']}",
        at=row["recorded_at"],
        effective_at=row["effective_at"],
        kind=row["kind"],
        title=_title(row["kind"], tasks.get(_task_id(facts), "")),
        who=decided_by if paper and decided_by else actor,
        on_behalf_of="",
        role="",
        lines=_lines(facts),
        outcome=_outcome(facts),
        paper=paper,
        entered_by=actor if paper else "",
        late=local_date(row["effective_at"]) < local_date(row["recorded_at"]) and row["actor_id"] != "system",
        hash=row["digest"],
        seq=row["seq"],
        case_id=row["case_id"],
        case_no="",
        corrected_by=None,
    )


def _title(kind: str, task: str) -> str:
    if kind in ON_TASKS and task:
        return f"{ON_TASKS[kind]}“{task}”"
    return sentence_of(kind).rstrip("。")


def _outcome(facts: Mapping[str, Any]) -> str:
    result = facts.get("result")
    return RESULTS_ZH[result] if result in RESULTS_ZH else ""


def _lines(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What the delegates of the step did, and the count of a vote."""
    found = []
    if "agree" in facts and "entitled" in facts:
        found.append(
            f"应到{facts['entitled']}人，实到{facts['present']}人；同意{facts['agree']}、不同意{facts['disagree']}、缓议{facts['defer']}"
        )
    for act in facts.get("delegates", ()):
        words = _act(act["delegate"], dict(_pairs(act["result"])), dict(_pairs(act["inputs"])))
        if words:
            found.append(words)
    return tuple(found)


def _pairs(values: Any) -> list[tuple[str, Any]]:
    return [(one[0], one[1]) for one in values] if isinstance(values, list) else []


def _act(delegate: str, result: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    if delegate == "open_impact_periods":
        return f"影响期算至{_day(result.get('latest_end'))}"
    if delegate == "open_tracking":
        return "同日建立跟踪管理方案" if result.get("is_new") else "并入进行中的跟踪管理方案"
    if delegate == "check_eligibility":
        return "任职限制核查：未发现限制情形" if result.get("eligible") else "任职限制核查：存在限制情形"
    if delegate == "open_publicity":
        return f"公示至{_day(result.get('ends_on'))}"
    if delegate == "record_deemed_consent":
        return "协管方逾期未答复，视为同意"
    return {"put_on_agenda": "提请上会", "close_case": "卷宗办结", "record_talk": "谈话已登记"}.get(
        delegate, ""
    )


def _day(text: object) -> str:
    return zh_date(date.fromisoformat(text)) if isinstance(text, str) else "未定"
