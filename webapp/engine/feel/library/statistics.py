"""Functions over numbers in a list 汇总函数."""

from collections.abc import Callable
from decimal import Decimal

from ..operators import ARITHMETIC, greater, less
from ..values import NUMBERS, Run, Value
from .registry import builtin


def _items(given: tuple[Value, ...]) -> list[Value]:
    return given[0] if len(given) == 1 and type(given[0]) is list else list(given)


def _numbers(run: Run, given: tuple[Value, ...]) -> list[Decimal] | None:
    items = _items(given)
    run.charge(1 + len(items) // 4)
    return items if items and all(type(item) is Decimal for item in items) else None


def _extreme(run: Run, given: tuple[Value, ...], wins: Callable[[Value, Value], bool | None]) -> Value:
    items = _items(given)
    run.charge(1 + len(items) // 4)
    if not items:
        return None
    best = items[0]
    if wins(best, best) is None:
        return None
    for item in items[1:]:
        better = wins(item, best)
        if better is None:
            return None
        best = item if better else best
    return best


@builtin("min(...list: any)")
def minimum(run: Run, *given: Value) -> Value:
    """The least element."""
    return _extreme(run, given, less)


@builtin("max(...list: any)")
def maximum(run: Run, *given: Value) -> Value:
    """The greatest element."""
    return _extreme(run, given, greater)


@builtin("sum(...list: any)")
def total(run: Run, *given: Value) -> Value:
    """The sum of numbers or of durations; null for an empty list."""
    items = _items(given)
    run.charge(1 + len(items) // 4)
    if not items:
        return None
    result = items[0]
    for item in items[1:]:
        add = ARITHMETIC["+"].get((type(result), type(item)))
        if add is None:
            return None
        result = add(run, result, item)
    return result if (type(result), type(result)) in ARITHMETIC["-"] else None


@builtin("mean(...list: any)")
def mean(run: Run, *given: Value) -> Value:
    """The average of numbers."""
    numbers = _numbers(run, given)
    return None if numbers is None else NUMBERS.divide(_sum(numbers), Decimal(len(numbers)))


def _sum(numbers: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for number in numbers:
        result = NUMBERS.add(result, number)
    return result


@builtin("product(...list: any)")
def product(run: Run, *given: Value) -> Value:
    """The product of numbers."""
    numbers = _numbers(run, given)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result


@builtin("median(...list: any)")
def median(run: Run, *given: Value) -> Value:
    """The middle of the sorted numbers."""
    numbers = _numbers(run, given)
    if numbers is None:
        return None
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return NUMBERS.divide(NUMBERS.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev(...list: any)")
def stddev(run: Run, *given: Value) -> Value:
    """The standard deviation of a sample of at least two numbers."""
    numbers = _numbers(run, given)
    if numbers is None or len(numbers) < 2:
        return None
    middle = NUMBERS.divide(_sum(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(number, middle), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(_sum(squares), Decimal(len(numbers) - 1)))


@builtin("mode(...list: any)")
def mode(run: Run, *given: Value) -> Value:
    """The most frequent numbers, sorted."""
    if given and not _items(given):
        return []
    numbers = _numbers(run, given)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)
