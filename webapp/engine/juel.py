"""JUEL, the expression language of other engines, put into FEEL where it is of simple form.

Comparison, and, or, not, empty, the question mark, sums, names and literals; whatever calls a method or reaches
into a bean has no counterpart and is told.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:()]))"
)
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "and": "&&", "or": "||", "not": "!",
    "div": "/", "mod": "%",
}  # fmt: skip
_LEVELS: tuple[dict[str, str], ...] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/"},
)
_HOLE = re.compile(r"[$#]\{([^{}]*)\}")
LONGEST = 2000


class NotSimple(Exception):
    """An expression without a counterpart in FEEL; the argument says what stands in the way."""


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    at: int = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens) or (wanted is not None and self.peek() != wanted):
            raise NotSimple(self.peek() or "end")
        self.at += 1
        return self.tokens[self.at - 1]

    def choice(self, depth: int) -> str:
        found = self.level(0, depth)
        if self.peek() != "?":
            return found
        self.take("?")
        yes = self.choice(depth + 1)
        self.take(":")
        return f"if {found} then {yes} else {self.choice(depth + 1)}"

    def level(self, number: int, depth: int) -> str:
        if depth > 30:
            raise NotSimple("depth")
        if number == len(_LEVELS):
            return self.sign(depth)
        found = self.level(number + 1, depth)
        while self.peek() in _LEVELS[number]:
            sign = _LEVELS[number][self.take()[1]]
            found = f"{found} {sign} {self.level(number + 1, depth)}"
        return found

    def sign(self, depth: int) -> str:
        if self.peek() == "!":
            self.take()
            return f"not({self.sign(depth + 1)})"
        if self.peek() == "-":
            self.take()
            return f"-{self.sign(depth + 1)}"
        if self.peek() == "empty":
            self.take()
            name = self.sign(depth + 1)
            return f'({name} = null or {name} = "" or {name} = [])'
        if self.peek() == "(":
            self.take()
            found = self.choice(depth + 1)
            self.take(")")
            return f"({found})"
        return self.leaf()

    def leaf(self) -> str:
        kind, word = self.take()
        if kind == "text":
            return '"' + re.sub(r"\\(.)", r"\1", word[1:-1]).replace("\\", "\\\\").replace('"', '\\"') + '"'
        if kind not in ("number", "name") or self.peek() == "(":
            raise NotSimple(word)
        return word


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotSimple(text[at:].strip()[:10])
        kind = match.lastgroup or ""
        word = match.group(kind)
        found.append(("sign", _WORDS[word]) if word in _WORDS else (kind, word))
        at = match.end()
    return found


def inner(text: str) -> str:
    """The FEEL of what stands between the braces; ``NotSimple`` when it has none."""
    if len(text) > LONGEST:
        raise NotSimple("length")
    reader = _Reader(_tokens(text))
    found = reader.choice(0)
    if reader.at != len(reader.tokens):
        raise NotSimple(reader.peek())
    return found


def translated(text: str) -> str | None:
    """The FEEL, with its leading ``=``, of a text that holds ``${…}``; None for a text that holds none."""
    whole = _HOLE.fullmatch(text.strip())
    if whole is not None:
        return f"={inner(whole.group(1))}"
    if not re.search(r"[$#]\{", text):
        return None
    pieces, at = [], 0
    for hole in _HOLE.finditer(text):
        pieces += [_quoted(text[at : hole.start()]), f"string({inner(hole.group(1))})"]
        at = hole.end()
    if re.search(r"[$#]\{", _HOLE.sub("", text)):
        raise NotSimple("{")
    return "=" + " + ".join(piece for piece in (*pieces, _quoted(text[at:])) if piece)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if text else ""
