"""Names 姓名 written in one way; ranks 职务层次, ages and lengths of service 年龄、任职时间 of people."""

import re
import unicodedata
from datetime import date
from typing import Literal

Move = Literal["promotion", "same_level", "lower"]

# From low to high, as offices write them; 职级 are a ladder of their own and stand in no order to these.
RANKS: tuple[tuple[str, ...], ...] = (
    ("副科", "副科级", "乡科级副职"),
    ("正科", "正科级", "乡科级正职"),
    ("副处", "副处级", "县处级副职"),
    ("正处", "正处级", "县处级正职"),
    ("副厅", "副厅级", "厅局级副职"),
    ("正厅", "正厅级", "厅局级正职"),
)
# Grades of the annual appraisal 年度考核等次, as the selection rules know them.
APPRAISALS_ZH: dict[str, str] = {
    "excellent": "优秀",
    "competent": "称职",
    "basically_competent": "基本称职",
    "incompetent": "不称职",
    "comment_only": "只写评语、不定等次",
}
_ORDER = {word: number for number, words in enumerate(RANKS) for word in words}
LONGEST_SEARCH = 60
MIDDLE_DOT = "·"
# Other signs that forms and input methods write between the parts of a name; full-width Latin to plain.
_DOTS = "•・･．﹒‧∙⋅·⸱⸳ꞏ᛫●"
_PLAIN = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(_DOTS, MIDDLE_DOT)
)
# A full stop stands for the middle dot only between Chinese characters: J. Smith keeps it.
_STOP = re.compile(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")
_DOUBLED = re.compile(f"{MIDDLE_DOT}+")
# Letters and marks that show nothing, though Unicode counts them as neither blanks nor controls.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def plain_name(text: str) -> str:
    """A name 姓名 in the one way it is kept and compared: NFC, no blanks, nothing unseen, ``·`` between parts.

    Two people of one name differ by birth month or ID number, never by how the name was typed.
    """
    seen = "".join(sign for sign in unicodedata.normalize("NFC", text) if not _is_unseen(sign))
    plain = unicodedata.normalize("NFC", seen.translate(_PLAIN))
    return _DOUBLED.sub(MIDDLE_DOT, _STOP.sub(MIDDLE_DOT, plain)).strip(MIDDLE_DOT)


def search_word(text: str) -> str:
    """What is typed to find a person 检索词, as the names are indexed: without the middle dot, lower case."""
    return plain_name(text).replace(MIDDLE_DOT, "").lower()[:LONGEST_SEARCH]


def _is_unseen(sign: str) -> bool:
    if sign.isascii() and sign.isprintable():
        return sign == " "
    is_variation = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return is_variation or sign in _UNSEEN or unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def move_between(former_rank: str, target_rank: str) -> Move | None:
    """Whether a target is a promotion 提拔, 平级, or lower; None where a rank is of no known order.

    进一步使用 is for people to say: it is no promotion by rank.
    """
    if former_rank not in _ORDER or target_rank not in _ORDER:
        return None
    step = _ORDER[target_rank] - _ORDER[former_rank]
    return "promotion" if step > 0 else "same_level" if step == 0 else "lower"


def age_on(born_on: date, day: date) -> int:
    """Full years on the day 周岁: from the day after the birthday's eve."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def months_between(start: date, end: date) -> int:
    """Full months from start to end, never negative (任现职时间)."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)
