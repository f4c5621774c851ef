"""What a measure does to the appraisal of its year 年度考核影响 (D6): the table's word is kept, not only shown."""

from collections.abc import Mapping

from webapp.domain.errors import Reason

# Effect in the table → the only result that fits it; the others leave a choice.
FITTING: Mapping[str, str] = {
    "incompetent": "incompetent",
    "comments_only": "comment_only",
    "no_grade_until_closed": "pending",
}
_WORDS: Mapping[str, str] = {
    "incompetent": "应确定为“不称职”",
    "comment_only": "只写评语、不定等次",
    "pending": "在审查调查结案以前暂不确定等次",
}


def reasons_against_grade(grade: str, *, effect: str, allows_excellent: bool) -> list[Reason]:
    """Why a year's appraisal may not be ``grade``; ``effect`` and ``allows_excellent``: what table D6 says."""
    fitting = FITTING.get(effect)
    if fitting is not None and grade != fitting:
        return [Reason("APPRAISAL_EFFECT", f"因所受处分、处理，本年度考核{_WORDS[fitting]}。", "D6")]
    if grade == "excellent" and not allows_excellent:
        return [Reason("APPRAISAL_EFFECT", "因所受处分、处理，本年度考核不得评为优秀。", "D6")]
    return []
