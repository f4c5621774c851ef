"""Every example of docs/api.md runs, in its order, by the people it names."""

import io
import re
import shlex
from pathlib import Path
from typing import Any

from tests.api.program import Program, program
from tests.services.test_proposals import KEY, files
from tests.site import Site
from webapp.persistence.models import cases, repository, runtime

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
TOKEN = re.compile(r"Bearer \$([A-Z]+[0-9]*)")
# Examples whose case is not so far that the act could be done: the refusal the regulations ask for.
REFUSED = {"/engine-rest/message": 400, "?deleteReason=": 400, "p04_reinstatement/start": 400}


def commands() -> list[list[str]]:
    """Every curl of the document, as words."""
    lines = "\n".join(BLOCK.findall(DOCUMENT.read_text("utf-8"))).replace("\\\n", " ")
    # A body in single quotes goes over several lines.
    joined = re.sub(r"'[^']*'", lambda found: found[0].replace("\n", " "), lines)
    return [shlex.split(line) for line in joined.splitlines() if line.startswith("curl")]


def test_every_example_of_the_document_runs(site: Site) -> None:
    known, programs = {"HOST": "", "CADRE": site.person("苏白露"), "TODAY": site.today.isoformat()}, {}
    done = 0
    for words in commands():
        login = TOKEN.search(" ".join(words))
        assert login is not None, words
        asking = programs.setdefault(login[1], program(site, login[1].lower()))
        answer = run(asking, words, known)
        path = words[words.index("curl") + 1] if "-X" not in words else words[words.index("-X") + 2]
        wanted = next((status for part, status in REFUSED.items() if part in path), None)
        assert answer.status_code == (wanted or answer.status_code), answer.text
        assert wanted or answer.status_code < 300, f"{path}: {answer.text}"
        learn(site, known)
        done += 1
    assert done >= 19


def run(asking: Program, words: list[str], known: dict[str, str]) -> Any:
    words = [
        re.sub(r"\$([A-Z]+[0-9]*)", lambda found: known.get(found[1], found[0]), word) for word in words[1:]
    ]
    method, path = "GET", ""
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    pairs = iter(words)
    for word in pairs:
        if word == "-X":
            method = next(pairs)
        elif word == "-H":
            name, _, value = next(pairs).partition(": ")
            headers[name] = value
        elif word == "-d":
            more["data"] = next(pairs).encode()
        elif word == "-F":
            name, _, value = next(pairs).partition("=")
            method = "POST"
            more.setdefault("data", {})[name] = upload(value[1:]) if value.startswith("@") else value
        else:
            path = word
    headers.pop("Authorization")
    return asking.ask(method, path, headers=headers, **more)


def upload(name: str) -> Any:
    assert name == f"{KEY}.bpmn"
    return io.BytesIO(files()[name]), name


def learn(site: Site, known: dict[str, str]) -> None:
    """The ids the document calls $TASK, $NUMBER and so on, from what its own examples have made."""
    if (row := next(iter(site.rows(cases.case_file)), None)) is not None:
        known |= {"NUMBER": row["number"], "CASE": row["id"]}
        known["INSTANCE"] = site.rows(runtime.process_instance, case_id=row["id"])[0]["id"]
        if task := site.open_tasks(row["id"]).get("assess"):
            known["TASK"] = task
    if (waiting := next(iter(site.rows(repository.proposal)), None)) is not None:
        known |= {"PROPOSAL": waiting["id"], "DIGEST": waiting["digest"]}
