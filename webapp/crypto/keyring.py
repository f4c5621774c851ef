"""The master keys 主密钥: files outside the database that wrap the key of every sealed value.

``<home>/keys/master-1.key`` holds 32 random bytes, base64. The file with the highest number wraps; all of
them unwrap, so a new key is a new file. ``ZAISHANG_MASTER_KEY`` (base64) takes the place of the files.
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.crypto.failures import KeyUnavailable, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
VARIABLE = "ZAISHANG_MASTER_KEY"
FILE_NAME = re.compile(r"master-([1-9][0-9]*)\.key")
# The first byte of a wrapped key: which way it was wrapped (1: AES-256-GCM).
SUITE = b"\x01"


class Keyring:
    """The opened master keys. ``key_id`` names the one that wraps now; the name ends in its fingerprint."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        """Keys by name, and the name of the one that wraps."""
        self.key_id = current
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}

    @classmethod
    def open(cls, home: Path, *, environment: Mapping[str, str] = os.environ) -> Self:
        """The keys of an installation; makes the first one. KeyUnavailable when others may read them."""
        given = environment.get(VARIABLE)
        if given:
            key = _decoded(given, f"环境变量 {VARIABLE}")
            name = _name("environment", key)
            return cls({name: key}, name)
        folder = home / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        numbered = _numbered(folder) or _numbered(_with_first_key(folder))
        keys = {number: _read(path) for number, path in numbered.items()}
        names = {number: _name(f"master-{number}", key) for number, key in keys.items()}
        return cls({names[number]: key for number, key in keys.items()}, names[max(keys)])

    def wrap(self, key: bytes) -> bytes:
        """Lock a value's key with the current master key; the result names which one that was."""
        label = self.key_id.encode()
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.key_id].encrypt(nonce, key, SUITE + label)
        return b"".join((SUITE, bytes([len(label)]), label, nonce, sealed))

    def unwrap(self, wrapped: bytes) -> bytes:
        """The value's key again. KeyUnavailable without its master key, SealBroken when it was altered."""
        if len(wrapped) < 2 or wrapped[:1] != SUITE:
            raise SealBroken
        end = 2 + wrapped[1]
        label, nonce, sealed = wrapped[2:end], wrapped[end : end + NONCE_BYTES], wrapped[end + NONCE_BYTES :]
        cipher = self._ciphers.get(label.decode(errors="replace"))
        if cipher is None:
            name = label.decode(errors="replace")
            raise KeyUnavailable(f"缺少主密钥“{name}”，用它加密的信息不能读取，请恢复该密钥文件。")
        try:
            return cipher.decrypt(nonce, sealed, SUITE + label)
        except (InvalidTag, ValueError):
            raise SealBroken from None


def _name(stem: str, key: bytes) -> str:
    return f"{stem}.{hashlib.sha256(key).hexdigest()[:8]}"


def _numbered(folder: Path) -> dict[int, Path]:
    found = ((FILE_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return {int(match[1]): path for match, path in found if match}


def _with_first_key(folder: Path) -> Path:
    """Make the first key. Of two starting processes one makes it; neither ever sees half a key."""
    path = folder / "master-1.key"
    draft = folder / f".{secrets.token_hex(8)}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return folder


def _read(path: Path) -> bytes:
    mode = path.stat().st_mode & 0o777
    if os.name != "nt" and mode & 0o077:
        raise KeyUnavailable(f"密钥文件 {path} 的权限为 {mode:o}，他人可以读取；请改为 600 后再启动。")
    return _decoded(path.read_text(), f"密钥文件 {path}")


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"{where} 不是 {KEY_BYTES} 字节的 base64 密钥，请检查。")
    return key
