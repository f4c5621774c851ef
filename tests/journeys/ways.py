"""Longer stretches from which the journeys set out."""

from datetime import date

from tests.journeys.office import Journey
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post

CADRE = person("苏白露")
OTHER = person("温霜降")
MENTOR = person("钟谷雨")
AWAY = "fgj:rank"
RANK_ONLY = "convert_to_rank_only"


def to_committee(
    journey: Journey, person_id: str = CADRE, *, post_code: str = AWAY, manner: str = RANK_ONLY
) -> str:
    """Up to the committee's agenda."""
    case_id = scenes.open_and_verify(journey, person_id)
    scenes.propose_and_consult(journey, case_id, manner=manner, post_id=post(post_code))
    return case_id


def to_tracking(
    journey: Journey,
    person_id: str = CADRE,
    *,
    mentor: str = MENTOR,
    post_code: str = AWAY,
    manner: str = RANK_ONLY,
) -> str:
    """Decided, talked to, in the new post, with a plan and a helper."""
    case_id = to_committee(journey, person_id, post_code=post_code, manner=manner)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=manner, post_id=post(post_code))
    scenes.talk_and_appoint(journey, case_id)
    scenes.set_up_tracking(journey, case_id, mentor=mentor)
    return case_id


def to_way_up(journey: Journey, person_id: str = CADRE, *, mentor: str = MENTOR, **given: str) -> str:
    """Tracked for the whole year, recommended."""
    case_id = to_tracking(journey, person_id, mentor=mentor, **given)
    scenes.live(journey, case_id, date(2025, 2, 10))
    scenes.conclude(journey, case_id, date(2025, 3, 4))
    return case_id
