"""Opaque cursors for keyset pages. A cursor is hostile input: one that cannot be read starts from the top."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from uuid import UUID

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database takes as text."""
_FURTHEST = 1_000_000


def encode(*parts: str) -> str:
    """The position after a row, as text for a URL."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str | None, count: int) -> tuple[str, ...] | None:
    """The parts of a cursor, or None when there is none or it is not one of ours."""
    if not cursor or len(cursor) > 1000:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = json.loads(raw)
    except (binascii.Error, UnicodeError, ValueError, RecursionError):
        return None
    if not isinstance(parts, list) or len(parts) != count or not all(isinstance(p, str) for p in parts):
        return None
    if any(_UNSTORABLE.search(part) for part in parts):
        return None
    return tuple(parts)


def pair(cursor: str | None) -> tuple[str, str] | None:
    """The two parts of a cursor."""
    parts = decode(cursor, 2)
    return None if parts is None else (parts[0], parts[1])


def offset(number: int) -> int:
    """A number of rows to leave out, from none to more than any list has."""
    return max(0, min(number, _FURTHEST))


def after(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The time and id a cursor of ``following`` stands for."""
    parts = decode(cursor, 2)
    if parts is None:
        return None
    try:
        return datetime.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError:
        return None


def following(at: datetime, row_id: UUID) -> str:
    """The position after a row of a list by time."""
    return encode(at.isoformat(), str(row_id))
