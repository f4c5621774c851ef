"""``/api/measures`` 措施: what is registered, changes by two persons, and appeals 复核、申诉 against it."""

from typing import Any

from webapp.domain.appeals import WINDOWS
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.measure_changes import KINDS_ZH, Change, Registered
from webapp.domain.measures import MEASURES
from webapp.queries import appeals as filed
from webapp.queries import measures
from webapp.services import appeals, looking
from webapp.services import measure_changes as verbs
from webapp.web.api import schema, values
from webapp.web.api.acting import id_of, key, once, read_event
from webapp.web.api.doors import OWN
from webapp.web.api.registry import NOTHING, Asked, Example
from webapp.web.api.values import day, moment
from webapp.web.session import current_actor, office, reading, today, work

TEXT: schema.Schema = {"type": ["string", "null"]}
NUMBER: schema.Schema = {"type": ["integer", "null"]}
MONTHS = {"type": ["integer", "null"], "minimum": 1, "maximum": 99, "description": "决定载明的月数"}
KIND = {"type": "string", "enum": sorted(one.key for one in MEASURES), "description": "措施代码"}
LINE = schema.record_of(
    dict.fromkeys(("id", "measure", "name", "organ", "documentNo", "decidedOn", "effectiveOn", "state"), TEXT)
    | {"monthsDecided": NUMBER},
    closed=False,
)
CHANGE_LINE = schema.record_of(
    dict.fromkeys(("id", "kind", "state", "paper", "reason", "refusal", "proposedAt", "settledAt"), TEXT),
    closed=False,
)
MEASURE = schema.record_of(
    {**LINE["properties"], "caseId": TEXT, "changes": schema.listed(CHANGE_LINE)}, closed=False
)
NEW = schema.record(
    measure=KIND, organ=schema.LINE, documentNo=schema.LINE, decidedOn=schema.DAY, effectiveOn=schema.DAY,
    monthsDecided=MONTHS,
)  # fmt: skip
CHANGING = schema.record(
    ("kind", "organ", "documentNo", "decidedOn", "reason"),
    kind={"type": "string", "enum": list(KINDS_ZH), "description": "更改的种类"},
    organ={**schema.LINE, "description": "依据文件的作出机关"},
    documentNo={**schema.LINE, "description": "依据文件的文号"},
    decidedOn=schema.DAY,
    reason=schema.TEXT,
    new=schema.maybe(NEW),
)
FILING = schema.record(
    ("route", "text"),
    route={"type": "string", "enum": list(WINDOWS), "description": "救济途径"},
    text={"type": "string", "minLength": 1, "maxLength": appeals.LONGEST},
    filedOn=schema.DAY,
    lateReason=schema.TEXT,
    files=schema.listed(schema.named("TypedValue"), 10),
)
APPEAL = schema.record_of(
    dict.fromkeys(
        ("id", "measure", "route", "filedOn", "entry", "state", "acceptedOn", "decideBy", "decidedOn", "answeredOn"),
        TEXT,
    ),
    closed=False,
)  # fmt: skip
MADE = schema.record(("id",), id={"type": "string"})
REVOKED = {
    "kind": "revoke", "organ": "中共星屿市委", "documentNo": "星委〔2026〕9号", "decidedOn": "2026-01-12",
    "reason": "原决定撤销。",
}  # fmt: skip
ON_PAPER = {"route": "review", "text": "请求重新核实。", "filedOn": "2026-01-12"}


def _whole(case_id: str) -> str:
    """A case the actor reads whole; NotFound for all others."""
    if not looking.at_case(office(), current_actor(), id_of(case_id)):
        raise NotFound
    return case_id


@OWN.get("/cases/<case_id>/measures", answer=schema.listed(LINE), examples=(Example("ganbu1"),))
def case_measures(_asked: Asked, case_id: str) -> Any:
    """一件卷宗登记的措施。"""
    known = _whole(case_id)
    with reading() as reads:
        found = measures.of_case(reads, known)
        reads.disclose(read_event("measures", case_id=known))
    return [_registered(one.registered) | {"id": one.id, "state": one.state} for one in found]


def _registered(one: Registered) -> dict[str, Any]:
    return {
        "measure": one.measure.key,
        "name": measures.MEASURES_ZH[one.measure.key],
        "organ": one.organ,
        "documentNo": one.document_no,
        "decidedOn": one.decided_on.isoformat(),
        "effectiveOn": one.effective_on.isoformat(),
        "monthsDecided": one.months_decided,
    }


@OWN.get("/measures/<measure_id>", answer=MEASURE, examples=(Example("ganbu1"),))
def measure(_asked: Asked, measure_id: str) -> Any:
    """一项措施和对它的各项更改。"""
    actor = current_actor()
    row, bodies = verbs.look(office(), actor, id_of(measure_id))
    with reading() as reads:
        roles = verbs.roles_for(row["track"])
        view = measures.show(reads, actor, row, bodies=bodies, roles=roles, day=today())
        told = looking.many_values(reads, office(), "measure_change", [one.id for one in view.changes])
        reads.disclose(read_event("measure", case_id=view.case_id, measure_id=measure_id))
    changes = [
        {
            "id": one.id,
            "kind": one.kind,
            "state": one.state,
            "paper": one.paper,
            "proposedAt": moment(one.proposed_at),
            "settledAt": moment(one.settled_at),
            **{name: told[one.id].get(name) for name in ("reason", "refusal")},
        }
        for one in view.changes
    ]
    return _registered(view.registered) | {
        "id": view.id,
        "caseId": view.case_id,
        "state": view.state,
        "changes": changes,
    }


@OWN.post(
    "/measures/<measure_id>/changes",
    body=CHANGING,
    answer=MADE,
    status=201,
    examples=(Example("ganbu1", {**REVOKED, "documentNo": ""}, status=422),),
)
def propose_change(asked: Asked, measure_id: str) -> Any:
    """提出更改：correct 更正登记，revoke 撤销，change 复查变更，extend 延长留党察看，end 结束停职检查。"""
    sent, actor = asked.body, current_actor()
    row, _bodies = verbs.look(office(), actor, id_of(measure_id))
    change = _change(sent, measures.registered(row))

    def propose(one: Any) -> str:
        return verbs.propose(one, actor, measure_id=measure_id, change=change, reason=sent["reason"])

    found = once(propose, sent)
    return {"id": found if isinstance(found, str) else found["change_id"]}


def _change(sent: Any, old: Registered) -> Change:
    """The change as sent: what ``new`` does not name stays as registered."""
    new, given = None, sent.get("new") or {}
    if sent["kind"] in ("correct", "change"):
        if not given:
            raise Invalid({"new": "请写明更改后的内容。"})
        track, _, code = str(given.get("measure", old.measure.key)).partition(".")
        new = Registered(
            track=track,
            kind=code,
            organ=given.get("organ", old.organ),
            document_no=given.get("documentNo", old.document_no),
            decided_on=day(given["decidedOn"]) if "decidedOn" in given else old.decided_on,
            effective_on=day(given["effectiveOn"]) if "effectiveOn" in given else old.effective_on,
            months_decided=given.get("monthsDecided", old.months_decided),
        )
    elif given:
        raise Invalid({"new": "这一种更改不另写更改后的内容。"})
    return Change(sent["kind"], sent["organ"], sent["documentNo"], day(sent["decidedOn"]), new)


@OWN.post("/measure-changes/<change_id>/confirm", examples=(Example("jiandu1", status=404),))
def confirm_change(_asked: Asked, change_id: str) -> Any:
    """第二人复核同意，更改生效；不能复核自己提出的。"""
    once(lambda one: verbs.confirm(one, current_actor(), change_id=id_of(change_id)))
    return NOTHING


@OWN.post(
    "/measure-changes/<change_id>/reject",
    body=schema.record(("reason",), reason=schema.TEXT),
    examples=(Example("jiandu1", {"reason": "没有依据。"}, status=404),),
)
def reject_change(asked: Asked, change_id: str) -> Any:
    """不同意，或提出人收回，须写明理由。"""
    reason = asked.body["reason"]
    once(
        lambda one: verbs.reject(one, current_actor(), change_id=id_of(change_id), reason=reason), asked.body
    )
    return NOTHING


@OWN.get("/cases/<case_id>/appeals", answer=schema.listed(APPEAL), examples=(Example("ganbu1"),))
def case_appeals(_asked: Asked, case_id: str) -> Any:
    """一件卷宗的复核、申诉，新的在前；不含申请书内容。"""
    known = _whole(case_id)
    with reading() as reads:
        found = filed.lines(reads, case_id=known)
        reads.disclose(read_event("appeals", case_id=known))
    return [
        {
            "id": one.id,
            "measure": one.measure,
            "route": one.route,
            "filedOn": one.filed_on.isoformat(),
            "entry": one.entry,
            "state": one.state,
            "acceptedOn": _day(one.accepted_on),
            "decideBy": _day(one.decide_by),
            "decidedOn": _day(one.decided_on),
            "answeredOn": _day(one.answered_on),
        }
        for one in found
    ]


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


@OWN.post(
    "/measures/<measure_id>/appeals",
    body=FILING,
    answer=MADE,
    status=201,
    examples=(Example("ganbu1", ON_PAPER, status=409),),
)
def file_appeal(asked: Asked, measure_id: str) -> Any:
    """提出复核、申诉：本人的令牌即本人提出；承办人代录的写 filedOn 收到日期，并附申请书扫描件（类型 File）。"""
    sent = asked.body
    _, files = values.apart(values.plain({f"files[{n}]": one for n, one in enumerate(sent.get("files", ()))}))
    filing = appeals.Filing(
        sent["text"],
        filed_on=day(sent["filedOn"]) if "filedOn" in sent else None,
        late_reason=sent.get("lateReason", ""),
        uploads=[one for given in files.values() for one in given],
    )
    appeal_id = appeals.file(
        work(), current_actor(), measure_id=id_of(measure_id), route=sent["route"], filing=filing, key=key()
    )
    return {"id": appeal_id}
