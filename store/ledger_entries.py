"""Calls as the ledger holds them, and what makes a question the same question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Call, Json
from store.leases import Lease
from store.tables import provider_calls

_P = provider_calls.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A call as the ledger holds it."""

    key: bytes
    attempt: int
    state: str
    response: Json
    cost_micros: int
    saved_micros: int
    found: bool | None
    subject: str | None
    lease_token: int
    may_repeat: bool
    price_micros: int
    arguments: Mapping[str, Json]

    @property
    def is_answered(self) -> bool:
        """Whether its answer is held."""
        return self.state in ("done", "held") and self.response is not None

    @property
    def is_forgotten(self) -> bool:
        """Whether it was answered and the answer was not to be kept for so long."""
        return self.state in ("done", "held") and self.response is None


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """A question as everybody asks it: the key of the shared cache and of the flights. Without a hash nobody shares
    its answer."""

    provider: str
    operation: str
    hash: bytes | None


def question_of(call: Call, endpoint: str) -> Question:
    """A server's answers are only given for questions to that very server: a stand-in's never pass for real."""
    return Question(call.provider, call.operation, digest(endpoint, call.arguments))


def digest(*parts: object) -> bytes:
    """SHA-256 of values in one canonical form."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()


def key_of(lease: Lease, call: Call, attempt: int) -> bytes:
    """What makes a question the same question: campaign, provider, operation, arguments; and which attempt it is."""
    return digest(str(lease.campaign_id), call.provider, call.operation, call.arguments, attempt)


def arguments_of(call: Call) -> str:
    """What was asked, as the ledger shows it."""
    return json.dumps(call.arguments, ensure_ascii=False, sort_keys=True)


def latest(conn: Connection, lease: Lease, call: Call) -> Entry | None:
    """The newest attempt at a question."""
    attempt, entry = 1, None
    while (found := _entry(conn, lease, key_of(lease, call, attempt))) is not None:
        entry, attempt = found, attempt + 1
    return entry


def latest_of(conn: Connection, lease: Lease, calls: Sequence[Call]) -> dict[int, Entry]:
    """The newest attempt at each of many questions, by its place in ``calls``."""
    found: dict[int, Entry] = {}
    attempt, places = 1, list(range(len(calls)))
    while places:
        keys = {key_of(lease, calls[place], attempt): place for place in places}
        rows = conn.execute(_entries(lease).where(_P.key.in_(list(keys))))
        entries = [Entry(**row._mapping) for row in rows]
        found |= {keys[bytes(entry.key)]: entry for entry in entries}
        attempt, places = attempt + 1, [keys[bytes(entry.key)] for entry in entries]
    return found


def earlier(conn: Connection, lease: Lease, provider: str, operation: str) -> list[Entry]:
    """Every question of a kind the campaign asked before this lease, unless it failed for nothing; oldest first."""
    query = _entries(lease).where(
        _P.campaign_id == lease.campaign_id,
        _P.provider == provider,
        _P.operation == operation,
        _P.lease_token != lease.token,
        _P.state.in_(("done", "intent", "unknown")),
        sa.or_(_P.state != "done", _P.response.is_not(None)),
    )
    rows = conn.execute(query.order_by(_P.sent_at))
    return [Entry(**row._mapping) for row in rows]


def _entry(conn: Connection, lease: Lease, key: bytes) -> Entry | None:
    row = conn.execute(_entries(lease).where(_P.key == key)).one_or_none()
    return None if row is None else Entry(**row._mapping)


@lru_cache(maxsize=1)
def _columns() -> sa.Select[Any]:
    return sa.select(*(provider_calls.c[field.name] for field in fields(Entry)))


def _entries(lease: Lease) -> sa.Select[Any]:
    """Calls of the workspace, as ``Entry`` names them."""
    return _columns().where(_P.workspace_id == lease.workspace_id)
