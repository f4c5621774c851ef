"""Written text → clean values 书写格式: days, numbers, clocks, ID numbers as people in offices type them."""

import re
import unicodedata
from datetime import date, time
from decimal import Decimal

from webapp.domain.publicity import unpublished_words

_WIDE = str.maketrans("０１２３４５６７８９．－：　", "0123456789.-: ")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FORMATS = {
    "email": (re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"), "应为电子邮件地址。"),
    "phone": (re.compile(r"[0-9+][0-9 -]{4,19}"), "应为电话号码。"),
    "id_number": (re.compile(r"[0-9]{17}[0-9X]"), "应为18位公民身份号码，且校验位相符。"),
    "year_month": (re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])"), "应为年月，如 1978-05。"),
    "document_no": (re.compile(r"\S{1,20}〔[0-9]{4}〕[0-9]{1,5}号"), "应为文号，如 星组〔2026〕12号。"),
}
# Text that will be published: the earlier handling must not stand in it.
PUBLIC_NOTICE = "public_notice"
EARLIEST, LATEST = 1900, 2200
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Wrong(ValueError):
    """A value that cannot be read; its text follows the field's name in a sentence."""


def narrow(text: str) -> str:
    """Full-width digits and signs → ASCII, outer blanks off."""
    return text.translate(_WIDE).strip()


def clean(text: str) -> str:
    """NFC text with plain line ends and no blanks at the end; Wrong for control or broken characters."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    # What can be printed holds neither; looking at every character is for the rest.
    if not plain.isprintable() and any(
        unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in plain
    ):
        raise Wrong("含有不可见的控制字符，请删除后重新填写。")
    return plain


def number(text: str) -> Decimal:
    """At most 15 digits and 6 decimals, no exponent."""
    plain = narrow(text).replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise Wrong("应为数字，如 12 或 12.5。")
    return Decimal(plain)


def day(text: str) -> date:
    """``2026-11-22``, ``2026/11/22``, ``2026.11.22`` or ``2026年11月22日``, years 1900 to 2200."""
    match = _DAY.fullmatch(narrow(text).replace(" ", ""))
    try:
        if not match or not EARLIEST <= int(match[1]) <= LATEST:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Wrong("应为日期，如 2026-11-22。") from None


def clock(text: str) -> time:
    """``09:30`` on a 24-hour clock; seconds are dropped."""
    match = _CLOCK.fullmatch(narrow(text))
    try:
        if not match:
            raise ValueError
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise Wrong("应为时间，如 09:30。") from None


def is_id(text: str) -> bool:
    """True for an id of this product: a lower-case UUID with dashes."""
    return bool(_ID.fullmatch(text))


def require_format(text: str, name: str) -> str:
    """The text in a built-in format (narrowed); Wrong otherwise."""
    if name == PUBLIC_NOTICE:
        return _public(text)
    pattern, sentence = _FORMATS[name]
    plain = narrow(text).upper() if name == "id_number" else narrow(text)
    if not pattern.fullmatch(plain) or (name == "id_number" and not _is_id_number(plain)):
        raise Wrong(sentence)
    return plain


def _public(text: str) -> str:
    words = unpublished_words(text)
    if words:
        raise Wrong(f"不得出现：{'、'.join(words)}，请删除后再提交。")
    return text


def _is_id_number(text: str) -> bool:
    total = sum(int(c) * w for c, w in zip(text, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[17]
