"""Reads a text pattern 文本模式 (the XPath kind) into a small program for ``patterns``.

Instructions: ("char", test) · ("split", first, second) · ("jump", to) · ("save", slot) · ("start",) ·
("end",) · ("back", group) · ("mark", slot) · ("moved", slot) · ("match",).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

MAX_PATTERN = 500
MAX_PROGRAM = 2_000
MAX_GROUPS = 20
MAX_REPEAT = 500
MAX_PATTERN_NESTING = 20

CharTest = Callable[[str], bool]
Instruction = tuple[Any, ...]
Code = list[Instruction]


class PatternError(ValueError):
    """A pattern that cannot be read: the function that was given it answers null."""


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


CLASSES: dict[str, CharTest] = {
    "d": lambda c: unicodedata.category(c) == "Nd",
    "s": lambda c: c in " \t\n\r",
    "w": _is_word,
    "i": lambda c: c.isalpha() or c in "_:",
    "c": lambda c: c.isalnum() or c in "_:-.·",
}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
LITERAL = frozenset("\\|.-^?*+{}()[]$,/")


def _negated(test: CharTest) -> CharTest:
    return lambda char: not test(char)


class PatternParser:
    """One reading of one pattern; flags are any of ``s m i x q``."""

    def __init__(self, pattern: str, flags: str) -> None:
        if len(pattern) > MAX_PATTERN or any(flag not in "smixq" for flag in flags):
            raise PatternError
        self.flags = flags
        self.text = pattern if "x" not in flags else _without_space(pattern)
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.marks = 0
        self.depth = 0

    def program(self) -> Code:
        """The whole pattern as a program ending in a match."""
        code = self._literally() if "q" in self.flags else self._alternatives()
        if self.at < len(self.text):
            raise PatternError
        code.append(("match",))
        return code

    def _literally(self) -> Code:
        self.at = len(self.text)
        return [("char", self._equals(char)) for char in self.text]

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise PatternError
        self.at += 1
        return char

    def _accept(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _alternatives(self) -> Code:
        self.depth += 1
        if self.depth > MAX_PATTERN_NESTING:
            raise PatternError
        code = self._sequence()
        while self._accept("|"):
            other = self._sequence()
            code = [
                ("split", 1, len(code) + 2),
                *code,
                ("jump", len(other) + 1),
                *other,
            ]
            self._limit(code)
        self.depth -= 1
        return code

    @staticmethod
    def _limit(code: Code) -> None:
        if len(code) > MAX_PROGRAM:
            raise PatternError

    def _sequence(self) -> Code:
        code: Code = []
        while self._peek() not in ("", "|", ")"):
            code.extend(self._quantified(self._atom()))
            self._limit(code)
        return code

    def _atom(self) -> Code:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return [("char", self._char_class())]
        if char == ".":
            return [("char", (lambda c: True) if "s" in self.flags else (lambda c: c not in "\n\r"))]
        if char == "^":
            return [("start",)]
        if char == "$":
            return [("end",)]
        if char == "\\":
            return self._escape()
        if char in "*+?{}]":
            raise PatternError
        return [("char", self._equals(char))]

    def _group(self) -> Code:
        if self._accept("?:"):
            code = self._alternatives()
        else:
            if self._peek() == "?" or self.groups >= MAX_GROUPS:
                raise PatternError
            self.groups += 1
            number = self.groups
            code = [("save", 2 * number), *self._alternatives(), ("save", 2 * number + 1)]
            self.closed.add(number)
        if not self._accept(")"):
            raise PatternError
        return code

    def _escape(self) -> Code:
        if self._peek().isdigit():
            number = int(self._take())
            if number not in self.closed:
                raise PatternError
            while self._peek().isdigit() and number * 10 + int(self._peek()) in self.closed:
                number = number * 10 + int(self._take())
            return [("back", number)]
        return [("char", self._folded(self._escaped_test()))]

    def _escaped_test(self) -> CharTest:
        char = self._take()
        if char in "pP":
            return self._category(negated=char == "P")
        if char in CLASSES:
            return CLASSES[char]
        if char.lower() in CLASSES:
            return _negated(CLASSES[char.lower()])
        return self._exactly(self._literal_escape(char))

    @staticmethod
    def _literal_escape(char: str) -> str:
        if char in ESCAPES:
            return ESCAPES[char]
        if char in LITERAL:
            return char
        raise PatternError

    def _category(self, *, negated: bool) -> CharTest:
        end = self.text.find("}", self.at)
        if self._take() != "{" or end < 0:
            raise PatternError
        name = self.text[self.at : end]
        self.at = end + 1
        if name.startswith("Is"):
            test = _block(name)
        elif name and name[0] in "LMNPZSC" and len(name) <= 2:
            test = _category_test(name)
        else:
            raise PatternError
        return _negated(test) if negated else test

    @staticmethod
    def _exactly(char: str) -> CharTest:
        return lambda c: c == char

    def _equals(self, char: str) -> CharTest:
        return self._folded(self._exactly(char))

    def _folded(self, test: CharTest) -> CharTest:
        if "i" not in self.flags:
            return test
        return lambda c: test(c) or test(c.lower()) or test(c.upper())

    def _char_class(self) -> CharTest:
        negated = self._accept("^")
        tests: list[CharTest] = []
        without: CharTest | None = None
        while not self._accept("]"):
            if self._accept("-["):
                without = self._char_class()
            else:
                tests.append(self._folded(self._class_part()))
        if not tests:
            raise PatternError
        return _combined(tests, without, negated=negated)

    def _class_part(self) -> CharTest:
        char = self._take()
        if char == "\\":
            if self._peek() and (self._peek() in "pP" or self._peek().lower() in CLASSES):
                return self._escaped_test()
            char = self._literal_escape(self._take())
        elif char == "[":
            raise PatternError
        following = self.text[self.at : self.at + 2]
        if not following.startswith("-") or following in ("-]", "-["):
            return self._exactly(char)
        self.at += 1
        last = self._take()
        if last == "\\":
            last = self._literal_escape(self._take())
        if last < char:
            raise PatternError
        return lambda c: char <= c <= last

    def _quantified(self, atom: Code) -> Code:
        bounds = self._bounds()
        if bounds is None:
            return atom
        lazy = self._accept("?")
        low, high = bounds
        code: Code = atom * low
        self._limit(code)
        if high is None:
            return code + self._loop(atom, lazy=lazy)
        optional: Code = []
        for _ in range(high - low):
            inner = atom + optional
            optional = [_choice(1, len(inner) + 1, lazy=lazy), *inner]
            self._limit(optional)
        return code + optional

    def _loop(self, atom: Code, *, lazy: bool) -> Code:
        slot = self.marks
        self.marks += 1
        body: Code = [("mark", slot), *atom, ("moved", slot)]
        return [_choice(1, len(body) + 2, lazy=lazy), *body, ("jump", -len(body) - 1)]

    def _bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self._peek()
        if sign in simple and sign:
            self.at += 1
            return simple[sign]
        if sign != "{":
            return None
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : max(end, 0)].partition(",")
        if not low.isdigit() or (high and not high.isdigit()) or len(low + high) > 6:
            raise PatternError
        self.at = end + 1
        last = int(high) if high else (None if comma else int(low))
        if int(low) > MAX_REPEAT or (last is not None and not int(low) <= last <= MAX_REPEAT):
            raise PatternError
        return int(low), last


def _choice(first: int, second: int, *, lazy: bool) -> Instruction:
    return ("split", second, first) if lazy else ("split", first, second)


def _without_space(pattern: str) -> str:
    kept: list[str] = []
    depth = 0
    for place, char in enumerate(pattern):
        if char in "[]" and (place == 0 or pattern[place - 1] != "\\"):
            depth += 1 if char == "[" else -1
        if depth > 0 or char not in " \t\n\r":
            kept.append(char)
    return "".join(kept)


def _category_test(name: str) -> CharTest:
    return lambda c: unicodedata.category(c).startswith(name)


BLOCKS = {
    "IsBasicLatin": (0x0, 0x7F),
    "IsLatin-1Supplement": (0x80, 0xFF),
    "IsGreek": (0x370, 0x3FF),
    "IsCyrillic": (0x400, 0x4FF),
    "IsHebrew": (0x590, 0x5FF),
    "IsCJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}


def _block(name: str) -> CharTest:
    if name not in BLOCKS:
        raise PatternError
    low, high = BLOCKS[name]
    return lambda c: low <= ord(c) <= high


def _combined(tests: list[CharTest], without: CharTest | None, *, negated: bool) -> CharTest:
    def test(char: str) -> bool:
        found = any(one(char) for one in tests) is not negated
        return found and not (without is not None and without(char))

    return test
