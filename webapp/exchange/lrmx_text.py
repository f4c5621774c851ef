"""Bytes of an approval form → text and back 编码识别: UTF-8 or GB18030, declared or not."""

import codecs
import re
from dataclasses import dataclass

from webapp.domain.errors import Invalid

LARGEST = 5 * 1024 * 1024
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "x-gbk", "gb_2312-80", "hz-gb-2312"})
_UNICODE = frozenset({"utf-8", "utf8"})


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text, its encoding, and the byte order mark before it."""

    text: str
    encoding: str
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """Another text in the same encoding."""
        return self.mark + text.encode(self.encoding)


def refused(sentence: str) -> Invalid:
    """What all refusals of a file are: Invalid under the field ``file``."""
    return Invalid({"file": sentence}, sentence)


def decode(data: bytes) -> Text:
    """The text of a file; Invalid for an empty, too large or unreadable one."""
    if not data.strip():
        raise refused("文件是空的，请重新选择任免审批表（.lrmx）。")
    if len(data) > LARGEST:
        raise refused("任免审批表超过5兆字节，请在编辑器中压缩照片后重新保存。")
    if data.startswith(codecs.BOM_UTF8):
        return Text(_strict(data[3:], "utf-8"), "utf-8", codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise refused("文件的编码不是 UTF-8 或 GB18030，请用任免审批表编辑器重新保存为 .lrmx。")
    first, second = _order(data)
    try:
        return Text(data.decode(first), first)
    except UnicodeDecodeError:
        return Text(_strict(data, second), second)


def _order(data: bytes) -> tuple[str, str]:
    """Which encoding is tried first: the declared one; some editors declare one and write the other."""
    match = _DECLARED.match(data)
    declared = match[1].decode().lower() if match else "utf-8"
    if declared in _UNICODE:
        return "utf-8", "gb18030"
    if declared in _CHINESE:
        return "gb18030", "utf-8"
    raise refused(f"文件声明的编码“{declared}”不能识别，请用任免审批表编辑器重新保存为 .lrmx。")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise refused("文件中有不能识别的字符，可能已损坏，请用任免审批表编辑器重新保存为 .lrmx。") from None
