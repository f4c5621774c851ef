"""Who is there 到会情况, when it may be entered, and counts that leave nobody out (F02, F03)."""

from collections.abc import Mapping
from datetime import date

from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.domain.meetings import Meeting, Tally
from webapp.domain.workdays import zh_date

# How far ahead a meeting is called: beyond a year it is a slip of the pen.
FURTHEST_DAYS = 366


def require_not_lowered(meeting: Meeting, presence: Mapping[str, str]) -> None:
    """Once an item is voted on or decided nobody present becomes absent: quorum and count rest on it (F03)."""
    if any(presence.get(one, "present") != "present" for one in meeting.present):
        sentence = "已有议题付表决或有结果，已签到的成员不能改为未到会；中途离开的，在议题上注明“未表决”。"
        raise RuleBroken([Reason("ATTENDANCE_FIXED", sentence, "F03")])


def require_on_its_day(held_on: date, today: date, presence: Mapping[str, str], *, decided: bool) -> None:
    """签到: nobody is there before the day; afterwards it is entered only while nothing is decided, from the papers."""
    if today < held_on and "present" in presence.values():
        sentence = f"会议定于{zh_date(held_on)}，到会情况当日登记；会前只登记请假、缺席。"
        raise RuleBroken([Reason("ATTENDANCE_EARLY", sentence, "F03")])
    if today > held_on and decided:
        sentence = "会议日期已过，并已有议题形成结果，到会情况不能再改：表决的人数以会议当日登记的为准。"
        raise RuleBroken([Reason("ATTENDANCE_FIXED", sentence, "F03")])


def require_whole_count(tally: Tally, silent: int) -> None:
    """代录: votes and 未表决 make up everybody who took part in the item; Invalid for a count of nothing."""
    counted = tally.cast + silent
    if tally.present_for_item and counted != tally.present_for_item:
        sentence = (
            f"参加本项表决{tally.present_for_item}人，录入的票数加未表决共{counted}人。请按票签或纪要逐项录入，"
            "到会而未表决的填在“未表决”里。"
        )
        raise Invalid({"agree": sentence})


def require_within_a_year(held_on: date, today: date) -> None:
    """Invalid for a meeting called for more than a year ahead."""
    if (held_on - today).days > FURTHEST_DAYS:
        raise Invalid({"held_on": f"会议日期{zh_date(held_on)}在一年以后，请核对。"})
