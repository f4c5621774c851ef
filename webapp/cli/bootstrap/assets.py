"""The pages' scripts and styles: packages by npm, bundled by the front end's own build script."""

import os
from collections.abc import Iterator
from pathlib import Path

from webapp.cli.bootstrap.environment import BUILD, ensure_node
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew, told
from webapp.cli.bootstrap.speech import Stop
from webapp.cli.bootstrap.stamps import Stamps, digest

LOCKED = ("package.json", "package-lock.json", ".npmrc")
# Beside the wheels of an offline bundle: what its built assets were built from.
SHIPPED = "assets"
NPM = "lib/node_modules/npm/bin/npm-cli.js"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")

FAILED_NPM = (
    "前端软件包安装失败（原因见上）：请检查网络或 npm 的软件源设置，再重新运行。",
    "Front-end packages could not be installed (see above): check the network or npm's registry, run again.",
)
FAILED_BUILD = (
    "页面资源构建失败（原因见上）：请改正 frontend/ 中的错误，再重新运行。",
    "The pages' assets could not be built (see above): correct what is wrong in frontend/, then run again.",
)


def ensure_assets(place: Place, crew: Crew) -> None:
    """Bring Node, ``node_modules`` and the built files up to date; nothing to do costs a few hashes."""
    if not (place.frontend / "package-lock.json").is_file():
        raise Stop(
            "缺少 frontend/package-lock.json：源码不完整，请重新获取整个仓库。",
            "frontend/package-lock.json is missing: the checkout is incomplete, fetch the repository again.",
        )
    stamps = Stamps(place.stamps)
    locked, sources = _locked(place), state(place)
    has_packages = (place.frontend / "node_modules" / ".package-lock.json").exists()
    is_fresh = stamps.is_fresh("assets", sources) or Stamps(place.wheels).is_fresh(SHIPPED, sources)
    if is_fresh and has_built(place):
        return
    node = ensure_node(place, crew)
    if not (stamps.is_fresh("npm", locked) and has_packages):
        with told("安装前端软件包", "Installing front-end packages"):
            stamps.begin("npm")
            _npm(place, crew, node, "npm", ("ci", "--prefer-offline", *QUIET), FAILED_NPM)
            stamps.finish("npm", locked)
    with told("构建页面资源", "Building the pages' assets"):
        stamps.begin("assets")
        _npm(place, crew, node, "assets", ("run", "--silent", "build"), FAILED_BUILD)
        stamps.finish("assets", sources)


def state(place: Place) -> str:
    """A digest of everything that the built assets depend on."""
    return digest(place.root, _sources(place.frontend), _locked(place))


def _locked(place: Place) -> str:
    return digest(place.root, [*(place.frontend / name for name in LOCKED), place.root / BUILD])


def has_built(place: Place) -> bool:
    """Whether the build left anything to serve."""
    return place.static.is_dir() and any(place.static.iterdir())


def _sources(frontend: Path) -> Iterator[Path]:
    """Every file the build may read, the installed packages apart (their lock file speaks for them)."""
    for folder, folders, files in os.walk(frontend):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(folder) / name for name in files)


def _npm(
    place: Place, crew: Crew, node: Path, step: str, words: tuple[str, ...], failure: tuple[str, str]
) -> None:
    """Run the npm that came with the wheel, with the wheel's node first on PATH."""
    path = os.pathsep.join([str(node / "bin"), os.environ.get("PATH", os.defpath)])
    crew.require(
        [node / "bin" / "node", node / NPM, *words],
        log=Stamps(place.stamps).log(step),
        cwd=place.frontend,
        env={**os.environ, "PATH": path},
        failure=failure,
    )


def lock_packages(place: Place, crew: Crew) -> None:
    """Write the lock file anew with the wheel's node, so that it does not depend on who ran it."""
    node = ensure_node(place, crew)
    _npm(place, crew, node, "lock", ("install", "--package-lock-only", *QUIET), FAILED_NPM)
