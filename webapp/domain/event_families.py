"""The kinds of records 办理记录 in families 类别, so that a reader chooses among a dozen words first."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.event import KINDS, Scope

READING = "reading"


@dataclass(frozen=True, slots=True)
class Family:
    """One family 类别 of kinds of records; ``kinds``: event codes."""

    code: str
    zh: str
    kinds: tuple[str, ...]


_NAMES: Mapping[str, str] = {
    "cases": "卷宗与流程",
    "tasks": "待办办理",
    "papers": "附件、说明与更正",
    "meetings": "会议与表决",
    "measures": "措施与告知",
    "up": "公示反映与申诉",
    READING: "查阅",
    "exports": "导出",
    "checks": "校验与备份",
    "sessions": "登录",
    "accounts": "账号与授权",
    "register": "人员与基础信息",
    "recusals": "回避",
    "rules": "规则与日历",
    "definitions": "流程设计与发布",
    "installation": "系统运行",
}
_FAMILY_OF: Mapping[str, str] = {
    **dict.fromkeys(("draft_saved", "paper_recorded"), "tasks"),
    **dict.fromkeys(("comment_added", "attachment_added", "correction_made"), "papers"),
    **dict.fromkeys(("rights_restored", "probation_extended", "suspension_ended", "subject_notified"), "measures"),
    **dict.fromkeys(("attendance_recorded", "votes_recorded", "silence_noted"), "meetings"),
    **dict.fromkeys(("signed_in", "signed_out", "sign_in_refused"), "sessions"),
    **dict.fromkeys(("history_verified", "backup_made"), "checks"),
    **dict.fromkeys(("exported", "person_exported"), "exports"),
    **dict.fromkeys(("master_data_imported", "post_changed", "quota_recorded"), "register"),
    "calendar_changed": "rules",
    "read": READING,
}  # fmt: skip
_FAMILY_BY_START: Mapping[str, str] = {
    "task_": "tasks",
    "item_": "meetings",
    "meeting_": "meetings",
    "voting_": "meetings",
    "ballot_": "meetings",
    "measure_": "measures",
    "objection_": "up",
    "appeal_": "up",
    "token_": "accounts",
    "user_": "accounts",
    "password_": "accounts",
    "role_": "accounts",
    "substitut": "accounts",
    "kinship_": "recusals",
    "recusal_": "recusals",
    "person_": "register",
    "policy_": "rules",
}
_FAMILY_BY_SCOPE: Mapping[Scope, str] = {
    "case": "cases",
    "definition": "definitions",
    "person": "register",
    "user": "accounts",
    "policy": "register",
    "system": "installation",
}
# What administrators and designers do; looked at with what stood before.
ADMINISTRATION = ("accounts", "register", "recusals", "rules", "definitions", "installation")


def family_of(kind: str) -> str:
    """The family of a kind; one without an own place goes by what it happens to."""
    if kind in _FAMILY_OF:
        return _FAMILY_OF[kind]
    for start, family in _FAMILY_BY_START.items():
        if kind.startswith(start):
            return family
    known = KINDS.get(kind)
    return _FAMILY_BY_SCOPE[known.scope] if known else "installation"


def families() -> tuple[Family, ...]:
    """Every family that has kinds, in the order of a case's life."""
    found: dict[str, list[str]] = {code: [] for code in _NAMES}
    for kind in KINDS:
        found[family_of(kind)].append(kind)
    return tuple(Family(code, _NAMES[code], tuple(kinds)) for code, kinds in found.items() if kinds)


def kinds_of(*codes: str) -> tuple[str, ...]:
    """The kinds of some families."""
    return tuple(kind for one in families() if one.code in codes for kind in one.kinds)
