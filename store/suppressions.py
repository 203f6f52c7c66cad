"""Who must not be contacted, as keyed hashes: the list tells nobody whose address is on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.suppression import Listed, Subject, SuppressedBy, SuppressedKind
from store import keyset, locks, suppressed_companies, tables
from store.bulk import insert_rows
from store.keyset import Key
from store.leases import Lease
from store.value_hashes import covering
from store.value_hashes import hashed as hashed

_S = tables.suppressions.c
_NEWEST_FIRST = (Key(_S.created_at, descending=True), Key(_S.value_hash, descending=True))
_WRITTEN = ("workspace_id", "value_hash", "kind", "reason", "source", "hint", "added_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody about to be put on the list."""

    subject: Subject
    reason: str
    source: SuppressedBy
    added_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry as it can be shown. ``is_installation``: it holds for every workspace."""

    hash: bytes
    kind: SuppressedKind
    source: SuppressedBy
    reason: str
    since: datetime
    hint: str = ""
    added_by: str | None = None
    is_installation: bool = False


def found(conn: Connection, workspace_id: UUID, values: Sequence[str]) -> frozenset[str]:
    """Those of the values that are on the list, themselves or through their domain."""
    return frozenset(_rows(conn, workspace_id, values))


def listed(conn: Connection, workspace_id: UUID, values: Sequence[str]) -> dict[str, Listed]:
    """As ``found``, with what the entry of each says."""
    return {
        value: Listed(row.kind, row.source, row.reason)
        for value, row in _rows(conn, workspace_id, values).items()
    }


def entry_of(conn: Connection, workspace_id: UUID, subject: Subject) -> EntryRow | None:
    """The entry that covers somebody."""
    return _rows(conn, workspace_id, [subject.value]).get(subject.value)


def add(conn: Connection, workspace_id: UUID, entries: Sequence[Entry]) -> int:
    """Put them on the list, noting which companies of the book they are, and return how many were not on it; an entry
    that is there stays as it is."""
    rows = [
        {
            "workspace_id": workspace_id,
            "value_hash": hashed(entry.subject.value),
            "kind": entry.subject.kind.value,
            "reason": entry.reason,
            "source": entry.source.value,
            "hint": entry.subject.hint,
            "added_by": entry.added_by,
        }
        for entry in entries
    ]
    # A campaign that looked before stores its leads first, and they are marked; one that looks later finds the entries.
    locks.hold_companies(conn, workspace_id)
    suppressed_companies.mark(conn, workspace_id, [entry.subject for entry in entries])
    return insert_rows(conn, tables.suppressions, _WRITTEN, rows)


def page(
    conn: Connection,
    workspace_id: UUID,
    kind: SuppressedKind | None,
    after: tuple[datetime, bytes] | None,
    limit: int,
) -> list[EntryRow]:
    """The workspace's own entries, newest first, from just behind ``after``."""
    users = tables.users.c
    query = (
        sa.select(*(_S[name] for name in ("value_hash", "kind", "reason", "source", "hint", "created_at")))
        .add_columns(users.email)
        .select_from(tables.suppressions.outerjoin(tables.users, users.id == _S.added_by))
        .where(_S.workspace_id == workspace_id, *([_S.kind == kind.value] if kind else []))
    )
    return [
        EntryRow(
            hash=bytes(row.value_hash),
            kind=SuppressedKind(row.kind),
            source=SuppressedBy(row.source),
            reason=row.reason,
            since=row.created_at,
            hint=row.hint,
            added_by=row.email,
        )
        for row in conn.execute(keyset.page(query, _NEWEST_FIRST, after, limit))
    ]


def counts(conn: Connection, workspace_id: UUID) -> dict[SuppressedKind, int]:
    """How many entries of each kind the workspace has."""
    rows = conn.execute(
        sa.text(
            "select kind, count(*) as entries from suppressions where workspace_id = :workspace group by 1"
        ),
        {"workspace": workspace_id},
    )
    return {SuppressedKind(row.kind): row.entries for row in rows}


def remove(conn: Connection, workspace_id: UUID, hash: bytes) -> bool:
    """Take an entry off the list; False when there is none or the person may not."""
    return bool(
        conn.execute(
            sa.text("select suppression_remove(:workspace, :hash)"), {"workspace": workspace_id, "hash": hash}
        ).scalar_one()
    )


def take_back(conn: Connection, workspace_id: UUID, at: datetime) -> int:
    """Take off the list what whoever asks put on it in the transaction of a moment; how many entries, 0 for who may
    not."""
    gone = conn.execute(
        sa.text("select suppressions_take_back(:workspace, :at)"), {"workspace": workspace_id, "at": at}
    )
    return int(gone.scalar_one())


def note_left_out(conn: Connection, lease: Lease, left_out: Mapping[Listed, int]) -> None:
    """Keep how many businesses a campaign left out, by entry; of the businesses themselves nothing is kept."""
    noted = [
        {"kind": entry.kind, "source": entry.source, "reason": entry.reason, "businesses": number}
        for entry, number in left_out.items()
    ]
    conn.execute(
        sa.text("""
            update campaigns
            set left_out = cast(:noted as jsonb)
            where workspace_id = :workspace and id = :id and left_out <> cast(:noted as jsonb)
        """),
        {"noted": json.dumps(noted), "workspace": lease.workspace_id, "id": lease.campaign_id},
    )


def left_out_of(noted: Iterable[Mapping[str, Any]]) -> dict[Listed, int]:
    """What ``note_left_out`` kept."""
    return {
        Listed(SuppressedKind(item["kind"]), SuppressedBy(item["source"]), str(item["reason"])): int(
            item["businesses"]
        )
        for item in noted
    }


def _rows(conn: Connection, workspace_id: UUID, values: Sequence[str]) -> dict[str, EntryRow]:
    """The entry that covers each of the values that are on the list: of the value itself before that of its domain."""
    if not values or not _any(conn, workspace_id):
        return {}
    wanted = {value: covering(value) for value in values}
    rows = conn.execute(
        sa.text("""
            select value_hash, kind, reason, source, created_at, hint, false as is_installation
            from suppressions
            where workspace_id = :workspace and value_hash = any(:hashes)
            union all
            select value_hash, kind, reason, 'erasure', created_at, '', true
            from installation_suppressions
            where value_hash = any(:hashes)
        """),
        {"workspace": workspace_id, "hashes": [item for hashes in wanted.values() for item in hashes]},
    )
    entries = {
        bytes(row.value_hash): EntryRow(
            hash=bytes(row.value_hash),
            kind=SuppressedKind(row.kind),
            source=SuppressedBy(row.source),
            reason=row.reason,
            since=row.created_at,
            hint=row.hint,
            is_installation=row.is_installation,
        )
        for row in rows
    }
    covered = {
        value: next((entries[hash] for hash in hashes if hash in entries), None)
        for value, hashes in wanted.items()
    }
    return {value: entry for value, entry in covered.items() if entry}


def _any(conn: Connection, workspace_id: UUID) -> bool:
    """Whether there is anything to compare with: most workspaces' lists are empty, and hashes take time."""
    return bool(
        conn.execute(
            sa.text("""
                select exists (select from suppressions where workspace_id = :workspace)
                    or exists (select from installation_suppressions)
            """),
            {"workspace": workspace_id},
        ).scalar_one()
    )
