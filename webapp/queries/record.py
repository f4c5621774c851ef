"""One record of the history 办理记录 with all it says: facts, decisions, changes, its place on the chain."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.event import accounts
from webapp.domain.fields import flat
from webapp.persistence.models import repository
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, records
from webapp.queries import history_words as wording
from webapp.queries.parts import Event, FormView
from webapp.queries.records import EVENT, Definitions

# Said elsewhere on the page, or of no meaning to a reader.
INNER = frozenset(
    {"moves", "opened", "delegates", "decisions", "fields", "variables", "first", "changes", "messages", "cancelled",
     "also", "state_digest", "rev", "instance_id", "definition_id", "definition_digest", "process_key", "element_id",
     "work_item_id", "outbox_id", "form_key", "finished", "agree", "disagree", "defer", "abstain",
     "entitled", "present", "recused", "key"}
)  # fmt: skip
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
    record: str = ""
    # It stands on the chain of its case, so that the case can be looked at as it stood then.
    in_chain: bool = False
    # Fields of the form whose values were erased by rule: their commitments stand, their words are gone.
    erased: tuple[str, ...] = ()


def show(reads: Reads, row: Row, definitions: Definitions) -> EventView:
    """Everything a record says except sealed values."""
    facts = records.facts_of(row)
    (line,) = records.lines_of(reads, [row], definitions)
    after = reads.fetch(_neighbour(row))
    deployed = _definition(reads, facts)
    speech = _speech(reads, facts, definitions)
    return EventView(
        event=line,
        facts=(*_facts(facts, speech), *_variables(facts, definitions, speech)),
        changes=_changes(reads, row, facts, speech),
        form=None,
        previous_hash=row["previous"],
        previous_id=records.event_id(row["stream"], row["seq"] - 1) if row["seq"] > 1 else None,
        next_id=records.event_id(row["stream"], row["seq"] + 1) if after else None,
        definition=f"{deployed['name']} 第{deployed['version']}版" if deployed else "",
        elements=_elements(facts, definitions),
        decisions=_decisions(facts, definitions, speech),
        in_chain=row["stream"] == f"case:{row['case_id']}",
        record=json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True),
    )


@dataclass(frozen=True, slots=True)
class Speech:
    """What ids and codes of one record are called: persons by id, answers of its pinned forms by code."""

    who: Mapping[str, str]
    labels: Mapping[str, str]

    def words(self, name: str, value: object) -> str:
        """A stored value in words."""
        return wording.value_words(name, value, self.labels, self.who)


def _speech(reads: Reads, facts: Mapping[str, Any], definitions: Definitions) -> Speech:
    ids = {
        text
        for text in _texts({name: v for name, v in facts.items() if name != "changes"})
        if len(text) == 36
    }
    known = {one: name for one, name in cadres.names(reads, ids).items() if name != one}
    digest = facts.get("definition_digest")
    labels = wording.labels_of(definitions(digest, facts["process_key"])) if digest else {}
    return Speech(known, labels)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


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


def _facts(facts: Mapping[str, Any], speech: Speech) -> tuple[tuple[str, str], ...]:
    found = []
    for name, value in facts.items():
        if name in INNER or name not in wording.LABELS or value in ([], ""):
            continue
        words = speech.words(name, value)
        if words != wording.ELSEWHERE:
            found.append((wording.LABELS[name], words))
    sealed = [one for one in facts.get("fields", []) if isinstance(one, Mapping)]
    if sealed:
        found.append(("加密保存的栏目", f"{len(sealed)}项，记录中只有承诺值"))
    return tuple(found)


def _variables(
    facts: Mapping[str, Any], definitions: Definitions, speech: Speech
) -> tuple[tuple[str, str], ...]:
    """Process variables in the words of the form that set them; those without words stay in the record itself."""
    labelled = {one.variable: one for one in flat(_fields(facts, definitions)) if one.variable}
    pairs = []
    for name, value in records.variables_of(facts).items():
        field = labelled.get(name)
        label = field.name if field else wording.LABELS.get(name, "")
        words = speech.words(name, value)
        if label and words != wording.ELSEWHERE:
            pairs.append((label, words))
    return tuple(pairs)


def _fields(facts: Mapping[str, Any], definitions: Definitions) -> tuple[Any, ...]:
    inner = facts.get("first") if isinstance(facts.get("first"), Mapping) else facts
    key = str((inner or facts).get("form_key") or "")
    digest = facts.get("definition_digest")
    return records.form_fields(definitions(digest, facts["process_key"]), key) if digest and key else ()


def _elements(facts: Mapping[str, Any], definitions: Definitions) -> tuple[str, ...]:
    passed: dict[str, None] = {}
    for part in accounts(facts):
        if not part.get("moves") or not (
            digest := part.get("definition_digest") or facts.get("definition_digest")
        ):
            continue
        nodes = definitions(digest, part.get("process_key") or facts["process_key"]).nodes
        left = (element for how, element in part["moves"] if how == "left")
        passed |= dict.fromkeys(nodes[one].name for one in left if one in nodes and nodes[one].name)
    return tuple(passed)


def _decisions(
    facts: Mapping[str, Any], definitions: Definitions, speech: Speech
) -> tuple[DecisionLine, ...]:
    found: list[DecisionLine] = []
    for part in (facts, *facts.get("also", ())):
        traces = [one for one in part.get("decisions", []) if isinstance(one, Mapping)]
        if traces:
            known = definitions(part["definition_digest"], part["process_key"]).decisions
            found += [_decision(one, known, speech) for one in traces]
    return tuple(found)


def _decision(trace: Mapping[str, Any], known: Mapping[str, Any], speech: Speech) -> DecisionLine:
    code = str(trace.get("decision_id", ""))
    node = getattr(known.get(code), "nodes", {}).get(code)
    return DecisionLine(
        name=getattr(node, "name", "") or "决策表",
        inputs=tuple((str(name), speech.words(str(name), value)) for name, value in trace.get("inputs", [])),
        rules=tuple(_rule(node, str(one)) for one in trace.get("rules", [])),
        outputs=tuple(_outputs(trace.get("outputs"), speech)),
    )


def _rule(node: Any, rule_id: str) -> str:
    """Which line of the table: a table's logic is its own method."""
    table = getattr(getattr(node, "logic", None), "__self__", None)
    numbers = {one.id: one.number for one in getattr(table, "rules", ())}
    return f"第{numbers[rule_id]}条" if rule_id in numbers else "见原样记录"


def _outputs(value: object, speech: Speech) -> list[tuple[str, str]]:
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        value = dict(value)
    if not isinstance(value, Mapping):
        return [("结果", speech.words("", value))]
    return [
        (wording.output_name(str(name)), speech.words(str(name), item))
        for name, item in value.items()
        if item is not None
    ]


def _changes(
    reads: Reads, row: Row, facts: Mapping[str, Any], speech: Speech
) -> tuple[tuple[str, str, str], ...]:
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
            speech.words(column, before.get((table, key, column), "未载")),
            speech.words(column, value),
        )
        for table, key, column, value in updates
        if before.get((table, key, column)) != value
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
