"""What events wait for: timers with absolute due instants, messages and signals as subscriptions, conditions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from webapp.engine import dates
from webapp.engine.faults import EngineError
from webapp.engine.nouns import Subscription, Timer
from webapp.engine.plan import Part
from webapp.engine.tokens import Token

COALESCE = "coalesce"


class Trigger(EventDefinition):
    """What an event waits for."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.node.name)
        self.part = part

    def arm(self, token: Token) -> None:
        """Begin to wait."""

    def disarm(self, token: Token) -> None:
        """No longer wait."""

    def again(self, token: Token) -> dict[str, Any] | None:
        """What the next round of a repeating trigger has to remember, None when there is none."""
        return None


class TimerTrigger(Trigger):
    """A timer 计时器; its due instant is computed once, on arming, with calendar months clamped."""

    def arm(self, token: Token) -> None:
        """Compute the due instant, or take the one a repeating timer left."""
        machine, memo = token.workflow.top_workflow, token.internal_data
        if "due" not in memo:
            try:
                self._first(machine, token)
            except dates.BadTime as error:
                raise EngineError(self.part.node.id, "time.invalid", f"计时器无法计算：{error.zh}") from error
        instant = datetime.fromisoformat(memo["due"])
        machine.journal.timers.append(Timer(token.id, self.part.node.id, instant, memo.get("cycle")))

    def _first(self, machine: Any, token: Token) -> None:
        token.internal_data.update(first_due(self.part, machine.value(self.part.timer, token), machine.now))

    def again(self, token: Token) -> dict[str, Any] | None:
        """The next round after now; rounds missed meanwhile count as done.

        The caller's now may be the due instant itself, however late it came: then every round is made up for, unless
        the diagram says that those missed until it was noticed are one.
        """
        machine = token.workflow.top_workflow
        return next_due(self.part, token.internal_data, machine.now, machine.seen_at)

    def disarm(self, token: Token) -> None:
        """The timer is closed."""
        token.workflow.top_workflow.journal.timers_closed.append(token.id)


class MessageTrigger(Trigger):
    """A message 消息 awaited under a name and, where drawn, a correlation key."""

    def arm(self, token: Token) -> None:
        """Subscribe."""
        node = self.part.node
        found = Subscription(token.id, node.id, node.message or "", correlation_of(self.part, token))
        token.workflow.top_workflow.journal.subscriptions.append(found)

    def again(self, token: Token) -> dict[str, Any]:
        """A message beside an activity may come as often as it likes, while the activity lasts."""
        return dict(token.internal_data)

    def disarm(self, token: Token) -> None:
        """The subscription is closed."""
        token.workflow.top_workflow.journal.subscriptions_closed.append(token.id)


class SignalTrigger(MessageTrigger):
    """A signal 信号: reaches all who wait for it, without a key."""

    def arm(self, token: Token) -> None:
        """Subscribe."""
        node = self.part.node
        found = Subscription(token.id, node.id, node.signal or "", None, "signal")
        token.workflow.top_workflow.journal.subscriptions.append(found)


class ConditionTrigger(Trigger):
    """A condition 条件 over the variables; happens when it becomes true, not while it stays so."""

    def again(self, token: Token) -> dict[str, Any]:
        """May become true again."""
        return dict(token.internal_data)

    def came_true(self, token: Token) -> bool:
        """Whether the condition was not true before and is now; a variable without a value makes it not true."""
        found = token.workflow.top_workflow.value(self.part.timer, token)
        if found is not None and not isinstance(found, bool):
            raise EngineError(self.part.node.id, "condition.not_boolean", "条件事件的结果不是真或假。")
        before = token.internal_data.get("held", False)
        if found:
            token.internal_data["held"] = True
        else:
            token.internal_data.pop("held", None)
        return found is True and not before


def first_due(part: Part, found: Any, now: datetime) -> dict[str, Any]:
    """What a timer has to remember from ``now`` on: its due instant, of a cycle also text, anchor and round."""
    if part.timer_kind != "timeCycle":
        return {"due": dates.due(found, now).isoformat()}
    text = str(found).strip()
    due = dates.add(now, dates.read_cycle(text).period)
    return {"cycle": text, "anchor": now.isoformat(), "round": 1, "due": due.isoformat()}


def next_due(
    part: Part, memo: Mapping[str, Any], now: datetime, seen_at: datetime | None
) -> dict[str, Any] | None:
    """The next round of a cycle after ``now``, None when there is none; rounds missed meanwhile count as done."""
    if "cycle" not in memo:
        return None
    cycle = dates.read_cycle(memo["cycle"])
    anchor = datetime.fromisoformat(memo["anchor"])
    if part.node.extras.get("missed") == COALESCE:
        now = max(now, seen_at or now)
    number = _round_after(cycle, anchor, memo["round"], now)
    if cycle.repeats is not None and number > cycle.repeats:
        return None
    return {**memo, "round": number, "due": dates.add(anchor, cycle.period.times(number)).isoformat()}


def _round_after(cycle: dates.Cycle, anchor: datetime, last: int, now: datetime) -> int:
    number = last + 1
    if not cycle.period.months:
        return max(number, int((now - anchor) / cycle.period.rest) + 1)
    while dates.add(anchor, cycle.period.times(number)) <= now:
        number += 1
    return number


def correlation_of(part: Part, token: Token) -> str | None:
    """The correlation key of ``part`` as text; None when the diagram names none."""
    if part.correlation is None:
        return None
    found = token.workflow.top_workflow.value(part.correlation, token)
    if isinstance(found, bool) or found is None or isinstance(found, (list, dict)):
        raise EngineError(
            part.node.id, "correlation.empty", f"消息关联键“{part.correlation.literal}”没有可用的值。"
        )
    return str(found)
