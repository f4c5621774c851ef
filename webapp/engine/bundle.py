"""A deployment bundle 部署包 as files: its digest, its forms, its decisions, and ``parse`` and ``check``."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from webapp.engine import dmn, lint_schema, markup, reader
from webapp.engine.drawing import Drawing
from webapp.engine.faults import BadDiagram
from webapp.engine.linter import Surroundings, lint
from webapp.engine.nouns import Catalogue, Definition, Problem
from webapp.engine.plan import Plan, joined

Files = Mapping[str, bytes]
MOST_FORM_BYTES = 1024 * 1024


class Contents:
    """What a bundle holds, and every problem met while opening it."""

    def __init__(self, files: Files) -> None:
        self.problems: list[Problem] = []
        self.forms: dict[str, Mapping[str, Any]] = {}
        self.decisions: dict[str, Any] = {}
        self.drawings: list[Drawing] = []
        self.roots: list[tuple[str, Any]] = []
        self.tables = [files[name] for name in sorted(files) if name.endswith(".dmn")]
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
        self.roots.append((name, root))
        drawings = reader.read(root, name)
        if not drawings:
            self._say(
                name,
                "process.none",
                "文件里没有可执行的流程：请在建模工具里把流程设为可执行（isExecutable）。",
                "No executable process found; mark the process as executable (isExecutable) in the modeller.",
            )
        self.drawings += drawings

    def _open_decisions(self, name: str, content: bytes) -> None:
        try:
            markup.parse(content, name)
            model = dmn.parse(content, self.tables)
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
        called = self.called()
        if len(wanted) > 1:
            # A process that another one calls is deployed with it, not by itself.
            wanted = [drawing for drawing in wanted if drawing.key not in called] or wanted
            wanted = [drawing for drawing in wanted if not drawing.file.startswith("shared/")] or wanted
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

    def called(self) -> frozenset[str]:
        """The processes that another one in the bundle calls."""
        return frozenset(
            name
            for drawing in self.drawings
            for part in drawing.parts.values()
            for name in (part.node.called, part.node.calls)
            if name is not None and name != drawing.key
        )

    def lint(self, drawings: Iterable[Drawing], catalogue: Catalogue) -> None:
        """Judge the drawings, each with all the bundle offers."""
        keys = [drawing.key for drawing in self.drawings]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self._say(
                None, "process.duplicate", f"流程“{key}”有两个。", f'The process "{key}" is defined twice.'
            )
        around = Surroundings(self.forms, self.decisions, catalogue, frozenset(keys), self.called())
        for drawing in drawings:
            lint(drawing, around)
            self.problems += drawing.problems

    def callees(self, main: Drawing) -> list[Drawing]:
        """The processes that ``main`` calls, directly or not; itself too when it calls itself."""
        by_key = {drawing.key: drawing for drawing in self.drawings}
        found: dict[str, Drawing] = {}
        todo = [main]
        while todo:
            for part in todo.pop().parts.values():
                name = part.node.called
                if name is not None and name in by_key and name not in found:
                    found[name] = by_key[name]
                    todo.append(by_key[name])
        return list(found.values())


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


def process_names(content: bytes) -> dict[str, str]:
    """The names of a diagram's nodes by id, for whoever has to be told where something is."""
    drawings = Contents({"one.bpmn": content}).drawings
    return {key: part.node.name for drawing in drawings for key, part in drawing.parts.items()}


def unreadable(name: str, content: bytes) -> Problem | None:
    """Why a file cannot be taken at all 文件无法读取: broken, hostile or of another kind; its content is not judged."""
    found = Contents({name: content}).problems
    return next((one for one in found if one.code.startswith(("xml.", "bpmn.root", "form.broken"))), None)


def check(files: Files, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Every error and warning of a bundle at once; never raises for bad content."""
    contents = Contents(files)
    contents.chosen(None)
    contents.lint(contents.drawings, catalogue)
    for name, root in contents.roots:
        contents.problems += lint_schema.review(root, name)
    return tuple(contents.problems)


def parse(
    files: Files, catalogue: Catalogue, *, process_id: str | None = None, judged: bool = True
) -> Definition:
    """The definition in a bundle, fully checked; raises ``Invalid`` (``BadDiagram``) with all errors.

    ``judged=False`` reads one that was judged when it was deployed, even where the rules of today would refuse it.
    """
    contents = Contents(files)
    drawing = contents.chosen(process_id)
    callees = contents.callees(drawing) if drawing is not None else []
    if judged and drawing is not None:
        contents.lint([drawing, *(one for one in callees if one is not drawing)], catalogue)
    errors = [problem for problem in contents.problems if problem.level == "error"]
    if errors or drawing is None:
        raise BadDiagram(errors)
    plan = joined(drawing.plan(), [one.plan() for one in callees])
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
        messages_starting=_starting(plan, "message"),
        signals_starting=_starting(plan, "signal"),
        plan=plan,
    )


def _starting(plan: Plan, event: str) -> tuple[str, ...]:
    starts = [part.node for part in plan.children(None) if part.node.kind == "startEvent"]
    return tuple((node.message or node.signal or "") for node in starts if node.event == event)
