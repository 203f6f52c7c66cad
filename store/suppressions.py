"""Who must not be contacted, as keyed hashes: the list tells nobody whose address is on it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings


def hashed(value: str) -> bytes:
    """The hash an address or a domain is kept under."""
    secret = settings.get().app_secret.get_secret_value()
    normal = value.strip().casefold()
    return hmac.new(secret.encode(), f"suppression:{normal}".encode(), hashlib.sha256).digest()


def found(conn: Connection, workspace_id: UUID, values: Sequence[str]) -> frozenset[str]:
    """Those of the addresses and domains that are on the list, themselves or through their domain."""
    wanted = {value: [hashed(value), *_by_domain(value)] for value in values}
    rows = conn.execute(
        sa.text(
            "select value_hash from suppressions where workspace_id = :workspace and value_hash = any(:hashes)"
        ),
        {"workspace": workspace_id, "hashes": [item for hashes in wanted.values() for item in hashes]},
    )
    listed = {bytes(row.value_hash) for row in rows}
    return frozenset(value for value, hashes in wanted.items() if listed.intersection(hashes))


def add(conn: Connection, workspace_id: UUID, value: str, reason: str) -> None:
    """Put an address or a domain on the list."""
    conn.execute(
        sa.text("""
            insert into suppressions (workspace_id, value_hash, reason)
            values (:workspace, :hash, :reason)
            on conflict do nothing
        """),
        {"workspace": workspace_id, "hash": hashed(value), "reason": reason},
    )


def _by_domain(value: str) -> list[bytes]:
    """The hashes of the domain and of all above it: whoever asked for silence asked for it below, too."""
    labels = value.rpartition("@")[2].casefold().split(".")
    return [hashed(".".join(labels[start:])) for start in range(max(1, len(labels) - 1))]
