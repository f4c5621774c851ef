"""What ``make test`` runs before the tests counts like a test."""

import os

from webapp.cli.bootstrap.verify import FAILED_PARTS


def test_formatter_linters_and_type_checks_found_nothing() -> None:
    assert os.environ.get(FAILED_PARTS, "") == ""
