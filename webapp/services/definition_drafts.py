"""Drafts of definitions 流程草稿: one a designer and process, every save checked against who saved before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.domain.fields import Field
from webapp.domain.workdays import BUSINESS_ZONE
from webapp.persistence import finders
from webapp.persistence.models import designs, people, repository
from webapp.services import deployments, new_diagram, proposals, trial_answers
from webapp.services.deployments import LARGEST_FILE, Bundle
from webapp.services.identity import USERS
from webapp.services.office import Office, Work, bundle
from webapp.services.proposals import DESIGNER, Proposal

MOST_FILES = 100
MOST_BYTES = 12 * 1024 * 1024
LONGEST_NAME = 120
KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
# The linter is part of the program and the same bytes give the same findings: save, page and editor ask once.
_judged: dict[tuple[str, str, bool], tuple[bpmn.Problem, ...]] = {}
MOST_JUDGED = 64
Notes = Sequence[bpmn.Problem]
"""What was done to a file of another tool, and what of it will not be executed."""
FILE = re.compile(r"[\w\-]{1,80}\.(bpmn|dmn|json|form)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft 草稿 with its files by name; ``base_version`` 0 for a process that is new."""

    id: str
    key: str
    name: str
    owner_id: str
    base_version: int
    revision: int
    digest: str
    saved_at: datetime
    saved_by: str
    files: Mapping[str, bytes]

    @property
    def drawing(self) -> str:
        """The diagram as text, whatever encoding its file has."""
        return bpmn.drawing_text(self.diagram[1])

    @property
    def diagram(self) -> tuple[str, bytes]:
        """Name and bytes of the process's own diagram, not of one it calls; empty when the draft has none."""
        drawn = sorted(name for name in self.files if name.endswith(".bpmn") and "/" not in name)
        name = f"{self.key}.bpmn" if f"{self.key}.bpmn" in drawn else next(iter(drawn), "")
        return name, self.files.get(name, b"")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save gave: the revision the next one has to name, and when it was."""

    draft_id: str
    revision: int
    digest: str
    saved_at: datetime


def read(reads: Any, draft_id: str) -> Draft:
    """A draft with its files; NotFound when there is none."""
    row = reads.one(designs.draft, id=draft_id)
    if row is None:
        raise NotFound("没有找到该草稿，它可能已被删除。")
    files = {one["name"]: bytes(one["bytes"]) for one in reads.all(designs.draft_file, draft_id=draft_id)}
    values = {name: row[name] for name in Draft.__dataclass_fields__ if name != "files"}
    return Draft(**values, files=files)


def findings(office: Office, draft: Draft) -> tuple[bpmn.Problem, ...]:
    """What the linter says of a draft 检查结果, forms included; a changed process id is an error of a draft."""
    return _judged_once(office, draft, draft.files, drawing=False)


def judged(office: Office, draft: Draft, files: Mapping[str, bytes]) -> tuple[bpmn.Problem, ...]:
    """The linter's word on what is being drawn; nothing is kept of it but this word.

    It is asked for after every change, so the linter alone answers; what is saved is judged apart and started once.
    """
    return _judged_once(office, draft, files, drawing=True)


def _judged_once(
    office: Office, draft: Draft, files: Mapping[str, bytes], *, drawing: bool
) -> tuple[bpmn.Problem, ...]:
    digest = (draft.key, bpmn.bundle_digest(files), drawing)
    if digest not in _judged:
        while len(_judged) >= MOST_JUDGED:
            _judged.pop(next(iter(_judged)), None)
        _judged[digest] = _judge(office, draft, files, drawing=drawing)
    return _judged[digest]


def _judge(
    office: Office, draft: Draft, files: Mapping[str, bytes], *, drawing: bool
) -> tuple[bpmn.Problem, ...]:
    found = deployments.check(office, Bundle(draft.key, files), known=drawing)
    keys = bpmn.process_keys(files)
    if keys and draft.key not in keys:
        zh = f"流程的编号由“{draft.key}”改成了“{'、'.join(sorted(keys))}”。编号不能改，请改回。"
        return (bpmn.Problem(None, "draft.key", zh, "The process id was changed."), *found)
    return found


def previewed(found: Sequence[Field]) -> tuple[Field, ...]:
    """A form's fields for a look at it 预览: invented people and units stand in for the real ones."""
    return trial_answers.fields(found)


def begin(work: Work, actor: Actor, *, key: str, version: int | None = None, replace: bool = False) -> str:
    """A draft from a published version, the newest when none is named → its id.

    Conflict when the designer has a draft of this process already, unless it is to be replaced.
    """
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        row = (
            finders.latest_definition(work, key)
            if version is None
            else work.one(repository.definition, key=key, version=version)
        )
        if row is None:
            raise NotFound(f"没有已发布的流程“{key}”的这一版。")
        files = bundle(work, row["digest"])
        return _create(work, actor, key, row["name"], int(row["version"]), files, replace=replace)


def create(work: Work, actor: Actor, *, key: str, name: str) -> str:
    """A draft of a process that is new, with the smallest diagram → its id. Invalid for a bad or taken key."""
    name = name.strip()
    problems = {}
    if not KEY.fullmatch(key):
        problems["key"] = "编号用小写字母开头，只含小写字母、数字和下划线，2至60个字符。"
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = f"请填写流程名称，不超过{LONGEST_NAME}字。"
    if problems:
        raise Invalid(problems)
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        if finders.latest_definition(work, key) is not None:
            raise Invalid({"key": "这个编号已有发布的流程，请在列表中修改它，或换一个编号。"})
        return _create(
            work, actor, key, name, 0, {f"{key}.bpmn": new_diagram.blank(key, name)}, replace=False
        )


def copy(work: Work, actor: Actor, *, draft_id: str, files: Mapping[str, bytes] | None = None) -> str:
    """Another designer's draft as an own one 另存为我的草稿 → its id."""
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        draft = read(work, draft_id)
        return _create(
            work, actor, draft.key, draft.name, draft.base_version, files or draft.files, replace=True
        )


def create_from(
    work: Work,
    actor: Actor,
    key: str,
    name: str,
    base: int,
    files: Mapping[str, bytes],
    *,
    replace: bool,
    told: tuple[str, str, Notes],
) -> str:
    """A draft of these files in the caller's transaction → its id; ``told``: which was rewritten, its source, how."""
    _require_fit(files, told[0])
    return _create(work, actor, key, name, base, files, replace=replace, told=told)


def _create(
    work: Work,
    actor: Actor,
    key: str,
    name: str,
    base: int,
    files: Mapping[str, bytes],
    *,
    replace: bool,
    told: tuple[str, str, Notes] | None = None,
) -> str:
    work.lock_stream(_stream(key))
    old = work.one(designs.draft, owner_id=actor.user_id, key=key)
    if old is not None:
        if not replace:
            raise Conflict("您已有这个流程的草稿，请继续修改它，或先删除它。", draft_id=old["id"])
        _remove(work, old["id"])
    draft_id, digest = str(uuid7()), bpmn.bundle_digest(files)
    row = {
        "id": draft_id,
        "key": key,
        "name": name,
        "owner_id": actor.user_id,
        "base_version": base,
        "revision": 1,
        "digest": digest,
        "created_at": work.now,
        "saved_at": work.now,
        "saved_by": actor.user_id,
    }
    work.insert(designs.draft, row)
    work.insert(designs.draft_file, [{"draft_id": draft_id, "name": n, "bytes": d} for n, d in files.items()])
    work.insert(designs.draft_author, {"draft_id": draft_id, "user_id": actor.user_id})
    if told is not None:
        report(work, draft_id, *told)
    facts = {"draft_id": draft_id, "key": key, "revision": 1, "digest": digest, "base_version": base}
    work.commit(_event(events.DraftDefinitionSaved, work, actor, key, facts))
    return draft_id


def save(work: Work, actor: Actor, *, draft_id: str, revision: int, xml: bytes) -> Saved:
    """Keep the diagram as drawn now 保存; what the linter says of it does not matter yet.

    Conflict naming who saved the same draft in between and when; Invalid for a file that cannot be read.
    """
    with work:
        draft = _taken(work, actor, draft_id, revision)
        return _keep(work, actor, draft, draft.diagram[0] or f"{draft.key}.bpmn", xml)


def upload(work: Work, actor: Actor, *, draft_id: str, revision: int, filename: str, data: bytes) -> Saved:
    """Put a file into the draft 上传文件: its diagram takes the diagram's place, others that of their name.

    A diagram of another tool is written in our words first; what was done to it is kept with the draft.
    """
    name = placed(filename)
    notes: Notes = ()
    if name.endswith(".bpmn"):
        data, notes = deployments.translate(filename, data)
    with work:
        draft = _taken(work, actor, draft_id, revision)
        if name.endswith(".bpmn") and draft.key in bpmn.process_keys({name: data}):
            name = draft.diagram[0] or f"{draft.key}.bpmn"
        shared = f"shared/{name}"
        name = shared if shared in draft.files else name
        report(work, draft_id, name, filename, notes)
        return _keep(work, actor, draft, name, data)


def report(work: Work, draft_id: str, name: str, source: str, notes: Notes) -> None:
    """Keep what was done to a file; a file that needed nothing has no report."""
    work.delete(designs.draft_report, {"draft_id": draft_id, "file": name})
    if notes:
        row = {"draft_id": draft_id, "file": name, "source": source[-LONGEST_NAME:], "made_at": work.now}
        told = [[one.level, one.code, one.element_id, one.line, one.zh] for one in notes]
        work.insert(designs.draft_report, {**row, "notes": told})


def placed(filename: str) -> str:
    """Where an uploaded file lies in a bundle; Invalid for a name or kind that has no place."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    found = FILE.fullmatch(last)
    if found is None:
        raise Invalid(
            {
                "file": "只接受流程图（.bpmn）、决策表（.dmn）和表单（.form、.json），文件名用字母、数字、下划线。"
            }
        )
    stem, _, kind = last.rpartition(".")
    return f"forms/{stem}.json" if kind in ("json", "form") else last


def remove(work: Work, actor: Actor, *, draft_id: str, revision: int, name: str) -> Saved:
    """Take a form or table out of the draft 移除文件; the diagram stays."""
    with work:
        draft = _taken(work, actor, draft_id, revision)
        if name not in draft.files or name == draft.diagram[0]:
            raise NotFound("草稿中没有可以移除的这个文件。")
        return _keep(work, actor, draft, name, None)


def propose(office: Office, actor: Actor, *, draft_id: str, digest: str, reason: str) -> Proposal:
    """Ask a second designer to publish the draft 提出发布, the very bytes that were checked.

    Conflict when the draft was saved again since; Invalid with every error of the linter.
    """
    with office.glance() as look:
        access.require_role(actor, DESIGNER, day=look.today)
        draft = read(look, draft_id)
        authors = {row["user_id"] for row in look.all(designs.draft_author, draft_id=draft_id)}
        saved_by = who(look, draft.saved_by)
    if draft.digest != digest:
        raise Conflict(
            f"{saved_by}已在{_clock(draft.saved_at)}修改了这份草稿，与您检查的内容不一致，请刷新后重新检查。"
        )
    changed = next((one for one in findings(office, draft) if one.code == "draft.key"), None)
    if changed is not None:
        raise Invalid({"key": changed.zh}, changed.zh)
    return proposals.propose(office, actor, draft.files, reason, authors=authors)


def discard(work: Work, actor: Actor, *, draft_id: str) -> None:
    """Delete the own draft 删除草稿; NotFound for another designer's."""
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        row = work.one(designs.draft, id=draft_id, owner_id=actor.user_id)
        if row is None:
            raise NotFound("没有找到您的这份草稿。")
        work.lock_stream(_stream(row["key"]))
        _remove(work, draft_id)
        facts = {"draft_id": draft_id, "key": row["key"], "digest": row["digest"]}
        work.commit(_event(events.DraftDefinitionDiscarded, work, actor, row["key"], facts))


def _remove(work: Work, draft_id: str) -> None:
    for table in (designs.trial_run, designs.draft_file, designs.draft_author, designs.draft_report):
        work.delete(table, {"draft_id": draft_id})
    work.delete(designs.draft, {"id": draft_id})


def _taken(work: Work, actor: Actor, draft_id: str, revision: int) -> Draft:
    """The draft for a change, its process's chain locked, when nobody changed it since ``revision``."""
    access.require_role(actor, DESIGNER, day=work.today)
    key = read(work, draft_id).key
    work.lock_stream(_stream(key))
    draft = read(work, draft_id)
    if draft.revision != revision:
        raise Conflict(
            f"{who(work, draft.saved_by)}已在{_clock(draft.saved_at)}修改了这份草稿，您的修改没有保存。"
            "请重新打开后再改，或者另存为您自己的草稿。"
        )
    return draft


def who(reads: Any, user_id: str) -> str:
    """The name behind an account, for sentences."""
    user = reads.one(USERS, id=user_id)
    row = reads.one(people.person, id=user["person_id"]) if user and user["person_id"] else None
    return str(row["name"]) if row else str(user["username"]) if user else "另一名设计员"


def _clock(moment: datetime) -> str:
    local = moment.astimezone(BUSINESS_ZONE)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _keep(work: Work, actor: Actor, draft: Draft, name: str, data: bytes | None) -> Saved:
    files = {one: old for one, old in draft.files.items() if one != name}
    work.delete(designs.draft_file, {"draft_id": draft.id, "name": name})
    if data is not None:
        files[name] = data
        _require_fit(files, name)
        work.insert(designs.draft_file, {"draft_id": draft.id, "name": name, "bytes": data})
    digest = bpmn.bundle_digest(files)
    saved = Saved(draft.id, draft.revision + 1, digest, work.now)
    values = {
        "revision": saved.revision,
        "digest": digest,
        "saved_at": work.now,
        "saved_by": actor.user_id,
    }
    work.update(designs.draft, {"id": draft.id}, values)
    work.put(designs.draft_author, {"draft_id": draft.id, "user_id": actor.user_id})
    facts = {"draft_id": draft.id, "key": draft.key, "revision": saved.revision, "digest": digest}
    work.commit(_event(events.DraftDefinitionSaved, work, actor, draft.key, facts))
    return saved


def _require_fit(files: Mapping[str, bytes], name: str) -> None:
    data = files[name]
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": f"文件过大，单个文件不超过{LARGEST_FILE // 1024 // 1024}兆字节。"})
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Invalid({"file": f"草稿过大：不超过{MOST_FILES}个文件、{MOST_BYTES // 1024 // 1024}兆字节。"})
    wrong = bpmn.unreadable(name, data)
    if wrong is not None:
        raise Invalid({"file": wrong.zh}, wrong.zh)


def _stream(key: str) -> str:
    return f"definition:{key}"


def _event(
    kind: type[events.Event], work: Work, actor: Actor, key: str, facts: Mapping[str, object]
) -> events.Event:
    return kind(actor=actor, effective_at=work.now, stream=_stream(key), facts=facts)
