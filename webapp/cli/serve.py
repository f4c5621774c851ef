"""``flask serve``: migrate, deploy, load the demo organisation, start the server and its worker; ``flask prepare``."""

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
from webapp.domain.errors import NotAllowed
from webapp.services import deployments, installing
from webapp.services.demo import logins, organisation

HOST = "127.0.0.1"
THREADS = 8
# Beyond this the server itself hangs up; below, a page says what is too large.
LARGEST_BODY = 64 * 1024 * 1024


@click.command("serve")
@click.option("--web-only", is_flag=True, help="Only answer pages: no migration, no deployment, no worker.")
@click.option(
    "--host",
    default=HOST,
    show_default=True,
    help="The address to listen on; a demo keeps to its own machine.",
)
@plainly
def command(web_only: bool, host: str) -> None:
    """Bring everything up to date and serve; by itself it listens on the loopback address."""
    config = settings()
    if config.is_demo and host != HOST:
        raise NotAllowed(f"演示环境只在本机（{HOST}）访问，请去掉 --host。")
    helpers = []
    if not web_only:
        _bring_up_to_date()
        helpers.append(_start("jobs", "run"))
        if config.is_demo:
            helpers.append(_start("demo", "load"))
    _say_hello(host)
    try:
        listen(host, config.port)
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        for helper in helpers:
            helper.terminate()


@click.command("prepare")
@plainly
def prepare() -> None:
    """Once before the web and worker processes start: the schema, the processes, the calendar."""
    _bring_up_to_date()
    click.echo("数据库结构、流程和工作日历已是最新。")


def _bring_up_to_date() -> None:
    config = settings()
    installing.migrate(config.database_url, config.owner_url)
    installing.require_guarded(office(), config.owner_url)
    for bundle in deployments.read_folder(Path("workflows")):
        deployments.deploy(office().begin(), system_actor("installation"), bundle, origin="installation")
    installing.seed_calendar(office())
    if config.is_demo:
        _load_organisation()


def _load_organisation() -> None:
    work = office().begin()
    if not organisation.is_there(office()):
        organisation.install(work, password_hash=hash_password(logins.PASSWORD), size=organisation.CITY)


def _start(*words: str) -> subprocess.Popen[bytes]:
    """A command of this app in a process of its own, with the same settings."""
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", *words], env=os.environ.copy())


def _say_hello(host: str) -> None:
    config = settings()
    click.echo(f"再上已启动：http://{host}:{config.port}/　（按 Ctrl+C 停止）")
    if not config.is_demo:
        return
    click.echo(f"演示账号的密码均为 {logins.PASSWORD}，人员、单位和事项均为虚构：")
    for one in logins.shown(office()):
        click.echo(f"  {one.login:<12}{one.name}　{one.post}")
    click.echo("全部账号：ZAISHANG_MODE=demo .venv/bin/flask --app wsgi demo users --json")


def listen(host: str, port: int) -> None:
    """Answer pages of the app in hand until told to stop."""
    import waitress

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    waitress.serve(
        current_app._get_current_object(),  # type: ignore[attr-defined]
        host=host,
        port=port,
        threads=THREADS,
        ident="zaishang",
        max_request_body_size=LARGEST_BODY,
    )
