"""What administrators and designers did 管理操作, with what stood before and what stood after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp.domain.access import Actor, require_role
from webapp.domain.event import sentence_of
from webapp.domain.event_families import ADMINISTRATION, kinds_of
from webapp.domain.roles import AUDITING, ROLES
from webapp.persistence.models import designs, people, repository
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, history, history_pages, records
from webapp.queries.parts import PAGE_SIZE, Option, Paging, Problem, paging

EVENT = records.EVENT
# The machinery's own doings are no administrator's.
KINDS = tuple(one for one in kinds_of(*ADMINISTRATION) if one not in ("job_run", "incident_raised"))
# The clock of a demo moves at every step; whoever asks for it sees it.
USUAL = tuple(one for one in KINDS if one != "clock_advanced")
ROLES_ZH = {one.code: one.zh for one in ROLES}
# Kinds that turn one state into another, whatever was there: before, after.
STATES: Mapping[str, tuple[str, str]] = {
    "user_registered": ("没有此账号", "账号启用"),
    "user_disabled": ("账号启用", "账号停用"),
    "token_issued": ("没有此令牌", "令牌有效"),
    "token_revoked": ("令牌有效", "令牌收回"),
    "deployment_proposed": ("未提出", "等待第二人复核"),
    "deployment_rejected": ("等待第二人复核", "未予同意"),
    "deployment_withdrawn": ("等待第二人复核", "已撤回"),
    "definition_switch_proposed": ("未提出", "等待第二人复核"),
    "definition_switch_refused": ("等待第二人复核", "未予同意"),
    "definition_suspended": ("可以启动", "暂停启动"),
    "definition_activated": ("暂停启动", "可以启动"),
    "definition_removed": ("未办理过", "已删除"),
    "incident_resolved": ("流程异常", "已处理"),
}
GRANTS: Mapping[str, tuple[str, str]] = {
    "role_proposed": ("未提出", "待复核：{}"),
    "role_granted": ("未授予", "{}"),
    "role_refused": ("待复核：{}", "未予同意"),
    "role_revoked": ("{}", "已收回"),
}


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who did it, on whom or what, before and after."""

    id: str
    at: datetime
    title: str
    who: str
    target: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AdministrationView:
    """One page of acts."""

    kind: str
    who: str
    since: str
    until: str
    kinds: tuple[Option, ...]
    rows: tuple[Doing, ...]
    paging: Paging
    is_filtered: bool
    problems: tuple[Problem, ...]


def show(reads: Reads, actor: Actor, asked: history.Asked, day: date) -> AdministrationView:
    """One page of what administrators did, newest first; for auditors."""
    require_role(actor, *sorted(AUDITING), day=day)
    kind = asked.kind if asked.kind in KINDS else ""
    narrowed = history.Asked(kind=history.ANY, who=asked.who, since=asked.since, until=asked.until)
    sought, problems = history.sought_of(reads, actor, narrowed, day)
    sought = sought.where(EVENT.c.kind == kind if kind else EVENT.c.kind.in_(USUAL))
    rows = history_pages.page(reads, sought, asked.page)
    return AdministrationView(
        kind=kind,
        who=asked.who,
        since=asked.since,
        until=asked.until,
        kinds=tuple(Option(one, sentence_of(one).removesuffix("。")) for one in KINDS),
        rows=tuple(_doing(reads, row) for row in rows[:PAGE_SIZE]),
        paging=paging(asked.page, len(rows)),
        is_filtered=bool(kind or asked.who or asked.since or asked.until),
        problems=problems,
    )


def _doing(reads: Reads, row: Row) -> Doing:
    facts = _facts(row)
    who = cadres.names(reads, [row["actor_id"], _account(row), facts.get("person_id")])
    before, after = _before_after(reads, row, facts)
    return Doing(
        id=records.event_id(row["stream"], row["seq"]),
        at=row["effective_at"],
        title=sentence_of(row["kind"]).removesuffix("。"),
        who=who[str(row["actor_id"])],
        target=_target(reads, row, facts, who),
        before=before,
        after=after,
    )


def _facts(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["body"]).get("facts", {})
    return found


def _account(row: Row) -> str | None:
    stream: str = row["stream"]
    return stream.removeprefix("user:") if stream.startswith("user:") else None


def _target(reads: Reads, row: Row, facts: Mapping[str, Any], who: Mapping[str, str]) -> str:
    account = _account(row)
    if account:
        return who.get(account, account)
    if row["stream"].startswith("definition:"):
        return _definition(reads, row["stream"].removeprefix("definition:"))
    if facts.get("person_id"):
        return who.get(facts["person_id"], "")
    if facts.get("organisation_id"):
        place = reads.one(people.organisation, id=facts["organisation_id"])
        return place["name"] if place else ""
    return {"clock_advanced": "演示时钟", "calendar_changed": "工作日历"}.get(row["kind"], "")


def _definition(reads: Reads, key: str) -> str:
    row = reads.one(repository.definition, key=key) or reads.one(designs.draft, key=key)
    return row["name"] if row else "流程"


def _before_after(reads: Reads, row: Row, facts: Mapping[str, Any]) -> tuple[str, str]:
    kind = row["kind"]
    if kind in GRANTS:
        words = ROLES_ZH.get(str(facts.get("role", "")), "岗位角色")
        before, after = GRANTS[kind]
        return before.format(words), after.format(words)
    if kind in STATES:
        return STATES[kind]
    if kind == "definition_deployed":
        version = int(facts.get("version", 1))
        return (f"第{version - 1}版" if version > 1 else "没有此流程"), f"第{version}版"
    if kind == "clock_advanced":
        return _shift(_earlier(reads, row, {})), _shift(facts)
    if kind == "post_changed":
        earlier = _earlier(reads, row, {"post_id": facts.get("post_id")})
        return _quota(earlier), _quota(facts)
    if kind == "quota_recorded":
        return _places(facts, "before"), _places(facts, "places")
    if kind == "master_data_imported":
        return "—", f"新增{_count(facts, 'created')}项，变更{_count(facts, 'changed')}项"
    return "—", "已登记"


def _earlier(reads: Reads, row: Row, same: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the newest earlier record of the kind said of the same thing; nothing when there is none."""
    query = select(EVENT.c.body).where(
        EVENT.c.stream == row["stream"], EVENT.c.kind == row["kind"], EVENT.c.seq < row["seq"]
    )
    for one in reads.fetch_all(query.order_by(EVENT.c.seq.desc()).limit(200 if same else 1)):
        facts = _facts(one)
        if all(facts.get(name) == value for name, value in same.items()):
            return facts
    return {}


def _shift(facts: Mapping[str, Any]) -> str:
    seconds = int(facts.get("offset_seconds", 0))
    if not seconds:
        return "与实际时间一致"
    days = abs(timedelta(seconds=seconds).total_seconds()) / 86400
    return f"{'提前' if seconds > 0 else '退后'}{days:.1f}天"


def _quota(facts: Mapping[str, Any]) -> str:
    return f"职数{facts['quota']}" if facts.get("quota") is not None else "—"


def _places(facts: Mapping[str, Any], name: str) -> str:
    """How many places of which level 职数、编制."""
    if facts.get(name) is None:
        return "—"
    return f"{facts['level']}职数{facts[name]}名" if facts.get("level") else f"编制{facts[name]}名"


def _count(facts: Mapping[str, Any], name: str) -> int:
    found = facts.get(name, 0)
    return len(found) if isinstance(found, list) else int(found)
