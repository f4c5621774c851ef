"""A whole site to try things on: the demo organisation and the deployed processes, copied for every test.

Import the fixtures into a conftest: ``from tests.site import any_site, pg_site, site``.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from tests import routes
from tests.conftest import TEMPLATE
from webapp.app import create_app
from webapp.config import Config
from webapp.domain.access import Actor, system_actor
from webapp.domain.workdays import local_date
from webapp.persistence.models import identity, people, runtime
from webapp.persistence.models.identity import User
from webapp.services import cases, deployments, reads, tasks
from webapp.services import identity as who
from webapp.services.demo import logins, organisation
from webapp.services.office import Office

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
SECRET = "a secret of the tests alone"
PASSWORD = logins.PASSWORD
CADRE = "钟谷雨"
SIGNAL: Mapping[str, str | list[str]] = {
    "source": "inspection", "situation_codes": ["U03_weak_resolve"], "severity_reported": "medium",
    "source_count": "2", "credibility": "plausible", "summary": "巡察反馈推进重点任务不力。",
}  # fmt: skip
SITE_TEMPLATE = "site"


class Browser:
    """A browser with its cookies; every post carries a real CSRF token and a fresh idempotency key."""

    def __init__(self, site: "Site", session_key: str | None = None, **environ: Any) -> None:
        self.site = site
        self.client: FlaskClient = site.app.test_client()
        self.environ = environ
        self.csrf = uuid4().hex
        with self.client.session_transaction() as session:
            session["csrf_token"] = self.csrf
            if session_key is not None:
                session["_user_id"], session["_fresh"] = session_key, True

    @property
    def token(self) -> str:
        """The token as the page would carry it."""
        signer = URLSafeTimedSerializer(self.site.app.secret_key, salt="wtf-csrf-token")
        return str(signer.dumps(self.csrf))

    def get(self, path: str, **more: Any) -> TestResponse:
        """GET a page."""
        return self.site.checked(self.client.get(path, **{"buffered": True, **self.environ, **more}))

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, token: bool = True, key: str = "", **more: Any
    ) -> TestResponse:  # fmt: skip
        """POST a form; ``key`` the idempotency key, else a fresh one; ``token=False`` leaves the CSRF token out."""
        fields = {"idempotency_key": key or str(uuid4()), **(data or {})}
        if token:
            fields = {"csrf_token": self.token, **fields}
        return self.site.checked(
            self.client.post(path, data=fields, **{"buffered": True, **self.environ, **more})
        )


@dataclass
class Site:
    """One installation: its app and verbs that get a test to where it begins."""

    app: Flask
    faults: list[Exception] = field(default_factory=list)
    # A test that provokes an unforeseen error looks at the answer; all others are told of it at once.
    faults_expected: bool = False

    @property
    def office(self) -> Office:
        """The office of the app."""
        found: Office = self.app.extensions["office"]
        return found

    @property
    def today(self) -> date:
        """The legal date of the site's clock."""
        with reads.begin(self.office) as look:
            return local_date(look.now)

    def checked(self, answer: TestResponse) -> TestResponse:
        """The answer, or the unforeseen error behind it."""
        if self.faults and not self.faults_expected:
            raise self.faults.pop()
        return answer

    def as_(self, login: str, **environ: Any) -> Browser:
        """A browser in which somebody has signed in."""
        return Browser(self, session_key(login), **environ)

    def visitor(self, **environ: Any) -> Browser:
        """A browser in which nobody has signed in."""
        return Browser(self, **environ)

    def actor(self, login: str) -> Actor:
        """The actor behind a log-in, for calling verbs directly."""
        with reads.begin(self.office) as look:
            return who.actor_of(look, user_id(login))

    def person(self, name: str) -> str:
        """The id of a person of the demo."""
        return organisation.fixed("person", name)

    def open_case(self, cadre: str = CADRE, *, by: str = "ganbu1", **answers: str | list[str]) -> str:
        """Register a signal on a cadre → the case's id; p01 then waits at ``assess``."""
        posted = {**SIGNAL, "received_on": self.today.isoformat(), **answers}
        reply = cases.open_(
            self.office.begin(), self.actor(by), door="up_down", person_id=self.person(cadre), posted=posted,
            key=str(uuid4()),
        )  # fmt: skip
        return str(reply["case_id"])

    def open_tasks(self, case_id: str) -> dict[str, str]:
        """The open tasks of a case: element id → task id."""
        return {
            row["element_id"]: row["id"]
            for row in self.rows(runtime.work_item, case_id=case_id, status="open")
        }

    def task(self, case_id: str, element_id: str) -> str:
        """The id of the open task of an element."""
        found = self.open_tasks(case_id)
        assert element_id in found, f"{element_id} is not open; open are {sorted(found)}"
        return found[element_id]

    def complete(self, task_id: str, by: str, **answers: str | list[str]) -> Mapping[str, Any]:
        """Complete a task by its verb, without a browser."""
        return tasks.complete(
            self.office.begin(), self.actor(by), task_id=task_id, posted=answers, key=str(uuid4())
        )

    def rows(self, table: Any, **where: Any) -> list[dict[str, Any]]:
        """The rows of a table."""
        with reads.begin(self.office) as look:
            return [dict(row) for row in look.all(table, **where)]

    def change(self, table: Any, where: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Change master data behind the site's back: a role lost, an account disabled."""
        with self.office.engine.begin() as connection:
            fits = [table.c[name] == value for name, value in where.items()]
            assert connection.execute(table.update().where(*fits).values(**values)).rowcount

    def take_role(self, login: str, role: str) -> None:
        """End a role as of yesterday."""
        where = {"user_id": user_id(login), "role": role}
        self.change(identity.role_grant, where, {"valid_to": self.today - timedelta(days=1)})

    def hire(self, login: str, name: str, role: str, place: str) -> None:
        """A new log-in with one role at an organisation of the demo (its code)."""
        person = {"id": self.person(name), "name": name, "created_at": self.instant()}
        user = {
            "id": user_id(login), "username": login, "person_id": person["id"], "active": True,
            "fs_uniquifier": session_key(login), "created_at": self.instant(),
        }  # fmt: skip
        grant = {
            "id": organisation.fixed("grant", login), "user_id": user["id"], "role": role,
            "organisation_id": organisation.fixed("organisation", place), "valid_from": organisation.SINCE,
        }  # fmt: skip
        rows = ((people.person, person), (User.__table__, user), (identity.role_grant, grant))
        with self.office.engine.begin() as connection:
            for table, row in rows:
                connection.execute(table.insert().values(**row))

    def second_committee(self, login: str = "linshi1") -> str:
        """A committee beside the demo's with an officer of its own organisation department → the log-in."""
        since = organisation.SINCE
        places = [
            ("ls", "中共临汐市委员会（示例）", "committee"),
            ("lszzb", "临汐市委组织部（示例）", "org_dept"),
        ]
        with self.office.engine.begin() as connection:
            for code, name, kind in places:
                row = {
                    "id": organisation.fixed("organisation", code),
                    "code": f"98{code}",
                    "name": name,
                    "kind": kind,
                }
                connection.execute(people.organisation.insert().values(**row, valid_from=since))
            body = {
                "committee_id": organisation.fixed("organisation", "ls"), "body": "org_dept",
                "organisation_id": organisation.fixed("organisation", "lszzb"), "valid_from": since,
            }  # fmt: skip
            connection.execute(people.authority_body.insert().values(**body))
        self.hire(login, "凌霄花", "cadre_section", "lszzb")
        return login

    def instant(self) -> datetime:
        """The database's now."""
        with reads.begin(self.office) as look:
            return look.now


def user_id(login: str) -> str:
    """The id of a demo log-in."""
    return organisation.fixed("user", login)


def session_key(login: str) -> str:
    """What the session of a demo log-in holds."""
    return organisation.fixed("session", login)


def config(home: Path, url: str, **changes: Any) -> Config:
    """Settings of a site for tests."""
    values: dict[str, Any] = {"mode": "test", "secure_cookies": False, "secret_key": SECRET, **changes}
    return Config(home=home, database_url=url, **values)


def open_site(settings: Config) -> Site:
    """The site on a prepared database."""
    routes.prepare()
    site = Site(create_app(settings))
    site.office._definitions.update(_definitions())
    site.app.jinja_env.bytecode_cache = _compiled()
    answer = site.app.error_handler_spec[None][None][Exception]

    def noted(error: Exception) -> Any:
        site.faults.append(error)
        return answer(error)

    site.app.register_error_handler(Exception, noted)
    return site


class Compiled(BytecodeCache):
    """Templates compiled once for all sites of the tests."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled before, if anything."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> Compiled:
    return Compiled()


@cache
def _definitions() -> dict[str, Any]:
    """Parsed once for all sites of the tests."""
    return {}


def prepare(app: Flask) -> None:
    """Deploy the processes and install the demo organisation on a migrated database."""
    office: Office = app.extensions["office"]
    with app.app_context():
        for bundle in deployments.read_folder(WORKFLOWS):
            deployments.deploy(office.begin(), system_actor("installation"), bundle, origin="installation")
        organisation.install(office.begin(), password_hash=hash_password(PASSWORD))
    _definitions().update(office._definitions)


@pytest.fixture(scope="session")
def prepared(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a prepared SQLite file and the keys, to copy."""
    return _prepare_home(migrated_file, tmp_path_factory.getbasetemp() / "prepared-site")


def _prepare_home(migrated_file: Path, home: Path) -> Path:
    if home.exists():
        return home
    home.mkdir()
    path = home / "zaishang.db"
    shutil.copy(migrated_file, path)
    app = create_app(config(home, f"sqlite:///{path}"))
    prepare(app)
    app.extensions["office"].engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return home


@contextmanager
def copied_site(prepared: Path, folder: Path, **changes: Any) -> Iterator[Site]:
    """A site on its own copy of the prepared home; ``changes`` to the settings."""
    home = folder / "site"
    shutil.copytree(prepared, home)
    found = open_site(config(home, f"sqlite:///{home / 'zaishang.db'}", **changes))
    yield found
    _dispose(found)


def _dispose(site: Site) -> None:
    site.office.engine.dispose()
    with site.app.app_context():
        from webapp.persistence.database import db

        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A site of its own on SQLite."""
    with copied_site(prepared, tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def pg_template(server: str, prepared: Path) -> str:
    """A prepared PostgreSQL database to clone, one for all test processes."""
    name = f"{SITE_TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    with psycopg.connect(server, autocommit=True) as connection:
        # Every folder of tests that imports this fixture has its own; the database is the same.
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    app = create_app(config(prepared, _address(server, name)))
    prepare(app)
    app.extensions["office"].engine.dispose()
    return name


def _address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def pg_site(server: str, pg_template: str, prepared: Path) -> Iterator[Site]:
    """A site of its own on PostgreSQL."""
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {pg_template} STRATEGY file_copy")
        found = open_site(config(prepared, _address(server, name)))
        yield found
        _dispose(found)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(request: pytest.FixtureRequest) -> Site:
    """A site of its own, once on each kind of database."""
    found: Site = request.getfixturevalue("site" if request.param == "sqlite" else "pg_site")
    return found
