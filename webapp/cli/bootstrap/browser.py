"""A browser for the browser tests: the system's, else the distribution's package, else a download."""

import os
import shutil
import subprocess
from pathlib import Path

from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew
from webapp.cli.bootstrap.speech import complain, say
from webapp.cli.bootstrap.stamps import Stamps

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
NONE_FOUND = (
    "没有可用的 Chromium 浏览器，浏览器测试无法进行：请安装 chromium（例如 apt-get install chromium"
    " fonts-noto-cjk），或用 CHROMIUM=路径 指定，再运行 make test。"
    " There is no Chromium for the browser tests: install chromium (for example apt-get install chromium"
    " fonts-noto-cjk) or name one with CHROMIUM=PATH, then run make test."
)


def find() -> Path | None:
    """The system's Chromium, one that really starts, or None; ``CHROMIUM`` names another."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        found = shutil.which(name) if name else None
        if found and _starts(found):
            return Path(found)
    return None


def _starts(browser: str) -> bool:
    """Whether it answers with its version; some distributions ship a stub that only gives advice."""
    try:
        answer = subprocess.run([browser, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"Chrom" in answer.stdout


def ensure_by_package(place: Place, crew: Crew) -> None:
    """Install the distribution's Chromium with a Chinese font where that is possible and allowed."""
    if find() is not None or not may_install_packages():
        return
    say("· 安装 Chromium 浏览器… Installing Chromium…")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
    log = Stamps(place.stamps).log("browser")
    if crew.run(install, log=log, cwd=place.root, env=env) != 0:
        crew.run(["apt-get", "update"], log=log, cwd=place.root, env=env)
        crew.run(install, log=log, cwd=place.root, env=env)


def may_install_packages() -> bool:
    """Root on a Debian system, unless ``ZAISHANG_APT=no`` forbids it."""
    return (
        os.geteuid() == 0 and shutil.which("apt-get") is not None and os.environ.get("ZAISHANG_APT") != "no"
    )


def ensure_by_download(place: Place, crew: Crew) -> None:
    """Let Playwright fetch its own Chromium when the system has none; tests say so when that fails too."""
    if find() is not None:
        return
    log = Stamps(place.stamps).log("browser")
    say("· 下载 Chromium 浏览器… Downloading Chromium…")
    if crew.run([place.python, "-m", "playwright", "install", "chromium"], log=log, cwd=place.root) != 0:
        complain(NONE_FOUND)
