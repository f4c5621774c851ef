"""Putting a process right by hand 流程纠正: what two persons may move, and what nobody may skip.

A correction mends the way of a process; it decides nothing. Going back is open to two persons as long as no act
in force lies behind; going forward never passes a decision, a signature, a second person's check, a meeting, a
period or what the system registers: no step of the procedure is left out 不得省略程序 (F02, F05, F14).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from webapp.domain.access import Actor, holds_for, require_role
from webapp.domain.errors import NotAllowed, NotFound, Reason
from webapp.domain.roles import APART, role

Gate = Literal["decisive", "signature", "second", "awaited", "period", "act", "table", "condition"]
What = Literal["cancel", "before", "after"]

# Who puts a correction forward, and who agrees to it: never one person, and the second answers for the case.
PROPOSERS = ("cadre_supervision", "system_admin", "process_designer")
CONFIRMERS = ("cadre_supervision", "org_dept_head", "org_dept_deputy_head")

WHY: Mapping[Gate, str] = {
    "decisive": "须由有权人员作出决定",
    "signature": "须由本人签字",
    "second": "须由另一人审核",
    "awaited": "须等待会议或有关方面的结果",
    "period": "须待期限届满",
    "act": "须由系统登记",
    "table": "须按规则表核算",
    "condition": "是后续环节的办理条件",
}
# What a correction does to the steps of a process, in the order it is told.
EFFECTS_ZH: Mapping[str, str] = {
    "taken": "撤销正在办理的",
    "acted": "系统随即办理",
    "begun": "开始",
    "again": "重新开始",
    "kept": "不受影响的",
}
Effects = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Station:
    """One node of a process 环节: ``gate`` is why nobody may skip it, ``chooses``: the answers say which way on.

    ``joins``: all the ways out of it begin together, all the ways into it must come together. ``guards``: what its
    diagram asks of who does it, as (what, of what): by oneself, by all, apart from an element, with whom aside.
    ``act``: what the system registers there. ``ways``: of a branch, each next station with its condition.
    """

    id: str
    name: str
    gate: Gate | None = None
    chooses: bool = False
    joins: bool = False
    guards: frozenset[tuple[str, str]] = frozenset()
    act: str = ""
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A process as a map of its ways 流程走向, sub-processes opened up."""

    stations: Mapping[str, Station]
    follows: Mapping[str, Collection[str]]
    starts: tuple[str, ...]
    before: Mapping[str, Collection[str]] = field(init=False)

    def __post_init__(self) -> None:
        """The same ways backwards."""
        found: dict[str, set[str]] = {}
        for one, others in self.follows.items():
            for other in others:
                found.setdefault(other, set()).add(one)
        object.__setattr__(self, "before", found)

    def name(self, element_id: str) -> str:
        """What a station is called."""
        found = self.stations.get(element_id)
        return (found.name or found.id) if found else element_id

    def gate(self, element_id: str) -> Gate | None:
        """Why nobody may skip a station; None for one that may be."""
        found = self.stations.get(element_id)
        return found.gate if found else None


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a correction: take away what stands there, begin it, or begin what follows it."""

    what: What
    element_id: str


# Element → what was registered or decided since it was entered last, by element.
InForce = Callable[[str], Collection[str]]


def effect_sentences(effects: Effects, name: Callable[[str], str]) -> tuple[str, ...]:
    """What a correction does, told in sentences; ``name``: element → what it is called."""
    said = [
        f"{EFFECTS_ZH[code]}：{'、'.join(f'“{name(one)}”' for one in ids)}。" for code, ids in effects if ids
    ]
    return tuple(said) or ("各环节不变。",)


def may_propose(actor: Actor, bodies: Mapping[str, str] | None, day: date) -> bool:
    """True for whom ``require_may_propose`` lets pass."""
    return _may(actor, bodies, PROPOSERS, day)


def may_confirm(actor: Actor, bodies: Mapping[str, str] | None, day: date) -> bool:
    """True for whom ``require_may_confirm`` lets pass."""
    return _may(actor, bodies, CONFIRMERS, day)


def require_may_propose(actor: Actor, bodies: Mapping[str, str] | None, day: date) -> None:
    """NotAllowed unless the actor may put a correction forward; ``bodies``: of the case, None where there is none."""
    _require(actor, bodies, PROPOSERS, day)


def require_may_confirm(actor: Actor, bodies: Mapping[str, str] | None, day: date) -> None:
    """NotAllowed unless the actor answers for the case and may agree to a correction."""
    _require(actor, bodies, CONFIRMERS, day)


def _may(actor: Actor, bodies: Mapping[str, str] | None, codes: Sequence[str], day: date) -> bool:
    try:
        _require(actor, bodies, codes, day)
    except NotAllowed:
        return False
    return True


def _require(actor: Actor, bodies: Mapping[str, str] | None, codes: Sequence[str], day: date) -> None:
    if actor.kind == "system":
        raise NotAllowed("流程纠正须由人提出并由另一人复核，系统不能办理。")
    # Two persons in their own right: a substitute would let one of them be both.
    actor = replace(actor, grants=tuple(one for one in actor.grants if one.on_behalf_of is None))
    technical = actor.roles_on(day) & APART & set(codes)
    if bodies is None or technical:
        require_role(actor, *codes, day=day)
    elif not holds_for(actor, bodies, codes, day):
        names = "、".join(role(code).zh for code in codes)
        raise NotAllowed(f"此操作限{names}办理，且须对本卷宗负责。")


def reached(chart: Chart, starts: Iterable[str], avoid: Collection[str] = ()) -> set[str]:
    """Every station one can come to from ``starts`` (themselves included) without passing ``avoid``."""
    return _closure(chart.follows, starts, avoid)


def _closure(after: Mapping[str, Collection[str]], starts: Iterable[str], avoid: Collection[str]) -> set[str]:
    seen: set[str] = set()
    todo = [one for one in starts if one not in avoid]
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(other for other in after.get(one, ()) if other not in avoid)
    return seen


def comes_before(chart: Chart, one: str, other: str) -> bool:
    """True when nobody comes to ``other`` but by ``one``: it has been passed, whatever way was taken."""
    return one != other and other not in reached(chart, chart.starts, {one})


def between(chart: Chart, one: str, other: str) -> set[str]:
    """The stations on any way from ``one`` to ``other`` that passes neither of them again."""
    ends = {one, other}
    ahead = _closure(chart.follows, chart.follows.get(one, ()), ends)
    return ahead & _closure(chart.before, chart.before.get(other, ()), ends)


def reasons_against_return(chart: Chart, at: str, to: str, in_force: InForce) -> list[Reason]:
    """Why what stands at ``at`` may not go back to ``to`` 退回; none when it may."""
    _require_drawn(chart, to)
    if not comes_before(chart, to, at):
        sentence = f"“{chart.name(to)}”不是“{chart.name(at)}”必经的前序环节，不能退回到那里。"
        return [Reason("NOT_BEFORE", sentence)]
    way = between(chart, to, at) | {to}
    return [_in_force(chart, one) for one in sorted(way.intersection(in_force(to)))]


def _in_force(chart: Chart, element_id: str) -> Reason:
    sentence = (
        f"“{chart.name(element_id)}”已经办理生效，不能退回到它之前；需要改变的，按更正、撤销或复议办理。"
    )
    return Reason("IN_FORCE", sentence, "F14")


def reasons_against_skip(chart: Chart, at: str, to: str) -> list[Reason]:
    """Why ``at`` may not be left undone for ``to`` 跳过; every gate on any way between them is named."""
    if to not in reached(chart, [at]):
        return [Reason("NO_WAY", f"“{chart.name(at)}”之后没有到“{chart.name(to)}”的路，不能调整到那里。")]
    passed = between(chart, at, to) | {at}
    return [_skipped(chart, one) for one in sorted(passed) if _bars(chart, one)]


def _bars(chart: Chart, element_id: str) -> bool:
    found = chart.stations.get(element_id)
    return found is not None and (found.gate is not None or found.chooses or found.joins)


def _skipped(chart: Chart, element_id: str) -> Reason:
    gate = chart.gate(element_id)
    if gate is None and chart.stations[element_id].joins:
        return Reason(
            "BRANCHES_SKIPPED", f"“{chart.name(element_id)}”处并行的环节要一起开始、一起办完，不能越过。"
        )
    if gate is None:
        sentence = f"“{chart.name(element_id)}”的去向由前序环节填写的内容决定，不能由人指定。"
        return Reason("CHOICE_SKIPPED", sentence)
    return Reason("GATE_SKIPPED", f"“{chart.name(element_id)}”{WHY[gate]}，不能跳过。", "F02")


def reasons_against_moves(chart: Chart, standing: Collection[str], moves: Sequence[Move]) -> list[Reason]:
    """Why these moves 调整 may not be made on a process that stands at ``standing``; none when they may.

    Each beginning must go on from something taken away, once more or over steps that may be left out; whatever is
    taken away for nothing must not be needed by anybody. Going back is ``reasons_against_return``: only a return
    also takes back what waits at a join.
    """
    taken = [one.element_id for one in moves if one.what == "cancel"]
    begun = [one for one in moves if one.what != "cancel"]
    for move in moves:
        _require_drawn(chart, move.element_id)
    found = [_not_there(chart, one) for one in taken if one not in standing]
    served: set[str] = set()
    for move in begun:
        ways: dict[str, list[Reason]] = {
            at: _reasons_to_begin(chart, at, move) for at in taken if at in standing
        }
        served.update(at for at, reasons in ways.items() if not reasons)
        if not any(not reasons for reasons in ways.values()):
            found += sorted(ways.values(), key=len)[0] if ways else [_out_of_nothing(chart, move)]
    rest = [one for one in standing if one not in taken] + [one.element_id for one in begun]
    for at in taken:
        if at in standing and at not in served and not found:
            found += _reasons_to_drop(chart, at, rest)
    return found


def _require_drawn(chart: Chart, element_id: str) -> None:
    if element_id not in chart.stations:
        raise NotFound("流程图中没有所选的环节，请重新选择。")


def _not_there(chart: Chart, element_id: str) -> Reason:
    return Reason("NOT_STANDING", f"流程没有停在“{chart.name(element_id)}”，无从取消。")


def _reasons_to_begin(chart: Chart, at: str, move: Move) -> list[Reason]:
    """Going from ``at`` to a beginning: once more, or forward over what may be left out."""
    to = move.element_id
    if move.what == "after":
        over = [] if comes_before(chart, to, at) or not _bars(chart, to) else [_skipped(chart, to)]
        nexts = sorted(chart.follows.get(to, ()))
        if over or len(nexts) != 1 or _chooses(chart, to):
            return over or [_skipped_choice(chart, to)]
        to = nexts[0]
    if to == at:
        return []
    if comes_before(chart, to, at):
        return [Reason("GOES_BACK", f"“{chart.name(to)}”在“{chart.name(at)}”之前，请办理退回。")]
    return reasons_against_skip(chart, at, to)


def _chooses(chart: Chart, element_id: str) -> bool:
    found = chart.stations.get(element_id)
    return found is not None and found.chooses


def _skipped_choice(chart: Chart, element_id: str) -> Reason:
    sentence = f"“{chart.name(element_id)}”之后的去向不止一个或者没有，请直接选择要开始的环节。"
    return Reason("CHOICE_SKIPPED", sentence)


def _out_of_nothing(chart: Chart, move: Move) -> Reason:
    sentence = f"“{chart.name(move.element_id)}”不能凭空开始，请同时取消流程现在停留的环节。"
    return Reason("OUT_OF_NOTHING", sentence)


def _reasons_to_drop(chart: Chart, at: str, rest: Sequence[str]) -> list[Reason]:
    """A step taken away for nothing: it is no gate, what goes on comes to every gate ahead, and no join starves."""
    if _bars(chart, at):
        return [_skipped(chart, at)]
    still, ahead = reached(chart, rest), sorted(reached(chart, [at]))
    lost = [_skipped(chart, one) for one in ahead if chart.gate(one) and one not in still]
    return lost or [_starved(chart, at) for one in ahead if _starves(chart, one, at, rest)][:1]


def _starves(chart: Chart, join: str, at: str, rest: Sequence[str]) -> bool:
    """True for a parallel join that waits for the very way ``at`` stands on."""
    found = chart.stations.get(join)
    if found is None or not found.joins:
        return False
    mine, theirs = reached(chart, [at], {join}), reached(chart, rest, {join})
    return any(one in mine and one not in theirs for one in chart.before.get(join, ()))


def _starved(chart: Chart, at: str) -> Reason:
    sentence = f"并行的各环节都要办完，取消“{chart.name(at)}”后流程会一直等它；可以让它重新开始，或者退回。"
    return Reason("NEEDED", sentence)


def reasons_against_throwing(chart: Chart, at: str, *, own: bool, interrupting: bool) -> list[Reason]:
    """Why a task may not be left by an error or escalation 转入例外办理; none when it may.

    ``own``: the diagram draws the way on the very task. What stops more than that task is no one person's to do,
    and a gate is answered by its form.
    """
    if not interrupting:
        return []
    if _bars(chart, at):
        return [_skipped(chart, at)]
    if own:
        return []
    sentence = (
        f"流程图没有在“{chart.name(at)}”上画出这种例外，只在外层画出，会使其他环节一并中止，不能由一人转入。"
    )
    return [Reason("CAUGHT_OUTSIDE", sentence)]
