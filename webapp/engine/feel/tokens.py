"""The words and signs of an expression 词法: source text to tokens with positions."""

import re
from dataclasses import dataclass

from .errors import FeelSyntaxError

MAX_SOURCE = 20_000
"""Characters; longer sources are refused at deployment."""

_KEYWORDS = "if then else for in return some every satisfies and or between instance true false null function"
KEYWORDS = frozenset(_KEYWORDS.split(" "))
_NAME_START = r"(?:[^\W\d]|[\U00010000-\U000EFFFF])"
_NAME_PART = r"(?:[\w]|[\U00010000-\U000EFFFF])"
_TOKEN = re.compile(
    r"(?P<space>(?:\s|//[^\n]*|/\*.*?\*/)+)"
    r"|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4}(?!\w))?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<name>{_NAME_START}{_NAME_PART}*)"
    r"|(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:@?'])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_FULL_WIDTH = dict(zip("“”‘’，。（）：；＝＞＜！＋－［］｛｝？", "\"\"'',.():;=><!+-[]{}?", strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign: kind is number, string, name, keyword, sign or end."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(source: str) -> list[Token]:
    """Split a source into tokens, the last of kind ``end``; FeelSyntaxError at the first bad character."""
    if len(source) > MAX_SOURCE:
        raise FeelSyntaxError(
            f"表达式过长（{len(source)} 字），上限为 {MAX_SOURCE} 字。",
            f"The expression is too long ({len(source)} characters, at most {MAX_SOURCE}).",
            MAX_SOURCE,
        )
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _unreadable(source, at)
        kind = str(match.lastgroup)
        if kind != "space":
            text = match.group()
            tokens.append(Token("keyword" if text in KEYWORDS else kind, text, at, match.end()))
        at = match.end()
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens


def _unreadable(source: str, at: int) -> FeelSyntaxError:
    sign = source[at]
    place = f"第 {at + 1} 个字"
    if sign in _FULL_WIDTH:
        half = _FULL_WIDTH[sign]
        return FeelSyntaxError(
            f"{place}用了中文标点“{sign}”，请改用英文标点 {half} 。",
            f"Character {at + 1} is the full-width sign {sign}; write {half} instead.",
            at,
            (half,),
        )
    if sign == '"':
        return FeelSyntaxError(
            f"{place}的引号没有配对，请补上结尾的引号。",
            f'The text starting at character {at + 1} has no closing ".',
            at,
            ('"',),
        )
    return FeelSyntaxError(
        f"{place}“{sign}”不是表达式能用的符号。",
        f"Character {at + 1} ({sign}) is no sign of the language.",
        at,
    )


def unescape(literal: str) -> str:
    """The text inside a quoted literal; an unknown escape keeps its backslash (as patterns need)."""

    def one(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 1:
            number = int(code[1:], 16)
            return chr(number) if number <= 0x10FFFF else match.group()
        return _ESCAPES.get(code, match.group())

    text = _ESCAPE.sub(one, literal[1:-1])
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
