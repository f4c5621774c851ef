"""Migration 迁移: an instance goes on under another version of its diagram; ids, due instants, variables are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from webapp.domain.errors import Conflict
from webapp.engine import cache, codec
from webapp.engine.expressions import Functions
from webapp.engine.faults import EngineError
from webapp.engine.machine import Machine
from webapp.engine.moving import scope_name
from webapp.engine.nouns import Definition, Step
from webapp.engine.plan import Part
from webapp.engine.tokens import Scope, Token

Mapped = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration did: the step with what it opened and closed, and the new element of each id that is kept."""

    step: Step
    renamed: Mapping[str, str]


def migrate(
    state: bytes,
    definition: Definition,
    target: Definition,
    mapping: Mapped,
    *,
    now: datetime,
    seed: str,
    functions: Functions | None = None,
) -> Migration:
    """Put ``state`` on ``target``; ``mapping`` names old element → new element where the ids differ.

    ``Conflict`` with a sentence for every token that has no place in the new version; nothing is changed then.
    """
    plan = _Plan(_decoded(state, definition, now, seed, functions), target, mapping)
    plan.check()
    if plan.reasons:
        raise Conflict("这一实例不能迁移：" + "；".join(plan.reasons))
    return plan.carry_out(now.astimezone(UTC), seed, functions)


def reasons_against(
    state: bytes, definition: Definition, target: Definition, mapping: Mapped
) -> tuple[str, ...]:
    """The dry run 试迁移: why an instance cannot be migrated, one sentence each; none when it can."""
    now = datetime(1970, 1, 1, tzinfo=UTC)
    plan = _Plan(_decoded(state, definition, now, "", None), target, mapping)
    plan.check()
    return tuple(plan.reasons)


def _decoded(
    state: bytes, definition: Definition, now: datetime, seed: str, functions: Functions | None
) -> Machine:
    specs = cache.specs_of(definition)
    return codec.decode(state, definition, specs, now=now.astimezone(UTC), seed=seed, functions=functions)


class _Plan:
    """Where every token of the old instance stands in the new one, and why some cannot."""

    def __init__(self, old: Machine, target: Definition, mapping: Mapped) -> None:
        self.old = old
        self.target = target
        self.mapping = mapping
        self.specs = cache.specs_of(target)
        self.reasons: list[str] = []
        self.names: dict[str, str] = {}
        self.known = {self.new(name) for name in old.definition.nodes}
        self.dropped: list[Token] = []

    def check(self) -> None:
        """Find the place of every token."""
        if not self.old.live:
            self.reasons.append("流程实例已经结束")
        for scope in self.old.every_scope():
            for token in scope.live.values():
                self._place(scope, token)

    def _place(self, scope: Scope, token: Token) -> None:
        spec = token.task_spec
        part: Part | None = spec.part
        name = self._renamed(spec.name)
        found = self._spec_of(scope, name)
        if found is not None and part is not None and self._fits(part, found, token):
            self.names[token.id] = name
        elif part is not None and (spec.is_boundary or spec.is_watch):
            self.dropped.append(token)
        elif part is not None:
            called = part.node.name or part.node.id
            self.reasons.append(f"正在进行的“{called}”在新版本中没有同类的对应环节，请为它指定对应关系")

    def _renamed(self, spec_name: str) -> str:
        if not spec_name.startswith("#"):
            return self.new(spec_name)
        prefix, _, element_id = spec_name.partition(":")
        return f"{prefix}:{self.new(element_id)}"

    def new(self, element_id: str) -> str:
        """The id in the new version."""
        return self.mapping.get(element_id, element_id)

    def _spec_of(self, scope: Scope, name: str) -> Any:
        inside = scope_name(self.old, scope)
        spec = self.specs.get(None if inside is None else self.new(inside))
        return spec.task_specs.get(name) if spec is not None else None

    def _fits(self, part: Part, found: Any, token: Token) -> bool:
        other: Part | None = found.part
        if other is None or (other.node.kind, other.node.event) != (part.node.kind, part.node.event):
            return False
        if (other.node.calls is None) != (part.node.calls is None):
            return False
        if (other.loop is None) != (part.loop is None) or other.timer_kind != part.timer_kind:
            return False
        return self._flow(token, found) is not None

    def _flow(self, token: Token, found: Any) -> str | None:
        """The flow a waiting token came by, in the new version; empty where none matters, None when it is gone."""
        flow = token.internal_data.get("flow")
        if flow is None or token._state != TaskState.WAITING or not hasattr(found, "needs"):
            return flow or ""
        old = next((one for one in self.old.definition.flows if one.id == flow), None)
        into = [link.flow for link in self.target.plan.incoming.get(found.bpmn_id or "", ())]
        same = [one.id for one in into if old is not None and one.source == self.new(old.source)]
        if flow in same:
            return str(flow)
        return same[0] if len(same) == 1 else None

    def carry_out(self, now: datetime, seed: str, functions: Functions | None) -> Migration:
        """Build the new instance and account for what is opened and closed."""
        old = self.old
        made = Machine(
            self.target, self.specs, now=now, seed=seed, functions=functions, variables=old.variables,
            drawn=old.drawn, sent=old.sent, called=old.called,
        )  # fmt: skip
        gone = {token.id for token in self.dropped}
        for token in self.dropped:
            token.task_spec.trigger.disarm(token)
        made.journal = old.journal
        for scope in old.every_scope():
            self._copy(made, scope, gone)
        for kept in made.every_scope():
            self._complement(kept)
        made.settle()
        renamed = {
            token.id: str(token.task_spec.bpmn_id)
            for kept in made.every_scope()
            for token in kept.live.values()
            if token.task_spec.exposed and token.id in self.names
        }
        variables = dict(made.variables)
        step = made.journal.step(codec.encode(made), variables, not made.live, called=made.called)
        return Migration(step, renamed)

    def _copy(self, made: Machine, scope: Any, gone: set[str]) -> None:
        if scope is self.old:
            into: Any = made
        else:
            host = made.find(scope.host.id)
            if host is None:
                raise EngineError(None, "state.damaged", "流程状态的内容已损坏，无法读取。")
            into = made.open_scope(host)
            if into.frame is not host.workflow.frame:
                into.frame.values.update(scope.frame.values)
        into.done = self._undoable(scope.done)
        for token in scope.live.values():
            if token.id not in gone:
                self._put(into, token)

    def _undoable(self, done: list[Any]) -> list[Any]:
        return [[self.new(name), *(self._undoable(inner) for inner in rest)] for name, *rest in done]

    def _put(self, into: Any, token: Token) -> None:
        spec = into.spec.task_specs[self.names[token.id]]
        parent = into.live.get(token._parent, into.task_tree)
        made = Token(into, spec, parent, TaskState.FUTURE, token.id)
        made._state = token._state
        made.internal_data = dict(token.internal_data)
        if "todo" in made.internal_data:
            made.internal_data["todo"] = [self._renamed(name) for name in made.internal_data["todo"]]
        if flow := self._flow(token, spec):
            made.internal_data["flow"] = flow

    def _complement(self, scope: Any) -> None:
        """Boundary events and event sub-processes that the new version adds begin to wait now."""
        for name in scope.spec.watches:
            if name.partition(":")[2] not in self.known:
                scope.enter(name)
        for host in list(scope.live.values()):
            door = scope.spec.task_specs.get(f"#attach:{host.task_spec.name}")
            if door is not None and host._state != TaskState.FUTURE:
                self._attach(scope, host, door)

    def _attach(self, scope: Any, host: Token, door: Any) -> None:
        # Only what the old version did not have: an event that has happened already is not armed again.
        mark = host.internal_data.setdefault("group", host.id)
        for _, target, _ in door.ways:
            if target not in self.known:
                child = scope.task_tree._add_child(scope.spec.task_specs[target])
                child.internal_data["group"] = mark
                child.task_spec._update(child)
