"""Pages of the tracking ledger 跟踪台账."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from webapp.queries import plans, tracking
from webapp.queries.cadres import is_id
from webapp.queries.parts import page_number
from webapp.services import looking
from webapp.services.history import definition
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("tracking", __name__)
LONGEST_SEARCH = 60


def _asked() -> tracking.Asked:
    query = request.args
    unit, due, tracking_class = query.get("unit", ""), query.get("due", ""), query.get("class", "")
    return tracking.Asked(
        q=query.get("q", "").strip()[:LONGEST_SEARCH],
        tracking_class=tracking_class if tracking_class in tracking.CLASSES else "",
        due=due if due in tracking.DUES else "",
        unit=unit if is_id(unit) else "",
        page=page_number(query.get("page")),
    )


@page.get("/tracking")
def index() -> str:
    """One page of the plans."""
    actor, asked = current_actor(), _asked()
    with reading() as reads:
        view = tracking.index(reads, actor, asked, day=today())
        reads.disclose(read_event(actor, "tracking", page=asked.page, plans=[row.id for row in view.rows]))
    return render_template("tracking/index.html", view=view)


def _definition(digest: str, key: str) -> Any:
    return definition(office(), digest, key)


@page.get("/tracking/<uuid:plan_id>")
def show(plan_id: Any) -> str:
    """One plan with its visits, notes, measures and periods."""
    actor, name = current_actor(), str(plan_id)
    with reading() as reads:
        view = plans.show(reads, actor, name, day=today(), definitions=_definition)
        task = plans.plan_task(reads, view.case_id)
        values = looking.values_of(reads, office(), "form", task) if task else {}
        goals = str(values.get("goals") or "")
        reads.disclose(read_event(actor, "plan", plan_id=name, case_id=view.case_id))
    return render_template("tracking/show.html", view=replace(view, goals=goals))
