"""Looking at a process to be put right 查看: where it stands, where it may go back to, what may be changed; no lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp import engine as bpmn
from webapp.domain import corrections as rules
from webapp.domain.access import Actor
from webapp.domain.errors import NotFound
from webapp.domain.fields import Field
from webapp.persistence.models import repository, runtime
from webapp.services import charts, corrections, settable
from webapp.services.advance import Run
from webapp.services.office import Office, Work


@dataclass(frozen=True, slots=True)
class Target:
    """A step to go back to from another, and why not, if it may not be."""

    at: str
    to: str
    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A process as its page of corrections shows it; ``case_id`` is None for who sees no case.

    ``labels``: variable → what its form calls it.
    """

    instance_id: str
    definition: bpmn.Definition
    version: int
    digest: str
    case_id: str | None
    number: str
    running: bool
    stands: tuple[tuple[str, str], ...]
    targets: tuple[Target, ...]
    elements: tuple[tuple[str, str], ...]
    settable: tuple[Field, ...]
    labels: Mapping[str, str]
    present: Mapping[str, Any]
    conditional: bool
    may_propose: bool
    may_confirm: bool


# What a correction may begin with: steps that wait for somebody, and whole phases.
BEGUN = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "subProcess", "transaction"})
STEPS = frozenset({"userTask", "subProcess", "transaction", "callActivity"})


def look(office: Office, actor: Actor, instance_id: str) -> Sight:
    """See it; NotFound where its case does not exist for the actor, NotAllowed without a part in corrections."""
    work = office.glance()
    with work:
        run = corrections.take(work, actor, instance_id, corrections.either, running=False)
        row = work.get(runtime.process_instance, id=instance_id)
        deployed = work.get(repository.definition, id=run.definition_id)
        running = row["status"] == "running"
        bodies = run.case.bodies if run.case else None
        technical = corrections.is_technical(actor, work)
        # What was filled in is the case's; who runs the installation sees where it stands and nothing else.
        known = {} if technical or not running else settable.changeable(work, run)
        return Sight(
            instance_id=instance_id,
            definition=run.definition,
            version=deployed["version"],
            digest=deployed["digest"],
            case_id=run.case.id if run.case and not technical else None,
            number=run.case.number if run.case else "",
            running=running,
            stands=_named(run, charts.standing(work, instance_id, run.definition)),
            targets=_targets(work, run) if running else (),
            elements=_named(run, [node.id for node in run.definition.nodes.values() if node.kind in BEGUN]),
            settable=tuple(one.field for one in known.values()),
            labels={name: one.field.name for name, one in settable.of_definition(run.definition).items()},
            present={} if technical else bpmn.variables(run.state or b""),
            conditional=any(node.event == "conditional" for node in run.definition.nodes.values()),
            may_propose=rules.may_propose(actor, bodies, work.today),
            may_confirm=rules.may_confirm(actor, bodies, work.today),
        )


def _named(run: Run, ids: Any) -> tuple[tuple[str, str], ...]:
    return tuple((one, run.definition.nodes[one].name or one) for one in ids)


def _targets(work: Work, run: Run) -> tuple[Target, ...]:
    """Every earlier step that all ways lead over, in drawing order, for each place the process stands at."""
    chart = charts.chart_of(run.definition)
    in_force = charts.in_force(work, run.instance_id, run.stream)
    found = []
    for at in charts.standing(work, run.instance_id, run.definition):
        for node in run.definition.nodes.values():
            if node.kind in STEPS and rules.comes_before(chart, node.id, at) and not _holds(run, node, at):
                reasons = rules.reasons_against_return(chart, at, node.id, in_force)
                sentences = tuple(one.sentence for one in reasons)
                found.append(Target(at, node.id, node.name or node.id, sentences))
    return tuple(found)


def _holds(run: Run, node: bpmn.Node, at: str) -> bool:
    """True for a sub-process in which ``at`` lies."""
    scope = run.definition.nodes[at].scope
    while scope is not None:
        if scope == node.id:
            return True
        scope = run.definition.nodes[scope].scope if scope in run.definition.nodes else None
    return False


def of_case(office: Office, actor: Actor, case_id: str) -> tuple[tuple[str, str], ...]:
    """The running processes of a case that the actor may put right: id and name; none for who has no part in it."""
    with office.glance() as work:
        rows = work.all(
            runtime.process_instance, case_id=case_id, status="running", order=("started_at", "id")
        )
        names = {row["id"]: row["name"] for row in work.all(repository.definition)} if rows else {}
        try:
            bodies = corrections.bodies_for(work, actor, case_id)
        except NotFound:
            return ()
        if not (rules.may_propose(actor, bodies, work.today) or rules.may_confirm(actor, bodies, work.today)):
            return ()
    return tuple((row["id"], names[row["definition_id"]]) for row in rows)
