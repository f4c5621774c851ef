"""What a decision would bar 影响期预核, worked out before it is registered; nothing is written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain import impact
from webapp.domain.errors import Invalid, RuleBroken
from webapp.domain.measures import measure as kind_of
from webapp.services.cases import policy_of
from webapp.services.delegates.measures import bars_of
from webapp.services.dossier import policy_of as counting_policy
from webapp.services.dossier import running_periods
from webapp.services.impact_table import months_of
from webapp.services.office import Office

LONGEST = 3
Found = tuple[tuple[impact.ImpactPeriod, ...], str]


def preview(office: Office, answers: Mapping[str, Any]) -> Found:
    """The periods D1 gives for the answers of the second door, or the sentence that says why there are none."""
    track, kind = str(answers.get("track", "")), str(answers.get("kind", ""))
    start = _day(answers.get("effective_on"))
    if not track or not kind or start is None:
        return (), ""
    try:
        kind_of(track, kind)
    except Invalid:
        return (), "措施种类与措施类别不符，请重新选择。"
    decided_on = _day(answers.get("decided_on"))
    if decided_on is not None and start < decided_on:
        return (), "生效日期早于决定日期，请核对。"
    with office.glance() as work:
        months = months_of(work, track, kind)
        running = running_periods(work, str(answers.get("cadre", "")))
        policy = counting_policy(policy_of(work))
    stated = str(answers.get("months_decided", ""))
    decided = int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= LONGEST else None
    try:
        found = impact.periods(
            bars_of(months), start, policy, basis=f"{track}.{kind}", track=track, running=running,
            months_decided=decided,
        )  # fmt: skip
    except RuleBroken as broken:
        return (), broken.reasons[0].sentence
    return found, "" if found else "按规定，此措施没有影响期。"


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
