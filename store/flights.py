"""Questions that are being asked right now, by anybody of the installation: one flight for each.

A flight is a claim that ends with the answer, when it is given back, or when its holder was silent for too long. It
says nothing of who asks: a hash of the question, and a name only the campaign itself can make.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.leases import Lease
from store.ledger_entries import Question, digest

FLIGHT_S = 20
"""How long a claim outlives the last sign of its holder: a little more than the 15 s of the longest exchange."""


class Look(StrEnum):
    """What is to be done about a question."""

    KNOWN = "known"
    """The campaign has asked it before."""
    CACHED = "cached"
    """Its answer is kept for everybody."""
    ELSEWHERE = "elsewhere"
    """Somebody is asking it; the answer is waited for."""
    MINE = "mine"
    """It is to be asked now, and by nobody else meanwhile if others could use the answer."""


def holder_of(lease: Lease) -> UUID:
    """The name a campaign holds its flights under: the same for whoever goes on with it, and a riddle to others."""
    return UUID(bytes=digest("flight", lease.campaign_id)[:16])


_LOOK = sa.text("""
    select call_look(
        :job, :token, :workspace, :key, :provider, :operation, :hash, :holder, :seconds
    )
""")


def look(conn: Connection, lease: Lease, key: bytes | None, question: Question | None) -> Look:
    """See how it stands with a question and claim it when it is to be asked; the claim may be lost with the server.

    ``key`` is that of the campaign's first attempt, None when its attempts do not count; ``question`` is None when the
    answer serves nobody else.
    """
    asked = question or Question("", "", None)
    return Look(
        conn.execute(
            _LOOK,
            {
                "job": lease.job_id,
                "token": lease.token,
                "workspace": lease.workspace_id,
                "key": key,
                "provider": asked.provider,
                "operation": asked.operation,
                "hash": asked.hash,
                "holder": holder_of(lease),
                "seconds": FLIGHT_S,
            },
        ).scalar_one()
    )


def claim(conn: Connection, lease: Lease, questions: Sequence[Question]) -> set[Question]:
    """Those of many questions that nobody else is asking; from now on the campaign is."""
    rows = conn.execute(
        sa.text("""
            insert into provider_flights as f (provider, operation, argument_hash, holder, until)
            select q.provider, q.operation, q.hash, :holder, now() + make_interval(secs => :seconds)
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            order by q.provider, q.operation, q.hash
            on conflict (provider, operation, argument_hash)
            do update set holder = excluded.holder, until = excluded.until
            where f.holder = excluded.holder or f.until < now()
            returning provider, operation, argument_hash
        """),
        {**_columns(questions), "holder": holder_of(lease), "seconds": FLIGHT_S},
    )
    return {Question(row.provider, row.operation, bytes(row.argument_hash)) for row in rows}


def landed(conn: Connection, questions: Collection[Question]) -> set[Question]:
    """Those that nobody asks any more: answered, given back, or their holder fell silent."""
    rows = conn.execute(
        sa.text("""
            select q.provider, q.operation, q.hash
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            where not exists (
                select
                from provider_flights f
                where f.provider = q.provider
                    and f.operation = q.operation
                    and f.argument_hash = q.hash
                    and f.until >= now()
            )
        """),
        _columns(questions),
    )
    return {Question(row.provider, row.operation, bytes(row.hash)) for row in rows}


def renew(conn: Connection, lease: Lease, questions: Collection[Question]) -> None:
    """The campaign still lives."""
    conn.execute(
        sa.text("""
            update provider_flights f
            set until = now() + make_interval(secs => :seconds)
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            where f.provider = q.provider
                and f.operation = q.operation
                and f.argument_hash = q.hash
                and f.holder = :holder
        """),
        {**_columns(questions), "holder": holder_of(lease), "seconds": FLIGHT_S},
    )


def release(conn: Connection, lease: Lease, questions: Collection[Question]) -> None:
    """The campaign asks these no more."""
    conn.execute(
        sa.text("""
            delete from provider_flights f
            using unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            where f.provider = q.provider
                and f.operation = q.operation
                and f.argument_hash = q.hash
                and f.holder = :holder
        """),
        {**_columns(questions), "holder": holder_of(lease)},
    )


def release_all(conn: Connection, lease: Lease) -> None:
    """The campaign asks nothing more; what silent holders left behind goes as well."""
    conn.execute(
        sa.text("""
            delete from provider_flights
            where (provider, operation, argument_hash) in (
                select provider, operation, argument_hash
                from provider_flights
                where holder = :holder or until < now() - interval '1 minute'
                for update skip locked
            )
        """),
        {"holder": holder_of(lease)},
    )


def _columns(questions: Collection[Question]) -> dict[str, object]:
    ordered = sorted(questions)
    return {
        "providers": [question.provider for question in ordered],
        "operations": [question.operation for question in ordered],
        "hashes": [question.hash for question in ordered],
    }
