"""Files encrypted under a passphrase, piece by piece, so that one of any size is written and read in little memory.

AES-256-GCM under a key of the file's own (scrypt of the passphrase and a random salt). The nonce of a piece is its
number and whether it is the last one, so that pieces can be neither swapped nor cut off; the head of the file, which
is readable, is authenticated with each.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_COST = 1 << 15


class CannotUnseal(Exception):
    """The passphrase is wrong, or the file was changed or cut off."""


def new_salt() -> str:
    """What makes the key of one file its own; no secret."""
    return secrets.token_hex(16)


def sealed(pieces: Iterable[bytes], passphrase: str, salt: str, head: bytes) -> Iterator[bytes]:
    """What is to stand in the file after its head."""
    cipher, number, held = _cipher(passphrase, salt), 0, bytearray()
    for piece in pieces:
        held += piece
        # One byte more, as the last piece is never known before the end.
        while len(held) > _PIECE_BYTES:
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(held[:_PIECE_BYTES]), head)
            del held[:_PIECE_BYTES]
            number += 1
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(held), head)


def unsealed(file: IO[bytes], passphrase: str, salt: str, head: bytes) -> Iterator[bytes]:
    """What was sealed, from the end of the head on. Raises CannotUnseal."""
    cipher, number = _cipher(passphrase, salt), 0
    piece = file.read(_PIECE_BYTES + _TAG_BYTES)
    while True:
        following = file.read(_PIECE_BYTES + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), piece, head)
        except InvalidTag:
            raise CannotUnseal from None
        if not following:
            return
        piece, number = following, number + 1


def _cipher(passphrase: str, salt: str) -> AESGCM:
    derived = Scrypt(salt=bytes.fromhex(salt), length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
    return AESGCM(derived)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
