"""``/api/cases`` 工作卷宗: the list, one case, and acts on a case besides its tasks."""

from typing import Any

from webapp.domain.errors import NotFound
from webapp.queries import briefs, cases
from webapp.queries.parts import MOST_COUNTED
from webapp.services import cases as verbs
from webapp.services import looking, publicity
from webapp.web.api import schema
from webapp.web.api.acting import id_of, once, read_event
from webapp.web.api.doors import OWN
from webapp.web.api.registry import NOTHING, Asked, Example, Param
from webapp.web.api.values import day, moment
from webapp.web.frame import pages_of
from webapp.web.session import current_actor, office, reading, today

TEXT: schema.Schema = {"type": ["string", "null"]}
LINE = schema.record_of(
    dict.fromkeys(("id", "number", "subject", "matter", "state", "openedOn", "waitsFor"), TEXT),
    closed=False,
)
TOLD = ("id", "number", "subject", "subjectId", "matter", "state", "stage", "outcome", "talkedOn")
CASE = schema.record_of(
    {**dict.fromkeys(TOLD, TEXT), "periods": schema.listed({"type": "object"})}, closed=False
)
MANNERS = ("letter", "visit", "phone", "network")
RESTORED = {"restoredOn": "2026-01-12", "organ": "中共星屿市纪委", "documentNo": "星纪复〔2026〕3号"}
FINDINGS = ("unfounded", "not_affecting", "affecting")


@OWN.get(
    "/cases",
    query=(
        Param("q", schema.LINE, "干部姓名、拼音或卷宗编号"),
        Param("state", {"type": "string", "enum": ["open", "closed"]}),
        Param("sort", {"type": "string", "enum": list(cases.SORTS)}),
        Param("page", {"type": "integer", "minimum": 1, "maximum": MOST_COUNTED}),
    ),
    answer=schema.listed(LINE),
    examples=(Example("ganbu1", query={"state": "open", "sort": "-opened"}),),
)
def case_list(asked: Asked) -> Any:
    """您能看到的工作卷宗，每页20件。"""
    actor, query = current_actor(), asked.query
    wish = cases.Wish(
        q=query.get("q", "").strip()[:60],
        state=query.get("state", ""),
        sort=query.get("sort", "-updated"),
        page=query.get("page", 1),
    )
    with reading() as reads:
        view = cases.show(reads, actor, wish, today=today(), pages=pages_of(actor))
        reads.disclose(read_event("cases", cases=[row.id for row in view.rows]))
    return [
        {
            "id": one.id,
            "number": one.case_no,
            "subject": one.subject,
            "matter": one.matter,
            "state": one.state,
            "openedOn": one.opened_on.isoformat(),
            "waitsFor": one.waits_for,
        }
        for one in view.rows
    ]


@OWN.get("/cases/<case_id>", answer=CASE, examples=(Example("ganbu1"),))
def case(_asked: Asked, case_id: str) -> Any:
    """一件工作卷宗：阶段、结果、影响期。所在单位和联系人看不到阶段以外的内容。"""
    actor = current_actor()
    whole = looking.at_case(office(), actor, id_of(case_id))
    with reading() as reads:
        row = briefs.case_row(reads, case_id)
        if row is None:
            raise NotFound
        brief = briefs.brief(reads, row)
        told_of = "" if whole else row["person_id"]
        periods = briefs.period_lines(reads, today(), told_of=told_of, case_id=case_id)
        reads.disclose(read_event("case", case_id=case_id))
    return {
        "id": case_id,
        "number": brief.case_no,
        "subject": brief.subject.name if brief.subject else None,
        "subjectId": row["person_id"],
        "matter": brief.matter,
        "state": row["status"],
        "stage": row["stage"] if whole else None,
        "outcome": row["outcome"],
        "openedAt": moment(row["opened_at"]),
        "closedAt": moment(row["closed_at"]),
        "talkedOn": row["talked_on"].isoformat() if row["talked_on"] else None,
        "periods": [
            {"name": one.bar, "from": _day(one.starts_on), "to": _day(one.ends_on), "state": one.state}
            for one in periods
        ],
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


@OWN.post(
    "/cases/<case_id>/recusal",
    body=schema.record(personId=schema.maybe(schema.LINE), reason=schema.LINE),
    examples=(Example("ganbu2", {"reason": "同学。"}),),
)
def declare_recusal(asked: Asked, case_id: str) -> Any:
    """申请回避；personId 不写即本人。此后该卷宗不再向其显示。"""
    actor, sent = current_actor(), asked.body
    person_id = sent.get("personId") or actor.person_id or ""
    once(
        lambda work: verbs.declare_recusal(
            work, actor, case_id=id_of(case_id), person_id=id_of(person_id), reason=sent.get("reason", "")
        ),
        sent,
    )
    return NOTHING


@OWN.post(
    "/cases/<case_id>/rights-restored",
    body=schema.record(
        ("restoredOn", "organ", "documentNo"),
        restoredOn=schema.DAY,
        organ=schema.LINE,
        documentNo=schema.LINE,
    ),
    examples=(Example("jiwei", RESTORED, status=409),),
)
def restore_rights(asked: Asked, case_id: str) -> Any:
    """登记恢复党员权利的决定（机关、文号、日期），影响期随之核定。"""
    sent = asked.body
    told = {"organ": sent["organ"], "document_no": sent["documentNo"], "restored_on": day(sent["restoredOn"])}
    once(lambda work: verbs.restore_rights(work, current_actor(), case_id=id_of(case_id), **told), sent)
    return NOTHING


@OWN.post(
    "/cases/<case_id>/objections",
    body=schema.record(
        ("receivedOn", "text"),
        receivedOn=schema.DAY,
        text={"type": "string", "minLength": 1, "maxLength": 2000},
        manner={"type": "string", "enum": list(MANNERS)},
    ),
    answer=schema.record(("id",), id={"type": "string"}),
    status=201,
    examples=(Example("jiandu1", {"receivedOn": "2026-01-12", "text": "反映内容（示例）。"}, status=409),),
)
def receive_objection(asked: Asked, case_id: str) -> Any:
    """登记公示期反映。"""
    sent = asked.body
    on = day(sent["receivedOn"])

    def receive(work: Any) -> str:
        return publicity.receive_objection(
            work,
            current_actor(),
            case_id=id_of(case_id),
            manner=sent.get("manner", "letter"),
            received_on=on,
            text=sent["text"],
        )

    found = once(receive, sent)
    return {"id": found if isinstance(found, str) else found["objection_id"]}


@OWN.post(
    "/objections/<objection_id>/finding",
    body=schema.record(("finding",), finding={"type": "string", "enum": list(FINDINGS)}),
    examples=(Example("jiandu1", {"finding": "unfounded"}, status=404),),
)
def conclude_objection(asked: Asked, objection_id: str) -> Any:
    """登记核查结论；作出之前公示不结束。"""
    finding = asked.body["finding"]
    once(
        lambda work: publicity.conclude_objection(
            work, current_actor(), objection_id=id_of(objection_id), finding=finding
        ),
        asked.body,
    )
    return NOTHING
