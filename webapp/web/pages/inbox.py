"""The inbox page 待办."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from webapp.queries import beginning, handled, inbox
from webapp.queries.parts import page_number
from webapp.services.history import definition
from webapp.web.frame import is_own, pages_of
from webapp.web.session import current_actor, now, office, read_event, reading

page = Blueprint("inbox", __name__)
MOST_PAGES = 500


def wish() -> inbox.Wish:
    """What the query string asks for; an unknown value falls back to the usual one."""
    asked = request.args
    return inbox.Wish(
        tab=_one(asked.get("tab", ""), inbox.TABS),
        q=asked.get("q", "").strip()[: inbox.LONGEST_SEARCH],
        process=asked.get("process", "")[:80],
        stage=_one(asked.get("stage", ""), ("", "down", "tracking", "visit", "up")),
        due=_one(asked.get("due", ""), inbox.DUES),
        sort=_one(asked.get("sort", ""), inbox.SORTS),
        page=min(page_number(asked.get("page")), MOST_PAGES),
    )


def _one(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


@page.get("/")
@page.get("/inbox")
def index() -> str:
    """One page of the inbox."""
    actor = current_actor()
    asked = wish()
    names = office().process_names()
    with reading() as reads:
        view = inbox.show(reads, actor, asked, now=now(), processes=names)
        if asked.tab == "done":
            view = _with_outcomes(reads, view)
        if not view.rows and asked == inbox.Wish():
            own = is_own(actor)
            found = beginning.show(reads, actor, pages_of(actor), own=own, now=now())
            view = replace(view, beginnings=found)
        reads.disclose(
            read_event(
                actor, "inbox", tab=asked.tab, page=asked.page, tasks=[row.task_id for row in view.rows]
            )
        )
    return render_template("inbox/index.html", view=view)


def _definition(digest: str, key: str) -> Any:
    return definition(office(), digest, key)


def _with_outcomes(reads: Any, view: inbox.InboxView) -> inbox.InboxView:
    """What each handled task came to, in the words of its form."""
    tasks = frozenset(row.task_id for row in view.rows)
    told = handled.outcomes(reads, [row.case_id for row in view.rows if row.case_id], tasks, _definition)
    return replace(view, rows=tuple(replace(row, outcome=told.get(row.task_id, "")) for row in view.rows))
