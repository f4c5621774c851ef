"""Everything for a machine without a network 离线安装包: sources, wheels, built assets, and a list of digests."""

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

from webapp.cli.bootstrap import assets
from webapp.cli.bootstrap.environment import CONSTRAINTS, FAILED_PIP, RUN
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew, told
from webapp.cli.bootstrap.speech import Stop, say
from webapp.cli.bootstrap.stamps import Stamps

NAME = "zaishang-offline"
SUMS = "SHA256SUMS"
PIP_WHEEL = ("-m", "pip", "wheel", "--no-input", "--disable-pip-version-check", "--quiet")
FAILED_GIT = (
    "取不出源码：离线安装包由 git 的当前提交做成，请在完整的仓库里运行。",
    "The sources could not be taken: the bundle is made of git's present commit, run this in a whole repository.",
)


def make(place: Place, crew: Crew) -> Path:
    """Collect the present commit, its run-time wheels and built assets → the archive; Stop says what is missing."""
    build = place.root / "build"
    folder = build / NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with told("收集源码和软件包", "Collecting sources and packages"):
        _take_sources(place, folder)
        _take_wheels(place, crew, folder)
    shutil.copytree(place.static, folder / place.static.relative_to(place.root))
    (folder / "wheels" / assets.SHIPPED).write_text(assets.state(Place(folder)))
    (folder / SUMS).write_text(sums(folder))
    archive = build / f"{NAME}.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder, arcname=NAME)
    say(f"✓ {archive}（{archive.stat().st_size // 1_000_000} MB）")
    return archive


def sums(folder: Path) -> str:
    """One line a file as ``sha256sum --check`` reads it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = (
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n"
        for file in files
    )
    return "".join(lines)


def _take_sources(place: Place, folder: Path) -> None:
    archive = folder / "sources.tar"
    try:
        command = ["git", "archive", "--format=tar", "--output", str(archive), "HEAD"]
        done = subprocess.run(command, cwd=place.root, capture_output=True, check=False).returncode
    except OSError:
        done = 1
    if done != 0:
        raise Stop(*FAILED_GIT)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()


def _take_wheels(place: Place, crew: Crew, folder: Path) -> None:
    command = [
        str(place.python),
        *PIP_WHEEL,
        "-r",
        RUN,
        "-c",
        CONSTRAINTS,
        "--wheel-dir",
        str(folder / "wheels"),
    ]
    crew.require(command, log=Stamps(place.stamps).log("bundle"), cwd=place.root, failure=FAILED_PIP)
