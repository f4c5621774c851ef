"""Down 调整不适宜担任现职干部: what each step needs before it counts (F01, F13, F20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Reason
from webapp.domain.workdays import zh_date

LEAST_TEAM = 2
LEAST_TALKERS = 2
# From light to grave, by what each bars (D1) and how far it takes a cadre down.
GRAVITY = ("lateral_transfer", "moved_from_post", "convert_to_rank_only", "relieve_of_post", "demotion")


# What is owed after a sanction or handling decision, in months from its effective day: usual, then the cap.
@dataclass(frozen=True, slots=True)
class Verification:
    """核实认定: the team and who signed (person ids), the subject's statement, findings by situation code."""

    team: tuple[str, ...]
    signed_by: frozenset[str]
    subject_heard: bool
    findings: Mapping[str, str]
    barred: frozenset[str] = frozenset()


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
    """调整建议: the chosen manner against the advised ones, the reason, whether another person will countersign."""

    manner: str
    advised: frozenset[str]
    reason: str = ""
    countersigned: bool = False


def reasons_against_proposal(proposal: Proposal) -> list[Reason]:
    """F20: leaving the advised manner needs a written reason, a lighter one another person's signature as well."""
    if not proposal.advised or proposal.manner in proposal.advised:
        return []
    reasons: list[Reason] = []
    if not proposal.reason.strip():
        sentence = "调整方式与系统参考方式不一致，请写明理由。"
        reasons.append(Reason("DEVIATION_REASON", sentence, "F20"))
    if is_lighter(proposal.manner, proposal.advised) and not proposal.countersigned:
        sentence = (
            "调整方式轻于系统参考方式，请在“处理是否轻于情形通常对应的方式”中选“是”，由另一名负责人会签。"
        )
        reasons.append(Reason("SECOND_SIGNATURE", sentence, "F20"))
    return reasons


def is_lighter(manner: str, advised: frozenset[str]) -> bool:
    """True when the manner stands before every advised one, from 平职调整 up to 降职; others are not compared."""
    known = [GRAVITY.index(one) for one in advised if one in GRAVITY]
    return manner in GRAVITY and bool(known) and GRAVITY.index(manner) < min(known)


@dataclass(frozen=True, slots=True)
class Registered:
    """登记决定: what the meeting was asked to pass, what is registered as decided, and how a deviation is borne out.

    ``deviates``: what the registrar says; ``minutes``: whether the scanned minutes 会议纪要 are attached.
    """

    proposed_manner: str | None
    proposed_post: str | None
    manner: str
    post: str | None
    deviates: bool = False
    note: str = ""
    minutes: bool = False

    @property
    def differs(self) -> bool:
        """True when manner or destination are not those that were voted on; unknown for want of a proposal."""
        if self.proposed_manner is None:
            return False
        return (self.manner, self.post or None) != (self.proposed_manner, self.proposed_post or None)


def reasons_against_registering(registered: Registered) -> list[Reason]:
    """F02, F20: the register says what the meeting passed; anything else needs reason, minutes and a second person."""
    if not registered.differs:
        if not registered.deviates or registered.proposed_manner is None:
            return []
        sentence = "登记的方式、去向与表决通过的建议相同，“与表决通过的建议是否一致”请选“一致”。"
        return [Reason("NO_DEVIATION", sentence)]
    if not registered.deviates:
        sentence = (
            "登记的方式或者去向与会议表决通过的建议不一致，请按表决通过的建议登记；会议另有决定的，请选“不一致”，"
            "写明理由、附会议纪要扫描件，由另一名负责人复核。"
        )
        return [Reason("NOT_AS_PASSED", sentence, "F02")]
    reasons: list[Reason] = []
    if not registered.note.strip():
        reasons.append(Reason("DEVIATION_REASON", "请写明决定与表决通过的建议不一致的理由。", "F20"))
    if not registered.minutes:
        reasons.append(
            Reason("NO_MINUTES", "决定与表决通过的建议不一致的，请附本次会议的纪要扫描件。", "F02")
        )
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
