"""Reading XML safely: bytes in, no DOCTYPE, nothing fetched, everything capped, faults as sentences."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from webapp.engine.nouns import Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZAISHANG = "urn:zaishang:bpmn:1"

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 60_000
DEEPEST = 60


class Unreadable(Exception):
    """A file that cannot be taken as XML; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.en)


def parse(content: bytes, file: str) -> Any:
    """The root element of ``content``; raises ``Unreadable``."""
    if len(content) > MOST_BYTES:
        raise _refuse(file, "xml.too_big", "文件超过 2 MiB，请拆分后再上传。", "The file is over 2 MiB.")
    if not content.strip():
        raise _refuse(file, "xml.empty", "文件是空的。", "The file is empty.")
    root = _tree(content, file)
    _measure(root, file)
    return root


def drawing_text(content: bytes) -> str:
    """A diagram as text, whatever its encoding; for those who show it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return str(etree.tostring(_tree(content, ""), encoding="unicode"))


def _tree(content: bytes, file: str) -> Any:
    # Both byte orders of UTF-16 keep the letters, only with zeros between them.
    if b"<!doctype" in content.replace(b"\0", b"").lower():
        raise _doctype(file)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise _refuse(
            file,
            "xml.broken",
            f"文件不是完好的 XML，第{line or 1}行附近有误（标签未闭合、编码与声明不符等）。",
            f"The file is not well-formed XML near line {line or 1}: {error.msg}",
            line,
        ) from error
    except (ValueError, LookupError) as error:
        raise _refuse(file, "xml.broken", "文件不是完好的 XML，无法读取。", "Unreadable XML.") from error
    if root.getroottree().docinfo.doctype:
        raise _doctype(file)
    return root


def _measure(root: Any, file: str) -> None:
    level = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end")), 1):
        level += 1 if event == "start" else -1
        if level > DEEPEST:
            raise _refuse(file, "xml.too_deep", f"元素嵌套超过{DEEPEST}层。", "Elements nest too deeply.")
        if count > MOST_ELEMENTS * 2:
            raise _refuse(file, "xml.too_many", f"元素超过{MOST_ELEMENTS}个。", "Too many elements.")


def _doctype(file: str) -> Unreadable:
    return _refuse(
        file,
        "xml.doctype",
        "文件含有 DOCTYPE 声明。流程图不需要它，出于安全不予接受，请删去后再上传。",
        "The file has a DOCTYPE declaration, which is refused for safety; remove it.",
    )


def _refuse(file: str, code: str, zh: str, en: str, line: int | None = None) -> Unreadable:
    return Unreadable(Problem(None, code, zh, en, line=line, file=file))


def bpmn(name: str) -> str:
    """The full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """The full name of a Camunda attribute or element."""
    return f"{{{CAMUNDA}}}{name}"


def split(tag: Any) -> tuple[str, str]:
    """Namespace and local name of a tag."""
    if not isinstance(tag, str):
        return "", ""
    space, _, name = tag.rpartition("}")
    return space.lstrip("{"), name


def children(element: Any, name: str) -> Iterator[Any]:
    """The direct BPMN children of ``element`` called ``name``."""
    yield from element.iterchildren(bpmn(name))


def text_of(element: Any, name: str) -> str | None:
    """The text of the first BPMN child called ``name``; None without one, empty when it has no text."""
    for child in children(element, name):
        return "".join(child.itertext()).strip()
    return None


def attribute(element: Any, name: str) -> str | None:
    """A Camunda attribute, stripped; None when absent or empty."""
    return (element.get(camunda(name)) or "").strip() or None


def has(element: Any, *tags: str) -> bool:
    """Whether ``element`` has a direct child with one of the full names."""
    return next(element.iterchildren(*tags), None) is not None
