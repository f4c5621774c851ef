"""Stored events 办理记录 → lines a person reads; a member's choice in a vote never leaves them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.event import accounts, sentence_of
from webapp.domain.exporting import UNSAID
from webapp.domain.fields import Field, fields_of, flat
from webapp.domain.meetings import CHOICES_ZH, RESULTS_ZH
from webapp.engine import Definition
from webapp.persistence.models import cases, history, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres
from webapp.queries.parts import Event

EVENT = history.history_event
# Gives the parsed definition of a bundle digest and a process key.
Definitions = Callable[[str, str], Definition]
TITLES = {
    "task_claimed": "签收“{}”",
    "task_released": "把“{}”退回科室待办",
    "task_transferred": "转办“{}”",
    "task_completed": "完成“{}”",
    "task_returned": "退回修改：“{}”",
    "paper_recorded": "完成“{}”",
    "draft_saved": "保存“{}”的草稿",
    "comment_added": "对“{}”补充说明",
    "attachment_added": "为“{}”上传附件",
}
MESSAGES = {
    "meeting_result": "会议结果转入流程",
    "tracking_opened": "开始跟踪管理",
    "plan_changed": "跟踪管理方案变化",
    "talk_recorded": "谈话已登记，跟踪事项下达",
    "visit_due": "回访到期，开始准备",
    "note_due": "帮带记实到期",
    "reinstatement_recommended": "转入重新任用程序",
    "rights_restored": "恢复党员权利转入流程",
    "tracking_terminated": "因故终止跟踪",
    "agenda_item_recalled": "议题撤回",
}
ACTS = {
    "put_on_agenda": "提请上会",
    "recall_agenda_item": "撤回议题",
    "register_measure": "登记措施",
    "open_impact_periods": "核算影响期",
    "record_deemed_consent": "按逾期未答复记为同意",
    "record_talk": "记录谈话日期",
    "apply_adjustment": "登记职务调整",
    "appoint": "登记任职",
    "confirm_appointment": "登记转正任职",
    "end_probation_appointment": "登记试用期结束",
    "open_tracking": "建立或并入跟踪管理方案",
    "set_class": "调整联系类别",
    "assign_mentor": "确定帮带责任人（联系人）",
    "extend_plan": "延长跟踪",
    "close_plan": "结束跟踪管理",
    "open_reuse_tracking": "安排任用后回访",
    "plan_visits": "排定回访",
    "reschedule_visits": "重新排定回访",
    "postpone_visit": "回访改期",
    "cancel_visit": "取消该次回访",
    "record_visit": "登记回访",
    "plan_notes": "排定帮带记实",
    "record_note": "登记帮带记实",
    "raise_assessment_item": "形成研判事项",
    "check_eligibility": "任职限制核查",
    "record_not_reinstated": "登记未重新任用",
    "open_publicity": "开始公示",
    "close_publicity": "结束公示",
    "accept_appeal": "登记复核、申诉的受理结果",
    "extend_appeal": "延长复核、申诉的办理期限",
    "check_panel": "核对审理组",
    "decide_appeal": "登记复核、申诉的处理决定",
    "answer_appeal": "登记处理决定送达",
    "apply_appeal_result": "撤销、变更生效，重新核算影响期",
    "close_case": "卷宗办结",
}


def facts_of(row: Row) -> dict[str, Any]:
    """What the event says; without anybody's choice in a vote (who took part is known, who chose what is not)."""
    facts: dict[str, Any] = json.loads(row["body"]).get("facts", {})
    if row["kind"] == "ballot_cast":
        facts.pop("choice", None)
    if "changes" in facts:
        facts["changes"] = [one for one in facts["changes"] if one[0] not in UNSAID]
    return facts


def event_id(stream: str, seq: int) -> str:
    """The name of an event in addresses."""
    return f"{stream}:{seq}"


def of_case(case_id: str, *, limit: int) -> Select[Any]:
    """SELECT the newest events of a case, newest first."""
    query = select(EVENT).where(EVENT.c.case_id == case_id)
    return query.order_by(EVENT.c.recorded_at.desc(), EVENT.c.seq.desc()).limit(limit)


def lines_of(reads: Reads, rows: Sequence[Row], definitions: Definitions | None = None) -> tuple[Event, ...]:
    """Event lines of stored rows, in three or four statements however many there are."""
    facts = [facts_of(row) for row in rows]
    tasks = _task_names(reads, [one for each in facts for one in _task_ids(each)])
    others = [one.get(name) for one in facts for name in ("decided_by", "on_behalf_of")]
    who = cadres.names(reads, [*(row["actor_id"] for row in rows), *others])
    numbers = _case_numbers(reads, {row["case_id"] for row in rows if row["case_id"]})
    return tuple(
        _line(row, one, tasks, who, numbers, definitions) for row, one in zip(rows, facts, strict=True)
    )


def _task_ids(facts: Mapping[str, Any]) -> list[str]:
    own = [facts["work_item_id"]] if facts.get("work_item_id") else []
    return [*own, *(one["work_item_id"] for one in opened_in(facts))]


def opened_in(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tasks an event opened; those of a case's first form stand inside ``first``."""
    whole = list(accounts(facts))
    told = whole[1:] if isinstance(facts.get("first"), Mapping) else whole
    return [one for part in told for one in part.get("opened", []) if isinstance(one, Mapping)]


def _task_names(reads: Reads, ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    item = runtime.work_item
    rows = reads.fetch_all(select(item.c.id, item.c.name).where(item.c.id.in_(wanted)))
    return {row["id"]: row["name"] for row in rows}


def _case_numbers(reads: Reads, ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    case = cases.case_file
    rows = reads.fetch_all(select(case.c.id, case.c.number).where(case.c.id.in_(wanted)))
    return {row["id"]: row["number"] for row in rows}


def _line(
    row: Row,
    facts: Mapping[str, Any],
    tasks: Mapping[str, str],
    who: Mapping[str, str],
    numbers: Mapping[str, str],
    definitions: Definitions | None,
) -> Event:
    paper = row["kind"] == "paper_recorded" or facts.get("entry") == "paper"
    actor = who.get(row["actor_id"], row["actor_id"])
    decided = facts.get("decided_by")
    return Event(
        id=event_id(row["stream"], row["seq"]),
        at=row["effective_at"],
        effective_at=row["effective_at"],
        kind=row["kind"],
        title=_title(row["kind"], facts, tasks),
        who=who.get(decided, actor) if decided else actor,
        on_behalf_of=who.get(str(facts.get("on_behalf_of", "")), ""),
        role="",
        lines=(*_lines(facts, tasks), *_moved(facts, definitions)),
        outcome=_outcome(row["kind"], facts, definitions),
        paper=paper,
        entered_by=actor if decided else "",
        late=_is_late(facts),
        hash=row["digest"],
        seq=row["seq"],
        case_id=row["case_id"],
        case_no=numbers.get(row["case_id"], "") if row["case_id"] else "",
        corrected_by=None,
    )


def _title(kind: str, facts: Mapping[str, Any], tasks: Mapping[str, str]) -> str:
    name = tasks.get(str(facts.get("work_item_id", "")))
    if name and kind in TITLES:
        return TITLES[kind].format(name)
    if kind == "message_delivered" and facts.get("message") in MESSAGES:
        return MESSAGES[str(facts["message"])]
    return sentence_of(kind).removesuffix("。")


def _lines(facts: Mapping[str, Any], tasks: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    if "agree" in facts:
        votes = (f"{CHOICES_ZH[choice]}{facts.get(choice, 0)}票" for choice in ("agree", "disagree", "defer"))
        found.append("、".join(votes) + f"（应到{facts.get('entitled')}人，实到{facts.get('present')}人）")
    acts = [ACTS[one["delegate"]] for one in acts_of(facts) if one.get("delegate") in ACTS]
    if acts:
        found.append(f"随即办理：{'、'.join(dict.fromkeys(acts))}")
    names = [tasks[one["work_item_id"]] for one in opened_in(facts) if one["work_item_id"] in tasks]
    if names:
        found.append(f"转入：{'、'.join(names)}")
    if facts.get("finished") is True:
        found.append("该流程办结")
    return found


def _moved(facts: Mapping[str, Any], definitions: Definitions | None) -> list[str]:
    """Where a process stood and stands, for what moved it out of its way 流程纠正、换版."""
    if "version_change_id" in facts and "rev" in facts:
        return [f"第{facts['before']}版换为第{facts['after']}版"]
    if "stood" not in facts or definitions is None:
        return []
    nodes = definitions(facts["definition_digest"], facts["process_key"]).nodes
    places = {
        words: "、".join(f"“{nodes[one].name or one}”" for one in facts[name] if one in nodes)
        for words, name in (("原停在", "stood"), ("现停在", "stands"))
    }
    return [f"{words}：{names}" for words, names in places.items() if names]


def acts_of(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What services did in the same step."""
    done = (one for part in accounts(facts) for one in part.get("delegates", []))
    return [one for one in done if isinstance(one, Mapping)]


def variables_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The process variables a form set."""
    inner = facts.get("first")
    found = inner if isinstance(inner, Mapping) else facts
    return {str(name): value for name, value in found.get("variables", [])}


def _is_late(facts: Mapping[str, Any]) -> bool:
    return variables_of(facts).get("late_entry") is True or facts.get("late_entry") is True


def outcome_of(row: Row, facts: Mapping[str, Any], definitions: Definitions | None) -> str:
    """What a form or a vote came to, in the words of the form; '' where nothing was chosen."""
    return _outcome(row["kind"], facts, definitions)


def _outcome(kind: str, facts: Mapping[str, Any], definitions: Definitions | None) -> str:
    if facts.get("result") in RESULTS_ZH and kind in ("votes_recorded", "item_decided"):
        return RESULTS_ZH[facts["result"]]
    variables = {name: value for name, value in variables_of(facts).items() if "outcome" in name}
    if definitions is None or not variables or not facts.get("definition_digest"):
        return ""
    definition = definitions(facts["definition_digest"], facts["process_key"])
    fields = form_fields(definition, str(facts.get("form_key") or ""))
    chosen = [words_of(one, variables[one.variable]) for one in flat(fields) if one.variable in variables]
    return "、".join(word for word in chosen if word)


def form_fields(definition: Definition, form_key: str) -> tuple[Field, ...]:
    """The fields of a pinned form; none for a task without one."""
    if form_key not in definition.forms:
        return ()
    return _fields(definition.digest, form_key, json.dumps(definition.forms[form_key]))


@lru_cache(maxsize=512)
def _fields(_digest: str, _form_key: str, schema: str) -> tuple[Field, ...]:
    return fields_of(json.loads(schema))


def words_of(field: Field, value: object) -> str:
    """A stored variable in the words of its field."""
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {option.value: option.label for option in field.options}
    many = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in many if one is not None)
