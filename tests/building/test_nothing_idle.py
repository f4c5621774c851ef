"""A rule nobody calls enforces nothing, and an event nobody raises tells nothing: neither stands in the domain."""

import ast
from collections.abc import Iterator
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[2] / "webapp"
DOMAIN = "webapp.domain"
Name = tuple[str, str]


class Source:
    """One module: its tree, and what its names stand for in the domain."""

    def __init__(self, path: Path) -> None:
        self.module = ".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts)
        self.tree = ast.parse(path.read_text("utf-8"))
        self.is_domain = self.module.startswith(DOMAIN)
        self.modules: dict[str, str] = {}
        self.names: dict[str, Name] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(DOMAIN):
                self._import(node)

    def _import(self, node: ast.ImportFrom) -> None:
        for one in node.names:
            name = one.asname or one.name
            if node.module == DOMAIN:
                self.modules[name] = f"{DOMAIN}.{one.name}"
            else:
                self.names[name] = (str(node.module), one.name)

    def uses(self, tree: ast.AST) -> Iterator[Name]:
        """The names of the domain that a piece of the module mentions."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id in self.modules:
                    yield self.modules[node.value.id], node.attr
            elif isinstance(node, ast.Name):
                yield self.names.get(node.id, (self.module, node.id))

    def definitions(self) -> Iterator[tuple[str, ast.stmt]]:
        """Top-level functions, classes and constants."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from ((one.id, node) for one in targets if isinstance(one, ast.Name))


SOURCES = [Source(path) for path in sorted(PRODUCT.rglob("*.py"))]


def reached() -> set[Name]:
    """Everything of the domain that the other floors come to, over as many steps as it takes."""
    edges = {
        (source.module, name): set(source.uses(node))
        for source in SOURCES
        if source.is_domain
        for name, node in source.definitions()
    }
    for source in SOURCES:
        if source.is_domain:
            edges |= {(source.module, name): {meant} for name, meant in source.names.items()}
    ring = {name for source in SOURCES if not source.is_domain for name in source.uses(source.tree)}
    found: set[Name] = set()
    while ring:
        found |= ring
        ring = {name for one in ring for name in edges.get(one, ())} - found
    return found


def test_every_rule_of_the_domain_is_called_by_the_product() -> None:
    known = reached()
    idle = {
        f"{source.module.removeprefix(DOMAIN + '.')}.{name}"
        for source in SOURCES
        if source.is_domain and not source.module.startswith(f"{DOMAIN}.events_")
        for name, node in source.definitions()
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not name.startswith("_")
        if (source.module, name) not in known
    }
    assert idle == set(), "a rule nobody calls: call it where it binds, or delete it"


def test_every_kind_of_event_is_raised_by_a_verb() -> None:
    kinds = {
        name
        for source in SOURCES
        if source.module.startswith(f"{DOMAIN}.events_")
        for name, node in source.definitions()
        if isinstance(node, ast.ClassDef)
    }
    raised = {name for source in SOURCES if not source.is_domain for _, name in source.uses(source.tree)}
    assert kinds - raised == set(), "an event nobody raises: raise it, or delete it"
