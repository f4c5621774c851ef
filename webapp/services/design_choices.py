"""What a designer may choose in the editor 可选内容: what exists, by name, so that nobody types a code."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from webapp import engine as bpmn
from webapp.domain.lifecycle import STAGES_ZH
from webapp.domain.roles import BODIES_ZH, ROLES
from webapp.engine import feel
from webapp.services import delegate_names
from webapp.services.office import Office

LONGEST_EXPRESSION = 4000


def of(office: Office, files: Mapping[str, bytes]) -> dict[str, list[dict[str, str]]]:
    """Roles, forms and their answers, decisions, services and stages as value, label and group."""
    return {
        "roles": [
            {"value": role.code, "label": role.zh, "group": BODIES_ZH[role.body]}
            for role in ROLES
            if role.body != "installation"
        ],
        "forms": _told_apart(forms(files)),
        "answers": list(answers(files)),
        "decisions": [{"value": key, "label": name} for key, name in bpmn.decision_names(files)],
        "delegates": [
            {"value": name, "label": delegate_names.name_of(name)} for name in sorted(office.delegates)
        ],
        "processes": _processes(office, files),
        "stages": [{"value": code, "label": zh} for code, zh in STAGES_ZH.items()],
    }


def _processes(office: Office, files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """What a call activity may call: a process drawn in the bundle, or one that is published."""
    drawn = bpmn.process_keys(files)
    published = {key: name for key, name in office.process_names().items() if key not in drawn}
    return [{"value": key, "label": key} for key in drawn] + [
        {"value": key, "label": f"{name}（已发布）", "group": "已发布的流程"}
        for key, name in sorted(published.items())
    ]


def forms(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """The forms of a bundle by key, with the first fields they ask for."""
    found = []
    for name, data in sorted(files.items()):
        schema = schema_of(data) if name.startswith("forms/") else None
        if schema is not None:
            key = str(schema.get("id") or name.rpartition("/")[2].removesuffix(".json"))
            components = schema.get("components")
            labels = [str(one.get("label") or "") for one in components or () if isinstance(one, dict)]
            asked = "、".join([one for one in labels if one][:2])
            found.append((key, asked or "空表单"))
    return found


def answers(files: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """What a form can answer to a process variable; the group names the form."""
    for name, data in sorted(files.items()):
        schema = schema_of(data) if name.startswith("forms/") else None
        if schema is None:
            continue
        form = str(schema.get("id") or name.rpartition("/")[2].removesuffix(".json"))
        for field, variable in _variables(schema):
            for option in field.get("values") or ():
                label = f"{field.get('label') or variable}：{option.get('label') or option.get('value')}"
                yield {"value": f"{variable}={option.get('value')}", "label": label, "group": form}


def _variables(component: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The fields of a form, however deep, that answer to a process variable."""
    for one in component.get("components") or ():
        if isinstance(one, dict):
            variable = (one.get("properties") or {}).get("variable")
            if variable:
                yield one, str(variable)
            yield from _variables(one)


def _told_apart(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Choices by name, with the code where two have the same name."""
    names = [name for _, name in found]
    return [
        {"value": key, "label": name if names.count(name) == 1 else f"{name}（{key}）"} for key, name in found
    ]


def schema_of(data: bytes) -> dict[str, Any] | None:
    """A form's JSON, None when it is none."""
    try:
        schema = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return schema if isinstance(schema, dict) else None


def judge(text: str, kind: str) -> str:
    """What is wrong with a FEEL text as it is written 公式检查, '' when nothing is."""
    source = text.strip()
    if len(source) > LONGEST_EXPRESSION:
        return f"公式过长，不超过{LONGEST_EXPRESSION}字。"
    if kind == "name":
        return "" if source.isidentifier() else "变量名只能用字母、数字和下划线，不能以数字开头。"
    if not source.startswith("=") and kind == "expression":
        return "以 = 开头的才是公式，否则只是一段文字。"
    try:
        feel.compile(source.removeprefix("=").strip())
    except feel.FeelSyntaxError as error:
        return f"公式有误：{error.zh}"
    return ""
