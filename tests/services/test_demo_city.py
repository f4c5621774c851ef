"""The demo's organisation as a whole city: its size, its people, its log-ins, the same at every load."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest

from webapp.crypto.keyring import Keyring
from webapp.domain.roles import ROLES
from webapp.persistence.database import open_engine
from webapp.persistence.models import people
from webapp.services import reads
from webapp.services.demo import cast, cast_city, logins, organisation
from webapp.services.office import Office


@pytest.fixture(scope="module")
def city(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The whole city, without any case."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copy(migrated_file, folder / "city.db")
    engine = open_engine(f"sqlite:///{folder / 'city.db'}")
    office = Office(engine, Keyring.open(folder / "home", environment={}), {}, shifted=True)
    before = process_time()
    organisation.install(office.begin(), password_hash="never used here", size=organisation.CITY)
    assert process_time() - before < 5
    yield office
    engine.dispose()


def rows(office: Office, table: Any) -> list[Any]:
    """All rows of a table."""
    with reads.begin(office) as look:
        return list(look.all(table))


def test_the_city_has_three_hundred_cadres_of_plausible_ranks_and_ages(city: Office) -> None:
    cadres = rows(city, people.cadre)
    assert len(cadres) == 300
    assert Counter(row["rank"] for row in cadres) == {"正处": 70, "副处": 190, "四级调研员": 40}
    persons = {row["id"]: row for row in rows(city, people.person)}
    mine = [persons[row["person_id"]] for row in cadres]
    with reads.begin(city) as look:
        ages = [look.now.year - int(str(row["birth_month"])[:4]) for row in mine]
    assert min(ages) >= 35
    assert max(ages) <= 60
    assert 47 <= median(ages) <= 51
    assert 0.18 <= sum(row["sex"] == "女" for row in mine) / 300 <= 0.27
    assert 0.03 <= sum(row["party"] != "中共党员" for row in mine) / 300 <= 0.08


def test_no_name_is_given_twice_and_no_post_is_held_by_more_than_its_quota(city: Office) -> None:
    names = [row["name"] for row in rows(city, people.person)]
    assert len(names) == len(set(names))
    held = Counter(row["post_id"] for row in rows(city, people.appointment))
    quotas = {row["id"]: row["quota"] for row in rows(city, people.post)}
    assert [post for post, number in held.items() if number > quotas[post]] == []


def test_every_unit_is_marked_as_an_example_and_every_role_has_a_log_in(city: Office) -> None:
    places = rows(city, people.organisation)
    assert {row["code"][:2] for row in places} == {"99"}
    assert [row["name"] for row in places if "（示例）" not in row["name"]] == []
    assert sum(row["kind"] == "unit" for row in places) == len(cast.UNITS) + len(cast_city.UNITS)
    everybody = logins.everyone(city)
    assert {role for one in everybody for role in one["roles"]} >= {role.code for role in ROLES}
    few, others = logins.offered(city)
    assert {one.login for one in few} == set(logins.PRESENTED)
    assert 36 <= len(few) <= 44
    assert {one.login for one in (*few, *others)} == {one["login"] for one in everybody}


def test_the_committee_manages_and_is_never_managed(city: Office) -> None:
    names = {row["id"]: row["name"] for row in rows(city, people.person)}
    managed = {names[row["person_id"]] for row in rows(city, people.cadre)}
    assert not managed & set(cast.COMMITTEE_MEMBERS)


def test_another_load_invents_the_same_people() -> None:
    assert cast_city.figures(organisation.SEED) == cast_city.figures(organisation.SEED)
    assert cast_city.figures(organisation.SEED) != cast_city.figures(organisation.SEED + 1)
