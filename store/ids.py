"""Identifiers: UUID version 7 (RFC 9562), so that keys sort by the time they were made."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return compat.uuid7()


def as_array(ids: Iterable[UUID]) -> str:
    """Ids as one value of ``uuid[]``: as many values they take driver and database several times as long to read."""
    return f"{{{','.join([id.hex for id in ids])}}}"
