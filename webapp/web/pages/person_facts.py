"""What the cadre section enters on a person's page 人员登记: the year's appraisal."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from webapp.domain.errors import Invalid
from webapp.services import people_facts as verbs
from webapp.web.repeats import once
from webapp.web.session import current_actor

page = Blueprint("person_facts", __name__, url_prefix="/people/<uuid:person_id>")
YEAR_DIGITS = 4


def _done(person_id: Any, sentence: str) -> Response:
    flash(sentence, "done")
    return make_response(redirect(url_for("people.show", person_id=person_id), 303))


@page.post("/appraisals")
def appraisal(person_id: Any) -> Response:
    """登记年度考核结果."""
    year = request.form.get("year", "").strip()
    if not (year.isascii() and year.isdecimal() and len(year) == YEAR_DIGITS):
        raise Invalid({"year": "请填写四位数的年度，如 2025。"})
    grade = request.form.get("grade", "")
    once(
        lambda one: verbs.record_appraisal(
            one, current_actor(), person_id=str(person_id), year=int(year), grade=grade
        )
    )
    return _done(person_id, "年度考核结果已登记。")
