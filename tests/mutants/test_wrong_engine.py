"""The engine's adapter made wrong by a line: the random walks must notice what is lost between two steps."""

from pathlib import Path

import pytest

from tests.mutants.house import Mutant, verdict

CODEC = "webapp/engine/codec.py"
WALKS = "tests/engine/test_walks.py::test_stored_and_restored_walks_are_the_same_as_living_ones[0]"

MUTANTS = (
    Mutant(
        "pruning takes tokens that wait at a join",
        CODEC, "    for token in scope.live.values():\n",
        "    for token in [one for one in scope.live.values() if \"flow\" not in one.internal_data]:\n",
        WALKS,
    ),
    Mutant(
        "a token is lost where several are restored",
        CODEC, "        for row in rows:\n",
        "        for row in rows[:-1] if len(rows) > 3 else rows:\n",
        WALKS,
    ),
    Mutant(
        "a timer comes back without its instant",
        CODEC, "    if memo is not None:\n",
        "    if memo is not None and \"due\" not in memo:\n",
        WALKS,
    ),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_wrong_adapter_is_noticed(house: Path, mutant: Mutant) -> None:
    assert verdict(house, mutant) == ""
