"""Weekly look-ups 查询: 此人现在能不能提, and what ends soon; every answer is kept as a read."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from webapp.domain.access import Actor
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.formats import is_id
from webapp.queries import ends, parts, people, people_file, pickers
from webapp.queries.parts import page_number
from webapp.services import people_assessment
from webapp.web.frame import pages_of
from webapp.web.session import current_actor, read_event, reading, today

page = Blueprint("lookups", __name__, url_prefix="/lookups")
MOST_FOUND = 20
FURTHEST = timedelta(days=366 * 5)
KEPT_BACK = "您的岗位不在此核查该干部，请由负责该干部的科室核查。"


@dataclass(frozen=True, slots=True)
class EligibilityView:
    """此人现在能不能提: the search, who was found, and of the one chosen what was found on the day."""

    q: str
    post_q: str
    day: date
    is_today: bool
    found: tuple[people.PersonLine, ...]
    posts: tuple[parts.Option, ...]
    chosen: people.PersonLine | None
    target: parts.Option | None
    checks: tuple[people_assessment.Assessment, ...]
    kept_back: str
    problems: tuple[parts.Problem, ...]


@page.before_request
def enter() -> None:
    """The look-ups are for those whose daily work asks them; everybody else is told so."""
    if "lookups" not in pages_of(current_actor()):
        raise NotAllowed("您的岗位不使用这一栏目，如工作需要请联系安全保密管理员。")


def _day(problems: list[parts.Problem]) -> date:
    """The day asked for; today where none is given or it cannot be one."""
    text = request.args.get("day", "").strip()
    try:
        day = date.fromisoformat(text) if text else today()
    except ValueError:
        problems.append(
            parts.Problem("day", f"“{text[:20]}”不是日期，请写成2026-12-01的样子，现按今天核查。")
        )
        return today()
    if abs(day - today()) > FURTHEST:
        problems.append(parts.Problem("day", "只能核查前后五年以内的日期，现按今天核查。"))
        return today()
    return day


@page.get("")
def index() -> str:
    """此人现在能不能提, for any cadre one may see and any day."""
    actor = current_actor()
    problems: list[parts.Problem] = []
    day = _day(problems)
    with reading() as reads:
        view = _eligibility(reads, actor, day, tuple(problems))
        facts: dict[str, object] = {"day": day.isoformat(), "people": [one.id for one in view.found]}
        if view.chosen is not None:
            facts = {"day": day.isoformat(), "person_id": view.chosen.id, "checked": bool(view.checks)}
        reads.disclose(read_event(actor, "lookup.eligibility", **facts))
    return render_template("lookups/index.html", view=view)


def _eligibility(reads: Any, actor: Actor, day: date, problems: tuple[parts.Problem, ...]) -> EligibilityView:
    asked = request.args
    q, post_q = (asked.get(name, "").strip()[: people.LONGEST_SEARCH] for name in ("q", "post_q"))
    found = people.found(reads, actor, q, today=today(), most=MOST_FOUND) if q else ()
    wanted = asked.get("person", "") or (found[0].id if len(found) == 1 else "")
    chosen = _chosen(reads, actor, wanted) if wanted else None
    target, posts = _target(reads, asked.get("post", ""), post_q)
    is_open = chosen is not None and people_file.may_check(reads, actor, chosen.id, today=today())
    checks: tuple[people_assessment.Assessment, ...] = ()
    if chosen is not None and is_open:
        post_id = target.value if target else ""
        checks = people_assessment.assess(reads, chosen.id, today=day, post_id=post_id)
    return EligibilityView(
        q=q if chosen is None else chosen.name,
        post_q=post_q if target is None else target.label,
        day=day,
        is_today=day == today(),
        found=found if chosen is None else (),
        posts=posts,
        chosen=chosen,
        target=target,
        checks=checks,
        kept_back=KEPT_BACK if chosen is not None and not is_open else "",
        problems=problems,
    )


def _chosen(reads: Any, actor: Actor, person_id: str) -> people.PersonLine:
    """The cadre asked about; NotFound for the own person, relatives and cadres of others."""
    if actor.person_id == person_id:
        raise NotFound("没有找到该干部，或您无权查看。")
    cadre = people.require_visible(reads, actor, person_id, today=today())
    (named,) = pickers.named(reads, "person", [person_id]).values()
    return people.PersonLine(person_id, named.label, cadre["title"])


def _target(reads: Any, post_id: str, text: str) -> tuple[parts.Option | None, tuple[parts.Option, ...]]:
    """The post the check is for, where one is chosen or only one fits what was typed; else those that fit."""
    if is_id(post_id):
        return pickers.named(reads, "post", [post_id]).get(post_id), ()
    posts = pickers.matches(reads, "post", text) if text else ()
    return (posts[0], ()) if len(posts) == 1 else (None, posts)


@page.get("/ends")
def ending() -> str:
    """What ends soon."""
    actor, asked = current_actor(), _asked_of_ends()
    with reading() as reads:
        view = ends.index(reads, actor, asked, day=today())
        shown = sorted({row.person_id for row in view.rows})
        reads.disclose(read_event(actor, "lookup.ends", page=asked.page, days=asked.days, people=shown))
    return render_template("lookups/ends.html", view=view)


def _asked_of_ends() -> ends.Asked:
    days, kind = request.args.get("days", ""), request.args.get("kind", "")
    known = {str(one): one for one in ends.DAYS}
    return ends.Asked(
        days=known.get(days, ends.USUAL),
        kind=kind if kind in ends.KINDS else "",
        page=page_number(request.args.get("page")),
    )
