"""The engine 流程引擎: diagrams as a pure function, ``run(state, definition, command) -> Step``.

No clock, no rows, no network: the caller stores what a ``Step`` says and does what it asks.
"""

from webapp.engine.bundle import bundle_digest, check, parse, process_keys
from webapp.engine.faults import BadDiagram, EngineError
from webapp.engine.nouns import (
    Cancel,
    Catalogue,
    ClosedTask,
    Command,
    Complete,
    Correlate,
    DecisionTrace,
    Definition,
    Flow,
    Moved,
    Node,
    OutMessage,
    Problem,
    ServiceCall,
    ServiceFailed,
    ServiceReturned,
    Start,
    Step,
    Subscription,
    Timer,
    TimerFired,
    UserTask,
)
from webapp.engine.runtime import evaluate, open_tasks, run, variables

__all__ = [
    "BadDiagram", "Cancel", "Catalogue", "ClosedTask", "Command", "Complete", "Correlate", "DecisionTrace",
    "Definition", "EngineError", "Flow", "Moved", "Node", "OutMessage", "Problem", "ServiceCall",
    "ServiceFailed", "ServiceReturned", "Start", "Step", "Subscription", "Timer", "TimerFired", "UserTask",
    "bundle_digest", "check", "evaluate", "open_tasks", "parse", "process_keys", "run", "variables",
]  # fmt: skip
