"""What a decision entered by the second door must be 登记核对: kind, days and term that can be, entered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.domain.impact import MONTHS_DECIDED_CAP, end_of, months_in_force
from webapp.domain.measure_changes import PROBATION_MONTHS
from webapp.domain.measures import TRACKS, Measure
from webapp.domain.measures import measure as kind_of
from webapp.domain.workdays import zh_date


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it was typed; None for what is missing or unreadable, which the form itself says."""

    track: str | None
    kind: str | None
    decided_on: date | None
    effective_on: date | None
    months_decided: int | None
    document_no: str
    is_late: bool

    @property
    def measure(self) -> Measure | None:
        """The kind of measure, None while there is no such kind on the track."""
        try:
            return kind_of(self.track or "", self.kind or "")
        except Invalid:
            return None


def problems(entry: Entry, terms: Sequence[int], today: date) -> dict[str, str]:
    """Everything that keeps the entry from being registered, by field; ``terms``: the months of D1's bars."""
    found = {
        "late_entry": _against_new(entry, terms, today),
        "kind": _against_kind(entry),
        "decided_on": "决定日期不能晚于今天，请核对。" if _after(entry.decided_on, today) else "",
        "effective_on": _against_effect(entry, today),
        "months_decided": against_term(entry.measure, entry.months_decided, terms),
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def _against_kind(entry: Entry) -> str:
    if not entry.track or not entry.kind or entry.measure is not None:
        return ""
    track = next((zh for code, zh in TRACKS.items() if code == entry.track), "所选类别")
    return f"“{track}”没有这种措施，请按决定原文重新选择措施类别和种类。"


def _against_new(entry: Entry, terms: Sequence[int], today: date) -> str:
    """What is over already was carried out long ago: it is entered late 补录, not announced anew."""
    if entry.is_late or entry.effective_on is None or entry.measure is None or entry.measure.open_ended:
        return ""
    months = max([*terms, entry.months_decided or 0])
    if not 1 <= months <= MONTHS_DECIDED_CAP or end_of(entry.effective_on, months) >= today:
        return ""
    over = zh_date(end_of(entry.effective_on, months))
    return f"按所填内容，影响期已于{over}届满。早已执行的决定请选“补录”；日期有误的请更正。"


def _after(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other


def _against_effect(entry: Entry, today: date) -> str:
    if _after(entry.decided_on, entry.effective_on):
        return "生效日期不能早于决定日期，请核对。"
    if _after(entry.effective_on, today):
        return "生效日期不能晚于今天：影响期从生效之日起算，尚未生效的决定待生效后登记。"
    return ""


def against_term(kind: Measure | None, stated: int | None, terms: Sequence[int]) -> str:
    """Why a decision cannot state so many months, '' when it can; ``terms``: the months of D1's bars.

    A party sanction has the term of its kind alone; where a decision may set a longer one, up to the cap.
    """
    if kind is None or stated is None:
        return ""
    fixed = PROBATION_MONTHS.get(kind.code, max(terms, default=0))
    if kind.open_ended and kind.code not in PROBATION_MONTHS:
        return ""
    if not fixed:
        return f"{kind.zh}按规定没有影响期，“决定载明的期间”请留空。"
    if kind.track == "party":
        return "" if stated == fixed else f"{kind.zh}的期间按规定为{fixed}个月，请核对决定原文，或者留空。"
    try:
        months_in_force(fixed, stated)
    except RuleBroken as broken:
        return broken.reasons[0].sentence
    return ""


def same_decision(document_no: str, other: str) -> bool:
    """True for one document number 文号 written in two ways; never for a missing one."""
    return bool(_plain(document_no)) and _plain(document_no) == _plain(other)


def _plain(document_no: str) -> str:
    brackets = str.maketrans("［］[]（）()【】", "〔〕〔〕〔〕〔〕〔〕")
    return "".join(document_no.split()).translate(brackets)


def twice(kind: Measure, document_no: str, decided_on: date, case_no: str) -> Reason:
    """Why one decision is not registered a second time: its period would be counted twice."""
    sentence = (
        f"该决定（{kind.zh}，{document_no}，{zh_date(decided_on)}）已登记在卷宗{case_no}，不能重复登记，"
        "否则影响期会重复计算；登记有误的，在该卷宗的措施页面更正。"
    )
    return Reason("MEASURE_TWICE", sentence)
