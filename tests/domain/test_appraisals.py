"""The year's appraisal is what the measure of that year leaves of it (D6)."""

import pytest

from webapp.domain.appraisals import reasons_against_grade


@pytest.mark.parametrize(
    ("effect", "allows_excellent", "fit", "unfit"),
    [
        ("not_excellent", False, "competent", "excellent"),
        ("by_rule", False, "basically_competent", "excellent"),
        ("comments_only", False, "comment_only", "competent"),
        ("incompetent", False, "incompetent", "competent"),
        ("no_grade_until_closed", False, "pending", "competent"),
    ],
)
def test_a_result_that_the_measure_forbids_is_refused(
    effect: str, allows_excellent: bool, fit: str, unfit: str
) -> None:
    assert reasons_against_grade(fit, effect=effect, allows_excellent=allows_excellent) == []
    (reason,) = reasons_against_grade(unfit, effect=effect, allows_excellent=allows_excellent)
    assert (reason.code, reason.article) == ("APPRAISAL_EFFECT", "D6")


def test_where_nothing_is_forbidden_every_result_may_be_given() -> None:
    for grade in ("excellent", "competent", "basically_competent", "incompetent"):
        assert reasons_against_grade(grade, effect="normal", allows_excellent=True) == []
