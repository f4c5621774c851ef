"""FEEL (DMN 1.5) 表达式语言: compiled once, evaluated with a budget, no Python within reach.

``compile(source).evaluate(context, now=…, functions=…)``; ``compile_unary(source).test(value, context)``;
``render(template, context)``. A type error gives null, never an exception; only FeelSyntaxError (at
compile) and FeelBudgetError (20,000 steps, 100,000 characters) are raised.

Values: null None, number Decimal, text str, boolean bool, date/time/date and time of datetime,
days duration timedelta, months duration YearsMonths, list, context dict, Range, FeelFunction.
Coming in, int and float become numbers; ISO texts stay texts (write ``date(x)``).
"""

from .errors import FeelBudgetError, FeelSyntaxError
from .expression import Expression, Template, UnaryTest, compile, compile_unary, known_names, render
from .names import DOMAIN_NAMES, NameTable
from .values import MAX_STEPS, FeelFunction, Range, Run, YearsMonths
from .writing import from_json, to_json, write

__all__ = [
    "DOMAIN_NAMES",
    "MAX_STEPS",
    "Expression",
    "FeelBudgetError",
    "FeelFunction",
    "FeelSyntaxError",
    "NameTable",
    "Range",
    "Run",
    "Template",
    "UnaryTest",
    "YearsMonths",
    "compile",
    "compile_unary",
    "from_json",
    "known_names",
    "render",
    "to_json",
    "write",
]
