"""What the BPMN 2.0 schema (XSD) says of a file: warnings, since most of what vendors write beside it does no harm.

The schema is the one that comes with SpiffWorkflow; none is kept here.
"""

import re
from functools import cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Any

from lxml import etree

from webapp.engine.markup import split
from webapp.engine.nouns import Problem

MOST = 20
_TAG = re.compile(r"\{[^}]*\}([\w.-]+)")
_QUOTED = re.compile(r"'([^']*)'")
# A schema keeps its last findings: one validation at a time.
_lock = Lock()


@cache
def _schema() -> Any:
    with as_file(files("SpiffWorkflow") / "bpmn" / "parser" / "schema") as folder:
        return etree.XMLSchema(etree.parse(str(folder / "BPMN20.xsd")))


def review(root: Any, file: str) -> list[Problem]:
    """A warning for each finding, at its element and line; the first twenty."""
    with _lock:
        schema = _schema()
        if schema.validate(root):
            return []
        found = [(entry.type_name, entry.message, entry.line, entry.path) for entry in schema.error_log]
    return [_problem(root, file, *one) for one in found[:MOST]]


def _problem(root: Any, file: str, kind: str, message: str, line: int, path: str | None) -> Problem:
    element = _at(root, path)
    owner = next((one for one in (element, *element.iterancestors()) if one.get("id")), element)
    name = split(element.tag)[1]
    zh = f"“{name}”{_said(kind, message)}（BPMN 2.0 标准格式）。流程照常检查和运行；用建模工具重新保存一般即可消除。"
    en = "By the BPMN 2.0 schema: " + _TAG.sub(r"\1", message)
    return Problem(owner.get("id"), "xsd", zh, en, "warning", line or None, file)


def _at(root: Any, path: str | None) -> Any:
    found = root.getroottree().xpath(path, namespaces=_spaces(root)) if path else []
    return found[0] if found else root


def _spaces(root: Any) -> dict[str, str]:
    return {prefix: uri for one in root.iter(etree.Element) for prefix, uri in one.nsmap.items() if prefix}


def _said(kind: str, message: str) -> str:
    quoted = [_TAG.sub(r"\1", one) for one in _QUOTED.findall(message)]
    attribute = quoted[1] if len(quoted) > 1 else ""
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        return "的内容或位置不合规定：缺少子元素、多了子元素或者顺序不对"
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_4":
        return f"缺少属性“{attribute}”"
    if kind.startswith("SCHEMAV_CVC_COMPLEX_TYPE_3"):
        return f"有规定之外的属性“{attribute}”"
    if kind.startswith(("SCHEMAV_CVC_DATATYPE", "SCHEMAV_CVC_ENUMERATION", "SCHEMAV_CVC_PATTERN")):
        return f"的值“{quoted[2] if len(quoted) > 2 else attribute}”不是规定的写法，或者编号重复"
    return "不合规定"
