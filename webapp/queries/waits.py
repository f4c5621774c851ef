"""What an item of the agenda waits for, said before anybody tries 表决、计票的条件."""

from collections.abc import Callable
from datetime import date

from webapp.domain import meetings as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Refused, RuleBroken

VOID_ZH = "代录后，此前在线所投的票作废，以纸面记录为准。"


def may_vote(actor: Actor, meeting: rules.Meeting, item: rules.Item) -> bool:
    """True when the member may cast a ballot now."""
    return _is_allowed(lambda: rules.require_may_vote(actor, meeting, item, "agree"))


def may_record(actor: Actor, meeting: rules.Meeting, item: rules.Item) -> bool:
    """True when the recorder may enter what the meeting did."""
    return _is_allowed(lambda: rules.require_may_record(actor, meeting, item))


def of_day(held_on: date, today: date) -> tuple[str, ...]:
    """Why nobody votes and nothing is counted any more: the day of the meeting is over."""
    return _reasons(lambda: rules.require_on_its_day(held_on, today))


def of_vote(
    actor: Actor, meeting: rules.Meeting, item: rules.Item, over: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Why a member does not vote: the day is over, the chief speaks last, somebody has not signed in."""
    if item.state != "voting" or actor.person_id not in meeting.members - item.voted:
        return ()
    return over or _reasons(lambda: rules.require_may_vote(actor, meeting, item, "agree"))


def of_count(meeting: rules.Meeting, item: rules.Item, over: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Why nothing is counted: the day is over, or somebody has neither voted nor been noted as 未表决."""
    if item.state != "voting":
        return ()
    if over:
        return (*over, VOID_ZH) if item.voted else over
    return _reasons(lambda: rules.require_may_close_item(item, meeting))


def silent(meeting: rules.Meeting, item: rules.Item) -> tuple[str, ...]:
    """Whom the recorder may note as not having voted, once the others have begun to."""
    under_way = item.state == "voting" and meeting.state == "open" and item.voted
    return tuple(sorted(rules.not_voted(item, meeting))) if under_way else ()


def _is_allowed(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except Refused:
        return False
    return True


def _reasons(attempt: Callable[[], None]) -> tuple[str, ...]:
    try:
        attempt()
    except RuleBroken as broken:
        return tuple(reason.sentence for reason in broken.reasons)
    except Refused:
        return ()
    return ()
