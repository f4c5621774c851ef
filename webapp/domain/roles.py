"""The roles 岗位角色 a diagram may name, and which organisation answers for each on a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from webapp.domain.errors import NotFound, Reason

Body = Literal["org_dept", "committee", "discipline", "unit", "superior", "installation"]

BODIES_ZH: dict[Body, str] = {
    "org_dept": "组织部门",
    "committee": "党委（党组）",
    "discipline": "纪检监察机关",
    "unit": "干部所在单位",
    "superior": "上级组织部门",
    "installation": "本系统",
}


@dataclass(frozen=True, slots=True)
class Role:
    """One role 角色: ``body`` says which organisation answers for it on a case.

    ``named``: also held by persons named in the case (核实组, 帮带责任人 …), without a grant.
    """

    code: str
    zh: str
    body: Body
    named: bool = False


ROLES: tuple[Role, ...] = (
    Role("org_dept_head", "组织部部长", "org_dept"),
    Role("org_dept_deputy_head", "组织部分管副部长", "org_dept"),
    Role("dept_meeting_member", "部务会成员", "org_dept"),
    Role("cadre_section", "干部科", "org_dept"),
    Role("cadre_supervision", "干部监督科", "org_dept"),
    Role("civil_servant_section", "公务员科", "org_dept"),
    Role("archive_section", "信息档案科", "org_dept"),
    Role("assistance_section", "干部教育培养科", "org_dept"),
    Role("meeting_recorder", "会议记录人", "org_dept"),
    Role("examination_team", "考察组成员", "org_dept", named=True),
    Role("verification_team", "核实组成员", "org_dept", named=True),
    Role("visitor", "回访人员", "org_dept", named=True),
    Role("appeal_committee", "公务员申诉公正委员会委员", "org_dept", named=True),
    Role("party_committee", "党委（党组）", "committee"),
    Role("committee_secretary", "党委书记", "committee"),
    # A deputy secretary 副书记 is a standing member by nature and holds this role, whatever is in the own charge.
    Role("committee_member", "党委常委（委员）", "committee"),
    Role("committee_office", "党委办公室", "committee"),
    Role("in_charge_leader", "分管（协管）领导", "committee"),
    Role("united_front", "统战部门", "committee"),
    Role("legal_formalities", "依法任免机关联络人", "committee"),
    Role("discipline_organ", "纪检监察机关负责人", "discipline"),
    Role("handling_dept", "承办部门（监督检查室、派驻组）", "discipline"),
    Role("trial_dept", "案件审理室", "discipline"),
    Role("petition_dept", "信访举报室", "discipline"),
    Role("case_mgmt", "案件监督管理室", "discipline"),
    Role("unit_party_org", "所在单位党组织", "unit"),
    Role("unit_personnel", "所在单位人事科", "unit"),
    Role("mentor", "帮带责任人（联系人）", "unit", named=True),
    Role("subject", "干部本人", "unit", named=True),
    Role("superior_org_dept", "上级组织部门", "superior"),
    Role("process_designer", "流程设计员", "installation"),
    Role("external_worker", "外部任务程序", "installation"),
    Role("auditor", "审计员", "installation"),
    Role("system_admin", "系统管理员", "installation"),
    Role("security_admin", "安全保密管理员", "installation"),
    Role("audit_admin", "安全审计员", "installation"),
)

_BY_CODE = {role.code: role for role in ROLES}

# 三员分立: none of these ever acts on a case, and no two of them in one hand except the two kinds of audit.
APART = frozenset(role.code for role in ROLES if role.body == "installation")
AUDITING = frozenset({"auditor", "audit_admin"})
# Who reads every file of the committees they answer for 常设知悉范围 (F23); everybody else sees a case only
# through a task of it that was offered to them or done by them.
STANDING_SIGHT = frozenset(
    {
        "cadre_section", "cadre_supervision", "org_dept_head", "org_dept_deputy_head", "archive_section",
        "meeting_recorder", "committee_office", "discipline_organ", "case_mgmt", "trial_dept",
    }
)  # fmt: skip
# 案件审理室 keeps the decisions on discipline and proposes their changes, so it is among them.
# Members 组成人员 read what was put on the agenda of their own body: role → body.
SEATED: Mapping[str, str] = {
    "dept_meeting_member": "dept", "committee_secretary": "committee", "committee_member": "committee",
}  # fmt: skip
# Receive what people write in while a publicity runs 公示期反映: see the case as long, and only what is theirs.
RECEIVING = frozenset({"petition_dept"})
# Nothing reaches the cadre, the helper or the unit before the talk 谈话 is recorded.
SILENT_UNTIL_TALK = frozenset(role.code for role in ROLES if role.body == "unit")


def role(code: str) -> Role:
    """The role of a code; NotFound when there is none."""
    found = _BY_CODE.get(code)
    if found is None:
        raise NotFound(f"没有“{code}”这个角色，请从角色目录中选择。")
    return found


def reasons_against_holding(codes: Iterable[str]) -> list[Reason]:
    """Why one person may not hold all these roles (三员分立; designers and auditors act on no case)."""
    held = {role(code) for code in codes}
    apart = sorted((r for r in held if r.code in APART), key=lambda r: r.code)
    business = sorted((r for r in held if r.code not in APART and r.code != "subject"), key=lambda r: r.code)
    reasons = [_exclusive(one, other) for one in apart for other in business]
    for index, one in enumerate(apart):
        rest = apart[index + 1 :]
        reasons += [_exclusive(one, other) for other in rest if {one.code, other.code} != AUDITING]
    return reasons


def _exclusive(one: Role, other: Role) -> Reason:
    sentence = f"“{one.zh}”与“{other.zh}”不得由同一人担任（三员分立、权责分离）。"
    return Reason("ROLES_EXCLUSIVE", sentence, "F23")
