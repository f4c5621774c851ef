"""Deploying definitions 部署流程: the linter's word first, exact bytes kept, same bytes no new version."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.persistence import finders
from webapp.persistence.models import repository
from webapp.services import forms, start_timers
from webapp.services.office import Office, Work

SHARED = "shared"
LARGEST_FILE = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """One process folder 流程包 with the shared decision tables: file name → bytes."""

    key: str
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """The digest an instance is pinned to."""
        return bpmn.bundle_digest(self.files)


def read_folder(folder: Path) -> list[Bundle]:
    """Every process under a ``workflows`` folder, or the one process the folder is. Invalid when there is none."""
    if not folder.is_dir():
        raise Invalid({"folder": f"没有找到文件夹“{folder}”，请检查路径。"})
    own = (
        [folder]
        if list(folder.glob("*.bpmn"))
        else sorted(p for p in folder.iterdir() if list(p.glob("*.bpmn")))
    )
    if not own:
        raise Invalid({"folder": f"文件夹“{folder}”中没有流程图（*.bpmn）。"})
    return [_read(one) for one in own]


def _read(folder: Path) -> Bundle:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _wanted(folder)}
    shared = folder.parent / SHARED
    if shared.is_dir():
        calls = any(b"callActivity" in content for content in files.values())
        wanted = sorted([*shared.glob("*.dmn"), *(shared.glob("*.bpmn") if calls else ())])
        files |= {f"{SHARED}/{path.name}": path.read_bytes() for path in wanted}
    return Bundle(folder.name, files)


def _wanted(folder: Path) -> Sequence[Path]:
    return sorted([*folder.glob("*.bpmn"), *folder.glob("*.dmn"), *folder.glob("forms/*.json")])


def check(office: Office, bundle: Bundle, *, known: bool = False) -> tuple[bpmn.Problem, ...]:
    """Every finding of the linter 检查结果, forms included, all at once.

    Files from outside are judged and started once apart from the server; ``known`` ones, of the installation,
    published already or on the drawing board, are not.
    """
    judge = bpmn.check if known else office.judge
    problems = list(judge(bundle.files, office.catalogue))
    if any(problem.level == "error" for problem in problems):
        return tuple(problems)
    definition = bpmn.parse(bundle.files, office.catalogue)
    for name in sorted(definition.forms):
        problems += _form_problems(name, definition)
    return (*problems, *_call_problems(office, definition))


def _call_problems(office: Office, definition: bpmn.Definition) -> list[bpmn.Problem]:
    """Calls of processes or versions that are not published 调用的流程版本不存在."""
    found = []
    calling = [node for node in definition.nodes.values() if node.calls is not None]
    with office.glance() as look:
        for node in calling:
            versions = {row["version"] for row in finders.versions_of(look, node.calls or "")}
            # A process may call its own latest version, which this one is about to become.
            own = node.calls == definition.key and node.calls_version is None
            if not own and (node.calls_version or next(iter(versions), 0)) not in versions:
                found.append(_not_there(node))
    return found


def _not_there(node: bpmn.Node) -> bpmn.Problem:
    which = "" if node.calls_version is None else f"第{node.calls_version}版"
    return bpmn.Problem(
        node.id,
        "called.missing",
        f"调用活动“{node.name or node.id}”调用的流程“{node.calls}”{which}没有发布。",
        f'The call activity {node.id} calls "{node.calls}", which is not published in that version.',
    )


def _form_problems(name: str, definition: bpmn.Definition) -> list[bpmn.Problem]:
    try:
        fields = forms.fields_of_task(definition, name)
    except Invalid as invalid:
        return [
            bpmn.Problem(
                key,
                "FORM",
                f"表单“{name}”的栏目“{key}”：{why}",
                f"Form {name}, field {key} is not supported.",
            )
            for key, why in invalid.problems.items()
        ]
    found = []
    for field in forms.every(fields):
        if field.condition and (why := forms.faulty(field.condition)):
            sentence = f"表单“{name}”的栏目“{field.key}”的显示条件写法有误：{why}"
            found.append(
                bpmn.Problem(field.key, "FORM_CONDITION", sentence, "The condition is not valid FEEL.")
            )
    return found


def deploy(work: Work, actor: Actor, bundle: Bundle, *, origin: str, note: str = "") -> int | None:
    """Store a bundle as the next version → its number, None when the newest version has the same bytes.

    Invalid with every error of the linter; nothing is stored then. An ``installation`` never replaces a
    version deployed from the browser.
    """
    if _is_newest(work, bundle):
        return None
    definition = parsed(work.office, bundle, known=origin == "installation")
    with work:
        work.lock_stream(f"definition:{definition.key}")
        newest = finders.latest_definition(work, definition.key)
        if newest and (newest["digest"] == bundle.digest or (origin == "installation" != newest["origin"])):
            return None
        store(work, bundle)
        version = add_version(
            work, actor, bundle.digest, definition, newest=newest, origin=origin, note=note, facts={}
        )
    work.office.remember_definition(bundle.digest, definition)
    return version


def parsed(office: Office, bundle: Bundle, *, known: bool = False) -> bpmn.Definition:
    """The definition of a bundle the linter finds no error in; Invalid with every error otherwise."""
    errors = [problem for problem in check(office, bundle, known=known) if problem.level == "error"]
    if errors:
        raise Invalid(
            {f"{p.file or bundle.key}#{p.element_id or ''}": _said(p) for p in errors}, _summary(errors)
        )
    return bpmn.parse(bundle.files, office.catalogue)


def add_version(
    work: Work,
    actor: Actor,
    digest: str,
    definition: bpmn.Definition,
    *,
    newest: Mapping[str, Any] | None,
    origin: str,
    note: str,
    facts: Mapping[str, object],
) -> int:
    """Publish stored bytes as the version after ``newest`` and commit → its number."""
    version = finders.last_version(work, definition.key) + 1
    row = {
        "id": str(uuid7()),
        "key": definition.key,
        "version": version,
        "name": definition.name,
        "digest": digest,
        "origin": origin,
        "deployed_at": work.now,
        "deployed_by": actor.user_id,
        "note": note or None,
    }
    work.insert(repository.definition, row)
    start_timers.replace(work, row, definition)
    if newest is not None and newest["state"] == "suspended":
        # What two persons have stopped goes on resting until two persons let it begin again.
        work.put(repository.standing, {"definition_id": row["id"], "state": "suspended", "since": work.now})
        start_timers.rest(work, str(row["id"]))
    facts = {"key": definition.key, "version": version, "digest": digest, "origin": origin, **facts}
    stream = f"definition:{definition.key}"
    work.commit(events.DefinitionDeployed(actor=actor, effective_at=work.now, stream=stream, facts=facts))
    return version


def _is_newest(work: Work, bundle: Bundle) -> bool:
    """The same bytes were deployed last: nothing to check again, so a second start is quick."""
    with work:
        newest = finders.latest_definition(work, bundle.key)
        return newest is not None and newest["digest"] == bundle.digest


def _summary(errors: Sequence[bpmn.Problem]) -> str:
    lines = [f"{index}. {_said(p)}" for index, p in enumerate(errors, 1)]
    return f"流程图有{len(errors)}处问题，未部署：" + "；".join(lines)


def _said(problem: bpmn.Problem) -> str:
    """What is wrong and what to do, with file and line where the element can be found."""
    if not problem.line:
        return problem.zh
    return f"{problem.zh.removesuffix('。')}（{problem.file}第{problem.line}行）。"


def store(work: Work, bundle: Bundle) -> None:
    """Keep the bytes of a bundle, each content once."""
    if work.all(repository.bundle_file, bundle_digest=bundle.digest):
        return
    by_digest = {hashlib.sha256(data).hexdigest(): data for data in bundle.files.values()}
    there = {row["digest"] for row in work.all(repository.content, digest=sorted(by_digest))}
    missing = [{"digest": one, "bytes": by_digest[one]} for one in sorted(by_digest) if one not in there]
    if missing:
        work.insert(repository.content, missing)
    rows = [
        {"bundle_digest": bundle.digest, "name": name, "content_digest": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(bundle.files.items())
    ]
    work.insert(repository.bundle_file, rows)


def translate(name: str, content: bytes) -> tuple[bytes, tuple[bpmn.Problem, ...]]:
    """A diagram of another tool 外来流程图 with counterparts written in, and what was mapped and what is not executed.

    Invalid when it is no XML; nothing is deployed.
    """
    try:
        found = bpmn.translate(content, name)
    except bpmn.Unreadable as error:
        raise Invalid({name: error.problem.zh}) from error
    return found.content, found.notes
