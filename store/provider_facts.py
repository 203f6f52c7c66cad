"""All that is known of each provider, read at once: how it was last, its credit, whether its key is set in the
interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import installation_secrets
from store.provider_credit import CreditRow
from store.provider_status import ProviderState, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What is known of one. ``has_key``: one is set in the interface and can be read. ``is_stopped``: an
    administrator wants it asked no more."""

    status: Status | None = None
    credit: CreditRow | None = None
    has_key: bool = False
    is_stopped: bool = False


UNKNOWN = ProviderFacts()


def everything(conn: Connection) -> Mapping[str, ProviderFacts]:
    """By provider, for administrators and the system; what is not there is not known."""
    rows = conn.execute(
        sa.text("""
            with keys as (select subject as provider, fingerprint from installation_secrets)
            select provider, s.state, s.message, s.since, s.checked_at,
                s.checked_at > now() - interval '15 minutes' as was_seen, c.left_over, c.whole, c.most, c.asked_at,
                c.asked_at > now() - interval '1 day' as was_asked, k.fingerprint, p.is_stopped
            from provider_status s
            full join provider_credit c using (provider)
            full join keys k using (provider)
            full join provider_stops p using (provider)
        """)
    )
    return {row.provider: _facts(row) for row in rows}


def with_key(known: Mapping[str, ProviderFacts]) -> frozenset[str]:
    """The providers whose key is set in the interface."""
    return frozenset(provider for provider, facts in known.items() if facts.has_key)


def _facts(row: sa.Row[tuple[object, ...]]) -> ProviderFacts:
    status = credit = None
    if row.state is not None:
        status = Status(
            provider=row.provider,
            state=ProviderState(row.state),
            message=row.message,
            since=row.since,
            checked_at=row.checked_at,
            is_recent=row.was_seen,
        )
    if row.left_over is not None:
        credit = CreditRow(
            left_over=row.left_over,
            whole=row.whole,
            most=row.most,
            asked_at=row.asked_at,
            is_recent=row.was_asked,
        )
    has_key = row.fingerprint is not None and installation_secrets.is_ours(row.fingerprint)
    return ProviderFacts(status=status, credit=credit, has_key=has_key, is_stopped=bool(row.is_stopped))
