"""The keyed hashes under which values of people and companies are kept on lists: they tell nobody who it is."""

from __future__ import annotations

import hashlib
import hmac

import settings


def hashed(value: str) -> bytes:
    """The hash a value in its normal form is kept under."""
    secret = settings.get().app_secret.get_secret_value()
    normal = value.strip().casefold()
    return hmac.new(secret.encode(), f"suppression:{normal}".encode(), hashlib.sha256).digest()


def covering(value: str) -> list[bytes]:
    """The hashes of a value, of its domain and of all above that: whoever asked for silence asked for it below, too."""
    labels = value.rpartition("@")[2].casefold().split(".")
    domains = (".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))
    return [hashed(value), *(hashed(domain) for domain in domains)]
