"""No giants: the first one is refused, not refactored."""

import ast
from collections.abc import Iterator
from pathlib import Path

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def modules(root: Path) -> list[Path]:
    return sorted((root / "webapp").rglob("*.py"))


def long_functions(source: str) -> Iterator[str]:
    """Name and length of each function over the limit, from ``def`` to its last line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} ({length} lines)"


def test_no_module_is_longer_than_400_lines(root: Path) -> None:
    lengths = {module: len(module.read_text(encoding="utf-8").splitlines()) for module in modules(root)}

    assert [f"{m.relative_to(root)}: {n}" for m, n in lengths.items() if n > LONGEST_MODULE] == []


def test_no_function_is_longer_than_40_lines(root: Path) -> None:
    found = [
        f"{module.relative_to(root)}: {function}"
        for module in modules(root)
        for function in long_functions(module.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_function_of_41_lines_would_be_found() -> None:
    source = "class House:\n    def giant(self):\n" + "        pass\n" * LONGEST_FUNCTION

    assert list(long_functions(source)) == ["giant (41 lines)"]
