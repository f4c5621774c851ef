"""Names of several words 多词名称: which runs of tokens are one name."""

import re
from collections.abc import Iterable

from .errors import FeelSyntaxError
from .tokens import Token, tokenize

DOMAIN_NAMES = ("add working days", "working days between", "add months", "is working day")
"""Functions the product injects by name; the parser knows them, ``functions`` gives the meaning."""

TYPE_NAMES = ("date and time", "days and time duration", "years and months duration")
PROPERTY_NAMES = ("time offset", "start included", "end included")
_SPACE = re.compile(r"\s+")


def normal(name: str) -> str:
    """A name with its white space made single."""
    return _SPACE.sub(" ", name).strip()


class NameTable:
    """Known names longer than one token, by first word, longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[int, str]]] = {}
        for name in names:
            self.add(name)

    def copy(self) -> "NameTable":
        """An independent table with the same names."""
        other = NameTable(())
        other._by_first = {first: list(rows) for first, rows in self._by_first.items()}
        return other

    def add(self, name: str) -> None:
        """Learn a name; one-word and unreadable names need no learning."""
        name = normal(name)
        try:
            words = tokenize(name)[:-1]
        except FeelSyntaxError:  # a name no source can spell needs no entry
            return
        if len(words) < 2:
            return
        rows = self._by_first.setdefault(words[0].text, [])
        if (len(words), name) not in rows:
            rows.append((len(words), name))
            rows.sort(key=lambda row: -row[0])

    def match(self, source: str, tokens: list[Token], at: int) -> tuple[int, str] | None:
        """(tokens used, name) of the longest known name starting at a token."""
        for count, name in self._by_first.get(tokens[at].text, ()):
            last = at + count - 1
            if last < len(tokens) and normal(source[tokens[at].start : tokens[last].end]) == name:
                return count, name
        return None
