"""Decision tables 决策表: rules against inputs, one hit policy 命中策略 each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.engine.feel import Expression, Run, UnaryTest
from webapp.engine.feel.library import BUILTINS
from webapp.engine.feel.operators import equal
from webapp.engine.feel.values import Value

from .errors import DecisionError
from .outcome import Job
from .types import Types

Names = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Input:
    """An input column: what it asks, of which type, within which values."""

    label: str
    expression: Expression
    type: str | None
    allowed: UnaryTest | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column; ``ranking`` are its allowed values in order of priority."""

    name: str
    type: str | None
    allowed: UnaryTest | None
    ranking: tuple[Expression, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: number counted from 1, id, tests and results."""

    number: int
    id: str
    tests: tuple[UnaryTest, ...]
    results: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with its results."""

    rule: Rule
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table, ready to ask."""

    decision_id: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    types: Types

    def evaluate(self, job: Job, names: Names) -> Value:
        """The answer of the table; DecisionError when the rules contradict the policy or the values."""
        values = [self._asked(job, names, column) for column in self.inputs]
        rules = [rule for rule in self.rules if self._matches(job.run, rule, values, names)]
        if self.policy in ("FIRST",):
            rules = rules[:1]
        hits = [self._hit(job.run, rule, names) for rule in rules]
        if not hits:
            return self._nothing(job.run, names)
        chosen = CHOICES[self.policy](self, job.run, hits)
        job.note.rules.extend(hit.rule.id for hit in chosen)
        if self.policy in SINGLE:
            return self._value(chosen[0])
        return self._collected(job.run, [self._value(hit) for hit in chosen])

    def _asked(self, job: Job, names: Names, column: Input) -> Value:
        value = column.expression.run(job.run, names)
        if type(value) is str:
            value = self.types.from_text(value, column.type)
        job.note.inputs[column.label] = value
        if value is not None and column.allowed is not None:
            items = value if type(value) is list else [value]
            if not column.allowed.run(job.run, value, names) and not (
                type(value) is list and all(column.allowed.run(job.run, item, names) for item in items)
            ):
                raise self._error(
                    f"输入“{column.label}”的值不在允许的范围内",
                    f"the value of input {column.label} is not allowed",
                )
        return value

    @staticmethod
    def _matches(run: Run, rule: Rule, values: list[Value], names: Names) -> bool:
        run.charge(1)
        return all(
            test.anything or test.run(run, value, names)
            for test, value in zip(rule.tests, values, strict=True)
        )

    def _hit(self, run: Run, rule: Rule, names: Names) -> Hit:
        values: list[Value] = []
        for column, result in zip(self.outputs, rule.results, strict=True):
            value = self.types.coerced(run, result.run(run, names), column.type)
            if (
                value is not None
                and column.allowed is not None
                and not _allowed(run, column.allowed, value, names)
            ):
                raise self._error(
                    f"第 {rule.number} 条规则的输出“{column.name}”不在允许的范围内",
                    f"the output {column.name} of rule {rule.number} is not allowed",
                    rule,
                )
            values.append(value)
        return Hit(rule, tuple(values))

    def _nothing(self, run: Run, names: Names) -> Value:
        if any(column.default is not None for column in self.outputs):
            values = tuple(
                column.default.run(run, names) if column.default is not None else None
                for column in self.outputs
            )
            value = self._shaped(values)
            return value if self.policy in SINGLE or self.aggregation else [value]
        if self.aggregation == "COUNT":
            return Decimal(0)
        return None if self.policy in SINGLE or self.aggregation else []

    def _value(self, hit: Hit) -> Value:
        return self._shaped(hit.values)

    def _shaped(self, values: tuple[Value, ...]) -> Value:
        if len(values) == 1:
            return values[0]
        return dict(zip((column.name for column in self.outputs), values, strict=True))

    def _collected(self, run: Run, values: list[Value]) -> Value:
        if not self.aggregation:
            return values
        name = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}[self.aggregation]
        if len(self.outputs) == 1:
            return BUILTINS[name].call(run, (values,), ())
        return {
            column.name: BUILTINS[name].call(run, ([value[column.name] for value in values],), ())
            for column in self.outputs
        }

    def _error(self, zh: str, en: str, *rules: Rule) -> DecisionError:
        return DecisionError(
            f"决策表“{self.decision_id}”：{zh}。",
            f"Decision table {self.decision_id}: {en}.",
            self.decision_id,
            tuple(rule.id for rule in rules),
        )

    def unique(self, run: Run, hits: list[Hit]) -> list[Hit]:
        """UNIQUE: at most one rule may match."""
        if len(hits) > 1:
            raise self._conflict("UNIQUE（唯一）只允许一条规则命中", "UNIQUE allows one match", hits)
        return hits

    def any(self, run: Run, hits: list[Hit]) -> list[Hit]:
        """ANY: all rules that match must say the same."""
        first = list(hits[0].values)
        if any(equal(run, first, list(hit.values)) is not True for hit in hits[1:]):
            raise self._conflict("ANY（任意）要求命中的规则结果相同", "ANY needs equal results", hits)
        return hits

    def _conflict(self, zh: str, en: str, hits: Sequence[Hit]) -> DecisionError:
        numbers = [str(hit.rule.number) for hit in hits]
        return self._error(
            f"{zh}，却命中了第 {'、'.join(numbers)} 条规则",
            f"{en}, but rules {', '.join(numbers)} matched",
            *(hit.rule for hit in hits),
        )

    def ranked(self, run: Run, hits: list[Hit]) -> list[Hit]:
        """By the order of the allowed output values, the first column counting most."""
        orders = [[item.run(run, {}) for item in column.ranking] for column in self.outputs]

        def key(hit: Hit) -> list[int]:
            return [_place(run, value, order) for value, order in zip(hit.values, orders, strict=True)]

        return sorted(hits, key=key)


def _allowed(run: Run, allowed: UnaryTest, value: Value, names: Names) -> bool:
    if allowed.run(run, value, names):
        return True
    return type(value) is list and all(allowed.run(run, item, names) for item in value)


def _place(run: Run, value: Value, order: list[Value]) -> int:
    return next((place for place, item in enumerate(order) if equal(run, item, value) is True), len(order))


def _all(table: Table, run: Run, hits: list[Hit]) -> list[Hit]:
    return hits


SINGLE = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})
CHOICES: dict[str, Callable[[Table, Run, list[Hit]], list[Hit]]] = {
    "UNIQUE": Table.unique,
    "ANY": Table.any,
    "FIRST": _all,
    "PRIORITY": lambda table, run, hits: table.ranked(run, hits)[:1],
    "COLLECT": _all,
    "RULE ORDER": _all,
    "OUTPUT ORDER": Table.ranked,
}
POLICIES = tuple(CHOICES)
AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")
