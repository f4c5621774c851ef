"""Everything that can be refused: six refusals and one fault.

The docstring of a class is the sentence a person reads when the raiser says nothing better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground 理由 on which a regulation forbids something."""

    code: str
    sentence: str
    article: str = ""


class Refused(Exception):
    """此操作不能办理。"""

    status = 422

    def __init__(self, sentence: str | None = None, **details: object) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.details = details
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The machine-readable name of the refusal, e.g. ``Conflict``."""
        return type(self).__name__


class NotFound(Refused):
    """没有找到您要的内容，它可能已被移走，或您无权查看。"""

    status = 404


class NotAllowed(Refused):
    """您没有办理此事项的权限。"""

    status = 403


class Conflict(Refused):
    """该事项刚刚被他人更新，请刷新后再办理。"""

    status = 409


class Invalid(Refused):
    """填写内容有误，请按提示修改后重新提交。"""

    def __init__(self, problems: Mapping[str, str], sentence: str | None = None) -> None:
        self.problems = dict(problems)
        super().__init__(sentence)


class RuleBroken(Refused):
    """按有关规定，此事项目前不能办理。"""

    def __init__(self, reasons: Sequence[Reason], sentence: str | None = None) -> None:
        self.reasons = tuple(reasons)
        super().__init__(sentence)


class EngineFault(Exception):
    """流程运行出现异常，已登记，请联系管理员。"""

    status = 500

    def __init__(self, incident_id: str, sentence: str | None = None) -> None:
        self.incident_id = incident_id
        self.sentence = sentence or f"流程运行出现异常，已登记（编号 {incident_id}），请联系管理员处理。"
        super().__init__(self.sentence)
