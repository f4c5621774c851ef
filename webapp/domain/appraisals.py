"""What a measure does to the appraisal of its year 年度考核影响 (D6): the table's word is kept, not only shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Reason
from webapp.domain.measures import MEASURES

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


# 留党察看 by how its kinds are called; its years are rated by comments only until rights are restored.
PROBATION = "party_probation"
_WEIGHT: Mapping[str, int] = {one.key: number for number, one in enumerate(MEASURES)}


@dataclass(frozen=True, slots=True)
class Taken:
    """A measure as the table of appraisals asks for it; ``restored_on``: when rights were restored 恢复党员权利."""

    track: str
    kind: str
    decided_on: date
    restored_on: date | None = None


def of_year(measures: Iterable[Taken], year: int) -> dict[str, object]:
    """What the table asks of a year: the measure that counts in it, and whether the cadre was on 留党察看.

    Of several in the year the party's counts before any other (党纪、政务并处的按党纪), the gravest of them; without
    one, the newest measure before.
    """
    known = sorted(
        (one for one in measures if one.decided_on.year <= year),
        key=lambda one: (one.decided_on, _WEIGHT.get(f"{one.track}.{one.kind}", 0)),
    )
    own = [one for one in known if one.decided_on.year == year]
    party = sorted((one for one in own if one.track == "party"), key=lambda one: _WEIGHT[f"party.{one.kind}"])
    counts = (party or own or known)[-1:]
    return {
        "track": counts[0].track if counts else "up_down",
        "kind": counts[0].kind if counts else "",
        "year_of_measure": bool(own),
        "probation_in_party": any(
            one.kind.startswith(PROBATION) and (one.restored_on is None or one.restored_on.year >= year)
            for one in known
        ),
    }


def reasons_against_grade(grade: str, *, effect: str, allows_excellent: bool) -> list[Reason]:
    """Why a year's appraisal may not be ``grade``; ``effect`` and ``allows_excellent``: what table D6 says."""
    fitting = FITTING.get(effect)
    if fitting is not None and grade != fitting:
        return [Reason("APPRAISAL_EFFECT", f"因所受处分、处理，本年度考核{_WORDS[fitting]}。", "D6")]
    if grade == "excellent" and not allows_excellent:
        return [Reason("APPRAISAL_EFFECT", "因所受处分、处理，本年度考核不得评为优秀。", "D6")]
    return []
