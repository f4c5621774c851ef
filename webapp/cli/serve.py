"""``flask serve``: migrate, deploy, load the demo organisation, start the server and its worker."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app
from flask_security import hash_password

from webapp.cli.surroundings import office, plainly, settings
from webapp.domain.access import system_actor
from webapp.services import deployments, installing
from webapp.services.demo import logins, organisation

HOST = "127.0.0.1"
THREADS = 8
# Beyond this the server itself hangs up; below, a page says what is too large.
LARGEST_BODY = 64 * 1024 * 1024


@click.command("serve")
@plainly
def command() -> None:
    """Bring everything up to date and serve on the loopback address."""
    config = settings()
    installing.migrate(config.database_url, config.owner_url)
    installing.require_guarded(office(), config.owner_url)
    for bundle in deployments.read_folder(Path("workflows")):
        deployments.deploy(office().begin(), system_actor("installation"), bundle, origin="installation")
    installing.seed_calendar(office())
    if config.is_demo:
        _load_organisation()
    helpers = [_start("jobs", "run")]
    if config.is_demo:
        helpers.append(_start("demo", "load"))
    _say_hello()
    try:
        _serve(config.port)
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        for helper in helpers:
            helper.terminate()


def _load_organisation() -> None:
    work = office().begin()
    if not organisation.is_there(office()):
        organisation.install(work, password_hash=hash_password(logins.PASSWORD))


def _start(*words: str) -> subprocess.Popen[bytes]:
    """A command of this app in a process of its own, with the same settings."""
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", *words], env=os.environ.copy())


def _say_hello() -> None:
    config = settings()
    click.echo(f"再上已启动：http://{HOST}:{config.port}/　（按 Ctrl+C 停止）")
    if not config.is_demo:
        return
    click.echo(f"演示账号的密码均为 {logins.PASSWORD}，人员、单位和事项均为虚构：")
    for one in logins.shown(office()):
        click.echo(f"  {one.login:<12}{one.name}　{one.post}")
    click.echo("全部账号：ZAISHANG_MODE=demo .venv/bin/flask --app wsgi demo users --json")


def _serve(port: int) -> None:
    import waitress

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    waitress.serve(
        current_app._get_current_object(),  # type: ignore[attr-defined]
        host=HOST,
        port=port,
        threads=THREADS,
        ident="zaishang",
        max_request_body_size=LARGEST_BODY,
    )
