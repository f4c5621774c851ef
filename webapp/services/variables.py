"""The variables of a running process 流程变量 as a reader of its whole case may see them: ids, codes, dates, outcomes.

What a form keeps back from other readers stays where it was answered.
"""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain.errors import Conflict, NotFound
from webapp.persistence import finders
from webapp.services import forms
from webapp.services.office import Office

RESTRICTED = "restricted"


def shown(office: Office, instance_id: str) -> Mapping[str, Any]:
    """Names and values in stored form; Conflict when the state cannot be read."""
    with office.glance() as look:
        row = finders.load_instance(look, instance_id)
        if row is None:
            raise NotFound("没有找到该流程实例。")
        definition = look.definition(row["definition_digest"], row["definition_key"])
    try:
        values = bpmn.variables(row["instance_state"])
    except bpmn.EngineError as error:
        raise Conflict("流程状态无法读取，已停在原处，请联系系统管理员。") from error
    kept_back = _restricted(definition)
    return {name: value for name, value in sorted(values.items()) if name not in kept_back}


def _restricted(definition: bpmn.Definition) -> frozenset[str]:
    """The variables that a field with its own readers asks for 受限可见."""
    return frozenset(
        inner.variable
        for name in definition.forms
        for field in forms.fields_of_task(definition, name)
        if RESTRICTED in dict(field.properties)
        for inner in (field, *forms.every((field,)))
        if inner.variable
    )
