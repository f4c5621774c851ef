"""Policy values 规则参数 that an office may set within the law, and what the law has fixed for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.errors import Conflict, Invalid
from webapp.domain.meetings import NOTICE_DAYS
from webapp.domain.publicity import LEAST_WORKDAYS
from webapp.domain.workdays import zh_date

Value = bool | int
LONGEST_DOCUMENT = 120


@dataclass(frozen=True, slots=True)
class Policy:
    """One value 参数: copied to a case when it is opened, so that a change never reaches a running case (F19).

    ``least`` and ``most`` bound a number; ``law``: why it cannot be less.
    """

    code: str
    zh: str
    help: str
    kind: Literal["flag", "number"]
    default: Value
    least: int = 0
    most: int = 0
    unit: str = ""
    law: str = ""

    def words(self, value: object) -> str:
        """A value as the page says it."""
        if self.kind == "flag":
            return "是" if value else "否"
        return f"{value}{self.unit}"


POLICIES: tuple[Policy, ...] = (
    Policy(
        "publicity_workdays",
        "任前公示的天数",
        "公示不少于法定的工作日数；可以按本地规定延长。",
        "number",
        LEAST_WORKDAYS,
        LEAST_WORKDAYS,
        30,
        "个工作日",
        f"法定公示期不少于{LEAST_WORKDAYS}个工作日，不能缩短",
    ),
    Policy(
        "publicity_same_level",
        "平级重新任职也公示",
        "平级重新任职没有法定公示；组织决定公示的，在此设定。",
        "flag",
        False,
    ),
    Policy(
        "report_all",
        "重新任用一律事先报告上级",
        "除法定须事先报告的情形外，其余重新任用是否也报告。",
        "flag",
        False,
    ),
    Policy(
        "agenda_notice_days",
        "议题提前列入议程的天数",
        "会前至少几天列入议程，不得临时动议。",
        "number",
        NOTICE_DAYS,
        NOTICE_DAYS,
        15,
        "天",
        "不得临时动议，至少提前一天列入议程",
    ),
    Policy(
        "end_day_barred",
        "影响期届满日当日仍受限制",
        "实践中理解不一，依据待核；核算说明写明所用口径。",
        "flag",
        True,
    ),
)
# What no office sets 法定、不可更改.
FIXED: tuple[tuple[str, str], ...] = (
    ("到会人数", "应到会成员三分之二以上到会方能开会，回避的成员仍计入应到会人数。"),
    ("通过票数", "赞成票超过应到会成员半数为通过。"),
    ("影响期", "期限由措施种类和决定确定，不因表现缩短，不因节假日移动。"),
)
_BY_CODE = {one.code: one for one in POLICIES}


def policy(code: str) -> Policy:
    """The policy of a code; Invalid when there is none."""
    found = _BY_CODE.get(code)
    if found is None:
        raise Invalid({"key": "请选择要设定的规则参数。"})
    return found


def value_of(code: str, text: str) -> Value:
    """A typed value; Invalid when it is none or passes what the law sets."""
    known = policy(code)
    if known.kind == "flag":
        if text not in ("是", "否"):
            raise Invalid({"value": "请填写“是”或者“否”。"})
        return text == "是"
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= len(str(known.most))):
        raise Invalid({"value": f"请填写{known.least}到{known.most}之间的整数。"})
    if not known.least <= int(plain) <= known.most:
        law = f"{known.law}；" if int(plain) < known.least else ""
        raise Invalid({"value": f"{law}请填写{known.least}到{known.most}之间的整数。"})
    return int(plain)


def require_from(valid_from: date, today: date, taken: Iterable[date]) -> None:
    """A value is valid from a day to come, or today; never in the past, and one value a day."""
    if valid_from < today:
        raise Invalid({"valid_from": f"生效日不能早于今天（{zh_date(today)}），规则不溯及既往。"})
    if valid_from in set(taken):
        raise Conflict(f"该参数已有自{zh_date(valid_from)}起生效的值，请另选生效日。")


def require_document(document: str) -> str:
    """The paper a value rests on 依据文件, in words."""
    told = document.strip()
    if not told or len(told) > LONGEST_DOCUMENT:
        raise Invalid({"document": f"请填写依据文件的名称和文号，不超过{LONGEST_DOCUMENT}字。"})
    return told
