"""任职限制核查 (D3): everything known of a cadre gathered, the rules of ``domain.reinstatement`` asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from webapp.domain import probation
from webapp.domain import reinstatement as rules
from webapp.domain.errors import Reason
from webapp.domain.impact import Action
from webapp.domain.lifecycle import BEFORE_DECISION
from webapp.domain.workdays import add_months, local_date
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models import tracking as tables
from webapp.services import quotas
from webapp.services.dossier import (
    has_open_appeal,
    last_visit_grade,
    measures_that_stand,
    never_visited,
    received,
    relatives_of,
    running_periods,
)

STEPS: Mapping[str, rules.Step] = {
    "initiation": "initiation",
    "examination_target": "target",
    "target": "target",
    "before_meeting": "discussion",
    "appointment": "appointment",
}
MUSTS: Mapping[rules.Must, tuple[str, str]] = {
    "archive": ("archive_result", "archive_on"),
    "personal_matters": ("personal_matters_result", "personal_matters_on"),
    "integrity_opinion": ("discipline_result", "discipline_on"),
    "petition": ("petitions_result", "petitions_on"),
}
# A referred matter is settled by a decision, or by a later case that found nothing to answer for.
SETTLED = frozenset({"not_unsuited", "dismissed", "tolerated"})
PASSING = frozenset({"pass", "passed", "clear", "consistent", "no_objection", "truthful"})


SIGNERS = 2
FRESH_MONTHS = rules.DEFAULT_POLICY.freshness_months
QUALIFICATIONS_ZH = {"years": "任职年限", "experience": "任职经历", "education": "学历和培训"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check 核查结果: every reason, and notices apart."""

    reasons: tuple[Reason, ...]
    notices: tuple[Reason, ...]

    @property
    def eligible(self) -> bool:
        """未发现限制情形."""
        return not self.reasons


def check(
    reads: Any,
    person_id: str,
    *,
    action: Action,
    step: str,
    today: date,
    post_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Verdict:
    """All reasons and notices for a cadre, an action and a step on the day; ``variables``: of a running p04."""
    facts = facts_of(
        reads, person_id, action=action, step=step, today=today, post_id=post_id, variables=variables or {}
    )
    return Verdict(tuple(rules.reasons_against(facts, today)), tuple(rules.notices(facts)))


def facts_of(
    reads: Any,
    person_id: str,
    *,
    action: Action,
    step: str,
    today: date,
    post_id: str | None,
    variables: Mapping[str, Any],
) -> rules.Facts:
    """What is known of the cadre and the post, over all cases."""
    measures = measures_that_stand(reads, person_id)
    plan = _latest_plan(reads, person_id)
    post = reads.one(people.post, id=post_id) if post_id else None
    return rules.Facts(
        action=action,
        step=STEPS[step],
        leading_post=post is None or post["kind"] != "rank_only",
        periods=tuple(running_periods(reads, person_id)),
        measures=frozenset(f"{row['track']}.{row['kind']}" for row in measures),
        open_matters=open_matters(reads, person_id),
        open_appeal=variables.get("open_appeal") is True or has_open_appeal(reads, person_id),
        nature_excluded=variables.get("nature_excluded") is True,
        flags=frozenset(variables.get("disqualifiers") or ()),
        unmet_qualifications=_unmet(variables),
        last_appraisal=_last_appraisal(reads, person_id, today),
        last_visit_grade=last_visit_grade(reads, plan["id"]) if plan else None,
        conclusion=_conclusion(plan),
        in_post_since=_in_post_since(reads, person_id),
        report_owed=_report_owed(variables),
        report_answer=_report_answer(variables),
        musts=musts_of(variables),
        double_signature=_double_signed(reads, variables, today),
        post_conflicts=_conflicts(reads, person_id, post, today),
        vacancies=_vacancies(reads, post, today),
        deemed_consent=variables.get("dual_outcome") == "deemed",
        is_care=plan is not None and plan["care"] == "care",
        unvisited=plan is not None and never_visited(reads, plan, today),
    )


def barred_from_confirming(
    reads: Any, appointment_id: str, variables: Mapping[str, Any], today: date
) -> list[Reason]:
    """Measures that bar 转正 on the first day it can be, or today where that is past (F11)."""
    row = reads.get(people.appointment, id=appointment_id)
    if row["probation_ends_on"] is None:
        return []
    return probation.reasons_while_barred(
        received(reads, row["person_id"]),
        variables.get("branch") or "promotion",
        max(today, row["probation_ends_on"] + timedelta(days=1)),
        leading_post=reads.get(people.post, id=row["post_id"])["kind"] != "rank_only",
    )


def barred_from_passing(reads: Any, variables: Mapping[str, Any], today: date) -> list[Reason]:
    """The same for a running p04 that appraises or proposes the confirmation; an older one names no appointment."""
    told = variables.get("appointment")
    if variables.get("probation_outcome") != "pass" or not isinstance(told, Mapping):
        return []
    return barred_from_confirming(reads, str(told["appointment_id"]), variables, today)


def _unmet(variables: Mapping[str, Any]) -> tuple[str, ...]:
    codes = variables.get("unmet_qualifications") or ()
    return tuple(QUALIFICATIONS_ZH[code] for code in codes if code in QUALIFICATIONS_ZH)


def _latest_plan(reads: Any, person_id: str) -> Mapping[str, Any] | None:
    rows = reads.all(tables.tracking_plan, person_id=person_id, order=("-opened_on",))
    tracked = [row for row in rows if row["conclusion"] or row["status"] == "open"]
    return tracked[0] if tracked else None


def _conclusion(plan: Mapping[str, Any] | None) -> str | None:
    if plan is None:
        # Never tracked: nothing to conclude (a cadre never brought down).
        return "recommend"
    return "recommend" if plan["conclusion"] == "recommended" else plan["conclusion"]


def open_matters(reads: Any, person_id: str) -> tuple[str, ...]:
    """What is not settled about a cadre 尚在核查处理: cases before the decision, and matters handed over to the
    discipline organ of which no decision has been registered since nor word that nothing was found.
    """
    rows = reads.all(cases.case_file, person_id=person_id, order=("opened_at",))
    found = [
        f"卷宗{row['number']}的核查处理"
        for row in rows
        if row["status"] != "closed" and row["stage"] in BEFORE_DECISION
    ]
    since = [row["registered_at"] for row in reads.all(cases.measure, person_id=person_id)]
    since += [row["closed_at"] for row in rows if row["outcome"] in SETTLED and row["closed_at"]]
    found += [
        f"卷宗{row['number']}移送纪检监察机关的问题"
        for row in rows
        if row["outcome"] == "referred" and not any(at > row["closed_at"] for at in since)
    ]
    return tuple(found)


def _last_appraisal(reads: Any, person_id: str, today: date) -> Any:
    """The grade of last year 上一年度 and no older one."""
    row = reads.one(people.appraisal, person_id=person_id, year=today.year - 1)
    return row["grade"] if row else None


def _in_post_since(reads: Any, person_id: str) -> date | None:
    rows = reads.all(people.appointment, person_id=person_id, valid_to=None, order=("-valid_from",), limit=1)
    found: date | None = rows[0]["valid_from"] if rows else None
    return found


def _report_owed(variables: Mapping[str, Any]) -> bool:
    """The answer of ``d03_prior_report`` in the running p04; before it was asked, nothing is owed yet."""
    report = variables.get("report")
    return isinstance(report, Mapping) and report.get("owed") is True


def _report_answer(variables: Mapping[str, Any]) -> Any:
    answer = variables.get("superior_outcome")
    return {
        "agree": "agreed",
        "approve": "agreed",
        "approved": "agreed",
        "agreed": "agreed",
        "no_objection": "agreed",
    }.get(
        str(answer), "refused" if answer in ("refuse", "refused", "reject", "rejected", "disagree") else None
    )


def musts_of(variables: Mapping[str, Any]) -> dict[rules.Must, rules.Check]:
    """The 四必 that a running p04 has results for, each with its day."""
    found: dict[rules.Must, rules.Check] = {}
    for must, (result, on) in MUSTS.items():
        if variables.get(result) and variables.get(on):
            found[must] = rules.Check(
                variables[result] in PASSING, date.fromisoformat(str(variables[on])[:10])
            )
    return found


def _double_signed(reads: Any, variables: Mapping[str, Any], today: date) -> bool:
    """双签字: two different persons signed for this attempt, not longer ago than the checks may be old (F09)."""
    case_id = variables.get("caseId")
    if not case_id:
        return False
    done = reads.all(runtime.work_item, case_id=case_id, element_id="double_sign", status="completed")
    fresh = {
        row["completed_by"] for row in done if add_months(local_date(row["closed_at"]), FRESH_MONTHS) >= today
    }
    return len(fresh) >= SIGNERS


def _conflicts(reads: Any, person_id: str, post: Mapping[str, Any] | None, today: date) -> int:
    """Relatives who hold a post in the target unit 任职回避."""
    if post is None:
        return 0
    kin = relatives_of(reads, person_id)
    if not kin:
        return 0
    rows = reads.all(people.cadre, person_id=kin, unit_id=post["organisation_id"], valid_to=None)
    return len(rows)


def _vacancies(reads: Any, post: Mapping[str, Any] | None, today: date) -> int:
    if post is None:
        return 1
    return quotas.vacancies(reads, post, today)
