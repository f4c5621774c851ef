"""Deployed definitions 流程定义 as their pages read them: parsed once a process, with the linter's word."""

from dataclasses import dataclass

from webapp import engine as bpmn
from webapp.services import deployments, history, reads
from webapp.services.deployments import Bundle
from webapp.services.office import Office, bundle

# A bundle never changes and the linter is part of the program: its word on a digest holds for the process.
_found: dict[str, tuple[bpmn.Problem, ...]] = {}


@dataclass(frozen=True, slots=True)
class Checked:
    """A parsed definition with every finding of the linter 检查结果."""

    definition: bpmn.Definition
    problems: tuple[bpmn.Problem, ...]


def checked(office: Office, digest: str, key: str) -> Checked:
    """A deployed version with what the linter says of it today; NotFound when its files are gone."""
    if digest not in _found:
        with reads.begin(office) as look:
            files = bundle(look, digest)  # type: ignore[arg-type]
        _found[digest] = deployments.check(office, Bundle(key, files), known=True)
    return Checked(history.definition(office, digest, key), _found[digest])
