"""``/engine-rest/migration`` 换版: a plan made, tried and put forward; ``/api/version-changes`` agrees or refuses."""

from collections.abc import Mapping
from typing import Any

from webapp.domain.access import require_role
from webapp.domain.corrections import CONFIRMERS, PROPOSERS
from webapp.domain.errors import Conflict, Invalid
from webapp.queries import corrections as listing
from webapp.services import moving
from webapp.services import version_changes as verbs
from webapp.services.version_changes import Versions
from webapp.web.api import schema, shapes, values
from webapp.web.api.acting import id_of, once, read_event, refused
from webapp.web.api.corrections import MAYBE_FLAG, PROPOSED, REASON, WHY
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import Asked, Example
from webapp.web.session import current_actor, office, reading, today

ONE = {"type": "array", "items": {**schema.LINE, "minLength": 1}, "minItems": 1, "maxItems": 1}
INSTRUCTION = schema.record(
    ("sourceActivityIds", "targetActivityIds"),
    sourceActivityIds=ONE,
    targetActivityIds=ONE,
    updateEventTrigger=schema.NOT,
)
PLAN = schema.record(
    ("sourceProcessDefinitionId", "targetProcessDefinitionId", "instructions"),
    sourceProcessDefinitionId=schema.ID,
    targetProcessDefinitionId=schema.ID,
    instructions=schema.maybe(schema.listed(INSTRUCTION, 400)),
    variables=schema.NO_ENTRIES,
)
GENERATING = schema.record(
    ("sourceProcessDefinitionId", "targetProcessDefinitionId"),
    sourceProcessDefinitionId=schema.ID,
    targetProcessDefinitionId=schema.ID,
    updateEventTriggers=schema.NOT,
    variables=schema.NO_ENTRIES,
)
EXECUTING = schema.record(
    ("migrationPlan", "processInstanceIds"),
    migrationPlan=PLAN,
    processInstanceIds={**schema.listed(schema.ID, verbs.MOST), "minItems": 1},
    processInstanceQuery=schema.NONE,
    skipCustomListeners=MAYBE_FLAG,
    skipIoMappings=MAYBE_FLAG,
)
REPORT = schema.record_of(
    {"instructionReports": {"type": "array", "items": {"type": "object"}}, "instances": {"type": "array"}},
    closed=False,
)
CHANGE = schema.record_of(
    dict.fromkeys(("id", "key", "status", "reason", "proposedBy", "proposedAt"), shapes.TEXT)
    | {"from": shapes.NUMBER, "to": shapes.NUMBER, "count": shapes.NUMBER},
    closed=False,
)
SENT = "已提出，须由第二人复核同意（POST /api/version-changes/{编号}/confirm）后逐件换版。"
NOWHERE = {
    "sourceProcessDefinitionId": "p01_down_adjustment:1:00000000-0000-7000-8000-000000000000",
    "targetProcessDefinitionId": "p01_down_adjustment:2:00000000-0000-7000-8000-000000000001",
}
EMPTY: Mapping[str, Any] = {**NOWHERE, "instructions": []}


def _both(body: Mapping[str, Any]) -> Versions:
    require_role(current_actor(), *PROPOSERS, day=today())
    ids = [
        str(body[name]).rpartition(":")[2]
        for name in ("sourceProcessDefinitionId", "targetProcessDefinitionId")
    ]
    with office().glance() as look:
        return verbs.versions(look, id_of(ids[0]), id_of(ids[1]))


def _mapping(plan: Mapping[str, Any]) -> dict[str, str]:
    pairs = [(one["sourceActivityIds"][0], one["targetActivityIds"][0]) for one in plan["instructions"] or ()]
    return {old: new for old, new in pairs if old != new}


@ENGINE_REST.post(
    "/migration/generate",
    body=GENERATING,
    answer=PLAN,
    examples=(Example("liucheng", NOWHERE, status=404),),
)
def generate_migration_plan(asked: Asked) -> Any:
    """换版计划：编号相同的环节对应，编号不同而种类、名称相同的也对应。"""
    both = _both(asked.body)
    found = {node: node for node in both.old.nodes if node in both.new.nodes}
    found |= moving.suggested(both.old, both.new)
    return {
        **{name: asked.body[name] for name in ("sourceProcessDefinitionId", "targetProcessDefinitionId")},
        "instructions": [
            {"sourceActivityIds": [old], "targetActivityIds": [new], "updateEventTrigger": False}
            for old, new in found.items()
        ],
    }


@ENGINE_REST.post(
    "/migration/validate",
    body=PLAN,
    answer=REPORT,
    examples=(Example("liucheng", EMPTY, status=404),),
)
def validate_migration_plan(asked: Asked) -> Any:
    """试迁移：instances 逐件说明能不能换版、为什么；instructionReports 是计划本身的问题。"""
    both, mapping = _both(asked.body), _mapping(asked.body)
    try:
        verbs.require_mapping(both, mapping)
    except Invalid as invalid:
        return {"instructionReports": [{"failures": list(invalid.problems.values())}], "instances": []}
    found = verbs.prospects(office(), current_actor(), both, mapping)
    with reading() as reads:
        reads.disclose(read_event("version_change", instances=[one.instance_id for one in found]))
    return {
        "instructionReports": [],
        "instances": [
            {"processInstanceId": one.instance_id, "migratable": one.fits, "failures": list(one.sentences)}
            for one in found
        ],
    }


@ENGINE_REST.post(
    "/migration/execute",
    query=(WHY,),
    body=EXECUTING,
    answer=PROPOSED,
    status=202,
    examples=(
        Example("liucheng", {"migrationPlan": EMPTY, "processInstanceIds": ["x"]}, status=404),
        Example("ganbu1", {"migrationPlan": EMPTY, "processInstanceIds": ["x"]}, status=403),
    ),
)
def execute_migration_plan(asked: Asked) -> Any:
    """提出换版：第二人复核同意后逐件办理，一件一个事务；理由写在查询参数 reason。"""
    plan, actor = asked.body["migrationPlan"], current_actor()
    both, mapping, reason = _both(plan), _mapping(plan), asked.query.get("reason", "")
    instances = [id_of(one) for one in asked.body["processInstanceIds"]]
    made = once(
        lambda one: verbs.propose(
            one, actor, source_id=both.source["id"], target_id=both.target["id"], mapping=mapping,
            instances=instances, reason=reason,
        ),
        asked.body,
    )  # fmt: skip
    change_id = made if isinstance(made, str) else str(made["version_change_id"])
    return {"id": change_id, "status": "proposed", "message": SENT}


@ENGINE_REST.post(
    "/migration/executeAsync",
    body=EXECUTING,
    answer=PROPOSED,
    status=202,
    examples=(Example("liucheng", {"migrationPlan": EMPTY, "processInstanceIds": ["x"]}, status=400),),
)
def execute_migration_plan_async(_asked: Asked) -> Any:
    """不提供：换版由两人办理，复核同意后逐件换版，没有后台的批；答复 400，请用 /migration/execute。"""
    raise Conflict("换版须由第二人复核，没有后台批量办理，请用 POST /engine-rest/migration/execute 提出。")


@OWN.get("/version-changes", answer={"type": "array", "items": CHANGE}, examples=(Example("liucheng"),))
def version_changes(_asked: Asked) -> Any:
    """各项换版，新的在前。"""
    actor = current_actor()
    require_role(actor, *PROPOSERS, *CONFIRMERS, day=today())
    with reading() as reads:
        lines = listing.changes(reads, actor.user_id)
        reads.disclose(read_event("version_changes", version_changes=[line.id for line in lines]))
    return [
        {
            "id": line.id,
            "key": line.key,
            "from": line.before,
            "to": line.after,
            "status": line.state,
            "reason": line.reason,
            "count": line.count,
            "proposedBy": line.proposed_by,
            "proposedAt": values.moment(line.proposed_at),
        }
        for line in lines
    ]


@OWN.post(
    "/version-changes/<version_change_id>/confirm",
    answer={"type": "array", "items": {"type": "object"}},
    examples=(Example("jiandu1", status=404),),
)
def confirm_version_change(_asked: Asked, version_change_id: str) -> Any:
    """第二人复核同意，逐件换版；答复逐件说明结果。中断后再发一次即继续。"""
    results = verbs.confirm(office(), current_actor(), change_id=id_of(version_change_id))
    return [
        {"processInstanceId": one["instance_id"], "moved": one["moved"], "failures": one["sentences"]}
        for one in results
    ]


@OWN.post(
    "/version-changes/<version_change_id>/reject",
    body=schema.record(("reason",), reason=REASON),
    examples=(Example("jiandu1", {"reason": "不必换版。"}, status=404),),
)
def reject_version_change(asked: Asked, version_change_id: str) -> Any:
    """不同意；提出人可以收回。"""
    return refused(asked, verbs.reject, change_id=id_of(version_change_id))
