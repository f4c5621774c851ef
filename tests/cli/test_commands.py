"""The words of the terminal: what they say, what they refuse, and the exit code."""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from tests.site import WORKFLOWS, Site, copied_site, open_site
from tests.site import config as settings
from webapp.app import create_app
from webapp.cli import serve
from webapp.config import Config
from webapp.persistence.models import repository

ENGLISH = ("Traceback", "Error:", "Exception", "sqlalchemy", "NoneType")


def run(site: Site, *words: str) -> Result:
    """A command of the app; an exception that is no refusal fails the test."""
    with site.app.app_context():
        result = site.app.test_cli_runner().invoke(args=list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result, sentence: str) -> bool:
    """The command ends with 1 and this sentence, without a word of English."""
    assert sentence in result.stderr
    assert not any(word in result.stderr for word in ENGLISH)
    return result.exit_code == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the process p01 to spoil."""
    place = tmp_path / "p01_down_adjustment"
    shutil.copytree(WORKFLOWS / "p01_down_adjustment", place)
    shutil.copytree(WORKFLOWS / "shared", tmp_path / "shared")
    return place


def spoil(folder: Path, old: str, new: str) -> None:
    diagram = folder / "p01_down_adjustment.bpmn"
    text = diagram.read_text("utf-8")
    assert old in text
    diagram.write_text(text.replace(old, new, 1), "utf-8")


def deployed(site: Site) -> list[tuple[str, int]]:
    return sorted((row["key"], row["version"]) for row in site.rows(repository.definition))


def test_the_same_bytes_make_no_new_version(site: Site) -> None:
    before = deployed(site)

    result = run(site, "deploy", str(WORKFLOWS))

    assert result.exit_code == 0
    assert result.stdout.count("内容没有变化，未产生新版本") == len(before)
    assert deployed(site) == before


def test_a_changed_diagram_becomes_the_next_version(site: Site, folder: Path) -> None:
    spoil(folder, "分析研判", "分析研判（新）")

    result = run(site, "deploy", str(folder))

    assert result.exit_code == 0
    assert "p01_down_adjustment: 已部署第2版" in result.stdout
    assert ("p01_down_adjustment", 2) in deployed(site)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('camunda:formKey="assessment"', 'camunda:formKey="no_such_form"', "no_such_form"),
        ('candidateGroups="org_dept_head"', 'candidateGroups="the_king"', "the_king"),
        ("<bpmn:userTask", "<bpmn:scriptTask", "脚本"),
        ("<?xml", '<!DOCTYPE x [<!ENTITY a "b">]><?xml', "DOCTYPE"),
    ],
)
def test_a_bad_diagram_is_refused_in_sentences_and_stores_nothing(
    site: Site, folder: Path, old: str, new: str, said: str
) -> None:
    before = deployed(site)
    spoil(folder, old, new)
    if new == "<bpmn:scriptTask":
        spoil(folder, "</bpmn:userTask>", "</bpmn:scriptTask>")

    result = run(site, "deploy", str(folder))

    assert refused(result, "未部署")
    assert said in result.stderr
    assert deployed(site) == before


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_diagram_is_said(site: Site, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    result = run(site, "deploy", str(tmp_path / name))

    assert refused(result, str(tmp_path / name))


def test_an_untouched_history_verifies(site: Site) -> None:
    site.open_case()

    result = run(site, "history", "verify")

    assert result.exit_code == 0
    assert "校验通过" in result.stdout


def tamper(site: Site, statement: str, *values: str) -> None:
    """Change the file as somebody would who owns the disk and knows the triggers."""
    with sqlite3.connect(str(site.office.engine.url.database)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        assert connection.execute(statement, values).rowcount
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_event SET body = replace(body, 'signal', 'sigmal') WHERE case_id = ? AND seq = 1",
        "DELETE FROM history_event WHERE case_id = ? AND seq = 1",
        "UPDATE history_event SET actor_id = 'somebody' WHERE case_id = ? AND seq = 1",
    ],
)
def test_a_changed_history_is_found_and_named(site: Site, statement: str) -> None:
    case = site.open_case()
    site.complete(site.task(case, "assess"), "ganbu1", assessment_text="见材料", assessment_outcome="watch")
    tamper(site, statement, case.replace("-", ""))

    result = run(site, "history", "verify")

    assert result.exit_code == 1
    assert case in result.stderr
    assert "第1条" in result.stderr or "第2条" in result.stderr
    assert run(site, "history", "verify", "--case", case).exit_code == 1


def test_another_case_is_verified_alone(site: Site) -> None:
    case, other = site.open_case(), site.open_case("苏白露")
    tamper(
        site, "UPDATE history_event SET actor_id = 'x' WHERE case_id = ? AND seq = 1", case.replace("-", "")
    )

    assert run(site, "history", "verify", "--case", other).exit_code == 0


def test_the_demo_log_ins_are_listed_for_programs(site: Site) -> None:
    result = run(site, "demo", "users", "--json")

    users = json.loads(result.stdout)
    assert {"login", "password", "name", "unit", "roles", "roles_zh"} <= users[0].keys()
    assert next(one for one in users if one["login"] == "ganbu1")["roles"] == ["cadre_section"]
    assert all(one["roles"] and one["unit"] for one in users)
    assert "ganbu1" in run(site, "demo", "users").stdout


@pytest.mark.parametrize("words", [("users",), ("users", "--json"), ("load",), ("wait",), ("advance", "P6M")])
def test_production_knows_no_demo(prepared: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    with copied_site(prepared, tmp_path, mode="production") as site:
        result = run(site, "demo", *words)

    assert refused(result, "正式环境不提供演示功能，也不能拨动时钟")
    assert "zaishang-demo" not in result.output


def test_production_ignores_a_clock_that_somebody_moved(prepared: Path, tmp_path: Path) -> None:
    with copied_site(prepared, tmp_path, mode="production") as site:
        assert not site.office.shifted


@pytest.mark.parametrize("period", ["", "6", "P", "-P1M", "P1Y2", "P9999Y", "PT5S", "soon"])
def test_a_period_nobody_understands_is_refused(site: Site, period: str) -> None:
    result = run(site, "demo", "advance", "--", period)

    assert result.exit_code == 1
    assert result.stderr.strip()


def test_the_clock_moves_on_by_command(site: Site) -> None:
    before = site.today

    result = run(site, "demo", "advance", "P10D")

    assert result.exit_code == 0
    assert "演示时钟已拨到" in result.stdout
    assert site.today == before


def test_due_jobs_run_once_by_command(site: Site) -> None:
    result = run(site, "jobs", "run", "--once")

    assert result.exit_code == 0
    assert "办理到期作业" in result.stdout


def test_an_unreachable_database_is_one_sentence(prepared: Path) -> None:
    site = open_site(settings(prepared, "postgresql://nobody@127.0.0.1:1/nothing"))
    for words in (
        ("serve",),
        ("history", "verify"),
        ("jobs", "run", "--once"),
        ("deploy", str(WORKFLOWS)),
        ("demo", "users"),
    ):
        assert refused(run(site, *words), "数据库")


def test_serving_binds_to_this_machine_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Mapping[str, Any]] = []
    monkeypatch.setattr("waitress.serve", lambda _app, **how: served.append(how))
    monkeypatch.setattr(
        serve, "_start", lambda *_words: type("Helper", (), {"terminate": lambda _self: None})()
    )
    monkeypatch.chdir(WORKFLOWS.parent)

    result = run(site, "serve")

    assert result.exit_code == 0
    assert served[0]["host"] == "127.0.0.1"
    assert served[0]["max_request_body_size"] < 100 * 1024 * 1024


def test_a_web_process_of_many_only_answers_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Mapping[str, Any]] = []
    monkeypatch.setattr("waitress.serve", lambda _app, **how: served.append(how))
    monkeypatch.setattr(serve, "_start", lambda *words: pytest.fail(f"started {words}"))
    monkeypatch.setattr(serve, "_bring_up_to_date", lambda: pytest.fail("migrated"))

    result = run(site, "serve", "--web-only", "--host", "10.9.8.7")

    assert result.exit_code == 0
    assert served[0]["host"] == "10.9.8.7"


def test_a_demo_keeps_to_its_own_machine(prepared: Path, tmp_path: Path) -> None:
    with copied_site(prepared, tmp_path, mode="demo") as site:
        assert refused(run(site, "serve", "--host", "0.0.0.0"), "只在本机")


def test_preparing_brings_everything_up_to_date_and_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(WORKFLOWS.parent)

    result = run(site, "prepare")

    assert result.exit_code == 0
    assert "已是最新" in result.stdout


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ZAISHANG_PROXIES": "one"}, "ZAISHANG_PROXIES 是"),
        ({"ZAISHANG_MODE": "debug"}, "ZAISHANG_MODE 只能是"),
        ({"PORT": "abc"}, "PORT 应为"),
        ({"PORT": "70000"}, "PORT 应为"),
        ({"ZAISHANG_SECRET": "changeme"}, "ZAISHANG_SECRET 太短"),
        ({"ZAISHANG_HOME": "/proc/nothing"}, "数据文件夹"),
    ],
)
def test_wrong_settings_are_one_sentence(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        Config.from_env({"ZAISHANG_HOME": str(tmp_path), **environment})


def test_production_refuses_to_debug(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    with pytest.raises(ValueError, match="调试模式"):
        create_app(settings(prepared, "sqlite://", mode="production"))


def test_the_made_up_secret_is_kept_and_private(tmp_path: Path) -> None:
    first, second = (Config.from_env({"ZAISHANG_HOME": str(tmp_path)}) for _ in range(2))

    key = tmp_path / "keys" / "session.key"
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert key.stat().st_mode & 0o077 == 0
    assert first.mode == "production"
    assert first.secure_cookies


def test_every_command_explains_itself(site: Site) -> None:
    for words in (
        ["serve"],
        ["deploy"],
        ["jobs"],
        ["jobs", "run"],
        ["history", "verify"],
        ["demo"],
        ["demo", "advance"],
    ):
        result = site.app.test_cli_runner().invoke(args=[*words, "--help"])
        assert result.exit_code == 0, words
        assert isinstance(site.app.cli.get_command(click.Context(site.app.cli), words[0]), click.Command)


FOREIGN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">
<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e">
<conditionExpression>${n &gt; 3}</conditionExpression></sequenceFlow><endEvent id="e"/></process></definitions>"""


def test_a_diagram_of_another_tool_is_translated_and_the_changes_are_told(site: Site, tmp_path: Path) -> None:
    source, target = tmp_path / "theirs.bpmn", tmp_path / "ours.bpmn"
    source.write_bytes(FOREIGN)

    said = run(site, "translate", str(source), str(target))
    again = run(site, "translate", str(target), str(tmp_path / "again.bpmn"))

    assert "FEEL“=n > 3”" in said.output
    assert b"=n &gt; 3" in target.read_bytes()
    assert "原样写入" in again.output
    assert (tmp_path / "again.bpmn").read_bytes() == target.read_bytes()


def test_a_file_that_is_no_diagram_is_not_translated(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "theirs.bpmn"
    source.write_bytes(b"<a")

    assert refused(run(site, "translate", str(source), str(tmp_path / "ours.bpmn")), "XML")
    assert not (tmp_path / "ours.bpmn").exists()
