"""Values made fit for the history: no floats, no free keys, names and values in pairs."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from webapp.domain.history import KEY_PATTERN


def pairs(values: Mapping[str, object]) -> list[list[object]]:
    """A mapping with free keys (process variables) as sorted [name, value] pairs."""
    return [[str(name), plain(values[name])] for name in sorted(values)]


def plain(value: object) -> object:
    """A value in the narrow profile of ``domain.history``; decimals become text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{int(value.total_seconds())}S"
    return _nested(value)


def _nested(value: object) -> object:
    """Lists and mappings item by item; anything else, decimals too, as text."""
    if isinstance(value, Mapping):
        if all(isinstance(name, str) and KEY_PATTERN.fullmatch(name) for name in value):
            return {name: plain(item) for name, item in value.items()}
        return pairs({str(name): item for name, item in value.items()})
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)
