"""Specs shared by all instances of a definition in this process, checked after every use."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from webapp.engine.builder import Specs, build
from webapp.engine.nouns import Definition

MOST = 256
_kept: "OrderedDict[tuple[str, str], tuple[Specs, int]]" = OrderedDict()
_lock = Lock()


def specs_of(definition: Definition) -> Specs:
    """The shared specs of ``definition``, built at the first use in this process."""
    key = (definition.digest, definition.key)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found[0]
    specs = build(definition.plan)
    with _lock:
        _kept[key] = (specs, fingerprint(specs))
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return specs


def verify(definition: Definition) -> bool:
    """Whether a run left the shared specs as they were; if not they are dropped and built anew next time."""
    key = (definition.digest, definition.key)
    with _lock:
        found = _kept.get(key)
        if found is None or fingerprint(found[0]) == found[1]:
            return True
        del _kept[key]
        return False


def forget() -> None:
    """Drop everything kept."""
    with _lock:
        _kept.clear()


def fingerprint(specs: Specs) -> int:
    """A number that changes when a spec gains or loses nodes, connections or listeners."""
    return hash(
        tuple(
            (scope, name, tuple(node._inputs), tuple(node._outputs), len(node.ways), _listeners(node))
            for scope, spec in specs.items()
            for name, node in spec.task_specs.items()
        )
    )


def _listeners(node: Any) -> int:
    return len(node.completed_event.hard_subscribers or ())
