"""Values that are kept encrypted, each kind with a key of its own that is made from APP_SECRET."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from store.database import secret_for


class Unreadable(Exception):
    """It was sealed under another APP_SECRET, was changed, or is too old."""


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
