"""The cadre's own page 本人事项: what was told, where to turn, who helps, when the next visit is."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from webapp.queries import mine, own_parts
from webapp.services.office import calendar_of
from webapp.web import own_papers
from webapp.web.session import current_actor, read_event, reading, today

page = Blueprint("mine", __name__, url_prefix="/mine")
# The plain truth that stands on every page of the cadre's.
NO_PROMISE = "影响期满不等于恢复原职务，也不必然提拔。"


@dataclass(frozen=True, slots=True)
class MineView:
    """The own matters of the reader; none for those in whose matter nothing was told."""

    name: str
    matters: tuple[mine.Matter, ...]
    papers: tuple[own_papers.Paper, ...]
    help: mine.Help | None
    to_sign: tuple[mine.ToSign, ...]
    sentence: str = NO_PROMISE


@page.get("")
def index() -> str:
    """Everything told to the reader in own matters."""
    actor = current_actor()
    with reading() as reads:
        view = _view(reads, actor.person_id or "", actor.name)
        seen = [one.case_id for one in view.matters]
        reads.disclose(read_event(actor, "mine", cases=seen))
    return render_template("mine/show.html", view=view)


def _view(reads: Any, person_id: str, name: str) -> MineView:
    rows = mine.told_cases(reads, person_id) if person_id else ()
    if not rows:
        return MineView(name, (), (), None, ())
    case_ids = [row["id"] for row in rows]
    done = own_parts.told(reads, case_ids)
    return MineView(
        name=name,
        matters=mine.matters(reads, rows, own_parts.told_on(done), calendar_of(reads), today()),
        papers=own_papers.drawn(reads, done),
        help=mine.help_for(reads, case_ids, today()),
        to_sign=mine.to_sign(reads, case_ids, person_id),
    )
