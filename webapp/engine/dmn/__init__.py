"""DMN 1.5 决策: tables, literal and boxed expressions, knowledge models and services of one file, on FEEL.

``parse(xml).decide(decision_id, inputs, now=…, functions=…)`` answers a DecisionOutcome with traces.
"""

from .document import MAX_BYTES
from .errors import DecisionError, DmnError, Problem
from .model import DecisionModel, check, parse
from .outcome import DecisionOutcome, Trace

__all__ = [
    "MAX_BYTES",
    "DecisionError",
    "DecisionModel",
    "DecisionOutcome",
    "DmnError",
    "Problem",
    "Trace",
    "check",
    "parse",
]
