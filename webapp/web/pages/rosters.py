"""Lists of the look-ups 查询: vacancies 职数与空缺, the roster 花名册 by what is asked, the ledger 台账 to Excel."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request

from webapp.domain import access, events
from webapp.domain.exporting import LEDGER_PURPOSES
from webapp.domain.formats import is_id
from webapp.queries import ledger, parts, people, roster_search, tracking, vacancies
from webapp.queries.people_standing import STATUSES
from webapp.services import people as verbs
from webapp.web.pages.lookups import enter
from webapp.web.pages.people import XLSX
from webapp.web.session import current_actor, now, office, read_event, reading, today

page = Blueprint("rosters", __name__, url_prefix="/lookups")
page.before_request(enter)
LONGEST = 30
OLDEST = 120 * 12


def _known(name: str, codes: Any) -> str:
    """What is asked under a name; '' for anything but the codes."""
    asked = request.args.get(name, "")
    return asked if asked in codes else ""


def _unit() -> str:
    asked = request.args.get("unit", "")
    return asked if is_id(asked) else ""


@page.get("/vacancies")
def vacant() -> str:
    """职数与空缺."""
    actor = current_actor()
    with reading() as reads:
        view = vacancies.index(
            reads,
            actor,
            unit=_unit(),
            rank=request.args.get("rank", "").strip()[:LONGEST],
            only=_known("only", vacancies.ONLY),
            day=today(),
        )
        reads.disclose(read_event(actor, "lookup.vacancies", units=len(view.rows)))
    return render_template("lookups/vacancies.html", view=view)


@page.get("/roster")
def roster() -> str:
    """花名册."""
    actor, asked = current_actor(), _asked_of_roster()
    with reading() as reads:

        def educations(ids: Sequence[str]) -> Mapping[str, str]:
            return verbs.educations(reads, office(), ids)

        view = roster_search.index(reads, actor, asked, educations, day=today())
        shown = [row.id for row in view.rows]
        facts = {"page": asked.page, "people": shown, "education_asked": bool(asked.education)}
        reads.disclose(read_event(actor, "lookup.roster", **facts))
    return render_template("lookups/roster.html", view=view)


def _asked_of_roster() -> roster_search.Asked:
    query = request.args
    return roster_search.Asked(
        unit=_unit(),
        rank=query.get("rank", "").strip()[:LONGEST],
        level=_known("level", roster_search.LEVELS),
        sex=_known("sex", roster_search.SEXES),
        party=_known("party", roster_search.PARTIES),
        education=query.get("education", "").strip()[:LONGEST],
        standing=_known("standing", STATUSES),
        age_from=_months("from"),
        age_to=_months("to"),
        sort=_known("sort", roster_search.SORTS) or "unit",
        page=min(parts.page_number(query.get("page")), people.MOST_PAGES),
    )


def _months(name: str) -> int | None:
    """Years and months of life as months; None where neither is given or they cannot be."""
    years, months = (request.args.get(f"{name}_{unit}", "").strip() for unit in ("y", "m"))
    given = [text for text in (years, months) if text]
    if not given or not all(text.isascii() and text.isdecimal() and len(text) <= 3 for text in given):
        return None
    return min(int(years or 0) * 12 + int(months or 0), OLDEST)


@page.get("/ledger.xlsx")
def take_ledger() -> Response:
    """The ledger as a workbook, for a purpose; the export is on record before it leaves."""
    actor = current_actor()
    access.require_role(actor, *sorted(people.EXPORTING), day=today())
    purpose = _known("purpose", LEDGER_PURPOSES)
    if not purpose:
        return make_response(render_template("lookups/ledger.html", view=_ledger_form("请选择用途。")), 422)
    with reading() as reads:
        found = ledger.taken(reads, actor, _asked_of_ledger(), day=today())
        marks = [
            ("导出人", actor.name),
            ("导出日期", f"{today():%Y-%m-%d}"),
            ("用途", LEDGER_PURPOSES[purpose]),
            ("人数", f"{len(found.rows)}人"),
            ("说明", "内含个人信息，按干部工作保密要求保管，用后及时销毁。"),
        ]
        data = verbs.table("跟踪台账", ledger.HEADINGS, found.rows, marks)
        facts = {
            "what": "tracking.ledger",
            "purpose": purpose,
            "digest": verbs.digest_of(data),
            "plans": list(found.plans),
        }
        reads.disclose(events.Exported(actor=actor, effective_at=now(), facts=facts))
    answer = Response(data, mimetype=XLSX)
    name = quote(f"跟踪台账{today():%Y%m%d}.xlsx")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.get("/ledger")
def choose_ledger() -> str:
    """What of the ledger is taken, and for what."""
    access.require_role(current_actor(), *sorted(people.EXPORTING), day=today())
    return render_template("lookups/ledger.html", view=_ledger_form(""))


def _ledger_form(problem: str) -> parts.FormView:
    purposes = tuple(parts.Option(code, words) for code, words in LEDGER_PURPOSES.items())
    field = parts.Field(
        "purpose", "purpose", "select", "用途", options=purposes, required=True, error=problem
    )
    problems = (parts.Problem("purpose", problem),) if problem else ()
    return parts.FormView((field,), problems)


def _asked_of_ledger() -> tracking.Asked:
    return tracking.Asked(
        tracking_class=_known("class", tracking.CLASSES),
        due=_known("due", tracking.DUES),
        unit=_unit(),
    )
