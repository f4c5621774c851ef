"""What can go wrong with an expression 表达式: it cannot be read, or it costs too much."""

from webapp.domain.errors import Refused


class FeelSyntaxError(Refused):
    """表达式写法有误。"""

    def __init__(self, zh: str, en: str, position: int, expected: tuple[str, ...] = ()) -> None:
        self.zh = zh
        self.en = en
        self.position = position
        self.expected = expected
        super().__init__(zh, position=position, expected=expected)


class FeelBudgetError(Refused):
    """表达式计算量超出限度，已停止计算。请简化表达式，或减少所处理的数据。"""

    en = "The expression needs more steps or space than is allowed and was stopped."
