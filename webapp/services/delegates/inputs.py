"""Inputs of a delegate 服务参数 read with their types; what is missing is named, never guessed."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from webapp.domain.errors import Refused
from webapp.domain.workdays import local_date
from webapp.services.advance import Call


def text(call: Call, name: str) -> str:
    """A code or an id that must be there."""
    value = call.inputs.get(name)
    if not isinstance(value, str) or not value:
        raise missing(call, name)
    return value


def text_or_none(call: Call, name: str) -> str | None:
    """A code or an id, or nothing."""
    value = call.inputs.get(name)
    return str(value) if value not in (None, "") else None


def day(call: Call, name: str) -> date:
    """A legal date that must be there."""
    found = day_or_none(call, name)
    if found is None:
        raise missing(call, name)
    return found


def day_or_none(call: Call, name: str) -> date | None:
    """A legal date, or nothing."""
    value: Any = call.inputs.get(name)
    if isinstance(value, datetime):
        return local_date(value)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise missing(call, name) from None


def number(call: Call, name: str) -> int:
    """A whole number that must be there."""
    found = number_or_none(call, name)
    if found is None:
        raise missing(call, name)
    return found


def number_or_none(call: Call, name: str) -> int | None:
    """A whole number, or nothing."""
    return whole(call.inputs.get(name))


def whole(value: object) -> int | None:
    """An integer out of whatever FEEL gives for a number."""
    if value is None or value == "":
        return None
    try:
        return int(Decimal(str(value)))
    except InvalidOperation:
        return None


def flag(call: Call, name: str) -> bool:
    """True only for true."""
    return call.inputs.get(name) is True


def ids(call: Call, name: str) -> list[str]:
    """A list of ids, empty when there is none."""
    value = call.inputs.get(name)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def missing(call: Call, name: str) -> Refused:
    """The refusal for an input a diagram did not give."""
    return Refused(f"环节“{call.element_id}”缺少“{name}”，请联系流程设计员检查该环节的输入参数。")
