"""The words of the Makefile and what each of them does."""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from webapp.cli.bootstrap import assets, bundle, checks, lock, verify
from webapp.cli.bootstrap.place import Place, here
from webapp.cli.bootstrap.setup import set_up
from webapp.cli.bootstrap.shell import Crew
from webapp.cli.bootstrap.speech import Stop

FLASK = ("-m", "flask", "--app", "wsgi")
# In the order of the folders: the long files of the browser begin early, and no process waits for the other at the end.
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
NO_BROWSER = ("--ignore=tests/browser",)
QUICK = (*NO_BROWSER, "-m", "not slow", "-k", "not postgresql")


def data_folder(place: Place, environ: Mapping[str, str]) -> Path:
    """The data folder named by ``ZAISHANG_HOME``, ``var`` in the checkout when it names none."""
    return (place.root / (environ.get("ZAISHANG_HOME") or "var")).resolve()


def run(place: Place) -> int:
    """Check, set up, then become the server."""
    port = checks.port_of(os.environ)
    checks.require_free_port(port)
    env = _server_environment(place)
    set_up(place)
    return verify.become(place, [*FLASK, "serve"], {**env, "PORT": str(port)})


def _server_environment(place: Place) -> dict[str, str]:
    """The environment of the product's own commands, once folder and database have been looked at."""
    home = data_folder(place, os.environ)
    checks.require_writable(home, name="ZAISHANG_HOME")
    checks.require_database(os.environ.get("DATABASE_URL"))
    # The two words of a newcomer start the demo; an installation says ZAISHANG_MODE=production.
    mode = os.environ.get("ZAISHANG_MODE") or "demo"
    return {**os.environ, "ZAISHANG_HOME": str(home), "ZAISHANG_MODE": mode, "PYTHONUTF8": "1"}


def demo_wait(place: Place) -> int:
    """Wait until the demo cases are loaded."""
    if not place.python.exists():
        raise Stop("还没有启动过：请先运行 make run。", "Nothing was started here yet: run make run first.")
    return verify.become(place, [*FLASK, "demo", "wait"], _server_environment(place))


def migrate(place: Place) -> int:
    """Bring the database to the newest schema."""
    env = _server_environment(place)
    set_up(place)
    return verify.become(place, [*FLASK, "db", "upgrade"], env)


def test(place: Place) -> int:
    """Everything: linters, types, contracts, all tests on both databases and in the browser."""
    set_up(place, dev=True, with_browser=True)
    failed = verify.run_parts(place)
    return verify.hand_over_to_pytest(place, PARALLEL, failed=failed)


def check(place: Place) -> int:
    """The same without browser, slow tests and PostgreSQL."""
    set_up(place, dev=True)
    failed = verify.run_parts(place)
    return verify.hand_over_to_pytest(place, [*PARALLEL, *QUICK], failed=failed)


def soak(place: Place) -> int:
    """Property and fault tests with large numbers."""
    set_up(place, dev=True)
    return verify.hand_over_to_pytest(place, [*PARALLEL, *NO_BROWSER, "-m", "soak"], soak=True)


def conformance(place: Place) -> int:
    """Public test data against our decision tables and expressions."""
    set_up(place, dev=True)
    return verify.conformance(place, place.root / (os.environ.get("CONFORMANCE_DATA") or "../shared"))


def bench(place: Place) -> int:
    """Measure, and print ratios."""
    set_up(place, dev=True)
    return verify.become(place, ["-m", "bench", *verify.further_arguments()], os.environ)


def screenshots(place: Place) -> int:
    """Take the pictures of the documentation."""
    set_up(place, dev=True, with_browser=True)
    return verify.become(place, ["-m", "tests.browser.screenshots"], os.environ)


def docs(place: Place) -> int:
    """Build the documentation as a site; a broken link is a failure."""
    set_up(place, dev=True)
    return verify.become(
        place, ["-m", "sphinx", "-W", "--keep-going", "-q", "docs", "build/docs"], os.environ
    )


def bundle_up(place: Place) -> int:
    """Collect everything a machine without a network needs."""
    set_up(place)
    bundle.make(place, Crew())
    return 0


def setup(place: Place) -> int:
    """Install everything for development and stop there; of an offline bundle what it holds, to run it."""
    set_up(place, dev=not place.wheels.is_dir())
    return 0


def tidy(place: Place) -> int:
    """Format the sources and mend what the linter can mend."""
    set_up(place, dev=True)
    parts = (
        ("ruff check --fix", ("-m", "ruff", "check", "--quiet", "--fix", ".")),
        ("ruff format", ("-m", "ruff", "format", "--quiet", ".")),
    )
    left = [verify.run_parts(place, [part]) for part in parts]  # one after the other: both write
    return 1 if any(left) else 0


def relock(place: Place) -> int:
    """Write both lock files anew from the direct requirements."""
    set_up(place, dev=True)
    lock.pin_indirect(place)
    assets.lock_packages(place, Crew())
    return 0


WORDS: dict[str, Callable[[Place], int]] = {
    "run": run,
    "demo-wait": demo_wait,
    "test": test,
    "check": check,
    "soak": soak,
    "conformance": conformance,
    "bench": bench,
    "screenshots": screenshots,
    "migrate": migrate,
    "docs": docs,
    "bundle": bundle_up,
    "setup": setup,
    "tidy": tidy,
    "lock": relock,
}


def carry_out(arguments: Sequence[str]) -> int:
    """Carry out one word in this checkout; its exit code."""
    word = WORDS.get(arguments[0]) if len(arguments) == 1 else None
    if word is None:
        raise Stop(
            f"请给出一个命令：{'、'.join(WORDS)}；make help 有说明。",
            f"Give one word: {', '.join(WORDS)}; make help explains them.",
        )
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _interrupt)
    return word(here())


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """A request to end from outside stops the tools at work too, as a key press does."""
    raise KeyboardInterrupt
