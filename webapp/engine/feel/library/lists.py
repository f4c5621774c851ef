"""List functions 列表函数; every element made or visited costs a step or a part of one."""

from decimal import Decimal
from functools import cmp_to_key

from ..operators import equal, less, negate_truth
from ..values import FeelFunction, Run, Value
from .registry import builtin


def _spend(run: Run, items: list[Value]) -> None:
    run.charge(1 + len(items))


def _same(run: Run, left: Value, right: Value) -> bool:
    return equal(run, left, right) is True


def _has(run: Run, items: list[Value], wanted: Value) -> bool:
    return any(_same(run, item, wanted) for item in items)


@builtin("list contains(list: list, element: any)")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    """Whether an element is in a list; null can be."""
    run.charge(1 + len(items) // 4)
    return _has(run, items, element)


@builtin("count(list: list)")
def count(run: Run, items: list[Value]) -> Value:
    """How many elements."""
    return Decimal(len(items))


@builtin("not(negand: any)")
def negation(run: Run, value: Value) -> Value:
    """The opposite truth value."""
    return negate_truth(value)


@builtin("sublist(list: list, start position: number, length?: number?)")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """Part of a list."""
    first = int(start)
    if first == 0 or abs(first) > len(items) or (length is not None and length < 0):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    if length is not None and begin + length > len(items):
        return None
    result = items[begin:] if length is None else items[begin : begin + int(length)]
    _spend(run, result)
    return result


@builtin("append(list: list, ...item: any)")
def append(run: Run, items: list[Value], *added: Value) -> Value:
    """A list with more elements at its end."""
    _spend(run, items)
    return [*items, *added]


@builtin("concatenate(...list: list)")
def concatenate(run: Run, *lists: list[Value]) -> Value:
    """Lists one after the other."""
    result: list[Value] = []
    for items in lists:
        _spend(run, items)
        result.extend(items)
    return result


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A list with an element put in before a position."""
    place = _place(items, position)
    if place is None:
        return None
    _spend(run, items)
    return [*items[:place], item, *items[place:]]


def _place(items: list[Value], position: Decimal) -> int | None:
    if position == 0 or abs(position) > len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    """A list without the element at a position."""
    place = _place(items, position)
    if place is None:
        return None
    _spend(run, items)
    return items[:place] + items[place + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)")
def list_replace(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    """A list with another element at a position."""
    place = _place(items, position)
    if place is None:
        return None
    _spend(run, items)
    return [*items[:place], item, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)")
def list_replace_matching(run: Run, items: list[Value], match: FeelFunction, item: Value) -> Value:
    """A list with another element wherever the function says true."""
    if len(match.params) != 2:
        return None
    results = [match.call(run, (old, item), ()) for old in items]
    if any(type(result) is not bool for result in results):
        return None
    return [item if result else old for old, result in zip(items, results, strict=True)]


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Value]) -> Value:
    """Back to front."""
    _spend(run, items)
    return items[::-1]


@builtin("index of(list: list, match: any)")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    """All positions at which an element stands."""
    _spend(run, items)
    return [Decimal(place) for place, item in enumerate(items, 1) if _same(run, item, match)]


@builtin("union(...list: list)")
def union(run: Run, *lists: list[Value]) -> Value:
    """Lists together, every element once."""
    return _distinct(run, [item for items in lists for item in items])


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> Value:
    """Every element once, in the order of first appearance."""
    return _distinct(run, items)


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for item in items:
        run.charge(1 + len(kept) // 8)
        if not _has(run, kept, item):
            kept.append(item)
    return kept


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> Value:
    """All lists inside a list opened up."""
    result: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        item = next(waiting[-1], _END)
        run.charge(1)
        if item is _END:
            waiting.pop()
        elif type(item) is list:
            waiting.append(iter(item))
        else:
            result.append(item)
    return result


_END = object()


@builtin("all(...list: any)")
def all_true(run: Run, *given: Value) -> Value:
    """Three-valued ``and`` of a list."""
    items = _only_list(given)
    if items is None:
        return None
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any(...list: any)")
def any_true(run: Run, *given: Value) -> Value:
    """Three-valued ``or`` of a list."""
    items = _only_list(given)
    if items is None:
        return None
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def _only_list(given: tuple[Value, ...]) -> list[Value] | None:
    if not given:
        return None
    items = given[0] if len(given) == 1 and type(given[0]) is list else list(given)
    return None if len(given) == 1 and given[0] is None else items


@builtin("sort(list: list, precedes: function)")
def sort(run: Run, items: list[Value], precedes: FeelFunction) -> Value:
    """Sorted by a function that says which of two comes first."""
    if len(precedes.params) != 2:
        return None

    def compare(left: Value, right: Value) -> int:
        if precedes.call(run, (left, right), ()) is True:
            return -1
        return 1 if precedes.call(run, (right, left), ()) is True else 0

    return sorted(items, key=cmp_to_key(compare))


@builtin("sort(list: list)")
def sort_plain(run: Run, items: list[Value]) -> Value:
    """Sorted upwards; null when two elements cannot be compared."""
    _spend(run, items)
    if any(less(items[0], item) is None for item in items):
        return None
    return sorted(items, key=cmp_to_key(lambda a, b: -1 if less(a, b) else 1 if less(b, a) else 0))
