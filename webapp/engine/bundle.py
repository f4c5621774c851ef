"""A deployment bundle 部署包 as files: its digest, its forms, its decisions, and ``parse`` and ``check``."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from webapp.engine import dmn, markup, reader
from webapp.engine.faults import BadDiagram
from webapp.engine.linter import lint
from webapp.engine.nouns import Catalogue, Definition, Problem
from webapp.engine.reader import Drawing

Files = Mapping[str, bytes]
MOST_FORM_BYTES = 1024 * 1024


class Contents:
    """What a bundle holds, and every problem met while opening it."""

    def __init__(self, files: Files) -> None:
        self.problems: list[Problem] = []
        self.forms: dict[str, Mapping[str, Any]] = {}
        self.decisions: dict[str, Any] = {}
        self.drawings: list[Drawing] = []
        for name in sorted(files):
            self._open(name, files[name])

    def _open(self, name: str, content: bytes) -> None:
        if name.endswith(".bpmn"):
            self._open_diagram(name, content)
        elif name.endswith(".dmn"):
            self._open_decisions(name, content)
        elif name.endswith(".json") and "forms/" in name:
            self._open_form(name, content)

    def _open_diagram(self, name: str, content: bytes) -> None:
        try:
            root = markup.parse(content, name)
        except markup.Unreadable as error:
            self.problems.append(error.problem)
            return
        if root.tag != markup.bpmn("definitions"):
            self._say(name, "bpmn.root", "文件不是 BPMN 2.0 流程图。", "The file is no BPMN 2.0 diagram.")
            return
        drawings = reader.read(root, name)
        if not drawings:
            self._say(
                name,
                "process.none",
                "文件里没有可执行的流程（isExecutable）。",
                "No executable process found.",
            )
        self.drawings += drawings

    def _open_decisions(self, name: str, content: bytes) -> None:
        try:
            markup.parse(content, name)
            model = dmn.parse(content)
        except markup.Unreadable as error:
            self.problems.append(error.problem)
            return
        except dmn.DmnError as error:
            self.problems += _dmn_problems(error, name)
            return
        for decision in model.decisions:
            if decision in self.decisions:
                self._say(
                    name, "decision.duplicate", f"决策“{decision}”在部署包里有两个。",
                    f'The decision "{decision}" is defined twice.',
                )  # fmt: skip
            self.decisions[decision] = model

    def _open_form(self, name: str, content: bytes) -> None:
        try:
            form = orjson.loads(content) if len(content) <= MOST_FORM_BYTES else None
        except orjson.JSONDecodeError:
            form = None
        if not isinstance(form, dict):
            self._say(name, "form.broken", "表单文件不是完好的 JSON。", "The form is no valid JSON object.")
            return
        key = form.get("id") or name.rpartition("/")[2].removesuffix(".json").removesuffix(".form")
        if key in self.forms:
            self._say(name, "form.duplicate", f"表单“{key}”有两个。", f'The form "{key}" is defined twice.')
        self.forms[str(key)] = form

    def _say(self, file: str | None, code: str, zh: str, en: str) -> None:
        self.problems.append(Problem(None, code, zh, en, file=file))

    def chosen(self, process_id: str | None) -> Drawing | None:
        """The one process meant; None, with a problem noted, when it is not clear which."""
        wanted = [drawing for drawing in self.drawings if process_id in (None, drawing.key)]
        if len(wanted) == 1:
            return wanted[0]
        if self.drawings and not wanted:
            self._say(None, "process.unknown", f"没有流程“{process_id}”。", f'No process "{process_id}".')
        elif wanted:
            keys = "、".join(drawing.key for drawing in wanted)
            self._say(
                None, "process.several", f"部署包里有多个可执行流程（{keys}），一次只能部署一个。",
                f"Several executable processes ({keys}); deploy one at a time.",
            )  # fmt: skip
        elif not self.problems:
            self._say(None, "bpmn.none", "部署包里没有流程图（.bpmn）。", "The bundle has no .bpmn file.")
        return None


def _dmn_problems(error: Any, file: str) -> list[Problem]:
    return [
        Problem(
            getattr(found, "element_id", None),
            getattr(found, "code", "dmn.invalid"),
            getattr(found, "zh", str(found)),
            getattr(found, "en", str(found)),
            getattr(found, "level", "error"),
            getattr(found, "line", None),
            file,
        )
        for found in getattr(error, "problems", ()) or (error,)
    ]


def bundle_digest(files: Files) -> str:
    """The digest 摘要 of a bundle: SHA-256 over its sorted names and the SHA-256 of each file."""
    total = sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + sha256(files[name]).digest())
    return total.hexdigest()


def process_keys(files: Files) -> tuple[str, ...]:
    """The keys of the executable processes drawn in these files; none for files that cannot be read."""
    return tuple(drawing.key for drawing in Contents(files).drawings)


def check(files: Files, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Every error and warning of a bundle at once; never raises for bad content."""
    contents = Contents(files)
    contents.chosen(None)
    for drawing in contents.drawings:
        lint(drawing, contents.forms, contents.decisions, catalogue)
        contents.problems += drawing.problems
    return tuple(contents.problems)


def parse(files: Files, catalogue: Catalogue, *, process_id: str | None = None) -> Definition:
    """The definition in a bundle, fully checked; raises ``Invalid`` (``BadDiagram``) with all errors."""
    contents = Contents(files)
    drawing = contents.chosen(process_id)
    if drawing is not None:
        lint(drawing, contents.forms, contents.decisions, catalogue)
        contents.problems += drawing.problems
    errors = [problem for problem in contents.problems if problem.level == "error"]
    if errors or drawing is None:
        raise BadDiagram(errors)
    plan = drawing.plan()
    nodes = {name: part.node for name, part in plan.parts.items()}
    return Definition(
        key=drawing.key,
        name=drawing.name,
        digest=bundle_digest(files),
        nodes=nodes,
        flows=tuple(link.flow for link in plan.links),
        lanes=tuple(dict.fromkeys(drawing.lane_names)),
        documentation=drawing.documentation,
        forms=contents.forms,
        decisions=contents.decisions,
        messages_starting=tuple(
            node.message or ""
            for node in nodes.values()
            if node.kind == "startEvent" and node.event == "message" and node.scope is None
        ),
        plan=plan,
    )
