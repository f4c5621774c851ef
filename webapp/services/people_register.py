"""What is on file 在册情况 that the entries of a file are compared with, read in a few statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.domain.access import Actor
from webapp.domain.errors import NotAllowed
from webapp.persistence.models import cases, people
from webapp.services import sealing
from webapp.services.dossier import relatives_of
from webapp.services.people_entries import Entry

# Who may bring people in and take their forms out.
IMPORT_ROLES = ("cadre_section", "cadre_supervision", "archive_section")
SAMPLE_MARK = "（示例）"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit 单位 of a managing committee."""

    id: str
    name: str
    code: str
    committee_id: str

    @property
    def short(self) -> str:
        """The name as a paper writes it."""
        return self.name.removesuffix(SAMPLE_MARK)


@dataclass(frozen=True, slots=True)
class Register:
    """People, units and posts by the ways an entry names them.

    ``barred``: the actor and the actor's relatives; ``by_id``: ID number → person; ``secret``: person →
    field → value, opened.
    """

    committees: frozenset[str]
    units: tuple[Unit, ...]
    posts: Mapping[str, tuple[Mapping[str, Any], ...]]
    persons: Mapping[str, Mapping[str, Any]]
    by_name: Mapping[tuple[str, str], tuple[str, ...]]
    by_id: Mapping[str, str]
    cadres: Mapping[str, Mapping[str, Any]]
    secret: Mapping[str, Mapping[str, object]]
    documents: Mapping[str, frozenset[str]]
    barred: frozenset[str]
    unit_names: Mapping[str, str]


def committees_of(reads: Any, actor: Actor, day: date) -> frozenset[str]:
    """The committees for whose cadres the actor may import. NotAllowed when there is none."""
    places = sorted(
        {g.organisation_id for g in actor.grants_on(day) if g.role in IMPORT_ROLES and g.organisation_id}
    )
    rows = reads.all(people.authority_body, body="org_dept", organisation_id=places) if places else []
    found = frozenset(row["committee_id"] for row in rows if _is_valid(row, day))
    if not found:
        raise NotAllowed("导入、导出任免审批表限管理该干部的组织部门干部科、干部监督科、信息档案科办理。")
    return found


def barred_for(reads: Any, actor: Actor) -> frozenset[str]:
    """Whose information the actor may not handle: the own and all relatives'."""
    own = actor.person_id
    return frozenset({own, *relatives_of(reads, own)}) if own else frozenset()


def _is_valid(row: Mapping[str, Any], day: date) -> bool:
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"]))


def load(reads: Any, keyring: Any, actor: Actor, entries: Iterable[Entry], day: date) -> Register:
    """Everything the entries may meet."""
    committees = committees_of(reads, actor, day)
    listed = list(entries)
    by_id = _ids(reads, keyring) if any(entry.id_number for entry in listed) else {}
    names = sorted({entry.name for entry in listed if entry.name})
    rows = reads.all(people.person, name=names) if names else []
    known = {row["id"]: row for row in rows}
    others = [by_id[e.id_number] for e in listed if e.id_number in by_id and by_id[e.id_number] not in known]
    known |= {row["id"]: row for row in reads.all(people.person, id=sorted(set(others)))} if others else {}
    by_name: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in known.values():
        key = (row["name"], row["birth_month"] or "")
        by_name[key] = (*by_name.get(key, ()), row["id"])
    units = _units(reads, committees, day)
    return Register(
        committees=committees,
        units=units,
        posts=_posts(reads, units),
        persons=known,
        by_name=by_name,
        by_id=by_id,
        cadres=_cadres(reads, list(known), day),
        secret=_secrets(reads, keyring, list(known)),
        documents=_documents(reads, list(known)),
        barred=barred_for(reads, actor),
        unit_names={unit.id: unit.short for unit in units},
    )


def _ids(reads: Any, keyring: Any) -> dict[str, str]:
    """Every ID number on file → its person; commitments are keyed one by one, so the values are compared."""
    rows = reads.all(cases.sealed_value, owner_kind="person", field="id_number", order=("id",))
    latest = {row["owner_id"]: row for row in rows}
    found = {sealing.open_row(keyring, row): owner for owner, row in latest.items()}
    return {str(number): owner for number, owner in found.items() if number}


def _units(reads: Any, committees: frozenset[str], day: date) -> tuple[Unit, ...]:
    """The organisations below the committees, nearest committee first, longest names first."""
    rows = {row["id"]: row for row in reads.all(people.organisation)}
    units = []
    for row in rows.values():
        committee = _committee_above(row, rows, committees)
        if committee is not None and _is_valid(row, day):
            units.append(Unit(row["id"], row["name"], row["code"], committee))
    return tuple(sorted(units, key=lambda one: -len(one.name)))


def _committee_above(
    row: Mapping[str, Any], rows: Mapping[str, Any], committees: frozenset[str]
) -> str | None:
    seen: set[str] = set()
    at = row["parent_id"]
    while at is not None and at in rows and at not in seen:
        if at in committees:
            return str(at)
        if rows[at]["kind"] == "committee":
            return None
        seen.add(at)
        at = rows[at]["parent_id"]
    return None


def _posts(reads: Any, units: Iterable[Unit]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    ids = [unit.id for unit in units]
    for row in reads.all(people.post, organisation_id=ids) if ids else []:
        found[row["organisation_id"]] = (*found.get(row["organisation_id"], ()), row)
    return found


def _cadres(reads: Any, ids: list[str], day: date) -> dict[str, Mapping[str, Any]]:
    rows = reads.all(people.cadre, person_id=ids, order=("valid_from",)) if ids else []
    return {row["person_id"]: row for row in rows if row["valid_to"] is None or day <= row["valid_to"]}


def _secrets(reads: Any, keyring: Any, ids: list[str]) -> dict[str, dict[str, object]]:
    rows = reads.all(cases.sealed_value, owner_kind="person", owner_id=ids, order=("id",)) if ids else []
    latest = {(row["owner_id"], row["field"]): row for row in rows}
    found: dict[str, dict[str, object]] = {}
    for (owner, name), row in latest.items():
        found.setdefault(owner, {})[name] = sealing.open_row(keyring, row)
    return found


def _documents(reads: Any, ids: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in reads.all(people.person_document, person_id=ids, kind="lrmx") if ids else []:
        found.setdefault(row["person_id"], set()).add(row["digest"])
    return {person: frozenset(digests) for person, digests in found.items()}
