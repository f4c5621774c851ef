"""Instances stored by earlier versions of the engine load on today's code and go on to their end."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.engine.builder import CATALOGUE
from tests.engine.play import Play
from webapp.engine import EngineError, parse, variables
from webapp.engine.cache import specs_of
from webapp.engine.codec import decode, unpack

FROZEN = {
    f"{file.stem}:{name}": found
    for file in sorted(Path(__file__).with_name("diagrams").glob("frozen_version_*.json"))
    for name, found in json.loads(file.read_text()).items()
}


@pytest.fixture(params=FROZEN)
def frozen(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = FROZEN[request.param]
    return found


def restored(frozen: dict[str, Any]) -> Play:
    """A caller's view of the stored instance: everything that is open in the state."""
    play = Play(parse({"p.bpmn": frozen["xml"].encode()}, CATALOGUE), datetime.fromisoformat(frozen["now"]))
    play.state = base64.b64decode(frozen["state"])
    machine = decode(play.state, play.definition, specs_of(play.definition), now=play.now, seed=play.seed)
    for scope in machine.every_scope():
        for token in scope.live.values():
            if token.task_spec.exposed and "due" in token.internal_data:
                play.keep_timer(token.id, token.task_spec.bpmn_id, token.internal_data["due"])
            elif token.task_spec.exposed:
                play.keep_open(token.id, token.task_spec.bpmn_id, token.task_spec.part.node.kind)
    return play


def test_an_old_instance_holds_what_it_held(frozen: dict[str, Any]) -> None:
    play = restored(frozen)

    assert play.waiting == frozen["open"]
    assert variables(play.state or b"") == frozen["variables"]


def test_an_old_instance_goes_on_to_its_end(frozen: dict[str, Any]) -> None:
    play = restored(frozen)
    for _ in range(40):
        if play.last is not None and play.last.finished:
            break
        if play.calls:
            play.returned(next(iter(play.calls.values())).element_id)
        elif play.tasks:
            play.complete(next(iter(play.tasks.values())).element_id, more=False)
        elif play.subscriptions:
            play.hear(next(iter(play.subscriptions.values())).element_id)

    assert play.last is not None
    assert play.last.finished


@pytest.mark.parametrize("number", [0, 2, 9, 255])
def test_a_state_of_another_version_is_refused_and_not_written(number: int) -> None:
    state = base64.b64decode(next(iter(FROZEN.values()))["state"])

    with pytest.raises(EngineError, match=r"state\.version"):
        unpack(state[:3] + bytes([number]) + state[4:])
