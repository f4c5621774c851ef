"""Builds the demo organisation 示例单位: units, posts, cadres, a committee of eleven, every role a log-in.

Small it has thirty cadres in ten units, as the city 全市 three hundred in thirty-four.
"""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid5

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.persistence.models import administration, identity, people
from webapp.services import calendars, names, reads
from webapp.services.demo import cast, cast_city
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
KEY = "demo"
SMALL, CITY = "small", "city"
# By the kind of a unit: its head, the second of the same rank, the deputies.
TITLES = {
    "局": ("局长", "党组书记", "副局长"),
    "县": ("县长", "县委书记", "副县长"),
    "区": ("区长", "区委书记", "副区长"),
    "部": ("常务副部长", "部务委员", "副部长"),
    "机关": ("秘书长", "机关党组书记", "副秘书长"),
    "法院": ("常务副院长", "政治部主任", "副院长"),
    "检察院": ("常务副检察长", "政治部主任", "副检察长"),
    "院校": ("院长", "党委书记", "副院长"),
    "事业": ("主任", "党委书记", "副主任"),
    "企业": ("董事长", "总经理", "副总经理"),
}
ELECTED = ("县", "区")
# The first year in which somebody came to the post, and how many years it may be later.
SMALL_YEARS, CITY_YEARS = (2019, 4), (2015, 5)
SMALL_APPRAISED, CITY_APPRAISED = 3, 7
DEPUTIES_QUOTA, RANK_QUOTA = (4, 8), (3, 5)


def fixed(kind: str, key: str) -> str:
    """The same id at every load."""
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


def is_installed(work: Work) -> bool:
    """True once the demo organisation is there."""
    return work.one(administration.setting, key=KEY) is not None


def install(work: Work, *, password_hash: str, size: str = SMALL) -> None:
    """Write the whole organisation in one transaction; every log-in has the one demo password."""
    with work:
        if is_installed(work):
            return
        builder = _Builder(work, password_hash, size)
        builder.places()
        builder.committee()
        builder.officials()
        builder.cadres()
        if size == CITY:
            builder.city()
        builder.write()
        calendars.seed(work)
        work.insert(administration.setting, {"key": KEY, "value": {"seed": SEED, "size": size}})
        actor = system_actor("demo")
        work.commit(events.DemoSeeded(actor=actor, effective_at=work.now, facts={"seed": SEED}))


class _Builder:
    """Collects the rows of every table, then writes each table in one statement."""

    def __init__(self, work: Work, password_hash: str, size: str) -> None:
        self.work = work
        self.units = cast.UNITS + (cast_city.UNITS if size == CITY else ())
        self.years = CITY_YEARS if size == CITY else SMALL_YEARS
        self.appraised = CITY_APPRAISED if size == CITY else SMALL_APPRAISED
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
        named += [(code, name, "unit", "sw") for code, name, _ in self.units]
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
            self.posts(code, kind)
            for index, name in enumerate(trio):
                year = (1970 if index == 0 else 1974) + self.random.randint(0, 9)
                party = "无党派人士" if name == "唐忍冬" else "中共党员"
                person_id = self.person(
                    name, year=year, sex="女" if self.random.random() < 0.25 else "男", party=party
                )
                self.serve(person_id, code, "chief" if index == 0 else "deputy", kind)
                if index == 0:
                    self.head(code, person_id)
                if index == 2:
                    # The second of the two signatures 双签字: the unit's head of discipline.
                    self.user(f"{code}2", person_id, {"unit_party_org": [code]})
        for login, (name, code) in cast.SUBJECTS.items():
            self.user(login, fixed("person", name), {"subject": [code]})
        self.add(
            people.kinship,
            person_id=fixed("person", "何小雪"),
            relative_id=fixed("person", "罗寒露"),
            relation="spouse",
        )

    def city(self) -> None:
        """Everybody beyond the small demo; a further unit's head and second deputy have its two log-ins."""
        known = {code for code, _, _ in cast.UNITS}
        for code, _, kind in cast_city.UNITS:
            self.posts(code, kind)
        for code, _, kind in self.units:
            title = TITLES[kind][1]
            self.post(code, "second", title, "正处", "department_chief", elected=kind in ELECTED, quota=2)
        seen: dict[tuple[str, str], int] = {}
        for one in cast_city.figures(SEED):
            person_id = self.person(
                one.name, year=self.work.today.year - one.age, sex=one.sex, party=one.party
            )
            self.serve(person_id, one.unit, one.place, one.kind)
            number = seen[one.unit, one.place] = seen.get((one.unit, one.place), 0) + 1
            if one.unit not in known and one.place == "chief":
                self.head(one.unit, person_id)
            if one.unit not in known and (one.place, number) == ("deputy", 2):
                self.user(f"{one.unit}2", person_id, {"unit_party_org": [one.unit]})

    def head(self, code: str, person_id: str) -> None:
        """The log-in of a unit's head, who answers for its party organisation."""
        self.user(
            f"{code}1", person_id, {"unit_party_org": [code], "unit_personnel": [code], "mentor": [code]}
        )

    def posts(self, code: str, kind: str) -> None:
        """The head's and the deputies' posts of a unit, and a rank-only one."""
        head, _, deputy = TITLES[kind]
        is_city = len(self.units) > len(cast.UNITS)
        elected = kind in ELECTED
        self.post(code, "chief", head, "正处", "department_chief", elected=elected, quota=1)
        self.post(
            code,
            "deputy",
            deputy,
            "副处",
            "department_deputy",
            elected=elected,
            quota=DEPUTIES_QUOTA[is_city],
        )
        self.post(
            code, "rank", "四级调研员", "四级调研员", "rank_only", elected=False, quota=RANK_QUOTA[is_city]
        )

    def post(
        self, code: str, part: str, title: str, rank: str, kind: str, *, elected: bool, quota: int
    ) -> None:
        """One post of a unit; only appointed deputies are on probation at first."""
        self.add(people.post, id=fixed("post", f"{code}:{part}"), organisation_id=fixed("organisation", code),
                 title=title, rank=rank, kind=kind, is_elected=elected,
                 has_probation=part == "deputy" and not elected, quota=quota)  # fmt: skip

    def serve(self, person_id: str, code: str, place: str, kind: str) -> None:
        """The appointment, the management authority and some years of appraisals of one cadre."""
        title, rank = _standing(place, kind)
        post_id = fixed("post", f"{code}:{place}")
        first, spread = self.years
        since = date(first + self.random.randint(0, spread), self.random.randint(1, 12), 15)
        self.add(people.appointment, id=fixed("appointment", f"{person_id}:{post_id}"), person_id=person_id,
                 post_id=post_id, valid_from=since, manner="appointed")  # fmt: skip
        self.add(people.cadre, person_id=person_id, valid_from=since, committee_id=fixed("organisation", "sw"),
                 unit_id=fixed("organisation", code), rank=rank, title=title, is_leading=place != "rank")  # fmt: skip
        for year in range(self.work.today.year - self.appraised, self.work.today.year):
            self.add(people.appraisal, person_id=person_id, year=year, grade=self.random.choice(GRADES))


def _standing(place: str, kind: str) -> tuple[str, str]:
    """Title and rank of a place."""
    if place == "rank":
        return "四级调研员", "四级调研员"
    titles = dict(zip(("chief", "second", "deputy"), TITLES[kind], strict=True))
    return titles[place], "副处" if place == "deputy" else "正处"


def is_there(office: Office) -> bool:
    """True once the demo organisation is there, asked without a writing transaction."""
    with reads.begin(office) as look:
        return look.one(administration.setting, key=KEY) is not None


def is_city(office: Office) -> bool:
    """True when the whole city was installed."""
    with reads.begin(office) as look:
        row: Any = look.one(administration.setting, key=KEY)
    return row is not None and row["value"].get("size") == CITY
