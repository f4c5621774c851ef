"""Context functions 上下文函数."""

from ..operators import equal
from ..temporal import write_zone
from ..values import Run, Value
from .registry import builtin


@builtin("get value(m: context, key: string)")
def get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    """The entry of a key, null without one."""
    return context.get(key)


@builtin("get value(m: context, keys: list)")
def get_value_deep(run: Run, context: dict[str, Value], keys: list[Value]) -> Value:
    """The entry at the end of a path of keys."""
    if not keys:
        return None
    value: Value = context
    for key in keys:
        if type(value) is not dict or type(key) is not str:
            return None
        value = value.get(key)
    return value


@builtin("get entries(m: context)")
def get_entries(run: Run, context: dict[str, Value]) -> Value:
    """The entries as a list of key and value."""
    run.charge(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context_of(run: Run, entries: list[Value]) -> Value:
    """A context from a list of key and value; null for a doubled or missing key."""
    run.charge(len(entries))
    made: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry:
            return None
        key = entry.get("key")
        if type(key) is not str or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def context_put(run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    """A context with one more or another entry."""
    run.charge(1 + len(context) // 8)
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_deep(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """A context with another entry at the end of a path of keys."""
    run.charge(1 + len(context) // 8)
    if not keys or type(keys[0]) is not str or len(keys) > 40:
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if inner is not None and type(inner) is not dict:
        return None
    deeper = context_put_deep(run, inner or {}, keys[1:], value)
    return None if deeper is None else {**context, keys[0]: deeper}


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """Contexts together, later entries over earlier ones."""
    made: dict[str, Value] = {}
    for context in contexts:
        if type(context) is not dict:
            return None
        run.charge(1 + len(context) // 8)
        made.update(context)
    return made


@builtin("is(value1?: any, value2?: any)")
def same(run: Run, left: Value = None, right: Value = None) -> Value:
    """Whether two values are the very same, zone included; one that is not named is null."""
    if type(left) is not type(right):
        return False
    if hasattr(left, "tzinfo") and write_zone(left) != write_zone(right):
        return False
    return equal(run, left, right) is True
