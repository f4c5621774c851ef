"""A diagram of another tool becomes a draft 导入流程图: written in our words, its foreign parts kept as they were."""

import re
from dataclasses import dataclass

from webapp import engine as bpmn
from webapp.domain import access
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.exchange import layout
from webapp.persistence import finders
from webapp.services import definition_drafts, deployments
from webapp.services.definition_drafts import KEY, LONGEST_NAME
from webapp.services.deployments import LARGEST_FILE
from webapp.services.office import Work, bundle
from webapp.services.proposals import DESIGNER

LONGEST_KEY = 58
# The sign of a drawing, in whatever encoding of one or two bytes a letter.
SHAPE = b"BPMNShape"
OTHER_SIGNS = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file of another tool, read: its process, its name, the bytes to draw on, what was done to them."""

    key: str
    name: str
    content: bytes
    notes: definition_drafts.Notes


def begin(
    work: Work, actor: Actor, *, filename: str, data: bytes, key: str = "", replace: bool = False
) -> str:
    """A draft of the file's process → its id; of a published process it is a draft of its newest version.

    ``key``: what the process is to be called here, the file's own key where none is given. Invalid for a file
    that is no diagram, or none of one process that can run; Conflict when the designer has such a draft already.
    """
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
    found = _read(filename, data, key.strip())
    own = f"{found.key}.bpmn"
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        newest = finders.latest_definition(work, found.key)
        files = dict(bundle(work, newest["digest"])) if newest else {}
        kept = {name: old for name, old in files.items() if "/" in name or not name.endswith(".bpmn")}
        base = int(newest["version"]) if newest else 0
        name = newest["name"] if newest else found.name
        return definition_drafts.create_from(
            work, actor, found.key, name, base, {**kept, own: found.content}, replace=replace,
            told=(own, filename, found.notes),
        )  # fmt: skip


def _read(filename: str, data: bytes, asked: str) -> Foreign:
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": f"文件过大，不超过{LARGEST_FILE // 1024 // 1024}兆字节。"})
    wrong = bpmn.unreadable("one.bpmn", data)
    if wrong is not None:
        raise Invalid({"file": wrong.zh}, wrong.zh)
    content, notes = _drawn(*deployments.translate(filename, data))
    try:
        meant = bpmn.one_process(content, filename)
    except bpmn.Unreadable as error:
        raise Invalid({"file": error.problem.zh}, error.problem.zh) from error
    content, notes = meant.content, (*meant.notes, *notes)
    keys = bpmn.process_keys({"one.bpmn": content})
    key = asked or _fitting(keys[0])
    if not KEY.fullmatch(key):
        raise Invalid({"import_key": "编号用小写字母开头，只含小写字母、数字和下划线，2至60个字符。"})
    stem = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    name = bpmn.process_name(content, keys[0]) or stem or key
    if keys[0] != key:
        zh = f"流程编号“{keys[0]}”改成了“{key}”。"
        renamed = bpmn.Problem(
            key, "import.key", zh, f'The process id "{keys[0]}" became "{key}".', "warning"
        )
        notes = (renamed, *notes)
    return Foreign(key, name[:LONGEST_NAME], bpmn.rekeyed(content, keys[0], key), notes)


def _drawn(content: bytes, notes: definition_drafts.Notes) -> tuple[bytes, definition_drafts.Notes]:
    """A file of elements alone gets a drawing: the editor shows no other."""
    if SHAPE in content.replace(b"\0", b""):
        return content, notes
    zh = "文件里没有图形，已自动排版，请核对位置。"
    note = bpmn.Problem(None, "import.drawn", zh, "The file had no drawing and was laid out.", "warning")
    return layout.lay_out(content), (note, *notes)


def _fitting(key: str) -> str:
    """A key of ours made of the file's own: other tools write capitals, hyphens and longer ones."""
    found = OTHER_SIGNS.sub("_", key.lower()).strip("_")[:LONGEST_KEY].rstrip("_")
    return found if KEY.fullmatch(found) else f"p_{found}"
