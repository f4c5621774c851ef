"""The history 办理记录: found by person, case, actor, kind and time, and one record with all it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, or_, select, true

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import NotFound
from webapp.domain.event import KINDS, sentence_of
from webapp.domain.fields import flat
from webapp.domain.roles import APART, AUDITING
from webapp.domain.workdays import start_of_day
from webapp.persistence.models import cases, people, repository, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, records
from webapp.queries.parts import (
    MOST_COUNTED,
    PAGE_SIZE,
    Event,
    FormView,
    Option,
    Paging,
    Problem,
    like,
    paging,
    search_token,
)
from webapp.queries.records import Definitions
from webapp.queries.visibility import visible_cases

EVENT = records.EVENT
# Who may search the history; one record is open to everybody who may see its case.
SEARCHING = ("auditor", "audit_admin", "org_dept_head", "org_dept_deputy_head", "cadre_supervision")
MOST_PEOPLE = 50
LONGEST_QUESTION = 60
# Said elsewhere on the page, or of no meaning to a reader.
INNER = frozenset(
    {"moves", "opened", "delegates", "decisions", "fields", "variables", "first", "changes", "messages", "cancelled",
     "state_digest", "rev", "instance_id", "definition_id", "definition_digest", "process_key", "element_id",
     "work_item_id", "form_key", "finished", "agree", "disagree", "defer", "abstain", "entitled", "present", "recused"}
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
    "publicity": {"status": "公示状态", "ends_on": "公示截止日"},
    "agenda_item": {"status": "议题状态", "result": "议题结果"},
}
MOST_EARLIER = 200
PEOPLE = frozenset({"person_id", "decided_by", "entered_by", "user_id"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the history is searched for, as it stands in the address."""

    q: str = ""
    kind: str = ""
    who: str = ""
    case_no: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """True when anything was asked for."""
        return any((self.q, self.kind, self.who, self.case_no, self.since, self.until))


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One page of found records."""

    q: str
    kind: str
    who: str
    case_no: str
    since: str
    until: str
    kinds: tuple[Option, ...]
    rows: tuple[Event, ...]
    paging: Paging
    is_filtered: bool
    problems: tuple[Problem, ...]


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


def search(
    reads: Reads, actor: Actor, asked: Asked, *, day: date, definitions: Definitions | None = None
) -> HistoryView:
    """One page of the records the actor may see, newest first. NotAllowed for who does not search the history."""
    require_role(actor, *SEARCHING, day=day)
    first, last, problems = _span(asked)
    conditions = [_visible(actor, day), *([] if problems else _asked_for(reads, asked, first, last))]
    query = (
        select(EVENT)
        .where(*conditions)
        .order_by(EVENT.c.recorded_at.desc(), EVENT.c.stream, EVENT.c.seq.desc())
    )
    rows = reads.fetch_all(query.limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (asked.page - 1)))
    total = _count(reads, conditions) if asked.is_filtered else None
    return HistoryView(
        q=asked.q,
        kind=asked.kind,
        who=asked.who,
        case_no=asked.case_no,
        since=asked.since,
        until=asked.until,
        kinds=kinds(),
        rows=records.lines_of(reads, rows[:PAGE_SIZE], definitions),
        paging=paging(asked.page, len(rows), total),
        is_filtered=asked.is_filtered,
        problems=problems,
    )


def kinds() -> tuple[Option, ...]:
    """Every kind of record by its sentence."""
    return tuple(Option(code, sentence_of(code).removesuffix("。")) for code in KINDS)


def _count(reads: Reads, conditions: list[ColumnElement[bool]]) -> int:
    counted = select(EVENT.c.seq).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    row = reads.fetch(select(func.count().label("n")).select_from(counted))
    return int(row["n"]) if row else 0


def _visible(actor: Actor, day: date) -> ColumnElement[bool]:
    """Auditors see every chain but their own file's; others the chains of the cases they may see."""
    inside = EVENT.c.case_id.in_(select(cases.case_file.c.id).where(visible_cases(actor, day)))
    roles = actor.roles_on(day)
    if not roles & APART:
        return inside
    if not roles & AUDITING:
        return false()
    own = EVENT.c.stream != f"person:{actor.person_id}" if actor.person_id else true()
    return and_(or_(EVENT.c.case_id.is_(None), inside), own)


def _span(asked: Asked) -> tuple[date | None, date | None, tuple[Problem, ...]]:
    problems, days = [], []
    for name, text in (("since", asked.since), ("until", asked.until)):
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            days.append(None)
            problems.append(Problem(name, "日期请写成 2026-11-22 的样子。"))
    first, last = days
    if first and last and last < first:
        problems.append(Problem("until", "止期早于起期，请核对。"))
    return first, last, tuple(problems)


def _asked_for(
    reads: Reads, asked: Asked, first: date | None, last: date | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.kind:
        found.append(EVENT.c.kind == asked.kind)
    if asked.who:
        found.append(EVENT.c.actor_id.in_(_actors(reads, asked.who)))
    if asked.case_no:
        case = cases.case_file
        numbered = select(case.c.id).where(case.c.number.like(like(asked.case_no), escape="\\"))
        found.append(EVENT.c.case_id.in_(numbered))
    if first:
        found.append(EVENT.c.effective_at >= start_of_day(first))
    if last:
        found.append(EVENT.c.effective_at < start_of_day(last + timedelta(days=1)))
    if asked.q:
        found.append(_about(reads, asked.q))
    return found


def _people(reads: Reads, text: str) -> list[str]:
    token = people.person_token
    query = select(token.c.person_id).where(token.c.token == search_token(text)).limit(MOST_PEOPLE)
    return [row["person_id"] for row in reads.fetch_all(query)]


def _actors(reads: Reads, text: str) -> list[str]:
    """User ids behind a name or a log-in; also the persons themselves, who act on paper without a log-in."""
    if text in cadres.SYSTEM_NAMES.values():
        return [code for code, words in cadres.SYSTEM_NAMES.items() if words == text]
    users, found = cadres.USERS, _people(reads, text)
    query = (
        select(users.c.id)
        .where(or_(users.c.username == text, users.c.person_id.in_(found)))
        .limit(MOST_PEOPLE)
    )
    return [*(row["id"] for row in reads.fetch_all(query)), *found]


def _about(reads: Reads, text: str) -> ColumnElement[bool]:
    """Records whose kind says the words, about a person of that name, or of a task of that name."""
    said = [code for code in KINDS if text in sentence_of(code)]
    persons = _people(reads, text)
    case, item = cases.case_file, runtime.work_item
    tasks = (
        select(item.c.element_id)
        .distinct()
        .where(item.c.name.like(like(text), escape="\\"))
        .limit(MOST_PEOPLE)
    )
    elements = [row["element_id"] for row in reads.fetch_all(tasks)]
    body = (
        func.convert_from(EVENT.c.body, "UTF8") if reads.dialect == "postgresql" else cast(EVENT.c.body, Text)
    )
    return or_(
        EVENT.c.kind.in_(said),
        EVENT.c.stream.in_([f"person:{one}" for one in persons]),
        EVENT.c.case_id.in_(select(case.c.id).where(case.c.person_id.in_(persons))),
        *(body.like(like(f'"element_id":"{one}"'), escape="\\") for one in elements),
    )


def find(reads: Reads, actor: Actor, name: str, day: date) -> Row:
    """The stored record of a name ``<stream>:<seq>``; NotFound also where the actor may not see it."""
    stream, _, number = name.rpartition(":")
    if not stream or not number.isdecimal() or len(number) > 12:
        raise NotFound
    query = select(EVENT).where(EVENT.c.stream == stream, EVENT.c.seq == int(number), _visible(actor, day))
    row = reads.fetch(query)
    if row is None:
        raise NotFound("没有找到这条办理记录，或您无权查看。")
    return row


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
        if name not in INNER:
            shown = who.get(str(value), str(value)) if name in PEOPLE else plain_words(value)
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
        return "；".join(f"{name}：{plain_words(item)}" for name, item in value.items())
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
        (SHOWN[table][column], plain_words(before.get((table, key, column), "未载")), plain_words(value))
        for table, key, column, value in updates
    )


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
