"""The two ways the engine says no: a diagram that may not be deployed, and a step that cannot be done."""

from collections.abc import Sequence

from webapp.domain.errors import Invalid
from webapp.engine.nouns import Problem


class BadDiagram(Invalid):
    """流程图有误，不能部署，请按提示修改后重新提交。"""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.found = tuple(found)
        super().__init__({_place(problem, number): problem.zh for number, problem in enumerate(found, 1)})
        for problem in self.found:
            self.add_note(f"{problem.file}:{problem.line} {problem.element_id} {problem.code}: {problem.zh}")


class EngineError(Exception):
    """A step failed inside the diagram; the state given in is untouched.

    ``element_id`` names the node (None when the state itself is unreadable), ``code`` the kind, ``zh`` the
    sentence for people.
    """

    def __init__(self, element_id: str | None, code: str, zh: str) -> None:
        self.element_id = element_id
        self.code = code
        self.zh = zh
        super().__init__(f"{code} at {element_id}: {zh}")


def _place(problem: Problem, number: int) -> str:
    place = "#".join(part for part in (problem.file, problem.element_id) if part) or "bundle"
    return f"{place}:{problem.code}:{number}"
