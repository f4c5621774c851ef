"""One instance in memory: its tokens, its variables, and the loop that moves it until it waits."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.util.task import TaskState

from webapp.domain.errors import Conflict
from webapp.engine import feel
from webapp.engine.expressions import FeelEnvironment, Functions, Text
from webapp.engine.faults import EngineError
from webapp.engine.frames import Frame, stored_form
from webapp.engine.journal import Journal
from webapp.engine.nouns import Definition
from webapp.engine.tokens import Scope, SubScope, Token, name_id

BUDGET = 10_000
# Tokens at once in one scope, and scopes at once in an instance: what looks at all of them stays quick.
MOST_LIVE = 3_000
MOST_SCOPES = 1_000


class Machine(Scope, BpmnWorkflow):
    """A running instance; made for one command and thrown away after it."""

    def __init__(
        self,
        definition: Definition,
        specs: Mapping[str | None, Any],
        *,
        now: datetime,
        seed: str,
        functions: Functions | None = None,
        variables: dict[str, Any] | None = None,
        drawn: int = 0,
        sent: int = 0,
        called: bool = False,
    ) -> None:
        self.begin()
        self.queue: deque[Token] = deque()
        self.definition = definition
        self.scopes = specs
        self.now = now
        self.seed = seed
        self.drawn = drawn
        self.sent = sent
        self.called = called
        self.frame = Frame(variables)
        self.journal = Journal()
        self.steps = 0
        self.seen_at: datetime | None = None
        engine = PythonScriptEngine(FeelEnvironment(now, functions))
        super().__init__(specs[None], script_engine=engine, deserializing=True)
        self.plant()

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the process itself, in stored form."""
        found: dict[str, Any] = self.frame.values
        return found

    def draw_id(self, exposed: bool) -> str:
        """The next id of the instance, from a counter kept in the state; a UUID for what callers get to see."""
        self.drawn += 1
        return name_id(self.seed, self.drawn) if exposed else str(self.drawn)

    def every_scope(self) -> list[Scope]:
        """All open scopes, outer ones first."""
        return [self, *self.subprocesses.values()]

    def find(self, token_id: str) -> Token | None:
        """The unfinished token with this id, in any scope."""
        if token_id in self.live:
            return self.live[token_id]
        for scope in self.subprocesses.values():
            if token_id in scope.live:
                found: Token = scope.live[token_id]
                return found
        return None

    def open_scope(self, host: Token) -> SubScope:
        """The fresh scope of the sub-process token ``host``."""
        scope = SubScope(self.scopes[host.task_spec.inside], host, self)
        self.subprocesses[host.id] = scope
        return scope

    def _task_completed_notify(self, task: Token) -> None:
        self.completed = self.is_done()
        if self.completed:
            self.clear()

    def settle(self) -> None:
        """Run until every token waits for a person, a timer, a message or a service."""
        while True:
            self._run_ready()
            if self.spec.any_conditional and self._fire_condition():
                continue
            if not self._join_inclusive():
                self._refuse_deadlock()
                return

    def _run_ready(self) -> None:
        while self.queue:
            token = self.queue.popleft()
            if token._state == TaskState.READY:
                self._spend(token)
                token.run()

    def _fire_condition(self) -> bool:
        for scope in self.every_scope():
            for token in list(scope.live.values()) if scope.spec.conditional else ():
                if token._state == TaskState.WAITING and token.task_spec.came_true(token):
                    self._spend(token)
                    token.task_spec.fire(token)
                    return True
        return False

    def _refuse_deadlock(self) -> None:
        live = [token for scope in self.every_scope() for token in scope.live.values()]
        if not live or any(token.task_spec.exposed for token in live):
            return
        stuck = next((token for token in live if token._state == TaskState.WAITING), live[0])
        raise EngineError(
            stuck.task_spec.bpmn_id,
            "deadlock",
            f"流程将永远停在网关“{stuck.task_spec.bpmn_id}”：它要等的分支已经从别处结束，请检查流程图。",
        )

    def _spend(self, token: Token) -> None:
        self.steps += 1
        if self.steps > BUDGET:
            raise EngineError(
                token.task_spec.bpmn_id,
                "budget.steps",
                f"流程在一步之内经过了超过{BUDGET}个节点，可能有不会停下的循环，请检查流程图。",
            )
        if len(token.workflow.live) > MOST_LIVE or len(self.subprocesses) > MOST_SCOPES:
            raise EngineError(
                token.task_spec.bpmn_id,
                "budget.tokens",
                "流程中同时进行的环节太多，可能在反复引发自己，请检查流程图。",
            )

    def _join_inclusive(self) -> bool:
        for scope in self.every_scope():
            for token in list(scope.live.values()):
                if token._state == TaskState.WAITING and token.task_spec.try_join(token):
                    return True
        return False

    def value(self, text: Text, token: Token, extra: Mapping[str, Any] | None = None) -> Any:
        """The value of ``text`` at ``token``: the literal, or FEEL over variables, locals and ``extra``."""
        if text.source is None:
            return text.literal
        local = token.internal_data.get("locals")
        scope = token.workflow
        context: Mapping[str, Any] = scope.frame.context
        if local or extra or scope.around:
            found = {**scope.around, **local} if local else scope.around
            context = {**context, **(feel.from_json(found) if found else {}), **(extra or {})}
        return self.read(text, context, token.task_spec.bpmn_id)

    def read(self, text: Text, context: Mapping[str, Any], element_id: str | None) -> Any:
        """The value of ``text`` over ``context`` alone; EngineError at the element where it has none."""
        if text.source is None:
            return text.literal
        try:
            return self.script_engine.environment.evaluate(text.source, context)
        except Exception as error:
            raise EngineError(
                element_id,
                "expression.failed",
                f"表达式“{text.source}”计算失败：{getattr(error, 'sentence', error)}",
            ) from error

    def mapped(
        self, pairs: tuple[tuple[str, Text], ...], token: Token, extra: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Parameters by name, each evaluated over those before it; values in JSON form."""
        found: dict[str, Any] = {}
        seen = dict(extra or {})
        for name, text in pairs:
            seen[name] = self.value(text, token, seen)
            found[name] = stored_form(name, seen[name], token.task_spec.bpmn_id)
        return found

    def demand(self, token_id: str, wanted: type | tuple[type, ...], what: str) -> Token:
        """The token of an open task, timer, subscription or call; ``Conflict`` when it is no longer open."""
        token = self.find(token_id)
        if token is None or not isinstance(token.task_spec, wanted) or token._state == TaskState.FUTURE:
            raise Conflict(f"这项{what}已经不在等待办理，可能刚刚被他人处理，请刷新后再看。", id=token_id)
        return token
