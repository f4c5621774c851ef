"""What the documents name is there: words, commands, variables, files, pictures, recipes of three places, reasons."""

import json
import re
from pathlib import Path

import pytest

from webapp.app import create_app
from webapp.cli.bootstrap.lock import direct_requirements
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.words import WORDS
from webapp.config import Config

DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md",
    "docs/index.md", "docs/approver.md", "docs/designer.md", "docs/auditor.md", "docs/administrator.md",
    "docs/subject.md", "docs/operations.md", "docs/api.md",
)  # fmt: skip
RECIPES = {"README.md": "## 怎样添加", "CONTRIBUTING.md": "## Recipes"}
MOST_PLACES = 3
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
WORD = re.compile(r"\bmake ([a-z][a-z-]*)")
FLASK = re.compile(r"\bflask --app wsgi ((?:[a-z]+ ?)+)")
VARIABLE = re.compile(r"\b(?:ZAISHANG_[A-Z_]+|DATABASE_URL|PORT|CHROMIUM|CONFORMANCE_DATA|NOUN|ARGS)\b")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#:]+)\)")
PATH = re.compile(r"`((?:[\w.<>*-]+/)+[\w.<>*-]*|\.?[\w-]+\.(?:md|toml|txt|py|bpmn|html))(?: [^`]*)?`")
# Below these a name without its folder lies, as CONTRIBUTING.md says.
HOMES = ("", "webapp", "docs", "webapp/web/templates", "frontend")
# Written by hand or by a word of the Makefile, and never part of the sources.
MADE = ("webapp/web/static/", "keys/", "build/")


def text(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def code(root: Path, name: str) -> str:
    """The parts of a document that are set as code."""
    return "\n".join(CODE.findall(text(root, name)))


def is_there(root: Path, path: str) -> bool:
    """Whether a named file or folder exists; ``<topic>`` and ``*`` stand for anything, NNNN for a number."""
    pattern = re.sub(r"<[^>]+>", "*", path).replace("NNNN", "[0-9]*").rstrip("/")
    return any(any((root / home).glob(pattern)) for home in HOMES)


def rows(section: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def section(document: str, heading: str) -> str:
    return document.split(heading, 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_word_of_the_makefile_that_a_document_names_exists(root: Path, name: str) -> None:
    named = set(WORD.findall(code(root, name)))

    assert named <= {*WORDS, "help", "where"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_document_names_exists(root: Path, name: str, tmp_path: Path) -> None:
    app = create_app(Config(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}", "secret", mode="test"))

    for named in FLASK.findall(code(root, name)):
        found = app.cli
        for word in named.split():
            commands = getattr(found, "commands", None)
            if commands is None:
                break  # what follows a command are its arguments
            assert word in commands, f"flask --app wsgi {named}"
            found = commands[word]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_variable_that_a_document_names_is_read_somewhere(root: Path, name: str) -> None:
    sources = [*(root / "webapp").rglob("*.py"), *(root / "tests").rglob("conformance.py"), root / "Makefile"]
    read = "\n".join(source.read_text(encoding="utf-8") for source in sources)

    assert [one for one in VARIABLE.findall(code(root, name)) if one not in read] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_exists(root: Path, name: str) -> None:
    named = {path for path in PATH.findall(text(root, name)) if not path.startswith(MADE)}

    assert [path for path in sorted(named) if not is_there(root, path)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_and_picture_leads_somewhere(root: Path, name: str) -> None:
    folder = (root / name).parent

    assert [link for link in LINK.findall(text(root, name)) if not (folder / link).is_file()] == []


@pytest.mark.parametrize("name", RECIPES)
def test_no_recipe_asks_for_more_than_three_places(root: Path, name: str) -> None:
    recipes = rows(section(text(root, name), RECIPES[name]))

    assert len(recipes) >= 4
    assert [recipe for recipe in recipes if len(recipe) != 1 + MOST_PLACES] == []
    assert [recipe for recipe in recipes if not PATH.search(recipe[1])] == []


def test_every_direct_package_has_a_row_with_use_alternative_and_licence(root: Path) -> None:
    table = rows(section(text(root, "DECISIONS.md"), "## Packages asked for directly"))
    package = json.loads(text(root, "frontend/package.json"))
    python = [re.split(r"[\[=]", line)[0] for line in direct_requirements(Place(root)).values()]

    assert {row[0] for row in table} == {*python, *package["dependencies"], *package["devDependencies"]}
    assert [row for row in table if len(row) != 4 or not all(row)] == []


def test_decisions_are_numbered_dated_and_say_because_of_what_and_instead_of_what(root: Path) -> None:
    body = text(root, "DECISIONS.md").split("## Packages")[0]
    decisions = re.findall(r"^\*\*(\d+) · (\d{4}-\d\d-\d\d) · .+?(?=\n\n)", body, re.MULTILINE | re.DOTALL)
    paragraphs = [one for one in body.split("\n\n") if one.startswith("**")]

    assert [int(number) for number, _ in decisions] == list(range(1, len(paragraphs) + 1))
    assert [
        one[:40] for one in paragraphs if "*Because*" not in one or not re.search(r"\*Instead\s+of\*", one)
    ] == []


def test_every_process_is_on_the_list_of_the_readme(root: Path) -> None:
    listed = set(re.findall(r"`workflows/(p\w+)/`", text(root, "README.md")))

    assert listed == {diagram.stem for diagram in (root / "workflows").glob("*/*.bpmn")}


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("webapp/domain/errors.py", True),
        ("services/delegates/__init__.py", True),
        ("workflows/<key>/forms/<form_key>.json", True),
        ("migrations/versions/NNNN_<sentence>.py", True),
        ("services/no_such_room.py", False),
        ("workflows/<key>/no_such_folder/", False),
    ],
)
def test_a_place_that_is_not_there_would_be_found(root: Path, path: str, there: bool) -> None:
    assert is_there(root, path) is there
