"""What is made from APP_SECRET for accounts: values that are kept encrypted, each kind with a key of its own, and the
key by which the application vouches."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

import settings
from store.database import secret_for

VOUCHER = "voucher"
"""The purpose of the secret by which the application vouches for what it alone can judge, such as a code or a key."""


class Unreadable(Exception):
    """It was sealed under another APP_SECRET, was changed, or is too old."""


def knows_secret() -> bool:
    """Whether this process was given APP_SECRET."""
    try:
        secret_for(VOUCHER)
    except settings.SettingsError:
        return False
    return True


def seal(purpose: str, text: str) -> str:
    """``text``, encrypted and protected against changes. Raises SettingsError without APP_SECRET."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str, within_s: int | None = None) -> str:
    """What was sealed, at most ``within_s`` seconds ago. Raises Unreadable, and SettingsError without APP_SECRET."""
    try:
        return _cipher(purpose).decrypt(sealed.encode(errors="replace"), ttl=within_s).decode()
    except InvalidToken:
        raise Unreadable from None


def _cipher(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(secret_for(f"sealed {purpose}").encode()).digest()))
