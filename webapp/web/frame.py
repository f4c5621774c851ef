"""What frames every page 页面框架: who is signed in, which parts of the house are open to them."""

from dataclasses import dataclass

from webapp.domain.access import Actor, role
from webapp.domain.roles import AUDITING, ROLES
from webapp.web.session import actor_or_none, today

ORG_DEPT = frozenset(
    {"cadre_section", "cadre_supervision", "org_dept_head", "org_dept_deputy_head", "archive_section"}
)
DISCIPLINE = frozenset({"discipline_organ", "handling_dept", "trial_dept", "case_mgmt", "petition_dept"})
MEETING = frozenset(
    {
        "meeting_recorder",
        "committee_office",
        "committee_member",
        "dept_meeting_member",
        "org_dept_head",
        "org_dept_deputy_head",
        "committee_secretary",
    }
)
REGISTER = frozenset({"cadre_section", "cadre_supervision", "handling_dept", "trial_dept", "case_mgmt"})
DECIDING = frozenset({"party_committee", "committee_secretary", "committee_member", "in_charge_leader"})
UNIT = frozenset({"unit_party_org", "unit_personnel"})
IMPORT = frozenset({"cadre_section", "cadre_supervision", "archive_section"})
# Page → the roles that may enter it at all; each page decides for itself what it shows.
ENTERED_BY = {
    "cases": ORG_DEPT | DISCIPLINE | AUDITING | {"in_charge_leader", "unit_party_org"},
    "people": ORG_DEPT | DISCIPLINE | AUDITING | DECIDING | UNIT | {"civil_servant_section"},
    "lookups": ORG_DEPT | DISCIPLINE | AUDITING | DECIDING | {"civil_servant_section"},
    "quotas": ORG_DEPT | AUDITING | {"civil_servant_section"},
    "people.roster": ORG_DEPT | {"civil_servant_section"},
    "tracking": ORG_DEPT | DISCIPLINE | AUDITING | {"unit_party_org", "in_charge_leader", "mentor"},
    "meetings": MEETING | AUDITING,
    "definitions": ORG_DEPT | AUDITING | {"process_designer", "system_admin"},
    "designs": frozenset({"process_designer"}),
    "history": AUDITING | {"org_dept_head", "org_dept_deputy_head", "cadre_supervision"},
    "audit": AUDITING,
    "incidents": frozenset({"system_admin", "org_dept_head"}),
    "corrections": frozenset(
        {"cadre_supervision", "org_dept_head", "org_dept_deputy_head", "system_admin", "process_designer"}
    ),
    "accounts": frozenset({"security_admin"}),
    "rules": frozenset(
        {"security_admin", "cadre_supervision", "org_dept_head", "org_dept_deputy_head", "system_admin"}
    ),
    "measure": ORG_DEPT | DISCIPLINE | AUDITING,
    "measures.new": REGISTER,
    "cases.start": frozenset({"cadre_section", "cadre_supervision"}),
    "people.import": IMPORT,
    "people.kinship": frozenset(
        {"cadre_section", "cadre_supervision", "org_dept_head", "org_dept_deputy_head"}
    ),
}


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person as the frame shows it."""

    user_id: str
    person_id: str | None
    name: str
    post: str
    roles: tuple[str, ...]
    pages: frozenset[str]
    # 本人事项: for cadres with an account of their own, and for everybody once told of an own matter.
    own: bool = False
    open_count: int | None = None


def pages_of(actor: Actor) -> frozenset[str]:
    """The parts of the house a person may enter."""
    roles = actor.roles_on(today())
    return frozenset({"inbox"} | {page for page, entered_by in ENTERED_BY.items() if roles & entered_by})


def me() -> Me | None:
    """The frame's view of the signed-in person."""
    actor = actor_or_none()
    if actor is None:
        return None
    # In the order of the catalogue: what leads comes first.
    roles = tuple(one.code for one in ROLES if one.code in actor.roles_on(today()))
    post = "、".join(role(code).zh for code in roles[:2])
    return Me(actor.user_id, actor.person_id, actor.name, post, roles, pages_of(actor), is_own(actor))


def is_own(actor: Actor) -> bool:
    """True for cadres with an account of their own, and for everybody once told of an own matter 本人事项."""
    return actor.person_id is not None and (actor.was_told or "subject" in actor.roles_on(today()))
