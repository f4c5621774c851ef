"""Pages of one measure 措施: what is registered, what became of it, and proposing or settling a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Conflict, Invalid, NotFound, RuleBroken
from webapp.domain.measure_changes import Change, ChangeKind, Registered
from webapp.domain.measures import MEASURES
from webapp.queries import measures
from webapp.queries.parts import Field, FormView, Option, Problem
from webapp.services import looking
from webapp.services import measure_changes as verbs
from webapp.services.office import Work
from webapp.web.posting import unsent
from webapp.web.repeats import once
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("measure", __name__, url_prefix="/measures")
PREFIX = "f."
# What each change asks beside its paper and reason.
ASKED: Mapping[str, tuple[str, ...]] = {
    "correct": (
        "measure",
        "new_organ",
        "new_document_no",
        "new_decided_on",
        "effective_on",
        "months_decided",
    ),
    "change": ("measure", "months_decided"),
    "revoke": (),
    "extend": (),
    "end": (),
}
FOLLOWS: Mapping[str, str] = {
    "correct": "第二人复核同意后，登记内容按更正后的执行，影响期重新核算，跟踪管理随之调整。原登记留在办理记录中。",
    "change": "第二人复核同意后，以变更后的措施代替原措施，影响期仍自原决定生效之日起算，跟踪管理随之调整。",
    "revoke": "第二人复核同意后，该措施的影响期至撤销决定之日止；没有其他措施的，跟踪管理随之结束。",
    "extend": "第二人复核同意后，留党察看由一年延长至二年，只能延长一次；影响期待恢复党员权利后再定。",
    "end": "第二人复核同意后，停职检查的限制至该日止。",
}
LABELS: Mapping[str, tuple[str, str]] = {
    "measure": ("select", "措施"),
    "new_organ": ("textfield", "决定机关（更正后）"),
    "new_document_no": ("textfield", "文号（更正后）"),
    "new_decided_on": ("date", "决定日期（更正后）"),
    "effective_on": ("date", "生效日期（更正后）"),
    "months_decided": ("number", "决定载明的期限（月）"),
    "organ": ("textfield", "依据文件的作出机关"),
    "document_no": ("textfield", "依据文件的文号"),
    "decided_on": ("date", "依据文件的日期"),
    "reason": ("textarea", "理由"),
}
# Days of papers that exist.
PAST = frozenset({"decided_on", "new_decided_on"})
OPTIONAL = frozenset({"months_decided", "new_organ", "new_document_no"})


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The form on which a change is proposed."""

    measure: measures.MeasureFile
    kind: str
    title: str
    follows: str
    form: FormView


def _file(measure_id: str) -> measures.MeasureFile:
    actor = current_actor()
    row, bodies = verbs.look(office(), actor, measure_id)
    with reading() as reads:
        roles = verbs.roles_for(row["track"])
        view = measures.show(reads, actor, row, bodies=bodies, roles=roles, day=today())
        told = looking.many_values(reads, office(), "measure_change", [one.id for one in view.changes])
        changes = tuple(
            replace(
                one,
                reason=str(told[one.id].get("reason", "")),
                refusal=str(told[one.id].get("refusal", "")),
            )
            for one in view.changes
        )
        reads.disclose(read_event(actor, "measure", case_id=view.case_id, measure_id=measure_id))
    return replace(view, changes=changes)


@page.get("/<uuid:measure_id>")
def show(measure_id: Any) -> str:
    """One measure."""
    return _page(str(measure_id), ())


def _page(measure_id: str, problems: tuple[Problem, ...]) -> str:
    return render_template("measures/show.html", view=replace(_file(measure_id), problems=problems))


@page.route("/<uuid:measure_id>/changes/new/<kind>", methods=["GET", "POST"])
def change(measure_id: Any, kind: ChangeKind) -> Response:
    """Propose a change; 422 with the form as typed when something is missing or against a rule."""
    view = _file(str(measure_id))
    if request.method == "GET":
        return _form(view, kind, _present(view.registered), {}, 200)
    values = {name: request.form.get(PREFIX + name, "").strip() for name in LABELS}
    if "redraw" in request.form:
        return _form(view, kind, values, {}, 200)
    try:
        once(lambda one: _propose(one, view, kind, values))
    except Invalid as invalid:
        return _form(view, kind, values, invalid.problems, 422)
    except (Conflict, RuleBroken) as refused:
        reasons = refused.reasons if isinstance(refused, RuleBroken) else ()
        said = reasons[0].sentence if reasons else refused.sentence
        return _form(view, kind, values, {"": said}, refused.status)
    flash("已提出，请第二人复核。复核同意前，登记内容不变。", "done")
    return make_response(redirect(url_for("measure.show", measure_id=view.id), 303))


def _propose(one: Work, view: measures.MeasureFile, kind: ChangeKind, values: Mapping[str, str]) -> None:
    # While one waits none is offered: asked only of what was not handed in before.
    if kind not in dict(view.kinds):
        raise NotFound
    asked = _asked(kind, values, view.registered)
    verbs.propose(one, current_actor(), measure_id=view.id, change=asked, reason=values["reason"])


def _present(one: Registered) -> dict[str, str]:
    return {
        "measure": one.measure.key,
        "new_organ": one.organ,
        "new_document_no": one.document_no,
        "new_decided_on": one.decided_on.isoformat(),
        "effective_on": one.effective_on.isoformat(),
        "months_decided": str(one.months_decided or ""),
    }


def _asked(kind: ChangeKind, values: Mapping[str, str], old: Registered) -> Change:
    """The change as typed; Invalid names every field that cannot be read."""
    problems: dict[str, str] = {}

    def day(name: str, default: date | None = None) -> date:
        try:
            return date.fromisoformat(values[name])
        except ValueError:
            if default is None:
                problems[name] = "请填写日期。"
            return default or today()

    decided_on = day("decided_on")
    new = None
    if ASKED[kind]:
        corrects = kind == "correct"
        track, _, code = values["measure"].partition(".")
        new = Registered(
            track=track,
            kind=code,
            organ=values["new_organ"] if corrects else old.organ,
            document_no=values["new_document_no"] if corrects else old.document_no,
            decided_on=day("new_decided_on") if corrects else old.decided_on,
            effective_on=day("effective_on") if corrects else old.effective_on,
            months_decided=_months(values["months_decided"], problems),
        )
    if problems:
        raise Invalid(problems)
    return Change(kind, values["organ"], values["document_no"], decided_on, new)


def _months(text: str, problems: dict[str, str]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and int(text)):
        problems["months_decided"] = "请填写月数（整数），没有载明的留空。"
        return None
    return int(text)


def _form(
    view: measures.MeasureFile, kind: str, values: Mapping[str, str], problems: Mapping[str, str], status: int
) -> Response:
    if kind not in dict(view.kinds):
        raise NotFound
    names = (*ASKED[kind], "organ", "document_no", "decided_on", "reason")
    fields = tuple(_field(name, values, problems) for name in names)
    said = tuple(Problem(PREFIX + name if name in names else "", words) for name, words in problems.items())
    shown = ChangeView(view, kind, dict(view.kinds)[kind], FOLLOWS[kind], FormView(fields, said))
    return make_response(render_template("measures/change.html", view=shown), status)


def _field(name: str, values: Mapping[str, str], problems: Mapping[str, str]) -> Field:
    kind, label = LABELS[name]
    options = tuple(Option(one.key, measures.MEASURES_ZH[one.key]) for one in MEASURES)
    return Field(
        name, PREFIX + name, kind, label, value=values.get(name, ""), error=problems.get(name, ""),
        max=str(today()) if name in PAST else "", required=name not in OPTIONAL,
        options=options if name == "measure" else (),
        max_length=verbs.LONGEST_REASON if name == "reason" else None, personal=name == "reason",
    )  # fmt: skip


@page.post("/<uuid:measure_id>/changes/<uuid:change_id>/confirm")
def confirm(measure_id: Any, change_id: Any) -> Response:
    """复核同意."""
    return _settled(
        str(measure_id),
        lambda: once(lambda one: verbs.confirm(one, current_actor(), change_id=str(change_id))),
        "已复核同意，影响期和跟踪管理已按更改后的内容调整。",
    )


@page.post("/<uuid:measure_id>/changes/<uuid:change_id>/reject")
def reject(measure_id: Any, change_id: Any) -> Response:
    """不同意，或提出人收回."""
    reason = request.form.get("reason", "")
    return _settled(
        str(measure_id),
        lambda: once(lambda one: verbs.reject(one, current_actor(), change_id=str(change_id), reason=reason)),
        "已退回，登记内容不变。",
    )


def _settled(measure_id: str, act: Any, said: str) -> Response:
    try:
        act()
    except Invalid as invalid:
        problems = tuple(Problem("", words) for words in invalid.problems.values())
        return make_response(_page(measure_id, (*problems, *unsent())), 422)
    except RuleBroken as broken:
        problems = tuple(Problem("", one.sentence) for one in broken.reasons)
        return make_response(_page(measure_id, (*problems, *unsent())), 422)
    flash(said, "done")
    return make_response(redirect(url_for("measure.show", measure_id=measure_id), 303))
