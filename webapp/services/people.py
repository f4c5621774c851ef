"""People on file 在册干部: what is kept sealed of them, their approval form out, rosters out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from webapp.crypto import sealing as crypto
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import NotFound
from webapp.domain.people import APPRAISALS_ZH, plain_name
from webapp.domain.workdays import local_date
from webapp.exchange import lrmx, xlsx
from webapp.persistence.models import cases
from webapp.persistence.models import people as tables
from webapp.services import sealing
from webapp.services.office import Office, Work
from webapp.services.people_entries import MEMBER, PROFILE
from webapp.services.people_register import SAMPLE_MARK, barred_for, committees_of
from webapp.services.people_writing import DOCUMENT, document_aad

APPRAISALS_SHOWN = 3
ROSTER_COLUMNS = ("name", "sex", "born", "nation", "party", "unit", "post", "rank", "since")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept sealed of a person and may be shown; ID number and phone are not among it."""

    education: str = ""
    native_place: str = ""
    worked_since: date | None = None
    joined_party: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One cadre of an exported roster; texts as they are to stand in the cells."""

    name: str
    sex: str
    born: str
    nation: str
    party: str
    unit: str
    post: str
    rank: str
    since: str


def profile(reads: Any, office: Office, person_id: str) -> Profile:
    """The sealed profile, opened; the caller has asked whether the actor may see the person."""
    values = _opened(reads, office, person_id, "profile")
    if not isinstance(values, Mapping):
        return Profile()
    words = {name: str(values.get(name, "")) for name in PROFILE}
    return Profile(
        words["education"], words["native_place"], lrmx.day_of(words["worked_since"]), words["joined_party"]
    )


def _opened(reads: Any, office: Office, person_id: str, field: str) -> object:
    where = {"owner_kind": "person", "owner_id": person_id, "field": field}
    rows = reads.all(cases.sealed_value, order=("-id",), limit=1, **where)
    return sealing.open_row(office.keyring, rows[0]) if rows else None


def digest_of(data: bytes) -> str:
    """SHA-256 of what leaves, hex."""
    return hashlib.sha256(data).hexdigest()


def export_lrmx(office: Office, actor: Actor, person_id: str) -> bytes:
    """The approval form alone, as ``export_named``."""
    return export_named(office, actor, person_id)[1]


def export_named(office: Office, actor: Actor, person_id: str) -> tuple[str, bytes]:
    """(name, approval form 任免审批表) of a cadre, corrections included; the event stands before it leaves.

    A form that came as a file goes out as it came, patched only where something changed. NotAllowed but for
    the department that manages; NotFound for other committees' cadres, the own form and relatives'.
    """
    work = office.begin()
    with work:
        form = _form(work, office, _managed(work, actor, person_id))
        data = lrmx.write(form)
        facts = {"person_id": person_id, "format": DOCUMENT, "digest": digest_of(data), "size": len(data)}
        stream = f"person:{person_id}"
        work.commit(events.PersonExported(actor=actor, effective_at=work.now, stream=stream, facts=facts))
    return form.name, data


def approval_form(office: Office, actor: Actor, person_id: str) -> lrmx.Form:
    """The approval form 任免审批表 to be printed; refused like ``export_named``, and kept as a read."""
    work = office.begin()
    with work:
        form = _form(work, office, _managed(work, actor, person_id))
        facts = {"what": "paper.approval", "person_id": person_id}
        work.commit(events.Read(actor=actor, effective_at=work.now, facts=facts))
    return form


def _managed(work: Work, actor: Actor, person_id: str) -> Mapping[str, Any]:
    """The cadre's row for the department that manages; NotFound for others', the own form and relatives'."""
    committees = committees_of(work, actor, work.today)
    cadre = _cadre(work, person_id)
    barred = barred_for(work, actor)
    if cadre is None or cadre["committee_id"] not in committees or person_id in barred:
        raise NotFound("没有找到该干部，或您无权导出。")
    return cadre


def _cadre(work: Work, person_id: str) -> Mapping[str, Any] | None:
    rows = work.all(tables.cadre, person_id=person_id, order=("-valid_from",))
    current = [row for row in rows if row["valid_to"] is None or work.today <= row["valid_to"]]
    return current[0] if current else None


def _form(work: Work, office: Office, cadre: Mapping[str, Any]) -> lrmx.Form:
    person = work.get(tables.person, id=cadre["person_id"])
    documents = work.all(
        tables.person_document, person_id=person["id"], kind=DOCUMENT, order=("-stored_at",), limit=1
    )
    if not documents:
        return _new_form(work, office, person, cadre)
    row = documents[0]
    aad = document_aad(row["id"])
    data = crypto.open_bytes(office.keyring, row["ciphertext"], row["wrapped_key"], aad)
    return _corrected(lrmx.read(data), person)


def _corrected(form: lrmx.Form, person: Mapping[str, Any]) -> lrmx.Form:
    """Master data corrected since the file came; the file's own way of writing stays where it says the same."""
    changed: dict[str, Any] = {}
    if person["name"] and plain_name(form.name) != person["name"]:
        changed["name"] = person["name"]
    if person["sex"] and form.sex.replace(" ", "") != person["sex"]:
        changed["sex"] = person["sex"]
    if person["nation"] and form.nation.removesuffix("族") != person["nation"].removesuffix("族"):
        changed["nation"] = person["nation"]
    if person["birth_month"] and form.birth_month != person["birth_month"]:
        changed["born"] = person["birth_month"].replace("-", "")
    return replace(form, **changed) if changed else form


def _new_form(work: Work, office: Office, person: Mapping[str, Any], cadre: Mapping[str, Any]) -> lrmx.Form:
    """The form of a cadre who came without one: what is on file, the rest empty."""
    kept = profile(work, office, person["id"])
    unit = work.get(tables.organisation, id=cadre["unit_id"])["name"].removesuffix(SAMPLE_MARK)
    number = _opened(work, office, person["id"], "id_number")
    party = person["party"] or ""
    return lrmx.Form(
        name=person["name"],
        sex=person["sex"] or "",
        born=(person["birth_month"] or "").replace("-", ""),
        nation=person["nation"] or "",
        native_place=kept.native_place,
        joined_party=kept.joined_party or ("" if party == MEMBER else party),
        worked_since=f"{kept.worked_since:%Y%m}" if kept.worked_since else "",
        education=kept.education,
        current_post=f"{unit}{cadre['title']}",
        career=_career(work, person["id"]),
        appraisals=_appraisals(work, person["id"]),
        id_number=str(number or ""),
    )


def _career(work: Work, person_id: str) -> str:
    lines = []
    for row in work.all(tables.appointment, person_id=person_id, order=("valid_from",)):
        post = work.get(tables.post, id=row["post_id"])
        unit = work.get(tables.organisation, id=post["organisation_id"])["name"].removesuffix(SAMPLE_MARK)
        until = f"{row['valid_to']:%Y.%m}" if row["valid_to"] else " " * 7
        lines.append(f"{row['valid_from']:%Y.%m}--{until}  {unit}{post['title']}")
    return "\n".join(lines)


def _appraisals(work: Work, person_id: str) -> str:
    rows = work.all(tables.appraisal, person_id=person_id, order=("-year",), limit=APPRAISALS_SHOWN)
    return "；".join(
        f"{row['year']}年度{APPRAISALS_ZH.get(row['grade'], row['grade'])}" for row in reversed(rows)
    )


def roster(rows: Sequence[RosterRow], *, exported_by: str, at: datetime) -> bytes:
    """A roster 花名册 as a workbook, with a sheet that says who took it and when."""
    lines = [xlsx.Line(number, **asdict(row)) for number, row in enumerate(rows, 2)]
    marks = [
        ("导出人", exported_by),
        ("导出日期", f"{local_date(at):%Y-%m-%d}"),
        ("人数", f"{len(rows)}人"),
        ("说明", "内含个人信息，按干部工作保密要求保管，用后及时销毁。"),
    ]
    return xlsx.write_roster(lines, columns=ROSTER_COLUMNS, marks=marks)


def table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[tuple[str, str]]
) -> bytes:
    """Any list as a workbook, inert, with a sheet of notes."""
    return xlsx.write_table(title, headings, rows, notes)


def educations(reads: Any, office: Office, ids: Sequence[str]) -> dict[str, str]:
    """The education 学历 of persons by id, opened in one statement; the caller may see them all."""
    if not ids:
        return {}
    where = {"owner_kind": "person", "owner_id": list(ids), "field": "profile"}
    found: dict[str, str] = {}
    for row in reads.all(cases.sealed_value, order=("id",), **where):
        values = sealing.open_row(office.keyring, row)
        found[row["owner_id"]] = str(values.get("education", "")) if isinstance(values, Mapping) else ""
    return found


def template() -> bytes:
    """An empty roster to fill in."""
    return xlsx.write_template()
