"""A form opens with what the process knows already."""

import json
from datetime import UTC, datetime
from pathlib import Path

from webapp.domain.fields import fields_of
from webapp.web import forms

FORMS = Path(__file__).parents[2] / "workflows" / "p01_down_adjustment" / "forms"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
VOTED = {"proposed_manner": "demotion", "proposed_post_id": "0198a3a4-0000-7000-8000-000000000001"}


def opened(name: str, **variables: object) -> dict[str, object]:
    fields = fields_of(json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8")))
    return dict(forms.prefilled(fields, variables, now=NOW).posted)


def test_the_decision_opens_with_what_the_meeting_has_voted_on() -> None:
    assert opened("decision_record", committee_item=VOTED) == {
        "decided_manner": "demotion", "target_post_id": VOTED["proposed_post_id"],
    }  # fmt: skip
    assert opened("decision_record", committee_item={"agenda_item_id": "x"}) == {}


def test_who_confirms_a_deviation_sees_both_sides() -> None:
    shown = opened(
        "deviation_confirmation", committee_item=VOTED, decided_manner="lateral_transfer", target_post_id="p"
    )

    assert shown == {
        "voted_manner": "demotion", "voted_post": VOTED["proposed_post_id"],
        "registered_manner": "lateral_transfer", "registered_post": "p",
    }  # fmt: skip
