"""Foreign bundles are judged in a child program: the same word as here, and a sentence when the child is ended."""

import gc
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.engine.builder import CATALOGUE, diagram, each
from tests.site import Site, prepared, site
from webapp.domain.errors import Invalid
from webapp.domain.workdays import Calendar
from webapp.engine import Apart, check, trial
from webapp.engine.nouns import Catalogue, Problem
from webapp.services import definition_drafts, deployments, reads
from webapp.services.deployments import Bundle
from webapp.services.office import FUNCTION_NAMES, calendar_functions

__all__ = ["prepared", "site"]
FORM = b'{"id": "f", "components": []}'


def files(drawn: bytes) -> dict[str, bytes]:
    return {"p.bpmn": drawn, "forms/f.json": FORM}


@pytest.fixture
def apart() -> Iterator[Apart]:
    found = Apart()
    yield found
    found.close()


def ended(program: str, seconds: float = 0.2) -> Problem:
    """What is said when the child does this after it has set its limits."""
    found = Apart(command=doing(program, seconds), patience=20.0)
    try:
        return said_by(found)
    finally:
        found.close()


def doing(program: str, seconds: float = 0.2) -> tuple[str, ...]:
    """The command of a child that sets its limits and does this."""
    limits = f"trial._tell('check')\ntrial.limit({seconds}, 400 * 1024**2)"
    return (sys.executable, "-c", f"from webapp.engine import trial\n{limits}\n{program}")


def said_by(judge: Apart) -> Problem:
    """The one sentence on a small good bundle."""
    (problem,) = judge.judge(files(diagram().start().end().xml()), CATALOGUE)
    return problem


def test_the_word_of_the_child_is_the_word_of_the_linter(apart: Apart) -> None:
    good = files(diagram().start().user("a", camunda_formKey="f").end().xml())
    bad = files(diagram().start().user("a", camunda_assignee="=1 +").end().xml())

    assert apart.judge(good, CATALOGUE) == check(good, CATALOGUE)
    assert apart.judge(bad, CATALOGUE) == check(bad, CATALOGUE)


def test_the_next_child_waits_ready_and_serves_once(apart: Apart) -> None:
    good = files(diagram().start().end().xml())
    apart.warm()
    first = apart.spare
    apart.judge(good, CATALOGUE)
    second = apart.spare

    assert first is not None
    assert second is not None
    assert first.returncode == 0
    assert second.pid != first.pid


def test_a_child_that_takes_too_long_is_a_sentence() -> None:
    assert ended("while True: pass").code == "trial.time"
    assert "用时过长" in ended("while True: pass").zh


def test_a_child_that_takes_all_memory_is_a_sentence() -> None:
    assert ended("kept = [bytearray(10**8) for _ in range(100)]", seconds=9).code == "trial.memory"


def test_a_child_that_sleeps_is_ended_on_the_wall_clock(tmp_path: Path) -> None:
    asleep = tmp_path / "asleep"
    begun = f"trial._tell('begin')\nopen({str(asleep)!r}, 'w').close()\nimport time\ntime.sleep(600)"
    judge = Apart(command=doing(begun), patience=0.1)
    judge.warm()
    # However busy the machine: only a child that has said where it is is looked at.
    while not asleep.exists() and judge.spare is not None and judge.spare.poll() is None:
        time.sleep(0.01)
    judge.command = doing("pass")
    found = said_by(judge)
    judge.close()

    assert (found.code, found.element_id) == ("trial.time", "begin")
    assert "从“begin”试启动" in found.zh


def test_a_child_that_breaks_down_is_a_sentence_without_a_stack_trace() -> None:
    found = ended("raise OSError('no such luck')")

    assert found.code == "trial.failed"
    assert "luck" not in found.zh


def test_the_child_gets_no_settings_and_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    child = Apart(command=(sys.executable, "-c", "import os; print(sorted(os.environ))"))._start()

    said, _ = child.communicate()

    assert b"DATABASE_URL" not in said
    assert b"PYTHONPATH" in said


def test_a_start_that_never_comes_to_rest_is_refused_with_its_element() -> None:
    endless = (
        diagram().start().xor("g").otherwise().script("a", "{n: 1}").to("g").at("g").when("=n = 2").end()
    )

    (found,) = [one for one in trial.trial(files(endless.xml()), CATALOGUE) if one.level == "error"]

    assert found.code == "trial.budget.steps"
    assert found.element_id in ("a", "g")
    assert "循环" in found.zh


def test_a_start_that_fails_for_want_of_a_value_is_only_told() -> None:
    lacking = diagram().start().user("a", each("=people", variable="one")).end()

    found = [one for one in trial.trial(files(lacking.xml()), CATALOGUE) if one.code.startswith("trial.")]

    assert [one.level for one in found] == ["warning"]


def test_the_child_knows_the_functions_of_the_domain_by_name() -> None:
    assert set(FUNCTION_NAMES) == set(calendar_functions(Calendar))


def test_a_server_judges_files_from_outside_apart_and_its_own_files_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def judge(given: Mapping[str, bytes], catalogue: Catalogue) -> tuple[Problem, ...]:
        asked.append(len(given))
        return (Problem(None, "trial.time", "检查这个流程包用时过长，已经中止，未部署。", "Too long."),)

    monkeypatch.setattr(site.office, "judge", judge)
    bundle = Bundle("p", files(diagram().start().end().xml()))

    assert deployments.deploy(site.office.begin(), site.actor("liucheng"), bundle, origin="installation") == 1
    assert asked == []
    with pytest.raises(Invalid, match="用时过长"):
        deployments.parsed(site.office, bundle)
    assert asked == [2]


def test_while_a_designer_draws_the_linter_answers_and_what_is_saved_is_judged_apart(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def judge(given: Mapping[str, bytes], catalogue: Catalogue) -> tuple[Problem, ...]:
        asked.append(len(given))
        return check(given, catalogue)

    monkeypatch.setattr(site.office, "judge", judge)
    work, designer = site.office.begin(), site.actor("liucheng")
    made = definition_drafts.create(work, designer, key="p20_apart", name="另行检查")
    with reads.begin(site.office) as look:
        draft = definition_drafts.read(look, made)

    definition_drafts.judged(site.office, draft, draft.files)
    assert asked == []
    definition_drafts.findings(site.office, draft)
    definition_drafts.findings(site.office, draft)
    assert asked == [1]


def test_a_child_whose_server_has_gone_ends_without_a_word() -> None:
    child = Apart()._start()

    said, faults = child.communicate(b"")

    assert (said, faults, child.returncode) == (b"", b"", 0)


def test_a_judge_that_is_dropped_leaves_no_child_behind() -> None:
    judge = Apart()
    judge.warm()
    child = judge.spare
    assert child is not None

    del judge
    gc.collect()

    assert child.returncode is not None
