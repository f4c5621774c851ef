"""Trial runs 试运行: a draft run on invented people; nothing of it touches a case, a person or the history.

The engine is asked as for a real case, but its calls get recorded answers, its messages go nowhere, and its
clock is the run's own. A run is small and short, and a designer keeps only the last few.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain import access
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound, Refused
from webapp.domain.fields import Field
from webapp.domain.workdays import local_date
from webapp.engine import feel
from webapp.persistence.models import designs
from webapp.services import definition_drafts, filler, forms, trial_answers
from webapp.services.definition_drafts import Draft
from webapp.services.forms import Posted
from webapp.services.office import Work
from webapp.services.proposals import DESIGNER

MOST_STEPS = 300
MOST_CALLS = 50
LARGEST_STATE = 256 * 1024
LONGEST_TRAIL = 400
RUNS_KEPT = 3
LONGEST_TEXT = 4000
LONGEST_DETAIL = 300
BY_HAND = "hand"
ANSWERS = (BY_HAND, "suggested")


@dataclass(slots=True)
class Trial:
    """A trial run 试运行; ``waiting`` and ``trail`` are plain values, kept as JSON."""

    id: str
    draft_id: str
    owner_id: str
    digest: str
    rev: int
    moment: datetime
    state: bytes
    finished: bool
    waiting: dict[str, Any] = field(default_factory=dict)
    trail: list[dict[str, Any]] = field(default_factory=list)
    definition: bpmn.Definition | None = None

    @property
    def known(self) -> bpmn.Definition:
        """The definition that runs."""
        assert self.definition is not None
        return self.definition

    @property
    def variables(self) -> Mapping[str, Any]:
        """The process variables as they are now."""
        return bpmn.variables(self.state) if self.state else {}


@lru_cache(maxsize=8)
def _parsed(_digest: str, held: "_Held") -> bpmn.Definition:
    return bpmn.parse(held.files, held.catalogue, process_id=held.key)


@dataclass(frozen=True, slots=True)
class _Held:
    """Files as a cache argument: the digest says which they are."""

    files: Mapping[str, bytes]
    catalogue: bpmn.Catalogue
    key: str

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.key == self.key


def definition_of(work: Work, draft: Draft) -> bpmn.Definition:
    """The draft parsed; Invalid with every error while the linter finds one."""
    errors = [one for one in definition_drafts.findings(work.office, draft) if one.level == "error"]
    if errors:
        raise Invalid(
            {f"{one.element_id or one.code}": one.zh for one in errors},
            f"草稿还有{len(errors)}处错误，改正后才能试运行：" + "；".join(one.zh for one in errors[:5]),
        )
    return _parsed(draft.digest, _Held(draft.files, work.office.catalogue, draft.key))


def start(
    work: Work, actor: Actor, *, draft_id: str, element_id: str = "", text: str = "", answers: str = BY_HAND
) -> str:
    """Begin a trial of the draft as saved, at the start event named → its id; older runs make room.

    ``answers``: whether forms open empty, or filled with what would be plausible 建议值.
    """
    if answers not in ANSWERS:
        raise Invalid({"answers": "请选择表单怎样填写。"})
    with work:
        access.require_role(actor, DESIGNER, day=work.today)
        draft = definition_drafts.read(work, draft_id)
        definition = definition_of(work, draft)
        event = _start_event(definition, element_id)
        trial = Trial(str(uuid7()), draft_id, actor.user_id, draft.digest, 0, work.now, b"", False)
        trial.definition = definition
        trial.waiting = {
            "tasks": {},
            "timers": {},
            "messages": {},
            "marks": {},
            "steps": 0,
            "answers": answers,
        }
        values = {**trial_answers.CASE, "today": local_date(work.now).isoformat(), **_context(work, text)}
        _say(trial, "started", event, "")
        _apply(work, trial, bpmn.Start(values, event))
        _make_room(work, actor)
        work.insert(designs.trial_run, _row(trial) | {"id": trial.id, "started_at": work.now})
        work.settle()
    return trial.id


def _start_event(definition: bpmn.Definition, element_id: str) -> str:
    starts = [node for node in definition.nodes.values() if node.kind == "startEvent" and node.scope is None]
    wanted = [node.id for node in starts if node.id == element_id or not element_id]
    if not wanted:
        raise NotFound("流程图中没有这个开始事件，请重新选择。")
    return wanted[0]


def _make_room(work: Work, actor: Actor) -> None:
    rows = work.all(designs.trial_run, owner_id=actor.user_id, order=("-started_at",))
    old = [row["id"] for row in rows[RUNS_KEPT - 1 :]]
    if old:
        work.delete(designs.trial_run, {"id": old})


def load(work: Work, actor: Actor, run_id: str) -> Trial:
    """The designer's own run with its definition; Conflict when the draft was changed since."""
    access.require_role(actor, DESIGNER, day=work.today)
    row = work.one(designs.trial_run, id=run_id, owner_id=actor.user_id)
    if row is None:
        raise NotFound("没有找到这次试运行，它可能已被更新的试运行取代。")
    draft = definition_drafts.read(work, row["draft_id"])
    if draft.digest != row["digest"]:
        raise Conflict("草稿在这次试运行开始后又有修改，请重新开始试运行。", draft_id=draft.id)
    names = ("id", "draft_id", "owner_id", "digest", "rev", "moment")
    trial = Trial(
        **{name: row[name] for name in names}, state=bytes(row["state"]), finished=bool(row["finished"])
    )
    trial.waiting, trial.trail = dict(row["waiting"]), list(row["trail"])
    trial.definition = definition_of(work, draft)
    return trial


def form_of(trial: Trial, task_id: str) -> tuple[Field, ...]:
    """The fields of an open task with invented choices; Conflict when it is no longer open."""
    task = trial.waiting["tasks"].get(task_id)
    if task is None:
        raise Conflict("该环节已经办过，请刷新页面。")
    return trial_answers.fields(forms.fields_of_task(trial.known, task["form_key"]))


def suggested(trial: Trial, task_id: str) -> dict[str, str | list[str]]:
    """What an invented person would plausibly write in the form of a task 建议值, required fields alone."""
    task = trial.waiting["tasks"][task_id]
    variables = {**trial.variables, **task["locals"]}
    fields = form_of(trial, task_id)
    filled = filler.fill(fields, variables=variables, now=trial.moment)
    return filled | trial_answers.unnamed_people(fields, filled, variables)


def complete(work: Work, actor: Actor, *, run_id: str, task_id: str, posted: Posted) -> None:
    """Finish a task as an invented person; Invalid as in a real case."""
    with work:
        trial = load(work, actor, run_id)
        variables = {**trial.variables, **trial.waiting["tasks"].get(task_id, {}).get("locals", {})}
        fields = form_of(trial, task_id)
        answers = forms.fill(_At(work, trial.moment), fields, posted, variables)  # type: ignore[arg-type]
        task = trial.waiting["tasks"][task_id]
        untouched = _written(posted) == _written(suggested(trial, task_id))
        how = ("建议值" if untouched else "手工填写") if fields else ""
        _say(
            trial, "completed", task["element_id"], "；".join(filter(None, (how, _shown(answers.variables))))
        )
        _apply(work, trial, bpmn.Complete(task_id, answers.variables))
        _keep(work, trial)


def _written(posted: Posted) -> dict[str, list[str]]:
    """What somebody wrote: a browser sends the empty fields along, and a single choice without its list."""
    lists = {name: [value] if isinstance(value, str) else list(value) for name, value in posted.items()}
    return {name: found for name, values in lists.items() if (found := [one for one in values if one])}


def fire(work: Work, actor: Actor, *, run_id: str, timer_id: str) -> None:
    """Move the run's clock to a timer's instant and fire it 拨到时间."""
    with work:
        trial = load(work, actor, run_id)
        timer = trial.waiting["timers"].get(timer_id)
        if timer is None:
            raise Conflict("该定时已经触发或取消，请刷新页面。")
        trial.moment = max(trial.moment, datetime.fromisoformat(timer["due_at"]))
        _say(trial, "timer", timer["element_id"], "")
        _apply(work, trial, bpmn.TimerFired(timer_id))
        _keep(work, trial)


def deliver(work: Work, actor: Actor, *, run_id: str, subscription_id: str, text: str) -> None:
    """Deliver an awaited message 收到消息 with what it carries, written in FEEL."""
    with work:
        trial = load(work, actor, run_id)
        one = trial.waiting["messages"].get(subscription_id)
        if one is None:
            raise Conflict("这里已经不再等待消息，请刷新页面。")
        carried = _context(work, text)
        _say(trial, "message", one["element_id"], one["message"])
        is_signal = one.get("kind") == "signal"
        heard = (
            bpmn.Broadcast(one["message"], carried) if is_signal else bpmn.Correlate(subscription_id, carried)
        )
        _apply(work, trial, heard)
        _keep(work, trial)


class _At:
    """A unit of work at the run's own moment; forms ask it for nothing else, as no choice is looked up."""

    def __init__(self, work: Work, moment: datetime) -> None:
        self.now, self.today, self.office = moment, local_date(moment), work.office
        self.all, self.one = work.all, work.one


def _context(work: Work, text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": f"消息内容过长，不超过{LONGEST_TEXT}字。"})
    try:
        found = bpmn.evaluate(text, {}, now=work.now, functions=work.functions())
    except feel.FeelSyntaxError as error:
        raise Invalid({"text": f"消息内容不是有效的 FEEL：{error.zh}"}) from error
    if not isinstance(found, Mapping):
        raise Invalid({"text": "消息内容要写成 {名称: 值, …} 的形式。"})
    return dict(found)


def _apply(work: Work, trial: Trial, command: bpmn.Command) -> None:
    """Run the command and answer every call with its recorded result."""
    pending = [command]
    for number in range(MOST_CALLS + 2):
        if not pending:
            break
        if number > MOST_CALLS:
            raise Refused(f"一次办理引发的自动环节超过{MOST_CALLS}个，请检查流程图是否有不停的循环。")
        step = _engine(work, trial, pending.pop(0), number)
        trial.state, trial.finished = step.state, step.finished
        _note(trial, step)
        gone = set(step.calls_closed)
        pending = [one for one in pending if getattr(one, "call_id", None) not in gone]
        pending += [_answer(trial, call) for call in step.calls]
    trial.waiting["steps"] += 1
    trial.rev += 1
    if trial.waiting["steps"] > MOST_STEPS or len(trial.state) > LARGEST_STATE:
        raise Refused(f"这次试运行已超过{MOST_STEPS}步或内容过大，请重新开始。")


def _engine(work: Work, trial: Trial, command: bpmn.Command, number: int) -> bpmn.Step:
    try:
        return bpmn.run(
            trial.state or None, trial.known, command, now=trial.moment,
            seed=f"trial:{trial.id}:{trial.rev}:{number}", functions=work.functions(),
        )  # fmt: skip
    except bpmn.EngineError as error:
        node = trial.known.nodes.get(error.element_id or "")
        where = f"走到“{node.name or node.id}”时" if node else ""
        raise Refused(f"{where}流程不能继续：{error.zh}") from error


def _answer(trial: Trial, call: bpmn.ServiceCall) -> bpmn.Command:
    if call.process is not None:
        which = "最新版" if call.version is None else f"第{call.version}版"
        _say(trial, "call", call.element_id, f"流程{call.process}（{which}）：试运行不进入，不返回内容")
        return bpmn.ServiceReturned(call.id, {})
    result = trial_answers.result_of(call.delegate or "", local_date(trial.moment))
    what = f"{call.delegate or call.topic}：{_shown(result or {}) or '不返回内容'}"
    _say(trial, "call", call.element_id, what)
    return bpmn.ServiceReturned(call.id, result or {})


def _note(trial: Trial, step: bpmn.Step) -> None:
    waiting = trial.waiting
    for name, opened, closed in (
        ("tasks", [_task(one) for one in step.opened], [one.id for one in step.closed]),
        ("timers", [_timer(one) for one in step.timers], step.timers_closed),
        ("messages", [_subscription(one) for one in step.subscriptions], step.subscriptions_closed),
    ):
        for one in closed:
            waiting[name].pop(one, None)
        waiting[name].update({one["id"]: one for one in opened})
    for move in step.moves:
        waiting["marks"][move.element_id] = {"entered": "active", "left": "done"}.get(move.kind, move.kind)
    for trace in step.decisions:
        _say(trial, "decision", trace.element_id, "、".join(trace.rules_hit) or "没有命中任何一行")
    for signal in step.signals:
        _say(trial, "sent", signal.element_id, signal.signal)
    for message in step.outbox:
        _say(trial, "sent", message.element_id, message.message)
    if step.finished:
        _say(trial, "finished", "", "")


def _task(one: bpmn.UserTask) -> dict[str, Any]:
    return {
        "id": one.id,
        "element_id": one.element_id,
        "name": one.name,
        "form_key": one.form_key,
        "groups": list(one.groups),
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "locals": dict(one.locals),
    }


def _timer(one: bpmn.Timer) -> dict[str, Any]:
    return {"id": one.id, "element_id": one.element_id, "due_at": one.due_at.isoformat()}


def _subscription(one: bpmn.Subscription) -> dict[str, Any]:
    return {"id": one.id, "element_id": one.element_id, "message": one.message, "kind": one.kind}


def _shown(values: Mapping[str, object]) -> str:
    return "，".join(f"{name} = {feel_text(value)}" for name, value in sorted(values.items()))[
        :LONGEST_DETAIL
    ]


def feel_text(value: object) -> str:
    """A value as a designer would write it in FEEL, a text without its quotes."""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _say(trial: Trial, what: str, element_id: str, detail: str) -> None:
    node = trial.known.nodes.get(element_id)
    line = {
        "what": what,
        "element_id": element_id,
        "name": (node.name if node else "") or element_id,
        "detail": detail,
        "at": trial.moment.isoformat(),
    }
    trial.trail = [*trial.trail, line][-LONGEST_TRAIL:]


def _row(trial: Trial) -> dict[str, Any]:
    return {
        "draft_id": trial.draft_id,
        "owner_id": trial.owner_id,
        "digest": trial.digest,
        "rev": trial.rev,
        "moment": trial.moment,
        "state": trial.state,
        "waiting": trial.waiting,
        "trail": trial.trail,
        "finished": int(trial.finished),
    }


def _keep(work: Work, trial: Trial) -> None:
    """Keep the run; Conflict when another window moved it in between."""
    where = {"id": trial.id, "rev": trial.rev - 1}
    if work.update(designs.trial_run, where, _row(trial)).count != 1:
        raise Conflict("这次试运行刚刚在另一个窗口里走了一步，请刷新页面。")
    work.settle()
