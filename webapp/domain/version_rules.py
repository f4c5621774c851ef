"""Another version for a running process 换版: no gate of either version is left out, weakened or led around."""

from collections.abc import Collection, Mapping

from webapp.domain.corrections import WHY, Chart, Gate, comes_before, reached
from webapp.domain.errors import Reason

# A table is reckoned anew in each version: what it says needs no counterpart in another one.
NOT_COMPARED: frozenset[Gate] = frozenset({"table"})


def reasons_against_version(
    old: Chart, new: Chart, standing: Collection[str], mapping: Mapping[str, str]
) -> list[Reason]:
    """Why a process may not go on under another version 换版: a gate of either would be left out; none when it may.

    ``mapping``: old element → new element where the ids differ. Every gate ahead in the old version is ahead in
    the new one, asks no less of who does it, and is passed before whatever it was passed before; every gate of the
    new version that lies behind was passed in the old one; every branch ahead leads on by the same answers.
    """
    lost: dict[str, Reason] = {}
    added: dict[str, Reason] = {}
    for at in standing:
        there = mapping.get(at, at)
        if there in new.stations:
            lost |= {one: _lost(old, one) for one in _gates_lost(old, new, at, there, mapping)}
            added |= {one: _added(new, one) for one in _gates_added(old, new, at, there, mapping)}
            for one in _gates_ahead(old, new, at, mapping):
                lost |= _weaker(old, new, one, mapping) | _bypassed(old, new, at, there, one, mapping)
    found = [*lost.values(), *added.values()]
    return found or list(_turned(old, new, standing, mapping).values())


def _gates_lost(old: Chart, new: Chart, at: str, there: str, mapping: Mapping[str, str]) -> list[str]:
    ahead = reached(new, [there])
    return [
        one
        for one in sorted(reached(old, [at]))
        if _compared(old, one)
        and (mapping.get(one, one) not in ahead or new.gate(mapping.get(one, one)) != old.gate(one))
    ]


def _gates_added(old: Chart, new: Chart, at: str, there: str, mapping: Mapping[str, str]) -> list[str]:
    passed = {mapping.get(one, one) for one in old.stations if comes_before(old, one, at)}
    return [
        one
        for one in sorted(new.stations)
        if _compared(new, one) and comes_before(new, one, there) and one not in passed
    ]


def _compared(chart: Chart, element_id: str) -> bool:
    gate = chart.gate(element_id)
    return gate is not None and gate not in NOT_COMPARED


def _lost(old: Chart, element_id: str) -> Reason:
    gate = old.gate(element_id)
    assert gate is not None
    sentence = f"新版本没有与“{old.name(element_id)}”相当的环节，该环节{WHY[gate]}，不能因换版省略。"
    return Reason("GATE_LOST", sentence, "F19")


def _added(new: Chart, element_id: str) -> Reason:
    sentence = f"新版本在现在的环节之前增加了“{new.name(element_id)}”，该事项没有办过，不能换版。"
    return Reason("GATE_ADDED", sentence, "F19")


def _gates_ahead(old: Chart, new: Chart, at: str, mapping: Mapping[str, str]) -> list[str]:
    """The gates ahead in the old version that the new one has as well."""
    return [
        one
        for one in sorted(reached(old, [at]))
        if _compared(old, one) and new.gate(mapping.get(one, one)) == old.gate(one)
    ]


def _weaker(old: Chart, new: Chart, gate: str, mapping: Mapping[str, str]) -> dict[str, Reason]:
    asked = {(what, mapping.get(of, of)) for what, of in old.stations[gate].guards}
    if asked <= new.stations[mapping.get(gate, gate)].guards:
        return {}
    sentence = f"新版本放宽了“{old.name(gate)}”对办理人的要求（本人办理、逐人签字、由不同的人办理或者回避），不能换版。"
    return {gate: Reason("GATE_WEAKER", sentence, "F19")}


def _bypassed(
    old: Chart, new: Chart, at: str, there: str, gate: str, mapping: Mapping[str, str]
) -> dict[str, Reason]:
    """A way in the new version past a gate, to what in the old one nobody came to but by it."""
    past = reached(old, [at], {gate})
    behind = _marks(old, reached(old, [at]) - past - {gate}, mapping) - _marks(old, past, mapping)
    if not behind:
        return {}
    around = reached(new, [there], {mapping.get(gate, gate)})
    if not behind & _marks(new, around, {}):
        return {}
    why = WHY[old.stations[gate].gate or "act"]
    sentence = f"按新版本，不经“{old.name(gate)}”也能办理它之后的环节，该环节{why}，不能换版。"
    return {gate: Reason("GATE_BYPASSED", sentence, "F19")}


def _marks(chart: Chart, stations: Collection[str], mapping: Mapping[str, str]) -> set[tuple[str, str]]:
    """What gates do: each by itself, and by what it registers, whatever it is called in another version."""
    found = {("gate", mapping.get(one, one)) for one in stations if _compared(chart, one)}
    return found | {("act", chart.stations[one].act) for one in stations if chart.stations[one].act}


def _turned(
    old: Chart, new: Chart, standing: Collection[str], mapping: Mapping[str, str]
) -> dict[str, Reason]:
    """Branches ahead 去向 that the new version leads elsewhere by the same answers, or by other ones."""
    found = {}
    branches = {name: _leads(new, name, {}) for name, one in new.stations.items() if one.ways}
    for name in sorted(reached(old, [one for one in standing if mapping.get(one, one) in new.stations])):
        if old.stations[name].ways and not _is_kept(name, _leads(old, name, mapping), branches):
            sentence = f"新版本改变了“{old.name(name)}”往哪里走的条件，正在办理的会走到别处，不能换版。"
            found[name] = Reason("CHOICE_CHANGED", sentence, "F19")
    return found


Leads = list[tuple[str, tuple[str, ...]]]


def _is_kept(name: str, leads: Leads, branches: Mapping[str, Leads]) -> bool:
    """By the branch of the same name; one that has another name now is known by where it leads."""
    return branches[name] == leads if name in branches else leads in branches.values()


def _leads(chart: Chart, branch: str, mapping: Mapping[str, str]) -> Leads:
    """Each condition of a branch with the gates, or ends, one comes to next by it."""
    ways = chart.stations[branch].ways
    return sorted((condition, _next_gates(chart, target, mapping)) for target, condition in ways)


def _next_gates(chart: Chart, start: str, mapping: Mapping[str, str]) -> tuple[str, ...]:
    found, seen, todo = set(), set(), [start]
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        if _compared(chart, one):
            found.add(mapping.get(one, one))
            continue
        after = chart.follows.get(one, ())
        found.update(() if after else ("",))
        todo.extend(after)
    return tuple(sorted(found))
