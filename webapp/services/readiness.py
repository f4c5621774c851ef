"""May an item come up 上会条件: papers missing, opinions too old, replies and bars, judged on the meeting's day.

The five kinds of item that are not to be submitted 五不上会 (F02, F08–F10): what the diagram asked for before must
still hold when the item is called, weeks later perhaps.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from webapp import engine as bpmn
from webapp.domain import meetings
from webapp.domain.access import Actor
from webapp.domain.errors import Reason, RuleBroken
from webapp.domain.workdays import local_date
from webapp.persistence.models import cases as case_tables
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import repository, runtime
from webapp.services import eligibility
from webapp.services.dossier import relatives_of
from webapp.services.office import Work

Papers = tuple[tuple[str, str], ...]
# Policy value: days an item stands on the agenda before the meeting.
NOTICE_POLICY = "agenda_notice_days"

_VERIFIED: Papers = (
    ("hear_subject", "听取本人说明的记录"),
    ("sign_report", "核实组签名的核实报告"),
    ("determine", "核实认定意见"),
    ("propose", "调整建议表"),
)
_EXAMINED: Papers = (("examine", "考察材料"), ("sign_examination", "考察组签名"))
# Matter → elements whose forms are the papers of an item; one a diagram does not have is not asked for.
PAPERS: Mapping[str, Papers] = {
    "adjustment_proposal": _VERIFIED,
    "adjustment_decision": (
        *_VERIFIED,
        ("consult_discipline", "纪检监察机关意见"),
        ("check_materials", "上会前审核意见"),
    ),
    "reinstatement_initiation": (("initiate", "动议材料"),),
    "examination_target": (("initiate", "动议材料"), ("recommend", "民主推荐情况")),
    "reinstatement": _EXAMINED,
    "probation_end": (("appraise_probation", "试用期满考核材料"),),
}
# Opinions of other organs, which are out of date after the months that the four musts are (F09).
OPINIONS = frozenset({"consult_discipline"})
# What the superior is asked before 事先报告; the department's meeting comes before the report is made.
REPORTED = frozenset({"adjustment_decision"})
# Matter → the step of D3 at which the cadre is judged once more.
CHECKED: Mapping[str, str] = {
    "reinstatement_initiation": "initiation",
    "examination_target": "examination_target",
    "reinstatement": "before_meeting",
}


def place(
    work: Work, actor: Actor, meeting_id: str, meeting: Mapping[str, Any], item_ids: Sequence[str]
) -> None:
    """Put waiting items on the agenda of a meeting, in time for it; Conflict when one is no longer free.

    NotFound for an item about the recorder or a relative, or of a case the recorder is kept out of (F05).
    """
    standing = work.all(tables.agenda_item, meeting_id=meeting_id)
    placed = max((one["position"] or 0 for one in standing), default=0)
    for one in work.all(tables.agenda_item, id=list(item_ids)) if item_ids else ():
        _require_stranger(work, actor, one)
        _require_announced(work, meeting["held_on"], one)
    for offset, item_id in enumerate(dict.fromkeys(item_ids), placed + 1):
        fits = {
            "id": item_id,
            "status": "waiting",
            "meeting_id": None,
            "body": meeting["body"],
            "committee_id": meeting["committee_id"],
        }
        values = {"meeting_id": meeting_id, "position": offset, "status": "scheduled"}
        placing = work.update(tables.agenda_item, fits, values)
        placing.just_one("所选议题已列入其他会议或已撤回，请刷新后重新选择。")


def _require_stranger(work: Work, actor: Actor, item: Mapping[str, Any]) -> None:
    kept_out = work.all(case_tables.case_exclusion, case_id=item["case_id"])
    barred = {*relatives_of(work, item["person_id"]), *(one["person_id"] for one in kept_out)}
    meetings.require_may_know(actor, item["person_id"], barred)


def _require_announced(work: Work, held_on: date, item: Mapping[str, Any]) -> None:
    """By the days the case's policy asks for; a meeting entered afterwards is judged by when the item was filed."""
    policy = work.get(case_tables.case_file, id=item["case_id"])["policy"]
    known_on = work.today if held_on >= work.today else local_date(item["filed_at"])
    meetings.require_announced(held_on, known_on, int(policy.get(NOTICE_POLICY, meetings.NOTICE_DAYS)))


def require(work: Work, item: Mapping[str, Any]) -> None:
    """RuleBroken with everything that keeps the item off the table today."""
    reasons = reasons_against(work, item)
    if reasons:
        raise RuleBroken(reasons)


def reasons_against(work: Work, item: Mapping[str, Any]) -> list[Reason]:
    """What is missing, too old or unanswered, and what bars the cadre from the matter now."""
    instance = work.get(runtime.process_instance, id=item["instance_id"])
    variables = bpmn.variables(instance["state"])
    readiness = _readiness(work, item, instance, variables)
    reasons = meetings.reasons_against_discussion(readiness, work.today)
    step = CHECKED.get(item["matter"])
    if step is not None:
        verdict = eligibility.check(
            work,
            item["person_id"],
            action=str(variables.get("branch")),  # type: ignore[arg-type]
            step=step,
            today=work.today,
            post_id=variables.get("post_id"),
            variables=variables,
        )
        reasons += verdict.reasons
    if item["matter"] == "probation_end":
        reasons += eligibility.barred_from_passing(work, variables, work.today)
    return reasons


def _readiness(
    work: Work, item: Mapping[str, Any], instance: Mapping[str, Any], variables: Mapping[str, Any]
) -> meetings.Readiness:
    asked = _asked(work, item["matter"], instance)
    done = _done(work, instance["id"], [element for element, _ in asked])
    authority = variables.get("authority")
    return meetings.Readiness(
        missing_papers=tuple(words for element, words in asked if element not in done),
        opinions={words: done[element] for element, words in asked if element in OPINIONS & done.keys()},
        report_owed=item["matter"] in REPORTED
        and isinstance(authority, Mapping)
        and bool(authority["must_report"]),
        report_answered=variables.get("superior_outcome") == "approved",
    )


def _asked(work: Work, matter: str, instance: Mapping[str, Any]) -> Papers:
    papers = PAPERS.get(matter, ())
    if not papers:
        return ()
    deployed = work.get(repository.definition, id=instance["definition_id"])
    nodes = work.definition(deployed["digest"], deployed["key"]).nodes
    return tuple(paper for paper in papers if paper[0] in nodes)


def _done(work: Work, instance_id: str, elements: list[str]) -> dict[str, date]:
    """The day on which each element was completed last."""
    rows = work.all(
        runtime.work_item,
        instance_id=instance_id,
        element_id=elements,
        status="completed",
        order=("closed_at",),
    )
    return {row["element_id"]: local_date(row["closed_at"]) for row in rows}
