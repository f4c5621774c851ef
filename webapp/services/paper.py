"""Steps handled on paper 线下办理: the scan, who decided, who entered; marked as such for ever."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from webapp.domain import access
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid, NotAllowed, Refused
from webapp.domain.people import plain_name
from webapp.domain.workdays import local_date, zh_date
from webapp.persistence.models import people
from webapp.services import attachments, identity, sealing
from webapp.services.attachments import Upload
from webapp.services.desk import Desk, require_sight
from webapp.services.office import Work

# Who may enter for others 代录: the case officers of the organ in charge, and the recorder of meetings.
ENTERERS = ("cadre_section", "cadre_supervision", "meeting_recorder", "trial_dept", "handling_dept")


@dataclass(frozen=True, slots=True)
class Paper:
    """What was done on paper: who decided, on which day, the scans."""

    decided_by: str
    decided_on: date
    scans: Sequence[Upload]
    note: str = ""


def decider(work: Work, actor: Actor, desk: Desk, paper: Paper) -> Actor:
    """The person who decided on paper, by name; the same rules bind that person as on a screen."""
    _require_complete(work, paper, local_date(desk.row["opened_at"]))
    _require_may_enter(work, actor, desk)
    refusal: Refused | None = None
    able: list[Actor] = []
    for person in work.all(people.person, name=plain_name(paper.decided_by)):
        found = identity.actor_of_person(work, person["id"])
        if found is None:
            continue
        try:
            access.require_may_complete(found, _unclaimed(desk), desk.case_facts, paper.decided_on)
        except Refused as refused:
            refusal = refused
        else:
            able.append(found)
    if len(able) > 1:
        sentence = f"承办岗位上有{len(able)}名“{paper.decided_by}”，无法区分，请由本人在线办理。"
        raise Invalid({"paper_decided_by": sentence})
    if able:
        return able[0]
    if refusal is not None:
        raise NotAllowed(f"“{paper.decided_by}”不能办理此环节：{refusal.sentence}")
    raise Invalid({"paper_decided_by": f"人员库中没有“{paper.decided_by}”，请填写实际办理人的姓名全称。"})


def _unclaimed(desk: Desk) -> access.TaskFacts:
    return replace(desk.task, assignee=None)


def _require_complete(work: Work, paper: Paper, opened_on: date) -> None:
    problems = {}
    if not paper.decided_by.strip():
        problems["paper_decided_by"] = "请填写实际办理人的姓名。"
    if paper.decided_on > work.today:
        problems["paper_decided_on"] = "线下办理日期不能晚于今天。"
    if paper.decided_on < opened_on:
        problems["paper_decided_on"] = f"线下办理日期不能早于此环节开始之日（{zh_date(opened_on)}）。"
    if not paper.scans:
        problems["paper_scan"] = "请上传经办人签字的扫描件。"
    if problems:
        raise Invalid(problems)


def _require_may_enter(work: Work, actor: Actor, desk: Desk) -> None:
    if desk.case_facts is not None:
        require_sight(work, actor, desk.case_facts)
    organisations = set(desk.case.bodies.values()) if desk.case else set()
    if not any(actor.holds(role, one, work.today) for role in ENTERERS for one in organisations):
        raise NotAllowed("线下办理由承办科室代录，您没有代录权限。")


def store(work: Work, desk: Desk, paper: Paper) -> list[dict[str, str]]:
    """Keep the scans and the note; returns their commitments for the event."""
    kept = [attachments.keep(work, desk.case_id, desk.row["id"], one, purpose="paper") for one in paper.scans]
    names = [commitment for one in kept for commitment in one["fields"]]
    values = {"paper_decided_by": paper.decided_by, "paper_note": paper.note or None}
    sealed = sealing.seal_values(
        work,
        {name: value for name, value in values.items() if value},
        case_id=desk.case_id,
        owner_kind="paper",
        owner_id=desk.row["id"],
    )
    return sealed + names + [{"field": "paper_scan", "commitment": scan.digest} for scan in paper.scans]
