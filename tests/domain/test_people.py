"""People values and kinship."""

from datetime import date

import pytest

from webapp.domain.kinship import Relation, relatives_of
from webapp.domain.people import age_on, months_between, move_between, plain_name, search_word

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


def test_a_move_is_up_down_or_level_by_the_ranks_as_offices_write_them():
    assert move_between("副处", "正处级") == "promotion"
    assert move_between("正处", "县处级正职") == "same_level"
    assert move_between("正处", "副处") == "lower"
    assert move_between("四级调研员", "正处") is None


def test_ages_and_months_are_counted_by_the_day():
    assert age_on(date(1978, 11, 23), date(2026, 11, 22)) == 47
    assert age_on(date(1978, 11, 22), date(2026, 11, 22)) == 48
    assert months_between(date(2026, 1, 15), date(2026, 11, 14)) == 9
    assert months_between(date(2026, 11, 15), date(2026, 11, 14)) == 0


@pytest.mark.parametrize("written", [
    "安桂枝", "　安桂枝　", "安 桂 枝",
    "安\u00a0桂枝", "安\u3000桂枝\n", "\ufeff安桂枝", "安\u200b桂\u200d枝", "安桂枝\u200e",
    "安桂枝\ufe00",
    "安\u2800桂\u3164枝", "安\u2003桂\u2009枝", "\t安桂枝\r\n", "安桂枝\u0000\u0007\x7f", "安\u00ad桂枝\u2028",
])  # fmt: skip
def test_a_name_is_one_name_whatever_blanks_and_unseen_signs_it_is_typed_with(written):
    assert plain_name(written) == "安桂枝"
    assert search_word(written) == "安桂枝"


@pytest.mark.parametrize("dot", [*"·•・･．﹒‧∙⋅·⸱●.", " · ", "··", "\u200b•\u3000"])
def test_the_parts_of_a_name_are_joined_by_one_middle_dot(dot):
    assert plain_name(f"麦麦提{dot}阿布都拉") == "麦麦提·阿布都拉"
    assert search_word(f"麦麦提{dot}阿布都拉") == search_word("麦麦提阿布都拉") == "麦麦提阿布都拉"


def test_letters_of_a_name_are_plain_and_whole():
    assert plain_name("Ｊ．Ｓｍｉｔｈ") == "J·Smith"
    assert plain_name("J. Smith") == "J.Smith"
    assert plain_name("Zoe\u0308") == plain_name("Zo\u00eb") == "Zo\u00eb"
    assert plain_name("\uf900\u3000") == "\u8c48"
    assert plain_name("㛃𠅤") == "㛃𠅤"


def test_a_plain_name_stays_as_it_is():
    for written in ("苏白露", "麦麦提·阿布都拉", "　顾 半夏", "Ａ•Ｂ"):
        assert plain_name(plain_name(written)) == plain_name(written)
