"""The engine 流程引擎: diagrams as a pure function, ``run(state, definition, command) -> Step``.

No clock, no rows, no network: the caller stores what a ``Step`` says and does what it asks.
"""

from webapp.engine.apart import Apart
from webapp.engine.bundle import (
    bundle_digest,
    check,
    parse,
    process_keys,
    process_names,
    unreadable,
)
from webapp.engine.commands import (
    Broadcast,
    CallEscalated,
    Cancel,
    Change,
    Command,
    Complete,
    Correlate,
    Modify,
    Return,
    ServiceFailed,
    ServiceReturned,
    SetVariables,
    Start,
    ThrowError,
    ThrowEscalation,
    TimerFired,
)
from webapp.engine.differ import Difference, compare
from webapp.engine.faults import BadDiagram, EngineError
from webapp.engine.importing import one_process
from webapp.engine.markup import Unreadable, drawing_text
from webapp.engine.migration import Migration, migrate, reasons_against
from webapp.engine.nouns import (
    Catalogue,
    Catch,
    ClosedTask,
    DecisionTrace,
    Definition,
    Flow,
    Moved,
    Node,
    OutMessage,
    OutSignal,
    Problem,
    ServiceCall,
    Step,
    Subscription,
    Timer,
    UserTask,
)
from webapp.engine.routes import Drawn, Routes, exceptions, routes
from webapp.engine.runtime import caught, decide, evaluate, open_tasks, run, variables
from webapp.engine.sheets import Sheet, decision_names, sheets
from webapp.engine.starting import StartTimer, conditions_met, next_start, start_timers, starts_by_condition
from webapp.engine.translation import Translation, process_name, rekeyed, translate

__all__ = [
    "Apart", "BadDiagram", "Broadcast", "CallEscalated", "Cancel", "Catalogue", "Catch", "Change", "ClosedTask",
    "Command", "Complete", "Correlate", "DecisionTrace", "Definition", "EngineError", "Flow", "Migration",
    "Modify", "Moved", "Node", "OutMessage", "OutSignal", "Problem", "Return", "ServiceCall", "ServiceFailed",
    "ServiceReturned", "SetVariables", "Start", "Step", "Subscription", "ThrowError", "ThrowEscalation",
    "Timer", "TimerFired", "Translation", "Unreadable", "UserTask", "bundle_digest", "caught", "check",
    "decide", "drawing_text", "evaluate", "migrate", "open_tasks", "parse", "process_keys", "reasons_against",
    "run", "translate", "variables",
]  # fmt: skip
__all__ += [
    "Difference", "Drawn", "Routes", "Sheet", "StartTimer", "compare", "conditions_met", "decision_names",
    "exceptions", "next_start", "one_process", "process_name", "process_names", "rekeyed", "routes", "sheets",
    "start_timers", "starts_by_condition", "unreadable",
]  # fmt: skip
