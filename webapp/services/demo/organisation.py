"""Builds the demo organisation 示例单位: units, posts, thirty cadres, a committee of eleven, every role a log-in."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid5

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.persistence.models import administration, identity, people
from webapp.services import calendars, names, reads
from webapp.services.demo import cast
from webapp.services.office import Office, Work

NAMESPACE = UUID("0b7c2e5a-2f0e-4a57-9c1d-5a1f00c0ffee")
SEED = 20261122
SINCE = date(*cast.SINCE)
SECRETARY, HEAD = 0, 2
BODIES = {
    "committee": "sw",
    "org_dept": "zzb",
    "discipline": "jw",
    "superior": "szzb",
    "installation": "sys",
}
GRADES = ("competent", "competent", "excellent")


def fixed(kind: str, key: str) -> str:
    """The same id at every load."""
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


def is_installed(work: Work) -> bool:
    """True once the demo organisation is there."""
    return work.one(administration.setting, key="demo") is not None


def install(work: Work, *, password_hash: str) -> None:
    """Write the whole organisation in one transaction; every log-in has the one demo password."""
    with work:
        if is_installed(work):
            return
        builder = _Builder(work, password_hash)
        builder.places()
        builder.committee()
        builder.officials()
        builder.cadres()
        builder.write()
        calendars.seed(work)
        work.insert(administration.setting, {"key": "demo", "value": {"seed": SEED}})
        actor = system_actor("demo")
        work.commit(events.DemoSeeded(actor=actor, effective_at=work.now, facts={"seed": SEED}))


class _Builder:
    """Collects the rows of every table, then writes each table in one statement."""

    def __init__(self, work: Work, password_hash: str) -> None:
        self.work = work
        self.password_hash = password_hash
        self.random = Random(SEED)
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def add(self, table: Any, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def write(self) -> None:
        """In the order of the foreign keys."""
        order = [
            people.organisation, people.authority_body, people.person, people.person_token, people.kinship,
            people.post, people.appointment, people.cadre, people.appraisal, identity.User.__table__,
            identity.role_grant,
        ]  # fmt: skip
        for table in order:
            if self.rows.get(table):
                self.work.insert(table, self.rows[table])

    def places(self) -> None:
        """The committee, its bodies and the units."""
        named = [
            ("sf", cast.PROVINCE_COMMITTEE, "committee", None), ("szzb", cast.PROVINCE_ORG_DEPT, "org_dept", "sf"),
            ("sw", cast.COMMITTEE, "committee", "sf"), ("zzb", cast.ORG_DEPT, "org_dept", "sw"),
            ("jw", cast.DISCIPLINE, "discipline", "sw"), ("swb", cast.OFFICE, "office", "sw"),
            ("tzb", cast.UNITED_FRONT, "office", "sw"), ("sys", cast.SYSTEM, "installation", "sw"),
        ]  # fmt: skip
        named += [(code, name, "unit", "sw") for code, name, _ in cast.UNITS]
        for code, name, kind, parent in named:
            parent_id = fixed("organisation", parent) if parent else None
            self.add(people.organisation, id=fixed("organisation", code), code=f"99{code}", name=name, kind=kind,
                     parent_id=parent_id, valid_from=SINCE)  # fmt: skip
        for body, code in BODIES.items():
            self.add(people.authority_body, committee_id=fixed("organisation", "sw"), body=body,
                     organisation_id=fixed("organisation", code), valid_from=SINCE)  # fmt: skip

    def person(self, name: str, *, year: int, sex: str, party: str = "中共党员") -> str:
        """A person with search tokens → id."""
        person_id = fixed("person", name)
        month = self.random.randint(1, 12)
        self.add(people.person, id=person_id, name=name, sex=sex, birth_month=f"{year}-{month:02d}", nation="汉族",
                 party=party, created_at=self.work.now)  # fmt: skip
        for token in names.tokens(name):
            self.add(people.person_token, token=token, person_id=person_id)
        return person_id

    def user(self, login: str, person_id: str, grants: Mapping[str, list[str]]) -> None:
        """A log-in with its grants: role → organisation codes."""
        user_id = fixed("user", login)
        self.add(identity.User.__table__, id=user_id, username=login, person_id=person_id, password=self.password_hash,
                 active=True, fs_uniquifier=fixed("session", login), created_at=self.work.now)  # fmt: skip
        for role, codes in grants.items():
            for code in codes:
                self.add(identity.role_grant, id=fixed("grant", f"{login}:{role}:{code}"), user_id=user_id, role=role,
                         organisation_id=fixed("organisation", code), valid_from=SINCE)  # fmt: skip

    def committee(self) -> None:
        """Eleven members, managed by the province; the secretary first, the organisation department's head third."""
        for index, name in enumerate(cast.COMMITTEE_MEMBERS):
            person_id = self.person(name, year=1966 + index % 6, sex="女" if index % 4 == 1 else "男")
            grants = {"committee_member": ["sw"], "party_committee": ["sw"]}
            if index == SECRETARY:
                grants["committee_secretary"] = ["sw"]
            if index == HEAD:
                grants |= {"org_dept_head": ["zzb"], "dept_meeting_member": ["zzb"]}
            if index == 1:
                grants["in_charge_leader"] = ["sw"]
            self.user(f"changwei{index + 1:02d}", person_id, grants)

    def officials(self) -> None:
        """Everybody else who works with the system."""
        for index, one in enumerate(cast.OFFICIALS):
            if one.name in cast.COMMITTEE_MEMBERS:
                continue
            person_id = self.person(one.name, year=1972 + index % 18, sex="女" if index % 3 == 0 else "男")
            grants: dict[str, list[str]] = {}
            for role, place in one.roles:
                grants.setdefault(role, []).append(place)
            self.user(one.login, person_id, grants)

    def cadres(self) -> None:
        """Ten units with a chief and two deputies each; the chief answers for the unit's party organisation."""
        for (code, _, kind), trio in zip(cast.UNITS, cast.CADRES, strict=True):
            chief, deputy = self.posts(code, kind)
            for index, name in enumerate(trio):
                year = (1970 if index == 0 else 1974) + self.random.randint(0, 9)
                party = "无党派人士" if name == "唐忍冬" else "中共党员"
                person_id = self.person(
                    name, year=year, sex="女" if self.random.random() < 0.25 else "男", party=party
                )
                self.serve(person_id, code, chief if index == 0 else deputy, index, kind)
                if index == 0:
                    self.user(
                        f"{code}1",
                        person_id,
                        {"unit_party_org": [code], "unit_personnel": [code], "mentor": [code]},
                    )
                if index == 2:
                    # The second of the two signatures 双签字: the unit's head of discipline.
                    self.user(f"{code}2", person_id, {"unit_party_org": [code]})
        self.user("benren", fixed("person", "苏白露"), {"subject": ["fgj"]})
        self.add(
            people.kinship,
            person_id=fixed("person", "何小雪"),
            relative_id=fixed("person", "罗寒露"),
            relation="spouse",
        )

    def posts(self, code: str, kind: str) -> tuple[str, str]:
        """The chief's and the deputies' posts of a unit, and a rank-only one."""
        organisation_id = fixed("organisation", code)
        titles = {"局": ("局长", "副局长"), "县": ("县长", "副县长"), "区": ("区长", "副区长")}[kind]
        elected = kind != "局"
        chief, deputy, rank_only = (fixed("post", f"{code}:{part}") for part in ("chief", "deputy", "rank"))
        self.add(people.post, id=chief, organisation_id=organisation_id, title=titles[0], rank="正处",
                 kind="department_chief", is_elected=elected, has_probation=False, quota=1)  # fmt: skip
        self.add(people.post, id=deputy, organisation_id=organisation_id, title=titles[1], rank="副处",
                 kind="department_deputy", is_elected=elected, has_probation=not elected, quota=4)  # fmt: skip
        self.add(people.post, id=rank_only, organisation_id=organisation_id, title="四级调研员", rank="四级调研员",
                 kind="rank_only", is_elected=False, has_probation=False, quota=3)  # fmt: skip
        return chief, deputy

    def serve(self, person_id: str, code: str, post_id: str, index: int, kind: str) -> None:
        """The appointment, the management authority and three years of appraisals of one cadre."""
        titles = {"局": ("局长", "副局长"), "县": ("县长", "副县长"), "区": ("区长", "副区长")}[kind]
        since = date(2019 + self.random.randint(0, 4), self.random.randint(1, 12), 15)
        self.add(people.appointment, id=fixed("appointment", f"{person_id}:{post_id}"), person_id=person_id,
                 post_id=post_id, valid_from=since, manner="appointed")  # fmt: skip
        self.add(people.cadre, person_id=person_id, valid_from=since, committee_id=fixed("organisation", "sw"),
                 unit_id=fixed("organisation", code), rank="正处" if index == 0 else "副处",
                 title=titles[0] if index == 0 else titles[1], is_leading=True)  # fmt: skip
        for year in (self.work.today.year - 3, self.work.today.year - 2, self.work.today.year - 1):
            self.add(people.appraisal, person_id=person_id, year=year, grade=self.random.choice(GRADES))


def is_there(office: Office) -> bool:
    """True once the demo organisation is there, asked without a writing transaction."""
    with reads.begin(office) as look:
        return look.one(administration.setting, key="demo") is not None
