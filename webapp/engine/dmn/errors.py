"""What is wrong with a decision model 决策模型, all at once, and what may fail when deciding."""

from dataclasses import dataclass

from webapp.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: the element it is on and a sentence in Chinese and in English."""

    element_id: str
    zh: str
    en: str


class DmnError(Refused):
    """决策模型有误。"""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        self.zh = "；".join(problem.zh for problem in problems[:5])
        super().__init__(f"决策模型有 {len(problems)} 处错误：{self.zh}", problems=problems)


class DecisionError(Refused):
    """决策计算失败。"""

    def __init__(self, zh: str, en: str, decision_id: str, rules: tuple[str, ...] = ()) -> None:
        self.zh = zh
        self.en = en
        self.decision_id = decision_id
        self.rules = rules
        super().__init__(zh, decision_id=decision_id, rules=rules)
