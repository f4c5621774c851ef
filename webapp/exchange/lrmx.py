"""Approval forms 任免审批表 (.lrmx) in and out: an unchanged file comes back byte for byte.

Writing patches the bytes of the fields that changed; all else, unknown tags included, stays as it came.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webapp.exchange import lrmx_text, lrmx_tree
from webapp.exchange.lrmx_form import FAMILY, ITEM, MEMBER_TAGS, TAGS, VERSION, Form, Member, day_of, month_of
from webapp.exchange.lrmx_text import LARGEST, refused
from webapp.exchange.lrmx_tree import Element

__all__ = ["LARGEST", "Form", "Member", "day_of", "month_of", "read", "write"]

_KNOWN = frozenset(TAGS.values()) | {FAMILY}
_FIELDS = {tag: name for name, tag in TAGS.items()}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BASE64_LINE = 76


def read(data: bytes) -> Form:
    """The form of a file. Invalid (field ``file``) when empty, too large, hostile or no approval form."""
    source = lrmx_text.decode(data).text.encode()
    root = lrmx_tree.parse(source)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for child in root.children:
        name = _FIELDS.get(child.tag)
        if name is not None and name not in values:
            values[name] = _photo(child.text, problems) if name == "photo" else child.text
    unknown = dict.fromkeys(child.tag for child in root.children if child.tag not in _KNOWN)
    family = tuple(member for _, member in _filled_items(root))
    return Form(**values, family=family, unknown=tuple(unknown), problems=tuple(problems), original=data)


def _photo(text: str, problems: list[str]) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        problems.append("照片不是有效的 Base64 内容，未能读取；原文件已原样保留。")
        return b""


def _filled_items(root: Element) -> Iterator[tuple[Element, Member]]:
    container = root.child(FAMILY)
    for item in container.children if container else ():
        if item.tag == ITEM:
            found = {name: item.child(tag) for name, tag in MEMBER_TAGS.items()}
            member = Member(**{name: one.text if one else "" for name, one in found.items()})
            if not member.is_blank:
                yield item, member


@dataclass(frozen=True, slots=True)
class _Patch:
    """Bytes of the source to be replaced."""

    start: int
    end: int
    text: str


def write(form: Form) -> bytes:
    """The file of a form: its original bytes where nothing changed, patched where something did.

    A form without an original becomes a whole new file. Invalid for text that XML cannot carry.
    """
    if not form.original:
        return _whole(form)
    before = read(form.original)
    if before == form:
        return form.original
    text = lrmx_text.decode(form.original)
    source = text.text.encode()
    patches = _patches(lrmx_tree.parse(source), before, form)
    line_end = "\r\n" if "\r\n" in text.text else "\n"
    for patch in sorted(patches, key=lambda one: (one.start, one.end), reverse=True):
        source = source[: patch.start] + patch.text.replace("\n", line_end).encode() + source[patch.end :]
    return text.encode(source.decode())


def _patches(root: Element, before: Form, form: Form) -> list[_Patch]:
    patches: list[_Patch] = []
    missing: list[str] = []
    for name, tag in TAGS.items():
        if getattr(before, name) != getattr(form, name):
            written = _written(form, name)
            element = root.child(tag)
            if element is None:
                missing.append(f"  <{tag}>{written}</{tag}>\n")
            else:
                patches.append(_content(element, written))
    patches += _family_patches(root, before, form, missing)
    if missing:
        patches.append(_appended(root, "".join(missing)))
    return patches


def _family_patches(root: Element, before: Form, form: Form, missing: list[str]) -> list[_Patch]:
    if before.family == form.family:
        return []
    container = root.child(FAMILY)
    if container is None:
        missing.append(f"  <{FAMILY}>\n{_items(form.family)}  </{FAMILY}>\n")
        return []
    there = list(_filled_items(root))
    patches = [_Patch(item.start, item.end, "") for item, _ in there[len(form.family) :]]
    for (item, old), new in zip(there, form.family, strict=False):
        patches += _member_patches(item, old, new)
    added = form.family[len(there) :]
    if added:
        patches.append(_appended(container, _items(added)))
    return patches


def _member_patches(item: Element, old: Member, new: Member) -> list[_Patch]:
    patches: list[_Patch] = []
    missing = ""
    for name, tag in MEMBER_TAGS.items():
        value = getattr(new, name)
        if getattr(old, name) != value:
            element = item.child(tag)
            if element is None:
                missing += f"<{tag}>{_escaped(value)}</{tag}>"
            else:
                patches.append(_content(element, _escaped(value)))
    return [*patches, _appended(item, missing)] if missing else patches


def _content(element: Element, written: str) -> _Patch:
    if element.children:
        raise refused(f"原文件的“{element.tag}”栏含有下级栏目，不能改写，请在任免审批表编辑器中修改。")
    if element.is_closed_at_once:
        return _Patch(element.start, element.end, f"<{element.tag}>{written}</{element.tag}>")
    return _Patch(element.content_start, element.content_end, written)


def _appended(element: Element, inner: str) -> _Patch:
    """Added as the last children of an element."""
    if element.is_closed_at_once:
        return _Patch(element.start, element.end, f"<{element.tag}>\n{inner}</{element.tag}>")
    return _Patch(element.content_end, element.content_end, inner)


def _whole(form: Form) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<Person>"]
    for name, tag in TAGS.items():
        if name == "submitted_by":
            lines.append(f"  <{FAMILY}>\n{_items(form.family)}  </{FAMILY}>")
        lines.append(f"  <{tag}>{_written(form, name) or (VERSION if name == 'version' else '')}</{tag}>")
    return "\n".join([*lines, "</Person>", ""]).encode()


def _items(family: tuple[Member, ...]) -> str:
    return "".join(f"    <{ITEM}>{_member(one)}</{ITEM}>\n" for one in family)


def _member(one: Member) -> str:
    return "".join(f"<{tag}>{_escaped(getattr(one, name))}</{tag}>" for name, tag in MEMBER_TAGS.items())


def _written(form: Form, name: str) -> str:
    if name == "photo":
        text = base64.b64encode(form.photo).decode()
        return "\n".join(text[at : at + BASE64_LINE] for at in range(0, len(text), BASE64_LINE))
    return _escaped(getattr(form, name))


def _escaped(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise refused("内容中含有不可见的控制字符，不能写入任免审批表，请删除后再导出。")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
