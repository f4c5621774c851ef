"""Putting a process right over the API 流程纠正: modification and variables put forward, ``/api`` agrees or refuses.

Two persons are needed, so Camunda's own paths put the act forward and answer 202 with what would happen.
"""

from typing import Any

from webapp.domain.corrections import Move
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.queries import corrections as listing
from webapp.services import correcting_sight
from webapp.services import corrections as verbs
from webapp.services.correcting import Wish
from webapp.services.correcting_sight import Sight
from webapp.web.api import schema, shapes, values
from webapp.web.api.acting import id_of, once, read_event, refused
from webapp.web.api.doors import ENGINE_REST, OWN
from webapp.web.api.registry import NOTHING, Asked, Example, Param
from webapp.web.session import current_actor, office, reading

LINE = {**schema.LINE, "minLength": 1}
MAYBE_LINE, MAYBE_FLAG = schema.maybe(schema.LINE), schema.maybe(schema.FLAG)
REASON: schema.Schema = {"type": "string", "maxLength": verbs.LONGEST_REASON, "description": "理由，必须写明"}
WHY = Param("reason", REASON, "理由，必须写明")
WHATS = {"cancel": "cancel", "startBeforeActivity": "before", "startAfterActivity": "after"}
INSTRUCTION = schema.record(
    ("type", "activityId"),
    type={"type": "string", "enum": list(WHATS)},
    activityId=LINE,
    activityInstanceId=schema.NONE,
    transitionId=schema.NONE,
    transitionInstanceId=schema.NONE,
    ancestorActivityInstanceId=schema.NONE,
    cancelCurrentActiveActivityInstances=MAYBE_FLAG,
    variables=schema.NO_ENTRIES,
)
MODIFYING = schema.record(
    ("instructions",),
    instructions={**schema.listed(INSTRUCTION, 20), "minItems": 1},
    annotation=schema.maybe(REASON),
    skipCustomListeners=MAYBE_FLAG,
    skipIoMappings=MAYBE_FLAG,
)
CHANGING = schema.record(modifications=values.VARIABLES, deletions=schema.NO_ITEMS)
PROPOSED = schema.record(
    ("id", "status", "message"),
    id={"type": "string"},
    status={"type": "string"},
    message={"type": "string"},
)
LINE_SHAPE = schema.record_of(
    dict.fromkeys(
        ("id", "processInstanceId", "kind", "status", "proposedBy", "proposedAt", "caseNo"), shapes.TEXT
    ),
    closed=False,
)
SENT = "已提出，须由第二人复核同意（POST /api/corrections/{编号}/confirm）后才生效。"
SKIPPING = {"instructions": [{"type": "cancel", "activityId": "assess"}], "annotation": "核实有误。"}


def _proposed(instance_id: str, wish: Wish, reason: str, body: object) -> Any:
    actor = current_actor()
    made = once(
        lambda one: verbs.propose(one, actor, instance_id=instance_id, wish=wish, reason=reason), body
    )
    correction_id = made if isinstance(made, str) else str(made["correction_id"])
    return {"id": correction_id, "status": "proposed", "message": SENT}


@ENGINE_REST.post(
    "/process-instance/<instance_id>/modification",
    body=MODIFYING,
    answer=PROPOSED,
    status=202,
    examples=(Example("ganbu1", SKIPPING, status=403), Example("jiandu1", SKIPPING, status=400)),
)
def modify_process_instance(asked: Asked, instance_id: str) -> Any:
    """取消、开始环节：只是提出，第二人复核同意后才办；理由写在 annotation。须决定、签字、上会等环节不能跳过。"""
    moves = tuple(Move(WHATS[one["type"]], one["activityId"]) for one in asked.body["instructions"])  # type: ignore[arg-type]
    return _proposed(
        id_of(instance_id), Wish("modify", moves=moves), asked.body.get("annotation") or "", asked.body
    )


@ENGINE_REST.post(
    "/process-instance/<instance_id>/modification-async",
    body=MODIFYING,
    answer=PROPOSED,
    status=202,
    examples=(Example("jiandu1", SKIPPING, status=400),),
)
def modify_process_instance_async(_asked: Asked, instance_id: str) -> Any:
    """不提供：纠正由两人逐件办理，没有后台的批；答复 400，请用 …/modification。"""
    id_of(instance_id)
    raise Conflict(
        "流程纠正须由第二人复核，没有后台办理，请用 POST /process-instance/{id}/modification 提出。"
    )


@ENGINE_REST.post(
    "/modification/executeAsync",
    body={"type": "object"},
    answer=PROPOSED,
    status=202,
    examples=(Example("jiandu1", {}, status=400),),
)
def modify_process_instances_async(_asked: Asked) -> Any:
    """不提供：流程逐件纠正，不成批；答复 400，请用 /process-instance/{id}/modification。"""
    raise Conflict(
        "流程须逐件纠正并由第二人复核，不成批办理，请用 POST /process-instance/{id}/modification 提出。"
    )


@ENGINE_REST.post(
    "/process-instance/<instance_id>/variables",
    query=(WHY,),
    body=CHANGING,
    answer=PROPOSED,
    status=202,
    examples=(Example("jiandu1", {"modifications": {"caseNo": {"value": "1"}}}, status=400),),
)
def modify_process_variables(asked: Asked, instance_id: str) -> Any:
    """更正已填内容：按表单栏目校验，只是提出，第二人复核同意后才生效；理由写在查询参数 reason。"""
    sent = values.plain(asked.body.get("modifications"))
    return _change(asked, id_of(instance_id), sent)


@ENGINE_REST.put(
    "/process-instance/<instance_id>/variables/<variable>",
    query=(WHY,),
    body=schema.record(value=schema.ANY, type=MAYBE_LINE, valueInfo=schema.NO_ENTRIES),
    answer=PROPOSED,
    status=202,
    examples=(Example("jiandu1", {"value": "1", "type": "String"}, status=400),),
)
def put_process_variable(asked: Asked, instance_id: str, variable: str) -> Any:
    """更正一项已填内容，同上。"""
    return _change(asked, id_of(instance_id), values.plain({variable[:200]: asked.body}))


def _change(asked: Asked, instance_id: str, sent: dict[str, Any]) -> Any:
    if not sent:
        raise Invalid({"modifications": "请给出要更正的内容。"})
    sight = correcting_sight.look(office(), current_actor(), instance_id)
    posted, _ = values.read(sight.settable, sent, {})
    wish = Wish("variables", values=_by_variable(sight, posted))
    return _proposed(instance_id, wish, asked.query.get("reason", ""), asked.body)


def _by_variable(sight: Sight, posted: dict[str, Any]) -> dict[str, Any]:
    names = {field.key: str(field.variable) for field in sight.settable}
    return {names.get(key, key): value for key, value in posted.items()}


@OWN.post(
    "/process-instances/<instance_id>/return",
    body=schema.record_of({"from": LINE, "to": LINE, "reason": REASON}, ("from", "to", "reason")),
    answer=PROPOSED,
    status=202,
    examples=(
        Example("jiandu1", {"from": "assess", "to": "talk", "reason": "核实有误。"}, status=422),
        Example("jiandu1", {"from": "assess", "to": "register_signal", "reason": "核实有误。"}),
    ),
)
def return_process_instance(asked: Asked, instance_id: str) -> Any:
    """退回到前面的环节：只是提出，第二人复核同意后才办。"""
    sent = asked.body
    wish = Wish("return", at=sent["from"], to=sent["to"])
    return _proposed(id_of(instance_id), wish, sent["reason"], sent)


@OWN.post(
    "/process-instances/<instance_id>/evaluate",
    examples=(Example("jiandu1", status=409),),
)
def evaluate_conditions(asked: Asked, instance_id: str) -> Any:
    """重新判断流程等待的条件；都不具备的，答复 409。"""
    once(lambda one: verbs.evaluate(one, current_actor(), instance_id=id_of(instance_id)))
    return NOTHING


@OWN.get("/corrections", answer={"type": "array", "items": LINE_SHAPE}, examples=(Example("jiandu1"),))
def corrections(_asked: Asked) -> Any:
    """等待复核、您可以查看的流程纠正。"""
    actor = current_actor()
    with reading() as reads:
        lines = [line for line in listing.waiting(reads, actor.user_id) if _may_look(line.instance_id)]
        reads.disclose(read_event("corrections", corrections=[line.id for line in lines]))
    return [
        {
            "id": line.id,
            "processInstanceId": line.instance_id,
            "kind": line.kind,
            "status": line.state,
            "proposedBy": line.proposed_by,
            "proposedAt": values.moment(line.proposed_at),
            "caseNo": line.case_no,
        }
        for line in lines
    ]


def _may_look(instance_id: str) -> bool:
    try:
        correcting_sight.look(office(), current_actor(), instance_id)
    except (NotFound, NotAllowed):
        return False
    return True


@OWN.post("/corrections/<correction_id>/confirm", examples=(Example("jiandu1", status=404),))
def confirm_correction(_asked: Asked, correction_id: str) -> Any:
    """第二人复核同意，流程立即按此纠正；不能复核自己提出的。"""
    once(lambda one: verbs.confirm(one, current_actor(), correction_id=id_of(correction_id)))
    return NOTHING


@OWN.post(
    "/corrections/<correction_id>/reject",
    body=schema.record(("reason",), reason=REASON),
    examples=(Example("jiandu1", {"reason": "不必纠正。"}, status=404),),
)
def reject_correction(asked: Asked, correction_id: str) -> Any:
    """不同意；提出人可以收回。"""
    return refused(asked, verbs.reject, correction_id=id_of(correction_id))
