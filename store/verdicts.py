"""What is known of addresses: the newest verdict counts, whatever it says and whoever asked for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.lead import Contact, EmailStatus
from store.leases import Lease
from store.ledger_entries import digest
from store.pieces import Pieces

_MOST_LEADS = 200
"""Leads of one company that are looked through, the newest first: a chain may have thousands."""
_OPEN = (EmailStatus.NONE, EmailStatus.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Check:
    """A question of a verifier about one address. Its kept answers have the status of the address as ``result``."""

    provider: str
    operation: str
    endpoint: str


@dataclass(slots=True)
class _Address:
    """What leads hold of one address: when the newest that has it verified was made, and when one that says otherwise
    was last written. Nobody noted the moment of a verdict, and in doubt an address is none."""

    verified: list[tuple[datetime, Contact]] = field(default_factory=list)
    doubted: list[datetime] = field(default_factory=list)

    @property
    def newest(self) -> tuple[datetime, Contact] | None:
        """When it was verified last, and the contact; None when something newer says otherwise."""
        if not self.verified:
            return None
        at, contact = max(self.verified, key=lambda item: item[0])
        return None if any(doubt >= at for doubt in self.doubted) else (at, contact)


def known_contact(
    conn: Connection, lease: Lease, domain: str, max_age_days: int, checks: Sequence[Check]
) -> Contact | None:
    """The address of a company's domain that was verified last, in another, real campaign of the workspace.

    One about which a lead of the company there, or the answers kept for everybody, hold another newer verdict is none.
    """
    rows = conn.execute(
        sa.text("""
            select l.contacts, l.created_at, l.updated_at, now() as now
            from leads l
            join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
            where l.workspace_id = :workspace
                and l.domain = :domain
                and l.email is not null
                and l.campaign_id <> :campaign
                and not c.simulated
                and l.updated_at > now() - make_interval(days => :days)
            order by l.updated_at desc
            limit :most
        """),
        {
            "workspace": lease.workspace_id,
            "campaign": lease.campaign_id,
            "domain": domain,
            "days": max_age_days,
            "most": _MOST_LEADS,
        },
    )
    held = _by_address(rows, max_age_days)
    verified = {email: newest for email, address in held.items() if (newest := address.newest)}
    kept = _kept(conn, verified, checks)
    good = [
        newest
        for email, newest in verified.items()
        if email not in kept or not _doubts(kept[email], newest[0])
    ]
    return max(good, key=lambda item: item[0])[1] if good else None


def _by_address(rows: Iterable[Any], max_age_days: int) -> Mapping[str, _Address]:
    """What the leads say of each address; only one made in the last ``max_age_days`` counts as verified."""
    found: dict[str, _Address] = defaultdict(_Address)
    pieces = Pieces()
    for row in rows:
        is_fresh = row.created_at > row.now - timedelta(days=max_age_days)
        for contact in pieces.contacts(row.contacts):
            address = found[contact.email.casefold()]
            if contact.status is EmailStatus.VERIFIED and is_fresh:
                address.verified.append((row.created_at, contact))
            elif contact.status not in (*_OPEN, EmailStatus.VERIFIED):
                address.doubted.append(row.updated_at)
    return found


def _doubts(kept: tuple[datetime, str], verified_at: datetime) -> bool:
    at, result = kept
    return result != EmailStatus.VERIFIED.value and at >= verified_at


def _kept(
    conn: Connection, emails: Collection[str], checks: Sequence[Check]
) -> Mapping[str, tuple[datetime, str]]:
    """The newest kept answer about each address: when it came and what it says. One too old to be given to anybody is
    still newer than what came before it."""
    if not emails or not checks:
        return {}
    asked = [(check, email) for check in checks for email in emails]
    hashes = [digest(check.endpoint, {"email": email}) for check, email in asked]
    rows = conn.execute(
        sa.text("""
            select c.argument_hash, c.fetched_at, c.response #>> '{body,result}' as result
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            join provider_cache c
                on c.provider = q.provider and c.operation = q.operation and c.argument_hash = q.hash
            where c.response #>> '{body,result}' is not null
            order by c.fetched_at
        """),
        {
            "providers": [check.provider for check, _ in asked],
            "operations": [check.operation for check, _ in asked],
            "hashes": hashes,
        },
    )
    of_hash = {value: email for value, (_, email) in zip(hashes, asked, strict=True)}
    return {of_hash[bytes(row.argument_hash)]: (row.fetched_at, row.result) for row in rows}
