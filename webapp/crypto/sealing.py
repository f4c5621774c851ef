"""Sealed values 加密保存: each has a key of its own, so it can be erased alone and its commitment stands."""

import json
from dataclasses import dataclass
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.crypto.failures import SealBroken
from webapp.crypto.keyring import KEY_BYTES, NONCE_BYTES, SUITE, Keyring
from webapp.domain import history


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value: what to store, and the commitment 承诺值 that stands for it in the history."""

    ciphertext: bytes
    wrapped_key: bytes
    key_id: str
    commitment: str


@dataclass(frozen=True, slots=True)
class SealedBytes:
    """A sealed file: what to store."""

    ciphertext: bytes
    wrapped_key: bytes
    key_id: str


def seal(keyring: Keyring, value: object, *, aad: str) -> Sealed:
    """Encrypt a value of the narrow JSON profile under a new key; it opens only with the same ``aad``.

    Invalid for a value outside the profile.
    """
    data = history.canonical(value)
    key = urandom(KEY_BYTES)
    return Sealed(
        _encrypt(key, data, aad), keyring.wrap(key), keyring.key_id, history.commitment_of(key, data)
    )


def open_(keyring: Keyring, ciphertext: bytes, wrapped_key: bytes, aad: str) -> object:
    """The value again. SealBroken when altered or moved from elsewhere; KeyUnavailable without the key."""
    return json.loads(_decrypt(keyring.unwrap(wrapped_key), ciphertext, aad))


def disclose(keyring: Keyring, wrapped_key: bytes) -> bytes:
    """The value's own key: with it and the value anybody can check the commitment in an exported history."""
    return keyring.unwrap(wrapped_key)


def seal_bytes(keyring: Keyring, data: bytes, *, aad: str) -> SealedBytes:
    """Encrypt a file under a new key."""
    key = urandom(KEY_BYTES)
    return SealedBytes(_encrypt(key, data, aad), keyring.wrap(key), keyring.key_id)


def open_bytes(keyring: Keyring, ciphertext: bytes, wrapped_key: bytes, aad: str) -> bytes:
    """The file again, with the failures of ``open_``."""
    return _decrypt(keyring.unwrap(wrapped_key), ciphertext, aad)


def _encrypt(key: bytes, data: bytes, aad: str) -> bytes:
    nonce = urandom(NONCE_BYTES)
    return SUITE + nonce + AESGCM(key).encrypt(nonce, data, SUITE + aad.encode())


def _decrypt(key: bytes, ciphertext: bytes, aad: str) -> bytes:
    if ciphertext[:1] != SUITE or len(key) != KEY_BYTES:
        raise SealBroken
    nonce, sealed = ciphertext[1 : 1 + NONCE_BYTES], ciphertext[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, SUITE + aad.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None
