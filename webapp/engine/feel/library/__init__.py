"""The built-in functions 内置函数 of DMN 1.5, by name."""

from . import contexts, conversion, dates, lists, numbers, ranges, statistics, strings
from .registry import REGISTRY, names

BUILTINS = REGISTRY

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "names",
    "numbers",
    "ranges",
    "statistics",
    "strings",
]
