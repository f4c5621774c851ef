"""The stored state of an instance: unfinished tokens and variables only, compressed, always the same bytes.

Finished history is pruned here, at every save: a token needs nothing above it but its scope and, for one of a
multi-instance task, the whole. Layout: four bytes ``ZSE`` and version, then zstd over JSON.
"""

from collections.abc import Mapping
from datetime import datetime
from threading import local
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.util.task import TaskState

from webapp.engine.expressions import Functions
from webapp.engine.faults import EngineError
from webapp.engine.machine import Machine
from webapp.engine.nouns import Definition
from webapp.engine.tokens import Scope, Token

HEADER = b"ZSE\x01"
LARGEST = 64 * 1024 * 1024
_LEVEL = 1


class _Packers(local):
    # zstd contexts are costly to make and may not be shared between threads.
    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self.unpack = zstandard.ZstdDecompressor()
        # A step reads the variables for its form first and then the whole: of one state, in one thread.
        self.last: tuple[bytes, bytes] = (b"", b"")


_packers = _Packers()


def encode(machine: Machine) -> bytes:
    """The state of ``machine``, pruned."""
    content = {
        "key": machine.definition.key,
        "drawn": machine.drawn,
        "sent": machine.sent,
        "vars": machine.variables,
        "scopes": [_scope(None, machine)]
        + [_scope(host, scope) for host, scope in machine.subprocesses.items()],
    }
    if machine.called:
        content["called"] = True
    return HEADER + _packers.pack.compress(orjson.dumps(content))


def _scope(host: str | None, scope: Scope) -> list[Any]:
    # What most scopes do not have is not written: variables of a called process, what may have to be undone.
    own = scope.frame.values if host is not None and scope.frame is not scope.host.workflow.frame else None
    if own is None and not scope.done:
        return [host, _rows(scope)]
    return [host, _rows(scope), own, scope.done]


def _rows(scope: Scope) -> list[list[Any]]:
    rows = []
    for token in scope.live.values():
        whole = token._parent if token._parent in scope.live else None
        rows.append([token.id, token.task_spec.name, token._state, token.internal_data or None, whole])
    return rows


def unpack(state: bytes) -> dict[str, Any]:
    """The stored content; ``EngineError`` when the bytes are none of ours."""
    if not state.startswith(HEADER):
        raise EngineError(None, "state.version", "流程状态的格式不是本系统的当前版本，无法读取。")
    try:
        content: Any = orjson.loads(_unpacked(state))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise _damaged() from error
    if not isinstance(content, dict) or not isinstance(content.get("vars"), dict):
        raise _damaged()
    found: dict[str, Any] = content
    return found


def _unpacked(state: bytes) -> bytes:
    known, unpacked = _packers.last
    if known == state:
        return unpacked
    unpacked = _packers.unpack.decompress(
        state[len(HEADER) :], max_output_size=LARGEST, allow_extra_data=False
    )
    _packers.last = (state, unpacked)
    return unpacked


def _damaged() -> EngineError:
    return EngineError(None, "state.damaged", "流程状态的内容已损坏，无法读取。")


def decode(
    state: bytes,
    definition: Definition,
    specs: Mapping[str | None, Any],
    *,
    now: datetime,
    seed: str,
    functions: Functions | None = None,
) -> Machine:
    """The instance that ``state`` holds, on the specs of its definition."""
    content = unpack(state)
    try:
        return _restored(content, definition, specs, now, seed, functions)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _damaged() from error


def _restored(
    content: dict[str, Any],
    definition: Definition,
    specs: Mapping[str | None, Any],
    now: datetime,
    seed: str,
    functions: Functions | None,
) -> Machine:
    machine = Machine(
        definition,
        specs,
        now=now,
        seed=seed,
        functions=functions,
        variables=content["vars"],
        drawn=content["drawn"],
        sent=content["sent"],
        called=content.get("called", False),
    )
    for host, rows, *more in content["scopes"]:
        scope = machine if host is None else machine.open_scope(_host(machine, host))
        if more:
            scope.frame.values.update(more[0] or {})
            scope.done = more[1]
        for row in rows:
            _restore(scope, row)
    return machine


def _host(machine: Machine, host: str) -> Token:
    found = machine.find(host)
    if found is None:
        raise _damaged()
    return found


def _restore(scope: Scope, row: list[Any]) -> None:
    token_id, name, state, memo, whole = row
    spec = scope.spec.task_specs.get(name)
    if spec is None:
        raise EngineError(
            name, "state.unknown_element", f"流程状态停在节点“{name}”，但该流程定义中没有这个节点。"
        )
    parent = scope.live[whole] if whole is not None else scope.task_tree
    token = Token(scope, spec, parent, TaskState.FUTURE, token_id)
    token._state = state
    if memo is not None:
        token.internal_data = memo
