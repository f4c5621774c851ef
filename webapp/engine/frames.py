"""Where variables live 变量: once in the instance, and once more in every called process."""

from collections.abc import Mapping
from typing import Any

import orjson

from webapp.engine import feel
from webapp.engine.expressions import kept
from webapp.engine.faults import EngineError

LARGEST = 256 * 1024
MAY_BE_LARGE = frozenset({str, list, dict})


class Frame:
    """The variables of one process, in stored form, and as FEEL sees them."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.values = values if values is not None else {}
        self._context: dict[str, Any] | None = None

    @property
    def context(self) -> dict[str, Any]:
        """The variables as FEEL sees them; read from the stored form once, when first needed."""
        if self._context is None:
            self._context = {name: feel.from_json(value) for name, value in self.values.items()}
        return self._context

    def write(self, values: Mapping[str, Any], element_id: str | None = None) -> None:
        """Set variables, kept in the JSON form of FEEL values."""
        for name, value in values.items():
            stored = stored_form(name, value, element_id)
            self.values[name] = stored
            if self._context is not None:
                self._context[name] = feel.from_json(stored)


def stored_form(name: str, value: Any, element_id: str | None) -> Any:
    """A value in the form in which it is stored; at most 256 KiB."""
    try:
        found = kept(value)
    except (TypeError, ValueError) as error:
        raise EngineError(
            element_id, "variable.type", f"变量“{name}”的值无法保存，只能是文字、数字、日期、列表等。"
        ) from error
    if type(found) in MAY_BE_LARGE and _size(found) > LARGEST:
        raise EngineError(
            element_id, "variable.size", f"变量“{name}”的值太大，最多 256 KiB；长的内容请放在附件里。"
        )
    return found


def _size(value: Any) -> int:
    if isinstance(value, str) and len(value) * 4 <= LARGEST:
        return 0
    return len(orjson.dumps(value))
