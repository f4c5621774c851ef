"""One case's history for auditors 卷宗办理记录: as a timeline, a table and on the diagram; as it stood at any event."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import NotFound
from webapp.domain.roles import AUDITING
from webapp.queries import briefs, cases, diagrams, history, parts, past
from webapp.services import looking
from webapp.web.pages.history import definition, form_of
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("audit_case", __name__, url_prefix="/history/cases")
WAYS = ("timeline", "table", "diagram")
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class ChainView:
    """The records of one case in one of three ways."""

    case_id: str
    case_no: str
    subject: str
    way: str
    events: tuple[parts.Event, ...]
    diagrams: tuple[parts.Diagram, ...]


def auditor_at(case_id: str) -> Actor:
    """The signed-in auditor, who may see this case; NotAllowed, or NotFound for an own or a relative's."""
    actor = current_actor()
    require_role(actor, *sorted(AUDITING), day=today())
    looking.at_case(office(), actor, case_id)
    return actor


@page.get("/<uuid:case_id>")
def show(case_id: Any) -> str:
    """The whole chain of a case."""
    name = str(case_id)
    actor, way = auditor_at(name), request.args.get("way", "")
    way = way if way in WAYS else WAYS[0]
    with reading() as reads:
        row = briefs.case_row(reads, name)
        if row is None:
            raise NotFound
        brief = briefs.brief(reads, row)
        view = ChainView(
            name,
            brief.case_no,
            brief.subject.name if brief.subject else "",
            way,
            past.chain(reads, name, definition),
            _diagrams(reads, name) if way == "diagram" else (),
        )
        reads.disclose(read_event(actor, "case_history", case_id=name))
    return render_template("audit/case.html", view=view)


def _diagrams(reads: Any, case_id: str) -> tuple[parts.Diagram, ...]:
    return tuple(
        diagrams.of_instance(
            reads,
            row["id"],
            definition(row["digest"], row["key"]),
            row["version"],
            url_for("cases.diagram", case_id=case_id, instance_id=row["id"]),
        )
        for row in cases.instances(reads, case_id)
    )


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise NotFound("没有这一条办理记录，请从步骤列表中选择。")
    return int(text)


@page.get("/<uuid:case_id>/at")
def step(case_id: Any) -> str:
    """Where the slider leads; its first event when none is named."""
    auditor_at(str(case_id))
    return at(case_id, _number(request.args.get("seq", "1")))


@page.get("/<uuid:case_id>/at/<int:seq>")
def at(case_id: Any, seq: int) -> str:
    """The case as it stood right after one of its events."""
    name = str(case_id)
    actor = auditor_at(name)
    _number(str(seq))

    def picture(instance_id: str) -> str:
        return url_for("audit_case.picture", case_id=name, seq=seq, instance_id=instance_id)

    with reading() as reads:
        view = past.show(reads, name, seq, definitions=definition, picture=picture)
        row = history.find(reads, actor, f"case:{name}:{seq}", today())
        reads.disclose(read_event(actor, "case_at", case_id=name, seq=seq))
    form, erased = form_of(actor, row)
    return render_template("audit/at.html", view=replace(view, form=form, erased=erased))


@page.get("/<uuid:case_id>/at/<int:seq>/diagrams/<uuid:instance_id>")
def picture(case_id: Any, seq: int, instance_id: Any) -> Response:
    """The drawing of one process with its tokens as they stood then."""
    name = str(case_id)
    actor = auditor_at(name)
    _number(str(seq))
    with reading() as reads:
        body = past.picture(reads, name, seq, str(instance_id))
        reads.disclose(read_event(actor, "diagram", case_id=name, instance_id=str(instance_id), seq=seq))
    return make_response(body)
