"""Number functions 数值函数, in 34 digits."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from ..values import NUMBERS, Run, Value
from .registry import builtin

SCALES = (-6111, 6176)


def rounded(value: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """A number at a number of decimals; null when the scale is out of range."""
    if not SCALES[0] <= scale <= SCALES[1]:
        return None
    places = int(scale)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and places >= -exponent:
        return value
    result = value.quantize(Decimal((0, (1,), -places)), rounding=mode, context=NUMBERS)
    return result if places >= 0 else NUMBERS.plus(result.quantize(Decimal(1), context=NUMBERS))


@builtin("decimal(n: number, scale: number)")
def decimal(run: Run, value: Decimal, scale: Decimal) -> Value:
    """Rounded half to even."""
    return rounded(value, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(run: Run, value: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Rounded down."""
    return rounded(value, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(run: Run, value: Decimal, scale: Decimal = Decimal(0)) -> Value:
    """Rounded up."""
    return rounded(value, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(run: Run, value: Decimal, scale: Decimal) -> Value:
    """Rounded away from zero."""
    return rounded(value, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(run: Run, value: Decimal, scale: Decimal) -> Value:
    """Rounded towards zero."""
    return rounded(value, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(run: Run, value: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, halves away from zero."""
    return rounded(value, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(run: Run, value: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, halves towards zero."""
    return rounded(value, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number)")
def absolute(run: Run, value: Decimal) -> Value:
    """Without its sign."""
    return abs(value)


@builtin("abs(n: duration)")
def absolute_duration(run: Run, value: Value) -> Value:
    """A duration without its sign."""
    return abs(value) if not hasattr(value, "months") else type(value)(abs(value.months))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """The rest of a division, with the sign of the divisor."""
    quotient = NUMBERS.divide(dividend, divisor).to_integral_value(rounding=ROUND_FLOOR)
    return NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, quotient))


@builtin("sqrt(number: number)")
def sqrt(run: Run, value: Decimal) -> Value:
    """The square root; null below zero."""
    return NUMBERS.sqrt(value)


@builtin("log(number: number)")
def log(run: Run, value: Decimal) -> Value:
    """The natural logarithm; null unless above zero."""
    return NUMBERS.ln(value) if value > 0 else None


@builtin("exp(number: number)")
def exp(run: Run, value: Decimal) -> Value:
    """e to a power."""
    return NUMBERS.exp(value)


@builtin("odd(number: number)")
def odd(run: Run, value: Decimal) -> Value:
    """Whether a whole number is odd."""
    return value % 2 != 0 if value == value.to_integral_value() else False


@builtin("even(number: number)")
def even(run: Run, value: Decimal) -> Value:
    """Whether a whole number is even."""
    return NUMBERS.remainder(value, Decimal(2)) == 0
