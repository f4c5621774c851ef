"""The bundle for a machine without a network: complete, of the present commit, and used instead of the network."""

import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.stand_ins import Tools, sentence
from webapp.cli.bootstrap import assets, bundle, environment, setup, words
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew
from webapp.cli.bootstrap.speech import Stop


class Packer:
    """Stands in for pip: leaves one wheel."""

    def require(self, command: list[str], **_more: object) -> None:
        folder = Path(command[command.index("--wheel-dir") + 1])
        folder.mkdir()
        (folder / "a_package-1.0-py3-none-any.whl").write_bytes(b"wheel")


def committed(place: Place) -> None:
    for line in (
        ["init", "-q"], ["add", "requirements.txt", "requirements-build.txt", "frontend"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):  # fmt: skip
        subprocess.run(["git", *line], cwd=place.root, check=True, capture_output=True)


def unpacked(archive: Path, folder: Path) -> Place:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return Place(folder / bundle.NAME)


def test_a_bundle_holds_sources_wheels_assets_and_their_digests(
    place: Place, tools: Tools, tmp_path: Path
) -> None:
    setup.set_up(place)
    committed(place)

    there = unpacked(bundle.make(place, Packer()), tmp_path / "far")  # type: ignore[arg-type]

    assert (there.root / "requirements.txt").is_file()
    assert list(there.wheels.glob("*.whl"))
    assert assets.has_built(there)
    assert bundle.sums(there.root) == (there.root / bundle.SUMS).read_text()


@pytest.mark.parametrize("install", [setup.set_up, words.setup])
def test_where_a_bundle_was_unpacked_nothing_is_fetched_or_built(
    install: Callable[[Place], object],
    place: Place,
    tools: Tools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setup.set_up(place)
    committed(place)
    there = unpacked(bundle.make(place, Packer()), tmp_path / "far")  # type: ignore[arg-type]
    commands: list[list[str]] = []

    def noted(_crew: Crew, command: list[str], **more: object) -> int:
        commands.append([str(word) for word in command])
        return Tools(there).run(command, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Crew, "run", noted)

    install(there)

    installs = [one for one in commands if "-r" in one]
    assert [one[one.index("-r") + 1] for one in installs] == [environment.RUN]
    assert all("--no-index" in one and str(there.wheels) in one for one in installs)
    assert not [one for one in commands if "ci" in one or "build" in one]


def test_without_a_repository_the_bundle_says_so(place: Place, tools: Tools) -> None:
    setup.set_up(place)

    with pytest.raises(Stop) as stop:
        bundle.make(place, Packer())  # type: ignore[arg-type]

    assert "git" in sentence(stop)
