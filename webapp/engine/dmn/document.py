"""Reads the XML of a decision model without trusting it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from .errors import DmnError, Problem

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 60_000
MAX_DEPTH = 60
Element = Any
"""An element of lxml, which brings no types."""


def read(xml: bytes) -> Element:
    """The root ``definitions`` element; DmnError for anything doubtful (DOCTYPE, entities, size, depth)."""
    if len(xml) > MAX_BYTES:
        raise _refused(
            f"文件过大，上限为 {MAX_BYTES // 1_000_000} MB。", f"The file exceeds {MAX_BYTES} bytes."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(f"不是有效的 XML 文件：{error}", f"Not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _refused("文件不得含有 DOCTYPE 声明。", "A DOCTYPE is not allowed.")
    _measure(root)
    if local(root) != "definitions":
        raise _refused("不是 DMN 文件：缺少 definitions。", "Not a DMN file: no definitions element.")
    return root


def _measure(root: Element) -> None:
    count = 0
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise _refused("文件层次过深或元素过多。", "The file is too deep or has too many elements.")
        waiting.extend((child, depth + 1) for child in element)


def _refused(zh: str, en: str) -> DmnError:
    return DmnError((Problem("", zh, en),))


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parts(element: Element, *names: str) -> Iterator[Element]:
    """The children of these names, in order."""
    return (child for child in element if local(child) in names)


def part(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    return next(parts(element, name), None)


def text_of(element: Element | None) -> str:
    """The ``text`` child of an element, stripped; empty without one."""
    inner = part(element, "text") if element is not None else None
    return "".join(str(piece) for piece in inner.itertext()).strip() if inner is not None else ""


def reference(element: Element, home: str = "") -> str:
    """The key of the node an ``href`` points to: its id in the file asked, ``namespace#id`` in an imported one.

    ``home`` is the namespace of the imported file that the element stands in, empty for the file asked.
    """
    space, _, name = (element.get("href") or "").rpartition("#")
    root = element.getroottree().getroot()
    if not space or space == root.get("namespace"):
        return key_of(home, name)
    return key_of(space, name)


def key_of(home: str, name: str) -> str:
    """The key of a node in its file."""
    return f"{home}#{name}" if home else name


def imports_of(root: Element) -> dict[str, str]:
    """The other models a file imports 引用: namespace → the name under which it is seen."""
    return {
        item.get("namespace", ""): item.get("name", "")
        for item in parts(root, "import")
        if "DMN" in (item.get("importType") or "") and "MODEL" in (item.get("importType") or "")
    }


def id_of(element: Element) -> str:
    """The nearest id: of the element, else of what it stands in."""
    current: Element | None = element
    while current is not None:
        found = current.get("id")
        if found:
            return str(found)
        current = current.getparent()
    return ""
