"""The hash chain of the history 办理记录: canonical bytes, digests, commitments, the first broken link.

Bytes are hashed as stored and never serialised again to verify.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from webapp.domain.errors import Invalid

KEY_PATTERN = re.compile(r"[a-z0-9_]+")
LARGEST = 2**53
DEEPEST = 32
GENESIS = "0" * 64
SUITES = ("sha256", "sm3")
COMMITMENT_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored link 记录条目 of a stream: bytes as stored, digest in hex, cipher suite."""

    stream: str
    seq: int
    body: bytes
    digest: str
    suite: str = "sha256"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where and how a chain is broken 校验发现的问题."""

    stream: str
    seq: int
    code: str
    sentence: str


def canonical(value: object) -> bytes:
    """Value → the only bytes it has: sorted keys [a-z0-9_], no floats, |int| < 2^53, NFC, UTF-8.

    Dates become ISO strings, aware instants RFC 3339 in UTC. Invalid for anything outside the profile.
    """
    return _written(_plain(value, "", 0)).encode()


# Made once: the encoder costs more than what it writes here.
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _is_narrow(value: Any, depth: int) -> bool:
    """Nothing in it needs to be rewritten or refused: the usual case, told without building it anew."""
    kind = type(value)
    if kind is str:
        return bool(value.isascii()) or _is_sound(value)
    if value is None or kind is bool:
        return True
    if kind is int:
        return bool(abs(value) < LARGEST)
    if depth >= DEEPEST:
        return False
    if kind is dict:
        return all(map(_is_key, value)) and _are_narrow(value.values(), depth + 1)
    return (kind is list or kind is tuple) and _are_narrow(value, depth + 1)


def _are_narrow(values: Iterable[Any], depth: int) -> bool:
    for one in values:
        if type(one) is str:
            if not one.isascii() and not _is_sound(one):
                return False
        elif one is not None and not _is_narrow(one, depth):
            return False
    return True


def _is_sound(text: str) -> bool:
    """Whole characters, normalised."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return unicodedata.is_normalized("NFC", text)


def _plain(value: object, path: str, depth: int) -> object:
    if depth > DEEPEST:
        raise _invalid(path, "层次过深")
    if _is_narrow(value, depth):
        return value
    if isinstance(value, int):
        return _integer(value, path)
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, date):
        return _moment(value, path)
    if isinstance(value, Mapping):
        return {
            _key(key, path): item if _is_narrow(item, depth + 1) else _plain(item, f"{path}.{key}", depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            item if _is_narrow(item, depth + 1) else _plain(item, f"{path}[{index}]", depth + 1)
            for index, item in enumerate(value)
        ]
    raise _invalid(path, f"不能记入办理记录的类型 {type(value).__name__}（小数请写成文字）")


def _integer(value: int, path: str) -> int:
    if abs(value) >= LARGEST:
        raise _invalid(path, "整数过大")
    return int(value)


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _invalid(path, "含有残缺字符") from None
    if not unicodedata.is_normalized("NFC", value):
        raise _invalid(path, "文字未规范化（须为 NFC）")
    return str.__str__(value)


def _moment(value: date, path: str) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise _invalid(path, "时间缺少时区")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _key(key: object, path: str) -> str:
    if not _is_key(key):
        raise _invalid(path, f"键名 {key!r} 只能用小写字母、数字和下划线")
    return str(key)


@lru_cache(4096)
def _is_key(key: object) -> bool:
    return isinstance(key, str) and KEY_PATTERN.fullmatch(key) is not None


def _invalid(path: str, why: str) -> Invalid:
    return Invalid({path.lstrip(".") or "value": why + "。"})


def digest(data: bytes, suite: str = "sha256") -> str:
    """Hex digest of the bytes; Invalid for an unknown suite or one this computer lacks."""
    if suite == "sha256":
        return hashlib.sha256(data).hexdigest()
    if suite not in SUITES:
        raise Invalid({"suite": f"没有“{suite}”这种摘要算法。"})
    try:
        return hashlib.new(suite, data).hexdigest()
    except ValueError:
        raise Invalid({"suite": f"本机密码库不支持 {suite}，请更换密码库。"}) from None


def entry(previous_digest: str, body: Mapping[str, object], suite: str = "sha256") -> tuple[bytes, str]:
    """The bytes to store and their digest; the previous digest lies inside the bytes as ``previous``."""
    if "previous" in body:
        raise Invalid({"previous": "记录内容不得自带 previous。"})
    data = canonical({**body, "previous": previous_digest})
    return data, digest(data, suite)


def first_broken(entries: Iterable[Entry], *, after: Entry | None = None) -> Finding | None:
    """The first link of one stream that does not hold 记录完整性校验, or None.

    Entries come in order of seq, from 1 or from the link behind ``after`` (already verified).
    """
    last = after
    for link in entries:
        problem = _fault(link, last)
        if problem:
            code, sentence = problem
            return Finding(link.stream, link.seq, code, f"第{link.seq}条记录：{sentence}。")
        last = link
    return None


def _fault(link: Entry, last: Entry | None) -> tuple[str, str] | None:
    expected = last.seq + 1 if last else 1
    if link.seq != expected:
        return "SEQUENCE", f"序号不连续，应为第{expected}条"
    if last and link.suite != last.suite:
        return "SUITE", "摘要算法中途更换"
    if digest(link.body, link.suite) != link.digest:
        return "DIGEST", "内容与摘要不符，记录被改动过"
    return _body_fault(link, last)


def _body_fault(link: Entry, last: Entry | None) -> tuple[str, str] | None:
    try:
        body = json.loads(link.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return "BODY", "内容无法解读"
    if body.get("previous") != (last.digest if last else GENESIS):
        return "LINK", "与上一条记录不相衔接"
    columns = {"stream": link.stream, "seq": link.seq, "suite": link.suite}
    if last and link.stream != last.stream:
        return "STREAM", "不属于本卷记录"
    if any(name in body and body[name] != value for name, value in columns.items()):
        return "COLUMN", "登记栏与内容不一致"
    return None


def commitment(key: bytes, value: object) -> str:
    """Keyed commitment 承诺值 (HMAC-SHA256, hex) that stands for an erasable personal value."""
    return commitment_of(key, canonical(value))


def commitment_of(key: bytes, data: bytes) -> str:
    """The commitment for a value already in its canonical bytes."""
    if len(key) < COMMITMENT_KEY_BYTES:
        raise Invalid({"key": f"承诺密钥不得少于{COMMITMENT_KEY_BYTES}字节。"})
    return hmac.digest(key, data, "sha256").hex()


def commitment_holds(key: bytes, value: object, expected: str) -> bool:
    """True when the disclosed value and key give the commitment; compared in constant time."""
    return hmac.compare_digest(commitment(key, value), expected)
