"""One record of the history 办理记录 with all it says: facts, decisions, changes, its place on the chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.appeals import STATES_ZH, WINDOWS
from webapp.domain.fields import flat
from webapp.domain.impact import BARS_ZH
from webapp.domain.lifecycle import STAGES_ZH
from webapp.domain.measure_changes import KINDS_ZH
from webapp.domain.measures import MEASURES, TRACKS
from webapp.domain.meetings import ENTRIES_ZH, RESULTS_ZH
from webapp.persistence.models import repository
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, records
from webapp.queries.meetings import MATTERS
from webapp.queries.parts import Event, FormView
from webapp.queries.records import EVENT, Definitions

# Said elsewhere on the page, or of no meaning to a reader.
INNER = frozenset(
    {"moves", "opened", "delegates", "decisions", "fields", "variables", "first", "changes", "messages", "cancelled",
     "state_digest", "rev", "instance_id", "definition_id", "definition_digest", "process_key", "element_id",
     "work_item_id", "outbox_id", "form_key", "finished", "agree", "disagree", "defer", "abstain",
     "entitled", "present", "recused"}
)  # fmt: skip
LABELS = {
    "number": "卷宗编号",
    "door": "立卷途径",
    "person_id": "人员",
    "decided_by": "线下办理人",
    "entered_by": "代录人",
    "body": "会议",
    "held_on": "会议日期",
    "result": "结果",
    "matter": "议题",
    "meeting_id": "会议标识",
    "item_id": "议题标识",
    "entry": "录入方式",
    "key": "流程标识",
    "version": "版本",
    "digest": "摘要",
    "origin": "来源",
    "message": "流程消息",
    "what": "查阅内容",
    "case_id": "卷宗标识",
    "attachment_id": "附件标识",
    "size": "字节数",
    "decisive": "须本人办理的事项",
    "finding": "核查结论",
    "reason": "原因",
    "seed": "示例数据种子",
    "events": "记录条数",
    "findings": "发现问题",
    "streams": "记录卷数",
    "head": "末条校验码",
    "job_id": "作业标识",
    "code": "代码",
    "items": "议题标识",
    "presence": "到会登记",
    "secret": "无记名表决",
    "in_favour": "同意复议人数",
    "new_item_id": "复议议题标识",
    "for_good": "不再提请",
    "receiver_id": "转办给",
    "measure_id": "措施标识",
    "change_id": "更改标识",
    "change": "更改事项",
    "before": "原登记",
    "after": "现登记",
    "measure": "措施",
    "organ": "作出机关",
    "document_no": "文号",
    "decided_on": "决定日期",
    "effective_on": "生效日期",
    "months_decided": "决定载明月数",
    "restored_on": "恢复党员权利日期",
    "ended_on": "撤销或结束日期",
    "ended_by": "撤销或结束",
    "periods": "重新核算的影响期",
    "period_id": "影响期标识",
    "bar": "限制事项",
    "starts_on": "起算日",
    "proposed_by": "提出人",
    "route": "复核、申诉途径",
    "appeal_id": "复核、申诉标识",
    "filed_how": "提出方式",
}
# Registers whose changes are worth a reader's while: table → column → words.
SHOWN = {
    "case_file": {"stage": "卷宗阶段", "status": "卷宗状态", "outcome": "卷宗结果", "talked_on": "谈话日期"},
    "tracking_plan": {
        "tracking_class": "联系类别",
        "mentor_on": "帮带责任人确定日期",
        "latest_end": "影响期最迟届满日",
        "extended_until": "延长跟踪至",
        "status": "跟踪状态",
        "conclusion": "跟踪结论",
        "closed_on": "跟踪结束日期",
    },
    "visit": {"status": "回访状态", "due_on": "应回访日期", "held_on": "回访日期"},
    "impact_period": {"ends_on": "影响期届满日"},
    "measure": {
        "kind": "措施种类",
        "decided_on": "决定日期",
        "effective_on": "生效日期",
        "document_no": "文号",
        "restored_on": "恢复党员权利日期",
        "ended_on": "撤销或结束日期",
    },
    "publicity": {"status": "公示状态", "ends_on": "公示截止日"},
    "agenda_item": {"status": "议题状态", "result": "议题结果"},
    "appeal": {
        "status": "复核、申诉状态",
        "accepted_on": "受理日期",
        "decide_by": "应作出决定之日",
        "decided_on": "处理决定日期",
        "answered_on": "送达本人日期",
    },
}
MOST_EARLIER = 200
# Codes of facts and registers in the office's words; stages come from the lifecycle.
CODES: Mapping[str, Mapping[str, str]] = {
    "body": {"dept": "部务会", "committee": "常委会"},
    "door": {"up_down": "日常了解信息", "sanction": "登记处理处分决定"},
    "entry": {str(code): words for code, words in ENTRIES_ZH.items()},
    "result": {str(code): words for code, words in RESULTS_ZH.items()},
    "matter": MATTERS,
    "measure": {one.key: f"{TRACKS[one.track]}：{one.zh}" for one in MEASURES},
    "kind": {one.code: one.zh for one in MEASURES},
    "change": {str(code): words for code, words in KINDS_ZH.items()},
    "bar": {str(code): f"不得{words}" for code, words in BARS_ZH.items()},
    "ended_by": {"revoked": "撤销", "ended": "结束"},
    "status": {
        "open": "进行中",
        "closed": "已结束",
        "waiting": "等待上会",
        "scheduled": "已列入议程",
        "voting": "正在表决",
        "decided": "已有结果",
        "recalled": "已撤回",
        "planned": "已安排",
        "started": "到期待办",
        "held": "已回访",
        "cancelled": "已取消",
        **STATES_ZH,
    },
    "filed_how": {"online": "本人网上提出", "paper": "纸面提出，代录"},
    "route": {code: remedy.zh for code, remedy in WINDOWS.items()},
    "tracking_class": {"A": "一般联系", "B": "重点联系", "C": "专项联系"},
    "stage": STAGES_ZH,
}
PEOPLE = frozenset({"person_id", "decided_by", "entered_by", "user_id", "proposed_by", "receiver_id"})


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """Why a decision table answered as it did 决策依据."""

    name: str
    inputs: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """One record with its neighbours on the chain; ``form`` is put in by the page that opened the sealed values."""

    event: Event
    facts: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str, str], ...]
    form: FormView | None
    previous_hash: str
    previous_id: str | None
    next_id: str | None
    definition: str
    elements: tuple[str, ...]
    decisions: tuple[DecisionLine, ...]


def show(reads: Reads, row: Row, definitions: Definitions) -> EventView:
    """Everything a record says except sealed values."""
    facts = records.facts_of(row)
    (line,) = records.lines_of(reads, [row], definitions)
    after = reads.fetch(_neighbour(row))
    deployed = _definition(reads, facts)
    who = cadres.names(reads, [facts.get(name) for name in PEOPLE])
    return EventView(
        event=line,
        facts=(*_facts(facts, who), *_variables(facts, definitions)),
        changes=_changes(reads, row, facts),
        form=None,
        previous_hash=row["previous"],
        previous_id=records.event_id(row["stream"], row["seq"] - 1) if row["seq"] > 1 else None,
        next_id=records.event_id(row["stream"], row["seq"] + 1) if after else None,
        definition=f"{deployed['name']} 第{deployed['version']}版" if deployed else "",
        elements=_elements(facts, definitions),
        decisions=_decisions(facts, definitions),
    )


def _neighbour(row: Row) -> Select[Any]:
    return select(EVENT.c.seq).where(EVENT.c.stream == row["stream"], EVENT.c.seq == row["seq"] + 1)


def _definition(reads: Reads, facts: Mapping[str, Any]) -> Row | None:
    wanted = facts.get("definition_id")
    digest = facts.get("definition_digest")
    table = repository.definition
    if wanted:
        return reads.fetch(select(table.c.name, table.c.version).where(table.c.id == wanted))
    if digest:
        query = select(table.c.name, table.c.version).where(table.c.digest == digest)
        return reads.fetch(query.order_by(table.c.version.desc()).limit(1))
    return None


def _facts(facts: Mapping[str, Any], who: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, value in facts.items():
        if name not in INNER and value not in ([], ""):
            shown = who.get(str(value), str(value)) if name in PEOPLE else code_words(name, value)
            found.append((LABELS.get(name, name), shown))
    sealed = [one for one in facts.get("fields", []) if isinstance(one, Mapping)]
    if sealed:
        found.append(("加密保存的栏目", f"{len(sealed)}项，记录中只有承诺值"))
    return tuple(found)


def plain_words(value: object) -> str:
    """A stored fact as words: yes and no in Chinese, lists joined."""
    if value is None:
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(
            f"{LABELS.get(name, name)}：{code_words(name, item)}" for name, item in value.items()
        )
    if isinstance(value, list):
        return "、".join(plain_words(item) for item in value) or "无"
    return str(value)


def _variables(facts: Mapping[str, Any], definitions: Definitions) -> tuple[tuple[str, str], ...]:
    """Process variables in the words of the form that set them, or by their names."""
    found = records.variables_of(facts)
    labelled = {one.variable: one for one in flat(_fields(facts, definitions)) if one.variable}
    pairs = []
    for name, value in found.items():
        field = labelled.get(name)
        pairs.append((field.name, records.words_of(field, value)) if field else (name, plain_words(value)))
    return tuple(pairs)


def _fields(facts: Mapping[str, Any], definitions: Definitions) -> tuple[Any, ...]:
    inner = facts.get("first") if isinstance(facts.get("first"), Mapping) else facts
    key = str((inner or facts).get("form_key") or "")
    digest = facts.get("definition_digest")
    return records.form_fields(definitions(digest, facts["process_key"]), key) if digest and key else ()


def _elements(facts: Mapping[str, Any], definitions: Definitions) -> tuple[str, ...]:
    if not facts.get("definition_digest"):
        return ()
    nodes = definitions(facts["definition_digest"], facts["process_key"]).nodes
    inner = facts.get("first")
    moves = [*facts.get("moves", []), *(inner.get("moves", []) if isinstance(inner, Mapping) else [])]
    passed = dict.fromkeys(element for how, element in moves if how == "left")
    return tuple(nodes[one].name or one for one in passed if one in nodes)


def _decisions(facts: Mapping[str, Any], definitions: Definitions) -> tuple[DecisionLine, ...]:
    traces = [one for one in facts.get("decisions", []) if isinstance(one, Mapping)]
    if not traces:
        return ()
    known = definitions(facts["definition_digest"], facts["process_key"]).decisions
    return tuple(_decision(one, known) for one in traces)


def _decision(trace: Mapping[str, Any], known: Mapping[str, Any]) -> DecisionLine:
    code = str(trace.get("decision_id", ""))
    node = getattr(known.get(code), "nodes", {}).get(code)
    return DecisionLine(
        name=getattr(node, "name", "") or code,
        inputs=tuple((str(name), plain_words(value)) for name, value in trace.get("inputs", [])),
        rules=tuple(str(one) for one in trace.get("rules", [])),
        outputs=tuple(_outputs(trace.get("outputs"))),
    )


def _outputs(value: object) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [(str(name), plain_words(item)) for name, item in value.items()]
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        return [(str(name), plain_words(item)) for name, item in value]
    return [("结果", plain_words(value))]


def _changes(reads: Reads, row: Row, facts: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """What the event changed in the registers, with what stood there before on the same chain."""
    updates = [
        (table, str(key), column, value)
        for table, act, keys, values in facts.get("changes", [])
        if act == "update" and table in SHOWN
        for key in keys
        for column, value in values.items()
        if column in SHOWN[table]
    ]
    if not updates:
        return ()
    before = _before(reads, row, {(table, key, column) for table, key, column, _ in updates})
    return tuple(
        (
            SHOWN[table][column],
            code_words(column, before.get((table, key, column), "未载")),
            code_words(column, value),
        )
        for table, key, column, value in updates
        if before.get((table, key, column)) != value
    )


def code_words(name: str, value: object) -> str:
    """A stored code in the office's words, anything else as it is."""
    return CODES.get(name, {}).get(str(value), plain_words(value))


def _before(reads: Reads, row: Row, places: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], object]:
    earlier = select(EVENT.c.kind, EVENT.c.body).where(
        EVENT.c.stream == row["stream"], EVENT.c.seq < row["seq"]
    )
    found: dict[tuple[str, str, str], object] = {}
    for one in reads.fetch_all(earlier.order_by(EVENT.c.seq.desc()).limit(MOST_EARLIER)):
        for table, _, keys, values in records.facts_of(one).get("changes", []):
            for place in places - found.keys():
                if place[0] == table and place[1] in map(str, keys) and place[2] in values:
                    found[place] = values[place[2]]
    return found
