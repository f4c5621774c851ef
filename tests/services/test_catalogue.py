"""The linter knows the variables that every process of a case starts with."""

from sqlalchemy import Engine

from bench import world as worlds
from webapp.crypto.keyring import Keyring
from webapp.persistence import finders
from webapp.services.desk import standing
from webapp.services.instances import standard_variables
from webapp.services.office import STANDARD_VARIABLES


def test_the_catalogue_names_what_every_process_of_a_case_starts_with(
    sqlite_engine: Engine, keyring: Keyring
) -> None:
    world = worlds.build(sqlite_engine, keyring)
    case_id = world.open_case("样例〔2026〕1")
    with world.office.begin() as work:
        row = finders.load_case(work, case_id)
        assert row is not None
        assert set(standard_variables(work, standing(work, row))) == STANDARD_VARIABLES
