"""One instance moved to another version 换版: judged by the rules and the engine, its rows kept under the new names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import version_rules as rules
from webapp.domain.errors import Conflict, Reason, RuleBroken
from webapp.persistence.models import runtime
from webapp.services import advance, charts
from webapp.services.advance import Applied, Run
from webapp.services.desk import places
from webapp.services.office import Work

Mapped = Mapping[str, str]
# What has a counterpart in another version: steps, waits and phases.
MAPPED = frozenset(
    {
        "userTask", "receiveTask", "serviceTask", "sendTask", "businessRuleTask", "scriptTask", "boundaryEvent",
        "intermediateCatchEvent", "intermediateThrowEvent", "subProcess", "transaction", "callActivity",
    }
)  # fmt: skip


def suggested(old: bpmn.Definition, new: bpmn.Definition) -> dict[str, str]:
    """Old element → new element for what has another id now: the only one of its kind with the same name."""
    found: dict[str, str] = {}
    free = [node for node in new.nodes.values() if node.id not in old.nodes]
    for node in old.nodes.values():
        if node.id in new.nodes or not node.name:
            continue
        fitting = [
            one for one in free if (one.kind, one.event, one.name) == (node.kind, node.event, node.name)
        ]
        if len(fitting) == 1:
            found[node.id] = fitting[0].id
    return found


def reasons_against(work: Work, run: Run, target: bpmn.Definition, mapping: Mapped) -> list[Reason]:
    """Why an instance cannot go on under ``target`` 试迁移; none when it can."""
    stands = charts.standing(work, run.instance_id, run.definition)
    old, new = charts.chart_of(run.definition), charts.chart_of(target)
    reasons = rules.reasons_against_version(old, new, stands, mapping)
    told = bpmn.reasons_against(run.state or b"", run.definition, target, mapping)
    return reasons + [Reason("NO_PLACE", f"{one}。") for one in told]


def move(work: Work, run: Run, target_id: str, target: bpmn.Definition, mapping: Mapped) -> Applied:
    """Move it: due instants, claims and drafts stay with their tasks; RuleBroken with every reason against it."""
    reasons = reasons_against(work, run, target, mapping)
    if reasons:
        raise RuleBroken(reasons)
    seed = f"{run.instance_id}:{run.rev}:0"
    try:
        moved = bpmn.migrate(
            run.state or b"", run.definition, target, mapping, now=work.now, seed=seed,
            functions=work.functions(),
        )  # fmt: skip
    except bpmn.EngineError as error:
        raise Conflict(f"换用新版本后，流程不能继续：{error.zh}") from error
    before = run.definition
    run.definition, run.definition_id, run.state = target, target_id, moved.step.state
    work.update(runtime.process_instance, {"id": run.instance_id}, {"definition_id": target_id})
    for token_id, element_id in moved.renamed.items():
        _rename(work, run, before, token_id, element_id)
    return advance.follow(run, moved.step)


def _rename(work: Work, run: Run, before: bpmn.Definition, token_id: str, element_id: str) -> None:
    """The row of one token: a task, a clock or a subscription, under its new element."""
    item = work.one(runtime.work_item, id=token_id)
    if item is not None:
        _rename_task(work, run, before.nodes[item["element_id"]], item, element_id)
        return
    for table in (runtime.job, runtime.message_subscription, runtime.external_task):
        row = work.one(table, id=token_id)
        if row is not None and row["element_id"] != element_id:
            work.update(table, {"id": token_id}, {"element_id": element_id})
    for link in work.all(runtime.process_call, call_id=token_id):
        if link["element_id"] != element_id:
            work.update(
                runtime.process_call, {"instance_id": link["instance_id"]}, {"element_id": element_id}
            )


def _rename_task(work: Work, run: Run, old: bpmn.Node, item: Mapping[str, Any], element_id: str) -> None:
    node = run.definition.nodes[element_id]
    new = {
        "element_id": element_id,
        "name": node.name or element_id,
        "stage": node.extras.get("stage"),
        "form_key": node.form_key,
    }
    changed = {name: value for name, value in new.items() if item[name] != value}
    if changed:
        work.update(runtime.work_item, {"id": item["id"]}, changed)
    if set(old.candidate_groups) != set(node.candidate_groups):
        _offer_anew(work, run, item, old.candidate_groups, node.candidate_groups)


def _offer_anew(
    work: Work, run: Run, item: Mapping[str, Any], before: Sequence[str], after: Sequence[str]
) -> None:
    """The task is offered to whom the new version names; a claim by one who is not among them lapses by itself."""
    gone = sorted(set(before) - set(after))
    if gone:
        work.delete(runtime.work_candidate, {"work_item_id": item["id"], "role": gone})
    rows = [
        {
            "id": str(uuid7()),
            "work_item_id": item["id"],
            "role": code,
            "organisation_id": place,
            "person_id": None,
            "due_at": item["due_at"],
        }
        for code in after
        if code not in before
        for place in places(work, run.case, code)
    ]
    if rows:
        work.insert(runtime.work_candidate, rows)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An element 环节 that the new version does not have under its id, with what it may become: id and name."""

    id: str
    name: str
    choices: tuple[tuple[str, str], ...]


def unmatched(old: bpmn.Definition, new: bpmn.Definition) -> tuple[Unmatched, ...]:
    """What a person has to say about two versions; gateways and ends are nobody's to map."""
    free = [node for node in new.nodes.values() if node.id not in old.nodes]
    return tuple(
        Unmatched(
            node.id,
            node.name or node.id,
            tuple(
                (one.id, one.name or one.id)
                for one in free
                if (one.kind, one.event) == (node.kind, node.event)
            ),
        )
        for node in old.nodes.values()
        if node.id not in new.nodes and node.kind in MAPPED
    )
