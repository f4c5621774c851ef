"""``/api/meetings`` 会议: what waits for one, calling it, attendance, recusal, votes and results."""

from typing import Any

from webapp.domain.errors import NotAllowed
from webapp.queries import agenda, meetings
from webapp.services import meetings as verbs
from webapp.services import recusals
from webapp.web.api import schema
from webapp.web.api.acting import id_of, once, read_event
from webapp.web.api.doors import OWN
from webapp.web.api.registry import NOTHING, Asked, Example, Param
from webapp.web.api.values import day, moment
from webapp.web.session import current_actor, reading, today

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
BODY = {"type": "string", "enum": list(meetings.BODIES)}
IDS = schema.listed(
    {"type": "string", "pattern": "^[0-9a-f-]{36}$", "maxLength": 36, "description": "议题编号"}, 100
)
WAITING = schema.record_of(
    dict.fromkeys(("id", "caseId", "caseNumber", "matter", "body", "since"), TEXT), closed=False
)
LINE = schema.record_of(
    dict.fromkeys(("id", "title", "body", "heldOn", "place", "state"), TEXT), closed=False
)
MEETING = schema.record_of(
    {
        **LINE["properties"],
        "expected": NUMBER,
        "present": NUMBER,
        "quorumNeeded": NUMBER,
        "members": schema.listed({"type": "object"}),
        "items": schema.listed({"type": "object"}),
        "may": schema.listed(TEXT),
    },
    closed=False,
)
CHOICES = ("agree", "disagree", "defer", "abstain")
PRESENCE = {"type": "string", "enum": sorted(verbs.PRESENCES)}
VOTES = {"type": "integer", "minimum": 0, "maximum": 10_000}
RESULT = schema.record(("result",), result=TEXT)
CALLED = {
    "body": "committee",
    "heldOn": "2026-03-02",
    "place": "市委会议室（示例）",
    "number": "第一次会议",
    "items": [],
}


@OWN.get(
    "/agenda-items",
    query=(Param("body", BODY, "dept 部务会，committee 党委（党组）会议"),),
    answer=schema.listed(WAITING),
    examples=(Example("shiweiban", query={"body": "committee"}),),
)
def agenda_items(asked: Asked) -> Any:
    """等待上会的议题，由会议记录人查看。"""
    actor = current_actor()
    if not meetings.may_create(actor, today()):
        raise NotAllowed("会议由会议记录人或党委办公室召集，您没有此项权限。")
    with reading() as reads:
        rows = meetings.waiting(reads, actor, today(), asked.query.get("body", ""))
        reads.disclose(read_event("meetings_waiting", cases=meetings.ids_of(rows)))
    return [
        {
            "id": one.id,
            "caseId": one.case_id,
            "caseNumber": one.case_no,
            "matter": one.matter,
            "body": one.body,
            "since": one.since.isoformat(),
        }
        for one in rows
    ]


@OWN.get(
    "/meetings",
    query=(
        Param("body", BODY),
        Param("state", {"type": "string", "enum": list(meetings.STATES)}),
        Param("page", {"type": "integer", "minimum": 1, "maximum": 500}),
    ),
    answer=schema.listed(LINE),
    examples=(Example("shiweiban", query={"state": "planned"}),),
)
def meeting_list(asked: Asked) -> Any:
    """您参加、记录或者分管的会议，新的在前，每页20次。"""
    query = asked.query
    with reading() as reads:
        view = meetings.index(
            reads,
            current_actor(),
            body=query.get("body", ""),
            state=query.get("state", ""),
            page=query.get("page", 1),
            day=today(),
        )
        reads.disclose(read_event("meetings", cases=meetings.ids_of(view.waiting)))
    return [_line(one) for one in view.rows]


def _line(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "body": one.body,
        "heldOn": one.held_on.isoformat(),
        "place": one.place,
        "state": one.state,
    }


@OWN.post(
    "/meetings",
    body=schema.record(
        ("body", "heldOn", "place", "number", "items"),
        body=BODY,
        heldOn=schema.DAY,
        place=schema.LINE,
        number=schema.LINE,
        items=IDS,
    ),
    answer=schema.record(("id",), id=TEXT),
    status=201,
    examples=(Example("shiweiban", CALLED),),
)
def call_meeting(asked: Asked) -> Any:
    """召集会议，议程事先确定。"""
    sent = asked.body
    held_on = day(sent["heldOn"])

    def plan(work: Any) -> str:
        return verbs.plan(
            work,
            current_actor(),
            body=sent["body"],
            held_on=held_on,
            place=sent["place"],
            number=sent["number"],
            item_ids=sent["items"],
        )

    found = once(plan, sent)
    return {"id": found if isinstance(found, str) else found["meeting_id"]}


@OWN.get("/meetings/<meeting_id>", answer=MEETING, examples=(Example("jilu"),))
def meeting(_asked: Asked, meeting_id: str) -> Any:
    """一次会议：组成人员、议程、结果。结果宣布之前没有票数，之后也只有票数。"""
    with reading() as reads:
        view = agenda.show(
            reads, current_actor(), id_of(meeting_id), day=today(), files=lambda _ids: {}, reasons={}
        )
        cases = sorted({one.case_id for one in view.items if one.case_id})
        reads.disclose(read_event("meeting", meeting_id=meeting_id, cases=cases))
    members = [
        {"personId": one.id, "name": one.person.name, "chair": one.chair, "attendance": one.attendance}
        for one in view.members
    ]
    return _line(view) | {
        "expected": view.expected,
        "present": view.present,
        "quorumNeeded": view.quorum_needed,
        "openedAt": moment(view.opened_at),
        "closedAt": moment(view.closed_at),
        "members": members,
        "items": [_item(one) for one in view.items],
        "may": sorted(view.may),
    }


def _item(one: Any) -> dict[str, Any]:
    counts = {name: getattr(one, name) for name in CHOICES}
    return {
        "id": one.id,
        "number": one.number,
        "caseId": one.case_id,
        "caseNumber": one.case_no,
        "matter": one.matter,
        "state": one.state,
        "recused": [recusal.member_id for recusal in one.recused],
        "mayVote": one.may_vote,
        "myVote": one.my_vote,
        "counts": counts,
        "result": one.result,
    }


@OWN.post(
    "/meetings/<meeting_id>/attendance",
    body=schema.record(("presence",), presence=schema.by_name(PRESENCE), reasons=schema.by_name(schema.LINE)),
    examples=(Example("jilu", {"presence": {}}),),
)
def attendance(asked: Asked, meeting_id: str) -> Any:
    """登记到会情况：干部编号对应 present、absent、leave。"""
    sent = asked.body
    once(
        lambda work: verbs.attend(
            work,
            current_actor(),
            meeting_id=id_of(meeting_id),
            presence=sent["presence"],
            reasons=sent.get("reasons"),
        ),
        sent,
    )
    return NOTHING


@OWN.post("/meetings/<meeting_id>/open", examples=(Example("jilu", status=422),))
def open_meeting(_asked: Asked, meeting_id: str) -> Any:
    """宣布开会：会议当天，到会人数符合要求。"""
    once(lambda work: verbs.open_(work, current_actor(), meeting_id=id_of(meeting_id)))
    return NOTHING


@OWN.post("/meetings/<meeting_id>/close", examples=(Example("jilu", status=409),))
def close_meeting(_asked: Asked, meeting_id: str) -> Any:
    """结束会议；没有结果的议题等待下次会议。"""
    once(lambda work: verbs.close(work, current_actor(), meeting_id=id_of(meeting_id)))
    return NOTHING


@OWN.post(
    "/meetings/<meeting_id>/items",
    body=schema.record(("items",), items={**IDS, "minItems": 1}),
    examples=(Example("jilu", {"items": ["00000000-0000-4000-8000-000000000000"]}, status=409),),
)
def add_agenda_items(asked: Asked, meeting_id: str) -> Any:
    """会前列入议程。"""
    items = asked.body["items"]
    once(
        lambda work: verbs.add_items(work, current_actor(), meeting_id=id_of(meeting_id), item_ids=items),
        items,
    )
    return NOTHING


def _known(meeting_id: str, item_id: str) -> str:
    """The item; NotFound when it is not on this agenda, or does not exist for the actor."""
    with reading() as reads:
        agenda.require_item(reads, current_actor(), id_of(meeting_id), id_of(item_id), today())
    return item_id


@OWN.post(
    "/meetings/<meeting_id>/items/<item_id>/recusal",
    body=schema.record(("personId",), personId=schema.LINE, reason=schema.LINE),
    examples=(Example("jilu", {"personId": "不是编号"}, status=404),),
)
def recuse_member(asked: Asked, meeting_id: str, item_id: str) -> Any:
    """登记一名成员对一项议题回避。"""
    known, sent = _known(meeting_id, item_id), asked.body
    person_id, reason = id_of(sent["personId"]), sent.get("reason", "")
    once(
        lambda work: recusals.recuse(
            work, current_actor(), item_id=known, person_id=person_id, reason=reason
        ),
        sent,
    )
    return NOTHING


@OWN.post("/meetings/<meeting_id>/items/<item_id>/voting", examples=(Example("jilu", status=422),))
def start_voting(_asked: Asked, meeting_id: str, item_id: str) -> Any:
    """付表决。"""
    known = _known(meeting_id, item_id)
    once(lambda work: verbs.start_vote(work, current_actor(), item_id=known))
    return NOTHING


@OWN.post(
    "/meetings/<meeting_id>/items/<item_id>/vote",
    body=schema.record(("choice",), choice={"type": "string", "enum": list(CHOICES)}),
    examples=(Example("changwei03", {"choice": "agree"}, status=422),),
)
def cast_vote(asked: Asked, meeting_id: str, item_id: str) -> Any:
    """本人表决，提交后不能更改。"""
    known, choice = _known(meeting_id, item_id), asked.body["choice"]
    once(lambda work: verbs.vote(work, current_actor(), item_id=known, choice=choice), asked.body)
    return NOTHING


@OWN.post(
    "/meetings/<meeting_id>/items/<item_id>/record",
    body=schema.record_of({**dict.fromkeys(CHOICES, VOTES), "silent": VOTES, "note": schema.LINE}),
    answer=RESULT,
    examples=(Example("jilu", {"agree": 11}, status=422),),
)
def record_votes(asked: Asked, meeting_id: str, item_id: str) -> Any:
    """会议记录人录入会议表决的票数。"""
    known, sent = _known(meeting_id, item_id), asked.body
    counts, note = {name: sent.get(name, 0) for name in (*CHOICES, "silent")}, sent.get("note", "")
    found = once(
        lambda work: verbs.record(work, current_actor(), item_id=known, counts=counts, note=note), sent
    )
    return {"result": found if isinstance(found, str) else found["result"]}


@OWN.post(
    "/meetings/<meeting_id>/items/<item_id>/decision",
    answer=RESULT,
    examples=(Example("jilu", status=422),),
)
def decide_item(_asked: Asked, meeting_id: str, item_id: str) -> Any:
    """计票并宣布结果。"""
    known = _known(meeting_id, item_id)
    found = once(lambda work: verbs.decide(work, current_actor(), item_id=known))
    return {"result": found if isinstance(found, str) else found["result"]}
