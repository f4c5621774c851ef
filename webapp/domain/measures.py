"""Kinds of measure 处分、处理、调整措施 that bring a cadre down, by legal track.

How many months each one bars lives in the decision table D1, never here.
"""

from dataclasses import dataclass
from typing import Literal

from webapp.domain.errors import Invalid

Track = Literal[
    "party", "admin", "handling", "accountability", "up_down", "mild", "personal_matters", "clear"
]

TRACKS: dict[Track, str] = {
    "party": "党纪处分",
    "admin": "政务处分",
    "handling": "组织处理",
    "accountability": "引咎辞职、责令辞职、问责免职",
    "up_down": "推进领导干部能上能下",
    "mild": "提醒函询诫勉",
    "personal_matters": "个人有关事项核查处理",
    "clear": "容错免责与澄清",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure 措施种类: track, code, Chinese name; ``open_ended`` until a later decision."""

    track: Track
    code: str
    zh: str
    open_ended: bool = False

    @property
    def key(self) -> str:
        """``party.warning``: unique over all tracks."""
        return f"{self.track}.{self.code}"


MEASURES: tuple[Measure, ...] = (
    Measure("party", "warning", "党内警告"),
    Measure("party", "serious_warning", "党内严重警告"),
    Measure("party", "serious_warning_for_removal", "党内严重警告（无党内职务可撤）"),
    Measure("party", "revoke_party_post", "撤销党内职务"),
    Measure("party", "party_probation_one_year", "留党察看一年", open_ended=True),
    Measure("party", "party_probation_two_years", "留党察看二年", open_ended=True),
    Measure("party", "expulsion", "开除党籍"),
    Measure("admin", "warning", "政务警告"),
    Measure("admin", "demerit", "政务记过"),
    Measure("admin", "major_demerit", "政务记大过"),
    Measure("admin", "grade_down", "政务降级"),
    Measure("admin", "dismissal_sanction", "政务撤职"),
    Measure("admin", "discharge", "政务开除", open_ended=True),
    Measure("handling", "suspension", "停职检查", open_ended=True),
    Measure("handling", "post_adjustment", "调整职务"),
    Measure("handling", "ordered_resignation", "责令辞职"),
    Measure("handling", "relieve_of_post", "免职（组织处理）"),
    Measure("handling", "demotion", "降职（组织处理）"),
    Measure("accountability", "resignation_taking_blame", "引咎辞职"),
    Measure("accountability", "ordered_resignation", "责令辞职（问责）"),
    Measure("accountability", "relieve_of_post", "问责免职"),
    Measure("up_down", "lateral_transfer", "平职调整"),
    Measure("up_down", "moved_from_post", "调离岗位"),
    Measure("up_down", "convert_to_rank_only", "转任职级公务员"),
    Measure("up_down", "relieve_of_post", "免职（不适宜担任现职）"),
    Measure("up_down", "demotion", "降职（不适宜担任现职）"),
    Measure("mild", "reminder", "提醒"),
    Measure("mild", "inquiry", "函询"),
    Measure("mild", "criticism", "批评教育"),
    Measure("mild", "admonishment", "诫勉"),
    Measure("personal_matters", "candidate_cancelled", "取消考察对象资格"),
    Measure("clear", "exempted", "容错免责"),
    Measure("clear", "name_cleared", "澄清正名"),
)

_BY_KEY = {measure.key: measure for measure in MEASURES}


def measure(track: str, code: str) -> Measure:
    """The kind of measure; Invalid when there is no such kind on that track."""
    found = _BY_KEY.get(f"{track}.{code}")
    if found is None:
        raise Invalid({"measure": f"没有“{track}.{code}”这种措施，请在措施目录中选择。"})
    return found
