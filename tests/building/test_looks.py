"""Every look at personal data that is put on record has its words on the auditor's page."""

import ast
from pathlib import Path

from webapp.queries import looks

WEB = Path(looks.__file__).parents[1] / "web"


def codes() -> dict[str, str]:
    """What the pages and the API call the things that are looked at: code → where."""
    found = {}
    for file in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("read_event"):
                given = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                found |= {str(code): f"{file.name}:{node.lineno}" for code in given}
    return found


def test_every_look_on_record_says_in_words_at_what_and_why() -> None:
    known = codes()

    assert len(known) > 20
    assert {code: where for code, where in known.items() if code not in looks.WHAT} == {}
