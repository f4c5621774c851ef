"""The year's appraisal is what the measure of that year leaves of it (D6)."""

from datetime import date

import pytest

from webapp.domain.appraisals import Taken, of_year, reasons_against_grade


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


PARTY = Taken("party", "serious_warning", date(2024, 3, 1))
ADMIN = Taken("admin", "major_demerit", date(2024, 5, 1))
LATER = Taken("mild", "admonishment", date(2025, 1, 8))


def test_the_partys_sanction_counts_before_a_later_one_of_the_state_and_one_of_next_year_not_at_all():
    asked = of_year([ADMIN, LATER, PARTY], 2024)

    assert (asked["track"], asked["kind"], asked["year_of_measure"]) == ("party", "serious_warning", True)
    assert of_year([ADMIN, PARTY], 2025)["year_of_measure"] is False
    assert of_year([LATER], 2024) == {
        "track": "up_down", "kind": "", "year_of_measure": False, "probation_in_party": False,
    }  # fmt: skip


def test_of_two_party_sanctions_in_a_year_the_graver_counts():
    removed = Taken("party", "revoke_party_post", date(2024, 2, 1))

    assert of_year([removed, PARTY], 2024)["kind"] == "revoke_party_post"


def test_the_years_after_rights_came_back_are_rated_as_others_are():
    probation = Taken("party", "party_probation_one_year", date(2022, 4, 10), date(2023, 4, 12))

    assert [of_year([probation], year)["probation_in_party"] for year in (2022, 2023, 2024)] == [
        True, True, False,
    ]  # fmt: skip
