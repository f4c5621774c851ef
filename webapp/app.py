"""Wires everything; with ``config`` the only reader of the environment."""

import gc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response
from flask_migrate import Migrate
from flask_security import Security, SQLAlchemyUserDatastore
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.cli import commands
from webapp.config import Config
from webapp.crypto.keyring import Keyring
from webapp.engine import Apart
from webapp.persistence.database import db, open_engine
from webapp.persistence.models.identity import SecurityRole, User
from webapp.services import messages
from webapp.services.delegates import DELEGATES
from webapp.services.office import FUNCTION_NAMES, Office
from webapp.web import assets, entrances, formatting, headers, metrics, posting
from webapp.web.signing import Protection, Sessions

LARGEST_REQUEST = 25 * 1024 * 1024
MOST_PARTS = 2000
# A request leaves hardly any cycles behind; looking for them after every 700 new objects took a tenth of its time.
NEW_OBJECTS = 20_000


class Site(Flask):
    """The application; nothing in it is asynchronous, so nothing is asked whether it is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def redirect(self, location: str, code: int = 302) -> Response:
        """Without the library's page in English, which no browser shows."""
        return Response(status=code, headers={"Location": location})


def create_app(config: Config | None = None) -> Flask:
    """The Flask application for a configuration, from the environment when none is given."""
    settings = config or Config.from_env()
    gc.set_threshold(NEW_OBJECTS)
    app = Site(__name__, static_folder=None, template_folder="web/templates")
    app.session_interface = Sessions()
    _configure(app, settings)
    office = Office(
        engine=open_engine(settings.database_url),
        keyring=Keyring.open(settings.home),
        delegates=DELEGATES,
        shifted=settings.may_shift_clock,
        deliver=messages.deliver_all,
    )
    if settings.mode != "test":
        office.judge = Apart(FUNCTION_NAMES).judge
    app.before_request(posting.limit)
    db.init_app(app)
    Migrate(app, db)
    security = Security(app, SQLAlchemyUserDatastore(db, User, SecurityRole), register_blueprint=False)
    _look_nobody_up(app, security)
    Protection(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.extensions["office"], app.extensions["config"] = office, settings
    for part in (metrics, assets, formatting, headers, entrances):
        part.install(app)
    commands.install(app)
    return app


def _look_nobody_up(app: Flask, security: Security) -> None:
    """Who asks is one statement of ours (``web.session``); the sign-in library would ask again on every page."""
    security.principal.identity_loaders.clear()
    known = app.template_context_processors[None]
    known[:] = [one for one in known if one.__module__ != "flask_login.utils"]


def _configure(app: Flask, settings: Config) -> None:
    if app.debug and settings.mode == "production":
        raise ValueError("正式环境不能打开调试模式，请去掉 FLASK_DEBUG 后再启动。")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url.replace("postgresql://", "postgresql+psycopg://"),
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": str, "case_insensitive": True}}],
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SESSION_COOKIE_NAME="__Host-zaishang" if settings.secure_cookies else "zaishang",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=30),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=posting.LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
        WTF_CSRF_TIME_LIMIT=None,
        DEMO=settings.is_demo,
        METRICS_TOKEN=settings.metrics_token,
    )
