"""Proposals of new process versions 发布申请: one designer proposes exact bytes, a second one publishes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.domain.history import digest as sha256
from webapp.persistence import finders
from webapp.persistence.models import designs, repository
from webapp.services import deployments
from webapp.services.deployments import LARGEST_FILE, Bundle
from webapp.services.identity import USERS
from webapp.services.office import Office, Work, bundle

Status = Literal["waiting", "approved", "rejected", "withdrawn"]
DESIGNER = "process_designer"
ORIGIN = "designer"
LONGEST_REASON = 400
MOST_FILES = 100
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version waiting for a second designer, or what became of it; ``base_version`` 0 for a new process."""

    id: str
    key: str
    name: str
    digest: str
    base_version: int
    status: Status
    reason: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    decision_reason: str | None = None
    version: int | None = None


def of_row(row: Mapping[str, Any]) -> Proposal:
    """A stored proposal as a value."""
    return Proposal(**{name: row[name] for name in Proposal.__dataclass_fields__})


def propose(
    office: Office, actor: Actor, files: Mapping[str, bytes], reason: str, *, authors: Iterable[str] = ()
) -> Proposal:
    """Ask for a bundle to be published as the next version of its process; nothing runs on it yet.

    The same bytes proposed again by the same designer give the proposal that waits already. Invalid with every
    error of the linter, without a reason, or for files that are no part of a bundle; Conflict when the newest
    version has these bytes or somebody else proposed them. ``authors``: whoever else worked on the bytes; none
    of them may publish them.
    """
    work = office.begin()
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
    said = _reason(reason)
    _require_files(files)
    definition = deployments.parsed(office, Bundle("", files))
    wanted = Bundle(definition.key, files)
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        work.lock_stream(_stream(wanted.key))
        newest = finders.latest_definition(work, wanted.key)
        if newest is not None and newest["digest"] == wanted.digest:
            raise Conflict("内容与现行版本完全相同，无须发布。")
        waiting = work.one(repository.proposal, key=wanted.key, digest=wanted.digest, status="waiting")
        if waiting is not None:
            return _repeated(waiting, actor)
        deployments.store(work, wanted)
        row = _row(work, actor, wanted, definition.name, newest, said)
        work.insert(repository.proposal, row)
        others = [{"proposal_id": row["id"], "user_id": one} for one in sorted({*authors} - {actor.user_id})]
        work.insert(designs.proposal_author, others)
        facts = _facts(row) | {"base_version": row["base_version"], "reason_digest": sha256(said.encode())}
        work.commit(_event(events.DeploymentProposed, work, actor, row["key"], facts))
    office.remember_definition(wanted.digest, definition)
    return of_row(row)


def _repeated(waiting: Mapping[str, Any], actor: Actor) -> Proposal:
    if waiting["proposed_by"] != actor.user_id:
        raise Conflict("另一名设计员已就同样的内容提出发布，请复核该申请。")
    return of_row(waiting)


def _row(
    work: Work, actor: Actor, wanted: Bundle, name: str, newest: Mapping[str, Any] | None, reason: str
) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "key": wanted.key,
        "name": name,
        "digest": wanted.digest,
        "base_version": newest["version"] if newest else 0,
        "status": "waiting",
        "reason": reason,
        "proposed_at": work.now,
        "proposed_by": actor.user_id,
        "decided_at": None,
        "decided_by": None,
        "decision_reason": None,
        "version": None,
    }


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return said


def _require_files(files: Mapping[str, bytes]) -> None:
    problems = {}
    for name, data in files.items():
        if not name.endswith((".bpmn", ".dmn", ".json")) or len(name) > LONGEST_NAME:
            problems[name[:LONGEST_NAME]] = "只接受流程图（.bpmn）、决策表（.dmn）和表单（.json）文件。"
        elif len(data) > LARGEST_FILE:
            problems[name] = f"文件过大，单个文件不超过{LARGEST_FILE // 1024 // 1024}兆字节。"
    if len(files) > MOST_FILES:
        problems["files"] = f"文件过多，一个流程包不超过{MOST_FILES}个。"
    if problems:
        raise Invalid(problems)


def approve(office: Office, actor: Actor, *, proposal_id: str, digest: str, reason: str = "") -> int:
    """Publish a proposal as a second designer 复核发布 → the new version's number.

    ``digest``: of the bytes that were reviewed. Conflict when it is not the proposal's, when the proposal was
    decided already, or when another version was published since; NotAllowed for the proposer; Invalid when
    the linter has come to find errors in it.
    """
    found, definition = _reviewed(office, actor, proposal_id)
    work = office.begin()
    with work:
        row = _waiting(work, actor, found)
        _require_second(work, actor, row)
        if row["digest"] != digest:
            raise Conflict("您复核的内容与申请的内容不一致，请刷新后重新复核。")
        newest = finders.latest_definition(work, row["key"])
        if (newest["version"] if newest else 0) != row["base_version"]:
            raise Conflict("申请提出后该流程已发布了新版本，请在新版本上修改后重新提出。")
        version = finders.last_version(work, row["key"]) + 1
        _decide(work, actor, row, "approved", reason.strip()[:LONGEST_REASON], version)
        facts = {"proposal_id": row["id"], "proposed_by": row["proposed_by"]}
        deployments.add_version(
            work,
            actor,
            row["digest"],
            definition,
            newest=newest,
            origin=ORIGIN,
            note=row["reason"],
            facts=facts,
        )
    office.remember_definition(row["digest"], definition)
    return version


def _reviewed(office: Office, actor: Actor, proposal_id: str) -> tuple[Mapping[str, Any], bpmn.Definition]:
    """The proposal with what its bytes say, the linter asked again: the installation may have changed."""
    with office.glance() as look:
        access.require_role(actor, DESIGNER, day=look.today)
        row = look.one(repository.proposal, id=proposal_id)
        if row is None:
            raise NotFound("没有找到该发布申请。")
        files = bundle(look, row["digest"])
    return row, deployments.parsed(office, Bundle(row["key"], files), known=True)


def _waiting(work: Work, actor: Actor, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The proposal again, still undecided, its process's chain locked."""
    access.require_role(actor, DESIGNER, day=work.today)
    work.lock_stream(_stream(row["key"]))
    found = work.get(repository.proposal, id=row["id"], lock=True)
    if found["status"] != "waiting":
        raise Conflict("该发布申请已经处理，请刷新后查看。")
    return found


def _require_second(work: Work, actor: Actor, row: Mapping[str, Any]) -> None:
    others = work.all(designs.proposal_author, proposal_id=row["id"])
    users = {row["proposed_by"], *(one["user_id"] for one in others)}
    people = {one["person_id"] for one in work.all(USERS, id=sorted(users))}
    access.require_second_person(actor, (users | people) - {None})


def _decide(
    work: Work, actor: Actor, row: Mapping[str, Any], status: Status, reason: str, version: int | None = None
) -> None:
    decided: dict[str, Any] = {
        "status": status,
        "decided_at": work.now,
        "decided_by": actor.user_id,
        "decision_reason": reason or None,
        "version": version,
    }
    if work.update(repository.proposal, {"id": row["id"], "status": "waiting"}, decided).count != 1:
        raise Conflict("该发布申请刚刚已由他人处理，请刷新后查看。")


def reject(office: Office, actor: Actor, *, proposal_id: str, reason: str) -> None:
    """Refuse a proposal as a second designer 不予发布, with a reason; NotAllowed for the proposer."""
    said = _reason(reason)
    work = office.begin()
    with work:
        row = _waiting(work, actor, work.get(repository.proposal, id=proposal_id))
        _require_second(work, actor, row)
        _close(work, actor, row, "rejected", said, events.DeploymentRejected)


def withdraw(office: Office, actor: Actor, *, proposal_id: str, reason: str) -> None:
    """Take the own proposal back 撤回申请, with a reason; NotAllowed for all others."""
    said = _reason(reason)
    work = office.begin()
    with work:
        row = _waiting(work, actor, work.get(repository.proposal, id=proposal_id))
        if row["proposed_by"] != actor.user_id:
            raise NotAllowed("只有提出人本人可以撤回发布申请。")
        _close(work, actor, row, "withdrawn", said, events.DeploymentWithdrawn)


def _close(
    work: Work, actor: Actor, row: Mapping[str, Any], status: Status, reason: str, kind: type[events.Event]
) -> None:
    _decide(work, actor, row, status, reason)
    facts = _facts(row) | {"reason_digest": sha256(reason.encode())}
    work.commit(_event(kind, work, actor, row["key"], facts))


def _facts(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "proposal_id": row["id"],
        "key": row["key"],
        "digest": row["digest"],
        "proposed_by": row["proposed_by"],
    }


def _event(
    kind: type[events.Event], work: Work, actor: Actor, key: str, facts: Mapping[str, object]
) -> events.Event:
    return kind(actor=actor, effective_at=work.now, stream=_stream(key), facts=facts)


def _stream(key: str) -> str:
    return f"definition:{key}"


def completed(office: Office, uploads: Mapping[str, bytes], key: str = "") -> dict[str, bytes]:
    """Uploaded files as a whole bundle: what was not sent stays as in the newest version of the same process.

    A diagram takes the place of the process's diagram whatever its file is called, forms lie under ``forms/``,
    a decision table takes the place of the one with its name, shared or not. ``key``: of the process when no
    diagram is among them. Files that are no part of a bundle are left for ``propose`` to refuse.
    """
    sent = {_last(name): data for name, data in uploads.items()}
    keys = bpmn.process_keys({name: data for name, data in sent.items() if name.endswith(".bpmn")})
    files: dict[str, bytes] = {}
    for name, data in _newest_files(office, keys[0] if keys else key).items():
        if not (keys and name.endswith(".bpmn")):
            files[name] = sent.pop(_last(name), data)
    return files | {_placed(name): data for name, data in sent.items()}


def unchanged(office: Office, actor: Actor, files: Mapping[str, bytes]) -> str | None:
    """The process whose newest version has exactly these bytes, None for news; NotAllowed for all but designers."""
    digest = bpmn.bundle_digest(files)
    with office.glance() as look:
        access.require_role(actor, DESIGNER, day=look.today)
        newest = (finders.latest_definition(look, key) for key in bpmn.process_keys(files))
        return next((str(one["key"]) for one in newest if one is not None and one["digest"] == digest), None)


def _newest_files(office: Office, key: str) -> dict[str, bytes]:
    with office.glance() as look:
        newest = finders.latest_definition(look, key)
        return bundle(look, newest["digest"]) if newest else {}


def _last(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return f"{last.removesuffix('.form')}.json" if last.endswith(".form") else last


def _placed(name: str) -> str:
    return f"forms/{name}" if name.endswith(".json") else name
