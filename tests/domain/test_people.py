"""People values and kinship."""

from datetime import date

import pytest

from webapp.domain.errors import NotFound
from webapp.domain.kinship import Relation, conflicts_in_unit, must_recuse, relatives_of
from webapp.domain.people import (
    Appointment,
    Authority,
    age_on,
    managing_organisation,
    months_between,
    move_between,
    vacancies,
)

# 钟's family: grandparents → father and aunt; father → 钟 and brother; 钟 → child.
FAMILY = (
    Relation("grandfather", "father", "parent"),
    Relation("grandfather", "aunt", "parent"),
    Relation("aunt", "cousin", "parent"),
    Relation("cousin", "cousins_child", "parent"),
    Relation("father", "zhong", "parent"),
    Relation("father", "brother", "parent"),
    Relation("brother", "nephew", "parent"),
    Relation("nephew", "grandnephew", "parent"),
    Relation("zhong", "child", "parent"),
    Relation("zhong", "wife", "spouse"),
    Relation("wifes_father", "wife", "parent"),
    Relation("wifes_sister", "wife", "sibling"),
    Relation("wifes_sister", "wifes_sisters_husband", "spouse"),
    Relation("brother", "brothers_wife", "spouse"),
    Relation("child", "childs_wife", "spouse"),
    Relation("childs_wifes_mother", "childs_wife", "parent"),
    Relation("zhong", "far_uncle", "collateral"),
    Relation("colleague", "colleagues_wife", "spouse"),
)


@pytest.mark.parametrize(("person", "word"), [
    ("wife", "spouse"),
    ("father", "lineal"),
    ("grandfather", "lineal"),
    ("child", "lineal"),
    ("brother", "collateral"),
    ("aunt", "collateral"),
    ("cousin", "collateral"),
    ("nephew", "collateral"),
    ("far_uncle", "collateral"),
    ("wifes_father", "in_law"),
    ("wifes_sister", "in_law"),
    ("wifes_sisters_husband", "in_law"),
    ("brothers_wife", "in_law"),
    ("childs_wife", "in_law"),
    ("childs_wifes_mother", "in_law"),
])  # fmt: skip
def test_relatives_are_found_with_their_word_from_both_sides(person, word):
    assert relatives_of("zhong", FAMILY)[person] == word
    assert "zhong" in relatives_of(person, FAMILY)


@pytest.mark.parametrize("person", ["cousins_child", "colleague", "colleagues_wife", "zhong"])
def test_beyond_three_generations_and_strangers_are_no_relatives(person):
    assert person not in relatives_of("zhong", FAMILY)


def test_a_grandnephew_shares_the_grandfather_only_at_the_fourth_generation():
    assert "grandnephew" not in relatives_of("zhong", FAMILY)


def test_siblings_on_file_without_parents_count_with_their_children():
    family = (Relation("a", "b", "sibling"), Relation("b", "c", "parent"))
    assert relatives_of("a", family) == {"b": "collateral", "c": "collateral"}
    assert relatives_of("c", family) == {"b": "lineal", "a": "collateral"}


def test_oneself_and_relatives_recuse_others_do_not():
    assert must_recuse("zhong", "zhong", ())
    assert must_recuse("cousin", "zhong", FAMILY)
    assert not must_recuse("colleague", "zhong", FAMILY)


def test_a_target_unit_with_a_relative_is_a_conflict():
    assert conflicts_in_unit("zhong", ["colleague", "brother"], FAMILY) == {"brother": "collateral"}


def test_a_move_is_up_down_or_level():
    assert move_between("division_deputy", "division_chief") == "promotion"
    assert move_between("division_chief", "division_chief") == "same_level"
    assert move_between("division_chief", "division_deputy") == "lower"
    with pytest.raises(NotFound):
        move_between("emperor", "division_chief")


def test_authority_moves_with_its_day():
    rows = (
        Authority("zhong", "city", date(2020, 1, 1), date(2026, 5, 31)),
        Authority("zhong", "province", date(2026, 6, 1)),
    )
    assert managing_organisation(rows, "zhong", date(2026, 5, 31)) == "city"
    assert managing_organisation(rows, "zhong", date(2026, 6, 1)) == "province"
    with pytest.raises(NotFound):
        managing_organisation(rows, "zhong", date(2019, 1, 1))


def test_ages_months_and_vacancies_are_counted_by_the_day():
    assert age_on(date(1978, 11, 23), date(2026, 11, 22)) == 47
    assert age_on(date(1978, 11, 22), date(2026, 11, 22)) == 48
    assert months_between(date(2026, 1, 15), date(2026, 11, 14)) == 9
    assert months_between(date(2026, 11, 15), date(2026, 11, 14)) == 0
    held = [
        Appointment("a", "p", date(2020, 1, 1)),
        Appointment("b", "p", date(2020, 1, 1), date(2026, 1, 1)),
    ]
    assert vacancies(2, held, date(2026, 1, 1)) == 0
    assert vacancies(2, held, date(2026, 1, 2)) == 1
