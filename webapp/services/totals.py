"""Several engine steps of one command added up 合计."""

from dataclasses import dataclass, field

from webapp import engine as bpmn


@dataclass(slots=True)
class Total:
    """Several engine steps of one command added up: what was opened and closed again leaves no row."""

    opened: dict[str, bpmn.UserTask] = field(default_factory=dict)
    closed: list[bpmn.ClosedTask] = field(default_factory=list)
    timers: dict[str, bpmn.Timer] = field(default_factory=dict)
    timers_closed: list[str] = field(default_factory=list)
    subscriptions: dict[str, bpmn.Subscription] = field(default_factory=dict)
    subscriptions_closed: list[str] = field(default_factory=list)
    outbox: list[bpmn.OutMessage] = field(default_factory=list)
    signals: list[bpmn.OutSignal] = field(default_factory=list)
    decisions: list[bpmn.DecisionTrace] = field(default_factory=list)
    moves: list[bpmn.Moved] = field(default_factory=list)
    calls: dict[str, bpmn.ServiceCall] = field(default_factory=dict)
    calls_closed: list[str] = field(default_factory=list)

    def add(self, step: bpmn.Step) -> None:
        """Take in one more step."""
        self.closed += [one for one in step.closed if self.opened.pop(one.id, None) is None]
        self.opened |= {one.id: one for one in step.opened}
        self.timers_closed += [one for one in step.timers_closed if self.timers.pop(one, None) is None]
        self.timers |= {one.id: one for one in step.timers}
        gone = [one for one in step.subscriptions_closed if self.subscriptions.pop(one, None) is None]
        self.subscriptions_closed += gone
        self.subscriptions |= {one.id: one for one in step.subscriptions}
        self.calls_closed += [one for one in step.calls_closed if self.calls.pop(one, None) is None]
        self.calls |= {one.id: one for one in step.calls}
        self.outbox += step.outbox
        self.signals += step.signals
        self.decisions += step.decisions
        self.moves += step.moves
