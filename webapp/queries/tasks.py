"""What a task page needs 待办详情 besides the task itself: names, comments, files, where it leads."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.roles import role
from webapp.persistence.models import cases, identity, people, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries.briefs import Ahead, Article
from webapp.queries.parts import PersonRef

WAITING_KINDS = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "endEvent"})
FURTHEST = 12
FILE_COLUMNS = (
    "id",
    "case_id",
    "work_item_id",
    "purpose",
    "media_type",
    "size",
    "digest",
    "stored_at",
    "stored_by",
)


def user_names(reads: Reads, ids: set[str]) -> dict[str, str]:
    """Names by user id; a decider without a log-in is known by the person's id."""
    if not ids:
        return {}
    user = identity.User.__table__
    query: Select[Any] = select(user.c.id, people.person.c.name).join(
        people.person, people.person.c.id == user.c.person_id
    )
    found = {row["id"]: row["name"] for row in reads.fetch_all(query.where(user.c.id.in_(sorted(ids))))}
    missing = sorted(ids - found.keys())
    if missing:
        found |= {row["id"]: row["name"] for row in reads.all(people.person, id=missing)}
    return found


def holder(reads: Reads, user_id: str | None) -> PersonRef | None:
    """Who has claimed a task."""
    if user_id is None:
        return None
    return PersonRef(user_id, user_names(reads, {user_id}).get(user_id, ""))


def files_of(reads: Reads, **where: Any) -> list[Mapping[str, Any]]:
    """Attachments without their bytes."""
    table = cases.attachment
    columns = [table.c[name] for name in FILE_COLUMNS]
    query = select(*columns).order_by(table.c.stored_at)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    return reads.fetch_all(query)


def neighbours(reads: Reads, task_id: str, user_id: str) -> tuple[str | None, str | None]:
    """The task before and after this one among the person's own open tasks, by due date."""
    item = runtime.work_item
    query = (
        select(item.c.id)
        .where(item.c.assignee_id == user_id, item.c.status == "open")
        .order_by(item.c.due_at.is_(None), item.c.due_at, item.c.id)
        .limit(200)
    )
    ids = [row["id"] for row in reads.fetch_all(query)]
    if task_id not in ids:
        return None, None
    here = ids.index(task_id)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


def articles(text: str) -> tuple[Article, ...]:
    """``《…》第…条；《…》`` of a diagram taken apart into regulations and articles."""
    found = []
    for part in text.replace(";", "；").split("；"):
        name, closing, rest = part.strip().partition("》")
        if name:
            found.append(Article(name + closing, rest.strip(), ""))
    return tuple(found)


def sent_back(reads: Reads, row: Row) -> tuple[Row, ...]:
    """The tasks whose end opened this one 前一环节: among them the one that may have sent it back."""
    before = {"instance_id": row["instance_id"], "status": "completed", "closed_at": row["opened_at"]}
    return tuple(reads.all(runtime.work_item, **before))


def last_done(reads: Reads, instance_id: str, element_id: str) -> str | None:
    """The task by which an element of a running process was done last; None when it never was."""
    wanted: dict[str, Any] = {"instance_id": instance_id, "element_id": element_id, "status": "completed"}
    rows = reads.all(runtime.work_item, **wanted, order=("-closed_at",), limit=1)
    return str(rows[0]["id"]) if rows else None


def ahead(definition: Any, element_id: str) -> tuple[Ahead, ...]:
    """The steps that may come next, looked up along the flows until somebody or something is waited for.

    The way leads into sub-processes and out of them again; an end that is thrown is where it ends.
    """
    flows: dict[str, list[Any]] = {}
    for flow in definition.flows:
        flows.setdefault(flow.source, []).append(flow)
    begins = {node.scope: node.id for node in definition.nodes.values() if node.kind == "startEvent"}
    found: dict[str, Ahead] = {}
    seen = {element_id}
    waiting = [(flow, flow.name) for flow in flows.get(element_id, [])]
    while waiting and len(found) < FURTHEST:
        flow, condition = waiting.pop(0)
        node = definition.nodes[flow.target]
        leads_out = node.kind == "endEvent" and node.scope is not None and node.event in (None, "terminate")
        if node.kind in WAITING_KINDS and not leads_out:
            found.setdefault(node.id, Ahead(node.name or "办结", _who(node), condition))
        elif node.id not in seen:
            seen.add(node.id)
            onward = _left_for(definition, node.scope) if leads_out else [begins.get(_inside(node), node.id)]
            waiting += [(one, one.name or condition) for name in onward for one in flows.get(name, [])]
    return tuple(found.values())


def _inside(node: Any) -> str:
    """The scope that a sub-process or call activity opens, as the engine names it."""
    return f"{node.called}:" if node.called else str(node.id)


def _left_for(definition: Any, scope: str) -> list[str]:
    """The nodes that go on when a scope ends: the sub-process itself, or whoever calls the process."""
    return [node.id for node in definition.nodes.values() if _inside(node) == scope]


def _who(node: Any) -> str:
    codes = [code for code in node.candidate_groups if not code.startswith("=")]
    return "、".join(role(code).zh for code in codes)
