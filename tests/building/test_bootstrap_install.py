"""Installing: everything once, and again only what changed; what was cut off is mended."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.building.stand_ins import Tools, sentence
from webapp.cli.bootstrap import environment, setup, shell
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.speech import Stop
from webapp.cli.bootstrap.stamps import digest, only_one_at_a_time


def test_a_fresh_checkout_gets_everything(place: Place, tools: Tools) -> None:
    setup.set_up(place)

    assert sorted(tools.called) == sorted(["venv", environment.RUN, environment.BUILD, "ci", "run"])


def test_a_second_start_does_nothing(place: Place, tools: Tools) -> None:
    setup.set_up(place, dev=True)
    tools.called.clear()

    setup.set_up(place)
    setup.set_up(place, dev=True)

    assert tools.called == []


@pytest.mark.parametrize(
    ("changed", "done_again"),
    [
        ("requirements.txt", ["requirements.txt"]),
        ("requirements-dev.txt", []),
        ("requirements-build.txt", ["requirements-build.txt", "ci", "run"]),
        ("frontend/package-lock.json", ["ci", "run"]),
        ("frontend/build.mjs", ["run"]),
        ("frontend/src/new.js", ["run"]),
    ],
)
def test_only_what_changed_is_done_again(
    place: Place, tools: Tools, changed: str, done_again: list[str]
) -> None:
    setup.set_up(place)
    tools.called.clear()
    (place.root / changed).parent.mkdir(exist_ok=True)
    (place.root / changed).write_text("other==2.0\n")

    setup.set_up(place)

    assert tools.called == done_again


def test_built_files_that_were_removed_are_built_again(place: Place, tools: Tools) -> None:
    setup.set_up(place)
    tools.called.clear()
    (place.static / "app.js").unlink()

    setup.set_up(place)

    assert tools.called == ["run"]


def test_an_install_that_was_cut_off_begins_anew(place: Place, tools: Tools) -> None:
    tools.codes[environment.RUN] = -15
    with pytest.raises(Stop):
        setup.set_up(place)
    half = place.venv / "lib" / "half-a-package"
    half.mkdir(parents=True)
    tools.called.clear()
    tools.codes.clear()

    setup.set_up(place)

    assert not half.exists()
    assert tools.called[0] == "venv"
    assert environment.RUN in tools.called


def test_an_install_that_failed_by_itself_shows_why_and_is_simply_tried_again(
    place: Place, tools: Tools, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_works", lambda _python: True)
    tools.codes[environment.RUN] = 1
    with pytest.raises(Stop) as stop:
        setup.set_up(place)
    assert "pip" in sentence(stop)
    assert f"last words of {environment.RUN}" in capsys.readouterr().err
    tools.called.clear()
    tools.codes.clear()

    setup.set_up(place)

    assert tools.called == [environment.RUN]


@pytest.mark.parametrize(("step", "file"), [("ci", "npm"), ("run", "frontend/")])
def test_a_failing_front_end_gets_a_sentence(place: Place, tools: Tools, step: str, file: str) -> None:
    tools.codes[step] = 1

    with pytest.raises(Stop) as stop:
        setup.set_up(place)

    assert file in sentence(stop)


def test_an_incomplete_checkout_gets_a_sentence(place: Place, tools: Tools) -> None:
    (place.frontend / "package-lock.json").unlink()

    with pytest.raises(Stop) as stop:
        setup.set_up(place)

    assert "package-lock.json" in sentence(stop)


def test_an_environment_that_works_is_taken_as_it_is(
    place: Place, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_works", lambda _python: True)

    environment.ensure_venv(place, shell.Crew())

    assert tools.called == []


def test_two_starts_at_once_install_one_after_the_other(place: Place, root: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from webapp.cli.bootstrap.stamps import only_one_at_a_time\n"
        "with only_one_at_a_time(Path(sys.argv[1])): print('my turn')"
    )
    command = [sys.executable, "-c", program, str(place.stamps)]
    with only_one_at_a_time(place.stamps):
        other = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        waits = other.stdout.readline()
    rest, _ = other.communicate(timeout=20)

    assert "waiting" in waits
    assert rest == "my turn\n"


def test_a_digest_tells_names_and_contents_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("b")
    first = digest(tmp_path, [tmp_path / "a", tmp_path / "missing"])
    (tmp_path / "a").rename(tmp_path / "ab")
    (tmp_path / "ab").write_text("")

    assert digest(tmp_path, [tmp_path / "ab"]) != first
    assert digest(tmp_path, [tmp_path / "ab"], "word") != digest(tmp_path, [tmp_path / "ab"])


def test_an_interrupt_stops_the_tools_at_work_and_leaves_them_marked(tmp_path: Path) -> None:
    crew = shell.Crew()

    def interrupt() -> None:
        while not (tmp_path / "log").exists():
            pass
        raise KeyboardInterrupt

    codes: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        shell.together(
            crew,
            lambda: codes.append(crew.run(["sleep", "30"], log=tmp_path / "log", cwd=tmp_path)),
            interrupt,
        )

    assert codes
    assert codes[0] < 0
