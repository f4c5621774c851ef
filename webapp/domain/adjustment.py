"""Down 调整不适宜担任现职干部: what each step needs before it counts (F01, F13, F18, F20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Reason
from webapp.domain.workdays import add_months, zh_date

LEAST_TEAM = 2
LEAST_TALKERS = 2

# What is owed after a sanction or handling decision, in months from its effective day: usual, then the cap.
EXECUTION: dict[str, tuple[str, int, int]] = {
    "announced": ("向本人及所在单位宣布", 1, 1),
    "formalities": ("办理职务、职级、工资等变更手续", 1, 6),
    "reported": ("向作出决定的机关报告执行情况", 6, 6),
    "archived": ("决定材料归入干部人事档案", 1, 6),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """核实认定: the team and who signed (person ids), the subject's statement, findings by situation code."""

    team: tuple[str, ...]
    signed_by: frozenset[str]
    subject_heard: bool
    findings: Mapping[str, str]
    barred: frozenset[str] = frozenset()
    proposer: str | None = None


def reasons_against_finding(verification: Verification) -> list[Reason]:
    """Why a verification report cannot be handed in: team, signatures, recusal, hearing, findings."""
    team = set(verification.team)
    reasons: list[Reason] = []
    if len(team) < LEAST_TEAM:
        reasons.append(Reason("TEAM", f"核实组不得少于{LEAST_TEAM}人。", "F01"))
    if team - verification.signed_by:
        reasons.append(Reason("TEAM_UNSIGNED", "核实报告须由核实组全体成员签名。", "F01"))
    if team & verification.barred:
        reasons.append(Reason("TEAM_RECUSAL", "核实组中有应当回避的人员，请更换。", "F05"))
    if not verification.subject_heard:
        reasons.append(Reason("SUBJECT_UNHEARD", "未听取本人说明，请先与本人谈话并记录。", "F13"))
    if not verification.findings or any(not finding for finding in verification.findings.values()):
        reasons.append(Reason("FINDING_MISSING", "请对每一种情形逐条写明属实、部分属实或不属实。"))
    return reasons


@dataclass(frozen=True, slots=True)
class Proposal:
    """调整建议: chosen manner against the advised one, the reason and second signature for a lighter way."""

    manner: str
    advised_manner: str | None
    lighter_reason: str = ""
    second_signer: str | None = None
    proposer: str | None = None


def reasons_against_proposal(proposal: Proposal) -> list[Reason]:
    """F20: leaving the advised manner needs a written reason and another person's signature."""
    if proposal.advised_manner in (None, proposal.manner):
        return []
    reasons: list[Reason] = []
    if not proposal.lighter_reason.strip():
        reasons.append(Reason("DEVIATION_REASON", "调整方式与建议不一致，请写明理由。", "F20"))
    if proposal.second_signer is None or proposal.second_signer == proposal.proposer:
        reasons.append(Reason("SECOND_SIGNATURE", "调整方式与建议不一致，须由另一名负责人签字。", "F20"))
    return reasons


@dataclass(frozen=True, slots=True)
class Talk:
    """调整谈话: talkers (person ids), day, remedy notified in writing, signature or refusal note."""

    held_on: date
    talkers: tuple[str, ...]
    remedy_notified: bool
    subject_signed: bool
    refusal_note: str = ""


def reasons_against_talk(talk: Talk, *, decided_on: date | None, today: date) -> list[Reason]:
    """Why a talk record cannot be filed: too early, one talker, no notice of remedy, no signature."""
    reasons: list[Reason] = []
    if decided_on is None or talk.held_on < decided_on:
        reasons.append(Reason("TALK_EARLY", "谈话须在集体讨论决定之后进行。"))
    if talk.held_on > today:
        reasons.append(Reason("TALK_LATE", f"谈话日期{zh_date(talk.held_on)}晚于今天，请核对。"))
    if len(set(talk.talkers)) < LEAST_TALKERS:
        reasons.append(Reason("TALKERS", f"谈话人不得少于{LEAST_TALKERS}人。"))
    if not talk.remedy_notified:
        reasons.append(Reason("REMEDY", "须书面告知本人复核、申诉的途径和期限。", "F13"))
    if not talk.subject_signed and not talk.refusal_note.strip():
        reasons.append(Reason("SUBJECT_SIGNATURE", "本人未签字的，请写明情况。"))
    return reasons


@dataclass(frozen=True, slots=True)
class Owed:
    """One item of the execution checklist 执行清单: due day, the day no extension passes, the day done."""

    code: str
    zh: str
    due_on: date
    latest_on: date
    done_on: date | None

    def is_overdue(self, today: date) -> bool:
        """True when not done and the due day is past."""
        return self.done_on is None and today > self.due_on


def execution_checklist(effective_on: date, done: Mapping[str, date]) -> tuple[Owed, ...]:
    """What is owed after a decision, with days (F18); ``done``: item code → day."""
    return tuple(
        Owed(code, zh, add_months(effective_on, usual), add_months(effective_on, cap), done.get(code))
        for code, (zh, usual, cap) in EXECUTION.items()
    )
