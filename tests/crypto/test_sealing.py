"""Sealed values: they open where they belong, and nowhere else; their commitments stand alone."""

import pytest

from webapp.crypto import sealing
from webapp.crypto.failures import SealBroken
from webapp.crypto.keyring import Keyring
from webapp.domain import history
from webapp.domain.errors import Invalid


@pytest.mark.parametrize(
    "value", ["李云汀", "", 42, True, None, ["甲", 1], {"name": "甲", "years": [2025, 2026]}]
)
def test_a_value_opens_as_it_was(keyring: Keyring, value: object) -> None:
    sealed = sealing.seal(keyring, value, aad="t1:reason")

    assert sealing.open_(keyring, sealed.ciphertext, sealed.wrapped_key, "t1:reason") == value
    assert sealed.key_id == keyring.key_id


def test_the_commitment_can_be_checked_with_the_value_s_own_key(keyring: Keyring) -> None:
    sealed = sealing.seal(keyring, "李云汀", aad="a")

    key = sealing.disclose(keyring, sealed.wrapped_key)

    assert history.commitment_holds(key, "李云汀", sealed.commitment)
    assert not history.commitment_holds(key, "李云", sealed.commitment)


def test_equal_values_look_different(keyring: Keyring) -> None:
    one, other = (sealing.seal(keyring, "甲", aad="a") for _ in range(2))

    assert one.commitment != other.commitment
    assert one.ciphertext != other.ciphertext
    assert "甲".encode() not in one.ciphertext


def test_a_value_copied_to_another_place_does_not_open(keyring: Keyring) -> None:
    sealed = sealing.seal(keyring, "甲", aad="t1:reason")

    with pytest.raises(SealBroken):
        sealing.open_(keyring, sealed.ciphertext, sealed.wrapped_key, "t2:reason")


def test_an_altered_value_does_not_open(keyring: Keyring) -> None:
    sealed, other = sealing.seal(keyring, "甲", aad="a"), sealing.seal(keyring, "甲", aad="a")
    altered = [
        sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1]),
        other.ciphertext,
        sealed.ciphertext[:5],
        b"",
    ]

    for one in altered:
        with pytest.raises(SealBroken):
            sealing.open_(keyring, one, sealed.wrapped_key, "a")


def test_a_value_outside_the_profile_is_refused(keyring: Keyring) -> None:
    with pytest.raises(Invalid):
        sealing.seal(keyring, 1.5, aad="a")


def test_a_file_opens_byte_for_byte(keyring: Keyring) -> None:
    data = bytes(range(256)) * 100
    sealed = sealing.seal_bytes(keyring, data, aad="f1")

    assert sealing.open_bytes(keyring, sealed.ciphertext, sealed.wrapped_key, "f1") == data
    with pytest.raises(SealBroken):
        sealing.open_bytes(keyring, sealed.ciphertext, sealed.wrapped_key, "f2")
