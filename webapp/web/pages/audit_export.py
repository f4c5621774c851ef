"""Exports for auditors 导出: the records found, the bundle of one case; the purpose is on record first."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.domain.exporting import MOST_LINES, require_purpose
from webapp.domain.history import digest
from webapp.queries import bundles_made, history, history_table
from webapp.queries.parts import Problem
from webapp.services import case_bundles, exports
from webapp.web.pages.audit import auditor
from webapp.web.pages.history import wish_of
from webapp.web.session import now, office, read_event, reading, today

page = Blueprint("audit_export", __name__, url_prefix="/history")


@page.post("/export.csv")
def table() -> Response:
    """The records of the search as CSV; refused when there are too many, or the purpose is missing."""
    actor, wish = auditor(), wish_of()
    try:
        purpose = require_purpose(request.form.get("purpose", ""))
        with reading() as reads:
            rows = history_table.rows(reads, actor, wish, day=today(), most=MOST_LINES)
            data = exports.table(history_table.HEADINGS, rows)
            reads.disclose(_event(actor, wish, purpose, data, len(rows)))
    except Invalid as invalid:
        flash("".join(invalid.problems.values()), "refused")
        return make_response(redirect(f"{url_for('history.index')}?{urlencode(request.args.to_dict())}", 303))
    return download(data, f"办理记录{today():%Y%m%d}.csv", "text/csv; charset=utf-8")


def _event(actor: Actor, wish: history.Asked, purpose: str, data: bytes, count: int) -> events.Exported:
    """Names that were searched for stay out; what was asked of kind and time is the scope."""
    scope = {"kind": wish.kind, "since": wish.since, "until": wish.until, "case_no": wish.case_no}
    facts = {
        "what": "history.csv",
        "purpose": purpose,
        "digest": digest(data),
        "rows": count,
        "scope": {name: text for name, text in scope.items() if text},
        "by_name": bool(wish.q or wish.who or wish.person),
    }
    return events.Exported(actor=actor, effective_at=now(), facts=facts)


def download(data: bytes, name: str, media_type: str) -> Response:
    """A file to be kept, never shown inside the site."""
    answer = Response(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@dataclass(frozen=True, slots=True)
class BundleView:
    """The page from which the bundle of a case is taken along."""

    case_id: str
    case_no: str
    forms: tuple[case_bundles.Form, ...]
    papers: int
    bytes: int
    records: int
    withheld: int
    made: tuple[bundles_made.Made, ...]
    problems: tuple[Problem, ...] = ()


@page.get("/cases/<uuid:case_id>/bundle")
def prepare(case_id: Any) -> str:
    """Choose the purpose and what is disclosed."""
    return _prepared(str(case_id))


def _prepared(case_id: str, problems: tuple[Problem, ...] = ()) -> str:
    actor = auditor()
    offer = case_bundles.offered(office(), actor, case_id)
    with reading() as reads:
        made = bundles_made.of_case(reads, case_id)
        told = (offer.case_no, offer.forms, offer.papers, offer.bytes, offer.records, offer.withheld)
        view = BundleView(case_id, *told, made, problems)
        reads.disclose(read_event(actor, "bundle", case_id=case_id))
    return render_template("audit/bundle.html", view=view)


@page.post("/cases/<uuid:case_id>/bundle")
def bundle(case_id: Any) -> Response:
    """The bundle, on record before it leaves; 422 without a purpose."""
    name, chosen = str(case_id), request.form.getlist("disclose")
    try:
        number, made = case_bundles.export(
            office(), auditor(), case_id=name, purpose=request.form.get("purpose", ""), disclose=chosen
        )
    except Invalid as invalid:
        problems = tuple(Problem(field, sentence) for field, sentence in invalid.problems.items())
        return make_response(_prepared(name, problems), 422)
    return download(made.data, f"证据包{number}.zip", "application/zip")


@page.get("/verify_bundle.py")
def verifier() -> Response:
    """The program that checks a bundle alone; it holds nothing of any case."""
    auditor()
    return download(case_bundles.verifier(), "verify_bundle.py", "text/x-python; charset=utf-8")
