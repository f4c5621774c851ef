"""Text patterns 文本模式 with a bounded cost: an own matcher that counts its steps.

``matches``, ``replace`` and ``split`` never reach the regular expressions of Python. A pattern has at
most 500 characters; a search that needs more than 50,000 steps ends in FeelBudgetError.
"""

from __future__ import annotations

from functools import lru_cache

from .errors import FeelBudgetError
from .pattern_parser import CharTest, Code, PatternError, PatternParser
from .values import MAX_TEXT, Run

MAX_MATCH_STEPS = 50_000
STEPS_PER_CHARGE = 25

Slots = tuple[int, ...]
Compiled = tuple[Code, int, int, str]


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Compiled:
    parser = PatternParser(pattern, flags)
    code = parser.program()
    return code, 2 * (parser.groups + 1), parser.marks, flags


class Matcher:
    """One search of one pattern in one text."""

    def __init__(self, run: Run, pattern: str, flags: str | None, source: str) -> None:
        self.code, self.slots, self.marks, self.flags = _compiled(pattern, flags or "")
        self.run = run
        self.source = source
        self.left = MAX_MATCH_STEPS

    def find(self, start: int) -> Slots | None:
        """The first match from a place on: begin, end, then begin and end of each group (-1 when unused)."""
        before = self.left
        for begin in range(start, len(self.source) + 1):
            slots = self._match_at(begin)
            if slots is not None:
                break
        else:
            slots = None
        self.run.charge((before - self.left) // STEPS_PER_CHARGE)
        return slots

    def _match_at(self, begin: int) -> Slots | None:
        waiting = [(0, begin, (-1,) * self.slots, (-1,) * self.marks)]
        while waiting:
            found = self._follow(waiting, *waiting.pop())
            if found is not None:
                return (begin, found[0], *found[1][2:])
        return None

    def _follow(
        self, waiting: list[tuple[int, int, Slots, Slots]], at: int, place: int, slots: Slots, marks: Slots
    ) -> tuple[int, Slots] | None:
        while self.left > 0:
            self.left -= 1
            step = self.code[at]
            kind = step[0]
            if kind == "char":
                if not self._fits(step[1], place):
                    return None
                place += 1
            elif kind == "split":
                waiting.append((at + step[2], place, slots, marks))
                at += step[1] - 1
            elif kind == "jump":
                at += step[1] - 1
            elif kind == "match":
                return place, slots
            else:
                after = self._special(kind, step, place, slots, marks)
                if after is None:
                    return None
                place, slots, marks = after
            at += 1
        raise FeelBudgetError

    def _fits(self, test: CharTest, place: int) -> bool:
        return place < len(self.source) and test(self.source[place])

    def _special(
        self, kind: str, step: tuple[object, ...], place: int, slots: Slots, marks: Slots
    ) -> tuple[int, Slots, Slots] | None:
        number = int(str(step[1])) if len(step) > 1 else 0
        if kind == "save":
            return place, _put(slots, number, place), marks
        if kind == "mark":
            return place, slots, _put(marks, number, place)
        if kind == "moved":
            return None if marks[number] == place else (place, slots, marks)
        if kind == "back":
            group = self.source[slots[2 * number] : slots[2 * number + 1]] if slots[2 * number] >= 0 else ""
            self.left -= len(group)
            there = self.source[place : place + len(group)]
            same = there == group or ("i" in self.flags and there.lower() == group.lower())
            return (place + len(group), slots, marks) if same else None
        return (place, slots, marks) if self._anchored(kind, place) else None

    def _anchored(self, kind: str, place: int) -> bool:
        if kind == "start":
            return place == 0 or ("m" in self.flags and self.source[place - 1] == "\n")
        return place == len(self.source) or ("m" in self.flags and self.source[place] == "\n")


def _put(slots: Slots, number: int, value: int) -> Slots:
    return (*slots[:number], value, *slots[number + 1 :])


def search(run: Run, pattern: str, flags: str | None, source: str) -> Slots | None:
    """The first match, or nothing; PatternError (a ValueError) for an unreadable pattern."""
    return Matcher(run, pattern, flags, source).find(0)


def replace(run: Run, pattern: str, flags: str | None, source: str, replacement: str) -> str:
    """Every match replaced; a pattern that matches nothingness is refused, as XPath does."""
    matcher = Matcher(run, pattern, flags, source)
    if Matcher(run, pattern, flags, "").find(0) is not None:
        raise PatternError
    parts = _replacement(replacement, matcher.slots // 2 - 1, literal="q" in matcher.flags)
    pieces: list[str] = []
    at = size = 0
    while True:
        slots = matcher.find(at)
        if slots is None:
            break
        put = "".join(part if isinstance(part, str) else _group(source, slots, part) for part in parts)
        pieces += (source[at : slots[0]], put)
        size += len(put)
        if size > MAX_TEXT:
            raise FeelBudgetError
        at = slots[1] if slots[1] > slots[0] else slots[1] + 1
    return "".join(pieces) + source[at:]


def _group(source: str, slots: Slots, number: int) -> str:
    begin, end = slots[2 * number], slots[2 * number + 1]
    return source[begin:end] if begin >= 0 else ""


def _replacement(text: str, groups: int, *, literal: bool) -> list[str | int]:
    if literal:
        return [text]
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char == "$":
            if not following.isdigit():
                raise PatternError
            parts.append(int(following) if int(following) <= groups else "")
        elif char == "\\":
            if following not in ("$", "\\") or not following:
                raise PatternError
            parts.append(following)
        else:
            parts.append(char)
            at -= 1
        at += 2
    return parts


def split(run: Run, pattern: str, source: str) -> list[str]:
    """The pieces between matches."""
    matcher = Matcher(run, pattern, None, source)
    if Matcher(run, pattern, None, "").find(0) is not None:
        raise PatternError
    pieces: list[str] = []
    at = 0
    while (slots := matcher.find(at)) is not None:
        pieces.append(source[at : slots[0]])
        at = max(slots[1], at + 1)
    pieces.append(source[at:])
    return pieces
