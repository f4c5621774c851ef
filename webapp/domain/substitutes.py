"""Substitutes 代理: for a time, a colleague does the ordinary office tasks of one's role, never what is decisive."""

from datetime import date, timedelta

from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.domain.roles import role

# Ordinary work of the sections. Never members, leaders, teams named for a case, those who sign 双签字, 三员.
SUBSTITUTABLE = frozenset(
    {
        "cadre_section", "cadre_supervision", "civil_servant_section", "archive_section", "assistance_section",
        "united_front", "legal_formalities", "handling_dept", "trial_dept", "petition_dept", "case_mgmt",
        "superior_org_dept",
    }
)  # fmt: skip
LONGEST = timedelta(days=92)


def require_may_stand_in(role_code: str) -> None:
    """RuleBroken for a role whose work is done in person only."""
    if role_code not in SUBSTITUTABLE:
        sentence = f"“{role(role_code).zh}”的事项须本人办理，不能委托代理；只有科室日常事项可以代理。"
        raise RuleBroken([Reason("SUBSTITUTE_ROLE", sentence)])


def require_period(valid_from: date, valid_to: date, today: date) -> None:
    """Invalid unless it begins today or later and lasts at most three months."""
    problems = {}
    if valid_from < today:
        problems["valid_from"] = "代理的起始日不能早于今天。"
    if valid_to < valid_from:
        problems["valid_to"] = "代理的截止日不能早于起始日。"
    elif valid_to - valid_from > LONGEST:
        problems["valid_to"] = f"一次代理不超过{LONGEST.days}天，到期仍需要的再行委托。"
    if problems:
        raise Invalid(problems)
