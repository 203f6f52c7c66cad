"""Companies of the book that entries of the suppression list mean.

The list holds hashes, which lead to nobody. When somebody is put on it, their values are at hand: the companies that
bear them are looked up by the indexes of the book and noted beside the hash. A company is suppressed as long as such an
entry stands on the list, also when it was taken off and comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.lead import Business
from pipeline.suppression import Subject, SuppressedKind, emails_of, keys_of
from store import tables
from store.bulk import insert_rows
from store.value_hashes import covering, hashed

COLUMNS = ("workspace_id", "company_id", "value_hash")
_AT_ONCE = 1000


def mark(conn: Connection, workspace_id: UUID, subjects: Sequence[Subject]) -> None:
    """Note the companies that these are, now that they are put on the list."""
    for start in range(0, len(subjects), _AT_ONCE):
        part = subjects[start : start + _AT_ONCE]
        rows = [
            {"workspace_id": workspace_id, "company_id": company, "value_hash": hash}
            for company, hash in _named(conn, workspace_id, part)
        ]
        insert_rows(conn, tables.suppressed_companies, COLUMNS, rows)


def hashes_of(row: Row[Any]) -> set[bytes]:
    """The hashes under which the company of a lead may be on the list: itself, or by an address its sources gave. The
    row holds the id of the company and what names it."""
    named = {name: value for name, value in row._mapping.items() if name != "company_id"}
    business = Business(**named, lat=None, lon=None, origins=())
    values = {*keys_of(business), *emails_of(business)}
    return {hash for value in values for hash in covering(value)}


def _named(conn: Connection, workspace_id: UUID, subjects: Sequence[Subject]) -> set[tuple[UUID, bytes]]:
    by_kind: dict[SuppressedKind, list[str]] = defaultdict(list)
    for subject in subjects:
        is_company = subject.kind is SuppressedKind.COMPANY
        by_kind[subject.kind].append(subject.name if is_company else subject.value)
    rows = conn.execute(
        sa.text("select * from book_named(:workspace, :emails, :domains, :phones, :names)"),
        {
            "workspace": workspace_id,
            "emails": by_kind[SuppressedKind.EMAIL],
            "domains": by_kind[SuppressedKind.DOMAIN],
            "phones": by_kind[SuppressedKind.PHONE],
            "names": by_kind[SuppressedKind.COMPANY],
        },
    )
    meant = {hashed(subject.value) for subject in subjects}
    return {(row.company_id, hash) for row in rows for hash in hashes_of(row) & meant}
