"""What an export 导出 from the history is for 用途; it is kept with the record of the export."""

from collections.abc import Mapping

from webapp.domain.errors import Invalid

PURPOSES: Mapping[str, str] = {
    "inspection": "巡视巡察",
    "internal_audit": "内部审计",
    "petition": "信访核查",
    "appeal": "复核申诉",
    "archive": "归档移交",
    "other_work": "其他工作需要",
}
# What the ledger 台账 is taken along for.
LEDGER_PURPOSES: Mapping[str, str] = {
    "meeting": "会议研究",
    "report": "向上级报告",
    "check": "检查、巡视巡察",
    "filing": "归档备查",
}
# Registers whose rows would tell who chose what in a vote.
UNSAID = frozenset({"item_choice", "item_participation"})
# More lines than this nobody reads; the search is to be narrowed instead.
MOST_LINES = 5000


def require_purpose(code: str) -> str:
    """The code of a purpose; Invalid when none was chosen."""
    if code not in PURPOSES:
        raise Invalid({"purpose": "请选择导出的用途，它会记入办理记录。"})
    return code
