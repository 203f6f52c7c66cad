"""Answers kept for everybody, without a trace of who asked; how long is the provider's terms' decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Call, Json
from store.ledger_entries import digest


def get(conn: Connection, call: Call, endpoint: str) -> Mapping[str, Json] | None:
    """The unexpired answer of ``endpoint`` to a call: ``body`` and ``simulated``."""
    return conn.execute(
        sa.text("""
            select response
            from provider_cache
            where provider = :provider
                and operation = :operation
                and argument_hash = :hash
                and expires_at > now()
        """),
        _key(call, endpoint),
    ).scalar_one_or_none()


def held(
    conn: Connection, provider: str, operation: str, endpoint: str, asked: Sequence[Mapping[str, Json]]
) -> dict[int, Mapping[str, Json]]:
    """The unexpired answers of ``endpoint`` to questions of one kind, by the question's place among those asked."""
    if not asked:
        return {}
    places = {digest(endpoint, arguments): place for place, arguments in enumerate(asked)}
    rows = conn.execute(
        sa.text("select argument_hash, response from held_answers(:provider, :operation, :hashes)"),
        {"provider": provider, "operation": operation, "hashes": list(places)},
    )
    return {places[bytes(row.argument_hash)]: row.response for row in rows}


def put(conn: Connection, call: Call, endpoint: str, answer: Mapping[str, Json], days: int) -> None:
    """Keep an answer; a newer one replaces it."""
    conn.execute(
        sa.text("""
            insert into provider_cache (provider, operation, argument_hash, response, expires_at)
            values (
                :provider, :operation, :hash, cast(:response as jsonb), now() + make_interval(days => :days)
            )
            on conflict (provider, operation, argument_hash)
            do update set response = excluded.response, fetched_at = now(), expires_at = excluded.expires_at
        """),
        {**_key(call, endpoint), "response": json.dumps(answer, ensure_ascii=False), "days": days},
    )


def _key(call: Call, endpoint: str) -> dict[str, object]:
    """A server's answers are only given for questions to that very server: a stand-in's never pass for real."""
    return {
        "provider": call.provider,
        "operation": call.operation,
        "hash": digest(endpoint, call.arguments),
    }
