"""Bring people in from approval forms and rosters 导入干部信息: first a preview, then what was chosen.

The preview keeps the file encrypted for a day and writes no master data; confirming reads it again.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from uuid_utils import uuid7

from webapp.crypto import sealing as crypto
from webapp.domain import events, formats
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.domain.history import canonical, digest
from webapp.persistence.models import people, runtime
from webapp.services import people_entries, people_matching, people_register
from webapp.services.attachments import Upload
from webapp.services.facts import plain
from webapp.services.office import Office, Work
from webapp.services.people_matching import Change, Plan
from webapp.services.people_writing import Writing

KEPT_FOR = timedelta(days=1)
HEADER_BYTES = 8
# Every person has a chain of their own; more in one transaction would hold the database too long.
MOST_AT_ONCE = 3000


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the preview; ``action``: create, update, same or refused."""

    number: int
    name: str
    unit: str
    post: str
    action: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing a file would do; ``remarks``: on the file as a whole."""

    token: str
    file_name: str
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]

    @property
    def good(self) -> int:
        """How many people can be taken."""
        return sum(row.action != "refused" for row in self.rows)

    @property
    def bad(self) -> int:
        """How many cannot."""
        return len(self.rows) - self.good


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written."""

    created: int
    updated: int
    unchanged: int
    new_posts: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """The outcome for the page."""
        lines = (
            (self.created, f"新增{self.created}人。"),
            (self.updated, f"更新{self.updated}人。"),
            (self.unchanged, f"{self.unchanged}人与系统登记一致，没有改动。"),
            (self.new_posts, f"新增职务{self.new_posts}个，请随后核定职数和职务层次。"),
        )
        return tuple(sentence for count, sentence in lines if count) or ("没有改动。",)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The file of a preview, and how each row looked to the person who will confirm it."""

    name: str
    data: bytes
    shown: dict[str, str]


def preview(office: Office, actor: Actor, *, name: str, data: bytes) -> Preview:
    """Read a file and say what importing it would do, with an access event for what it shows.

    NotAllowed unless the actor's department manages cadres; Invalid (``file``) for a file that cannot be read.
    """
    work = office.begin()
    with work:
        people_register.committees_of(work, actor, work.today)
        source, found = _planned(work, actor, name, data)
        token = str(uuid7())
        clean = Upload(name, data).clean_name
        _keep(work, actor, token, _Kept(clean, data, {str(one.number): _look(one) for one in found}))
        facts = {
            "what": "people.import",
            "preview_id": token,
            "digest": hashlib.sha256(data).hexdigest(),
            "rows": len(found),
            "people": sorted({one.person_id for one in found if one.person_id}),
        }
        work.commit(events.Read(actor=actor, effective_at=work.now, facts=facts))
    return Preview(token, clean, tuple(_row(one) for one in found), source.remarks)


def again(office: Office, actor: Actor, *, token: str) -> Preview:
    """A preview shown once more, after a confirmation that was refused. NotFound once used or a day old."""
    work = office.begin()
    with work:
        kept = _take(work, actor, token)
        source, found = _planned(work, actor, kept.name, kept.data)
        shown = sorted({one.person_id for one in found if one.person_id})
        facts = {"what": "people.import", "preview_id": token, "rows": len(found), "people": shown}
        work.commit(events.Read(actor=actor, effective_at=work.now, facts=facts))
    return Preview(token, kept.name, tuple(_row(one) for one in found), source.remarks)


def _planned(work: Work, actor: Actor, name: str, data: bytes) -> tuple[people_entries.Source, list[Plan]]:
    source = people_entries.read(name, data, work.today)
    register = people_register.load(work, work.office.keyring, actor, source.entries, work.today)
    document = hashlib.sha256(data).hexdigest() if source.kind == "lrmx" else ""
    return source, people_matching.plans(register, source.entries, document=document)


def _row(one: Plan) -> Row:
    unit = one.unit.short if one.unit else one.entry.unit
    post = one.post_title or one.entry.post
    return Row(one.number, one.entry.name, unit, post, one.action, one.problems, one.warnings, one.changes)


def _look(one: Plan) -> str:
    """What the person was shown of a row, so that nothing else is done on the confirmation."""
    unit_id = one.unit.id if one.unit else None
    parts = [
        one.action,
        one.person_id,
        unit_id,
        one.post_title,
        one.post_id,
        one.rank,
        list(one.changes),
        one.warnings,
    ]
    return digest(canonical(plain(parts)))


def _keep(work: Work, actor: Actor, token: str, kept: _Kept) -> None:
    forget_expired(work)
    header = orjson.dumps({"name": kept.name, "shown": kept.shown})
    whole = len(header).to_bytes(HEADER_BYTES) + header + kept.data
    sealed = crypto.seal_bytes(work.office.keyring, whole, aad=_aad(token, actor))
    row = {"id": token, "made_by": actor.user_id, "made_at": work.now}
    secret = {"ciphertext": sealed.ciphertext, "wrapped_key": sealed.wrapped_key, "key_id": sealed.key_id}
    work.insert(people.import_preview, row | secret)
    work.insert(runtime.job, _forgetting(work.now))


def _forgetting(moment: datetime) -> dict[str, Any]:
    """What deletes the preview after its day, whether or not another roster ever comes."""
    return {
        "id": str(uuid7()),
        "kind": "forget_previews",
        "status": "due",
        "due_at": moment + KEPT_FOR,
        "payload": {},
        "created_at": moment,
    }


def forget_expired(work: Work) -> int:
    """Delete the previews older than a day, in the caller's transaction → how many."""
    rows = work.all(people.import_preview)
    old = [row["id"] for row in rows if row["made_at"] + KEPT_FOR <= work.now]
    return work.delete(people.import_preview, {"id": old}).count if old else 0


def _aad(token: str, actor: Actor) -> str:
    return f"import_preview:{token}:{actor.user_id}"


def _take(work: Work, actor: Actor, token: str) -> _Kept:
    row = (
        work.one(people.import_preview, id=token, made_by=actor.user_id, lock=True)
        if formats.is_id(token)
        else None
    )
    if row is None or row["made_at"] + KEPT_FOR <= work.now:
        raise NotFound("导入预览已经办理或超过一天失效，请重新上传文件。")
    whole = crypto.open_bytes(work.office.keyring, row["ciphertext"], row["wrapped_key"], _aad(token, actor))
    end = HEADER_BYTES + int.from_bytes(whole[:HEADER_BYTES])
    header = orjson.loads(whole[HEADER_BYTES:end])
    return _Kept(header["name"], whole[end:], header["shown"])


def confirm(work: Work, actor: Actor, *, token: str, numbers: Collection[int], key: str = "") -> Imported:
    """Write the chosen rows in one transaction, an event a person; all of them or none.

    Conflict when what is on file changed since the preview; ``key``: the form's idempotency key.
    """
    chosen = sorted(set(numbers))
    if not 1 <= len(chosen) <= MOST_AT_ONCE:
        sentence = f"一次最多导入{MOST_AT_ONCE}人，请分批勾选。" if chosen else "请至少勾选一人。"
        raise Invalid({"row": sentence}, sentence)
    with work:
        # Imports take turns, so that two of the same file do not make the same person twice.
        work.lock_stream("system")
        known = (
            work.remember(actor.user_id, key, digest(canonical({"token": token, "rows": chosen})))
            if key
            else None
        )
        if known is not None:
            return Imported(**known)
        work.actor_id = actor.user_id
        kept = _take(work, actor, token)
        source, found = _planned(work, actor, kept.name, kept.data)
        writing = Writing(work, actor, document=kept.data if source.kind == "lrmx" else b"")
        for one in _chosen(found, kept, chosen):
            writing.take(one)
        work.delete(people.import_preview, {"id": token})
        done = Imported(writing.created, writing.updated, writing.unchanged, len(writing.posts))
        reply = asdict(done)
        first, *more = writing.write() or [_nothing(work, actor, token)]
        work.commit(first, *more, reply=reply)
    return done


def _nothing(work: Work, actor: Actor, token: str) -> events.Event:
    """All chosen were on file already: the preview's end is still an act."""
    facts: dict[str, Any] = {"what": "people.import", "preview_id": token, "rows": 0}
    return events.Read(actor=actor, effective_at=work.now, facts=facts)


def _chosen(found: Sequence[Plan], kept: _Kept, chosen: Sequence[int]) -> list[Plan]:
    by_number = {one.number: one for one in found}
    problems = {}
    for number in chosen:
        one = by_number.get(number)
        if one is None or (one.action == "refused" and kept.shown.get(str(number)) == _look(one)):
            problems[f"row.{number}"] = f"第{number}行不能导入，请取消勾选。"
        elif kept.shown.get(str(number)) != _look(one):
            raise Conflict("预览之后系统中的人员信息有了变动，请重新上传文件预览。")
    if problems:
        raise Invalid(problems, "所选人员中有不能导入的，请取消勾选后再提交。")
    return [by_number[number] for number in chosen]
