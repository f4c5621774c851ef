"""Papers 文书 to be printed and signed: from the same data, without scores, ballots per person or who reported.

A field that is missing is a blank to be filled by hand; every opening is a read on record.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from webapp.domain.errors import NotFound
from webapp.domain.workdays import zh_date
from webapp.queries import agenda, briefs, meeting_views, own_parts, paper_links, parts
from webapp.queries.people import SAMPLE_MARK
from webapp.services import approval_sheet, looking
from webapp.web import filled
from webapp.web.filled import NOTHING, Filled
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("papers", __name__, url_prefix="/papers")
OPINIONS = {
    "consult_discipline": ("纪检监察机关意见", "discipline_opinion"),
    "consult_dual_manager": ("协管方意见", "dual_reply"),
    "consult_united_front": ("统战部门意见", "united_front_opinion"),
    "consult_leader": ("分管领导意见", "leader_opinion"),
}
PROPOSED = frozenset({"propose", *OPINIONS, "report_superior"})
MATTERS = frozenset({"adjustment_proposal", "adjustment_decision"})
# What the office notes for itself and the cadre who signs the record is not shown.
APART = ("health", "family")
INTERNAL = frozenset({"mood_note", *APART})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an organ answered; blank while it has not."""

    label: str
    text: str
    signed_by: str
    on: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """调整建议表."""

    back: str
    form: Filled
    periods: tuple[parts.Period, ...]
    opinions: tuple[Opinion, ...]
    superior: str
    decided: dict[str, str]


@dataclass(frozen=True, slots=True)
class RecordView:
    """谈话记录 or 回访记录 of one step; ``unit``: the unit's own part, for who reads the whole file."""

    back: str
    title: str
    kind: str
    subject: str
    post: str
    unit_name: str
    form: Filled
    unit: Filled
    check: Filled
    apart: Filled
    talkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesView:
    """会议纪要, or the extract 摘录 of one item."""

    back: str
    meeting: meeting_views.MeetingView
    committee: str
    items: tuple[meeting_views.ItemView, ...]
    extract: bool
    absent: tuple[meeting_views.MemberLine, ...]
    present: tuple[meeting_views.MemberLine, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """任前公示: only what may stand on it."""

    back: str
    organ: str
    form: Filled
    starts_on: str
    ends_on: str
    dated: str


def _no_files(_ids: object) -> dict[str, parts.FileRef]:
    """Scans stay in the file; the minutes are the paper."""
    return {}


def _whole_case(reads: Any, case_id: str, is_whole: bool) -> Any:
    row = briefs.case_row(reads, case_id) if is_whole else None
    if row is None:
        raise NotFound("没有找到该工作卷宗，或您无权查看。")
    return row


@page.get("/cases/<uuid:case_id>/proposal")
def proposal(case_id: Any) -> str:
    """调整建议表 of a case, with the opinions and what the meetings decided."""
    actor, name = current_actor(), str(case_id)
    is_whole = looking.at_case(office(), actor, name)
    with reading() as reads:
        case = _whole_case(reads, name, is_whole)
        done = own_parts.completed(reads, name, PROPOSED)
        forms = filled.of_all(reads, done)
        view = ProposalView(
            back=url_for("cases.show", case_id=name),
            form=_about(forms.get("propose", NOTHING), case),
            periods=briefs.period_lines(reads, today(), case_id=name),
            opinions=tuple(
                _opinion(label, choice, forms.get(key)) for key, (label, choice) in OPINIONS.items()
            ),
            superior=_superior(forms.get("report_superior", NOTHING)),
            decided=paper_links.resolutions(reads, name, MATTERS),
        )
        reads.disclose(read_event(actor, "paper.proposal", case_id=name))
    return render_template("papers/proposal.html", view=view)


def _about(form: Filled, case: Any) -> Filled:
    """The form under the name on file; the present post 现任职务 as on file where none was written."""
    post = form["present_post"] or case["title"] or ""
    return Filled({**form.texts, "name": case["subject"], "present_post": post}, form.lists)


def _opinion(label: str, choice: str, form: Filled | None) -> Opinion:
    if form is None:
        return Opinion(label, "", "", "")
    text = "。".join(one.rstrip("。") for one in (form[choice], form["opinion_text"]) if one)
    return Opinion(label, f"{text}。" if text else "", form["signatory"], form["replied_on"])


def _superior(form: Filled) -> str:
    said = "，".join(
        one
        for one in (form["superior_replied_on"], form["superior_reply_no"], form["superior_outcome"])
        if one
    )
    return "。".join(one.rstrip("。") for one in (said, form["superior_note"]) if one)


@page.get("/cases/<uuid:case_id>/publicity")
def publicity(case_id: Any) -> str:
    """任前公示 of a case; nothing of what went before stands on it."""
    actor, name = current_actor(), str(case_id)
    is_whole = looking.at_case(office(), actor, name)
    with reading() as reads:
        case = _whole_case(reads, name, is_whole)
        done = own_parts.completed(reads, name, {"draft_notice"})
        period = paper_links.publicity_of(reads, name)
        form = filled.of_one(reads, done.get("draft_notice"))
        starts_on = form["publicity_from"] or (zh_date(period[0]) if period else "")
        view = NoticeView(
            back=url_for("cases.show", case_id=name),
            organ=paper_links.organ(reads, case["committee_id"], "org_dept"),
            form=form,
            starts_on=starts_on,
            ends_on=zh_date(period[1]) if period else "",
            dated=starts_on,
        )
        reads.disclose(read_event(actor, "paper.publicity", case_id=name))
    return render_template("papers/publicity.html", view=view)


@page.get("/tasks/<uuid:task_id>")
def record(task_id: Any) -> str:
    """谈话记录 or 回访记录: as handed in, or with blanks while its step is open."""
    actor, name = current_actor(), str(task_id)
    sight = looking.at_task(office(), actor, name)
    row = sight.row
    title = paper_links.title_of(row["process_key"], row["element_id"])
    if not title or sight.case_id is None:
        raise NotFound("这一环节没有可打印的文书。")
    with reading() as reads:
        case = briefs.case_row(reads, sight.case_id)
        if case is None:
            raise NotFound
        done = own_parts.of_task(reads, sight.case_id, name, row["element_id"])
        is_visit = (row["process_key"], row["element_id"]) in paper_links.VISITS
        beside = _of_visit(reads, sight) if is_visit else {}
        view = _record_view(reads, sight, case, title, done, beside)
        reads.disclose(read_event(actor, "paper.record", case_id=sight.case_id, task_id=name))
    return render_template("papers/visit.html" if is_visit else "papers/talk.html", view=view)


def _of_visit(reads: Any, sight: looking.Sight) -> dict[str, Filled]:
    """The unit's evaluation and the cadre's own check of the very visit; the unit's for the whole file's readers."""
    elements = {"subject_sign", "note_refusal", *(["unit_section"] if sight.whole else [])}
    found = {
        one.element_id: one
        for one in own_parts.of_instance(reads, str(sight.case_id), sight.row["instance_id"], elements)
    }
    return filled.of_all(reads, found)


def _record_view(
    reads: Any,
    sight: looking.Sight,
    case: Any,
    title: str,
    done: own_parts.Done | None,
    beside: dict[str, Filled],
) -> RecordView:
    whole = filled.of_one(reads, done)
    form = whole.without(INTERNAL)
    named = form["talkers"] or form["statement_listeners"]
    return RecordView(
        back=url_for("tasks.show", task_id=sight.row["id"]),
        title=title,
        kind=sight.row["element_id"],
        subject=case["subject"],
        post=case["title"] or "",
        unit_name=str(case["unit"]).removesuffix(SAMPLE_MARK),
        form=form,
        unit=beside.get("unit_section", NOTHING),
        check=beside.get("subject_sign", beside.get("note_refusal", NOTHING)),
        apart=Filled({key: whole[key] for key in APART}, {}) if sight.whole else NOTHING,
        talkers=tuple(named.split("、")) if named else (),
    )


@page.get("/meetings/<uuid:meeting_id>/minutes")
def minutes(meeting_id: Any) -> str:
    """会议纪要 of a meeting, or with ``?item=`` the extract of one person: counts and results alone."""
    actor, name, item_id = current_actor(), str(meeting_id), request.args.get("item", "")
    with reading() as reads:
        told = looking.values_of(reads, office(), "meeting", name)
        reasons = {field.removeprefix("reason."): str(value) for field, value in told.items()}
        seen = agenda.show(reads, actor, name, day=today(), files=_no_files, reasons=reasons)
        chosen = tuple(one for one in seen.items if not item_id or one.id == item_id)
        if item_id and not chosen:
            raise NotFound("没有找到该议题，或您无权查看。")
        view = MinutesView(
            back=url_for("meetings.show", meeting_id=name),
            meeting=seen,
            committee=agenda.committee_of(reads, name).removesuffix(SAMPLE_MARK),
            items=chosen,
            extract=bool(item_id),
            absent=tuple(one for one in seen.members if one.attendance != "present"),
            present=tuple(one for one in seen.members if one.attendance == "present"),
        )
        shown = sorted({one.case_id for one in chosen if one.case_id})
        reads.disclose(read_event(actor, "paper.minutes", meeting_id=name, cases=shown))
    return render_template("papers/minutes.html", view=view)


@page.get("/people/<uuid:person_id>/approval")
def approval(person_id: Any) -> str:
    """任免审批表 of a cadre, as on file."""
    return _approval(str(person_id), {}, url_for("people.show", person_id=str(person_id)))


@page.get("/cases/<uuid:case_id>/approval")
def approval_of_case(case_id: Any) -> str:
    """任免审批表 of a case's cadre, with the posts proposed in it."""
    actor, name = current_actor(), str(case_id)
    is_whole = looking.at_case(office(), actor, name)
    with reading() as reads:
        case = _whole_case(reads, name, is_whole)
        done = own_parts.completed(reads, name, {"propose", "initiate"})
        forms = filled.of_all(reads, done)
        reads.disclose(read_event(actor, "paper.approval", case_id=name))
    return _approval(case["person_id"], _proposed(forms), url_for("cases.show", case_id=name))


def _proposed(forms: dict[str, Filled]) -> dict[str, str]:
    """拟任、拟免职务和任免理由: of the way up where it was taken, else of the adjustment."""
    if "initiate" in forms:
        return {"proposed_post": forms["initiate"]["post_id"]}
    down = forms.get("propose", NOTHING)
    return {
        "proposed_post": down["target_post_id"],
        "relieved_post": down["posts_ended"],
        "reason": down["adjustment_reason"],
    }


def _approval(person_id: str, proposed: dict[str, str], back: str) -> str:
    view = approval_sheet.show(office(), current_actor(), person_id, proposed, back=back, today=today())
    return render_template("papers/approval.html", view=view)
