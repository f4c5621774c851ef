"""What an import writes 写入: master data in a few statements, personal values sealed, an event a person."""

import hashlib
from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp.crypto import sealing as crypto
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.persistence.models import cases, people
from webapp.services import names, sealing
from webapp.services.office import Work
from webapp.services.people_entries import Entry
from webapp.services.people_matching import COLUMNS, SECRETS, Plan

MANNER = "imported"
RANK_ONLY_ENDINGS = ("调研员", "巡视员", "主任科员", "科员")
DOCUMENT = "lrmx"
ORDER = (
    people.person, people.person_token, people.post, people.cadre, people.appointment, people.person_document,
)  # fmt: skip


def document_aad(document_id: str) -> str:
    """What the ciphertext of an approval form is bound to."""
    return f"person_document:{document_id}"


class Writing:
    """Collects the rows of every table over all people, then writes each table in one statement."""

    def __init__(self, work: Work, actor: Actor, *, document: bytes) -> None:
        self.work = work
        self.actor = actor
        self.document = document
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.posts: dict[tuple[str, str], dict[str, Any]] = {}
        self.events: list[events.Event] = []
        self.created = self.updated = self.unchanged = 0

    def add(self, table: Any, **row: Any) -> None:
        """A row to be inserted."""
        self.rows.setdefault(table, []).append(row)

    def take(self, plan: Plan) -> None:
        """Everything one person brings; nothing for one who is on file already just so."""
        if plan.action == "same":
            self.unchanged += 1
            return
        person_id = plan.person_id or str(uuid7())
        facts: dict[str, Any] = {"person_id": person_id, "action": plan.action}
        if plan.person_id is None:
            self._register(person_id, plan.entry)
            self.created += 1
        else:
            facts["changed"] = self._correct(person_id, plan)
            self.updated += 1
        if plan.joins:
            facts |= self._serve(person_id, plan)
        known = self._known(person_id) if plan.person_id else {}
        facts["fields"] = self._seal(person_id, plan.entry, known)
        if self.document:
            facts |= self._document(person_id)
        stream = f"person:{person_id}"
        self.events.append(
            events.PersonImported(actor=self.actor, effective_at=self.work.now, stream=stream, facts=facts)
        )

    def write(self) -> list[events.Event]:
        """Insert in the order of the foreign keys → the events to commit with."""
        self.rows[people.post] = list(self.posts.values())
        for table in ORDER:
            self.work.insert(table, self.rows.get(table, []))
        return [*self.events, *(self._post_event(row) for row in self.posts.values())]

    def _register(self, person_id: str, entry: Entry) -> None:
        columns = {name: getattr(entry, name) or None for name in COLUMNS}
        self.add(people.person, id=person_id, name=entry.name, **columns, created_at=self.work.now)
        for token in names.tokens(entry.name):
            self.add(people.person_token, token=token, person_id=person_id)

    def _correct(self, person_id: str, plan: Plan) -> list[str]:
        """Columns that an entry changes; codes of what changed, for the event."""
        changed = {zh for zh, _, _ in plan.changes}
        values = {name: getattr(plan.entry, name) for name, zh in COLUMNS.items() if zh in changed}
        if values:
            self.work.update(people.person, {"id": person_id}, values)
        return sorted(values)

    def _serve(self, person_id: str, plan: Plan) -> dict[str, Any]:
        """The cadre row and, where the day is known, the appointment."""
        if plan.unit is None:
            raise RuntimeError("a cadre needs a unit")
        since = plan.entry.since or self.work.today
        places = {"committee_id": plan.unit.committee_id, "unit_id": plan.unit.id}
        leads = not plan.post_title.endswith(RANK_ONLY_ENDINGS)
        row = {
            "person_id": person_id,
            "valid_from": since,
            "rank": plan.rank,
            "title": plan.post_title,
            **places,
        }
        self.add(people.cadre, **row, is_leading=leads)
        post_id = plan.post_id or self._post(plan)
        facts = {**places, "post_id": post_id}
        if plan.entry.since is None:
            return facts
        appointment_id = str(uuid7())
        held = {"person_id": person_id, "post_id": post_id, "valid_from": since}
        self.add(people.appointment, id=appointment_id, **held, manner=MANNER)
        return {**facts, "appointment_id": appointment_id, "since": since.isoformat()}

    def _post(self, plan: Plan) -> str:
        """A post nobody has registered yet: as many places as the file has people in it."""
        unit_id = plan.unit.id if plan.unit else ""
        row = self.posts.get((unit_id, plan.post_title))
        if row is None:
            kind = "rank_only" if plan.post_title.endswith(RANK_ONLY_ENDINGS) else "unclassified"
            row = {
                "id": str(uuid7()),
                "organisation_id": unit_id,
                "title": plan.post_title[:80],
                "rank": plan.rank,
            }
            row |= {"kind": kind, "is_elected": False, "has_probation": False, "quota": 0}
            self.posts[unit_id, plan.post_title] = row
        row["quota"] += 1
        return str(row["id"])

    def _post_event(self, row: Mapping[str, Any]) -> events.Event:
        facts = {"post_id": row["id"], "organisation_id": row["organisation_id"], "quota": row["quota"]}
        return events.PostChanged(actor=self.actor, effective_at=self.work.now, facts=facts)

    def _known(self, person_id: str) -> Mapping[str, object]:
        rows = self.work.all(cases.sealed_value, owner_kind="person", owner_id=person_id, order=("id",))
        return {row["field"]: sealing.open_row(self.work.office.keyring, row) for row in rows}

    def _seal(self, person_id: str, entry: Entry, known: Mapping[str, object]) -> list[dict[str, str]]:
        """ID number, phone and the rest of the profile: sealed, and only what is new."""
        before = known.get("profile")
        profile = {**(before if isinstance(before, Mapping) else {}), **entry.profile}
        values: dict[str, object] = {"profile": profile, **{name: getattr(entry, name) for name in SECRETS}}
        new = {name: value for name, value in values.items() if value and value != known.get(name)}
        return sealing.seal_values(self.work, new, case_id=None, owner_kind="person", owner_id=person_id)

    def _document(self, person_id: str) -> dict[str, str]:
        """The approval form as it came, byte for byte."""
        known = hashlib.sha256(self.document).hexdigest()
        if self.work.one(people.person_document, person_id=person_id, kind=DOCUMENT, digest=known):
            return {}
        document_id = str(uuid7())
        sealed = crypto.seal_bytes(self.work.office.keyring, self.document, aad=document_aad(document_id))
        self.add(
            people.person_document, id=document_id, person_id=person_id, kind=DOCUMENT, digest=known,
            ciphertext=sealed.ciphertext, wrapped_key=sealed.wrapped_key, key_id=sealed.key_id, stored_at=self.work.now,
        )  # fmt: skip
        return {"document_id": document_id, "digest": known}
