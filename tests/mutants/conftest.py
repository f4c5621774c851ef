"""The copy of the product, made once for all mutants of a test process."""

from pathlib import Path

import pytest

from tests.mutants.house import build


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to break."""
    return build(tmp_path_factory.mktemp("house"))
