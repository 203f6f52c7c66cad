"""Answers kept for everybody, without a trace of who asked; how long is the provider's terms' decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Json
from store.ledger_entries import Question, digest


def get(conn: Connection, question: Question) -> Mapping[str, Json] | None:
    """The unexpired answer to a question: ``body`` and ``simulated``."""
    return get_many(conn, [question]).get(question)


def get_many(
    conn: Connection, questions: Sequence[Question], since: datetime | None = None
) -> dict[Question, Mapping[str, Json]]:
    """The unexpired answers to those questions that have one, of those that came ``since`` a moment if one is given."""
    rows = conn.execute(
        sa.text("""
            select c.provider, c.operation, c.argument_hash, c.response
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[])
            ) as q (provider, operation, hash)
            join provider_cache c
                on c.provider = q.provider and c.operation = q.operation and c.argument_hash = q.hash
            where c.expires_at > now()
                and (cast(:since as timestamptz) is null or c.fetched_at >= :since)
        """),
        {**_columns(questions), "since": since},
    )
    return {Question(row.provider, row.operation, bytes(row.argument_hash)): row.response for row in rows}


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


def put_many(conn: Connection, answers: Mapping[Question, tuple[Mapping[str, Json], int]]) -> None:
    """Keep each answer for so many days; a newer one replaces it."""
    ordered = sorted(answers)
    conn.execute(
        sa.text("""
            insert into provider_cache (provider, operation, argument_hash, response, expires_at)
            select q.provider, q.operation, q.hash, cast(q.response as jsonb),
                now() + make_interval(days => q.days)
            from unnest(
                cast(:providers as text[]), cast(:operations as text[]), cast(:hashes as bytea[]),
                cast(:responses as text[]), cast(:days as integer[])
            ) as q (provider, operation, hash, response, days)
            order by q.provider, q.operation, q.hash
            on conflict (provider, operation, argument_hash)
            do update set response = excluded.response, fetched_at = now(), expires_at = excluded.expires_at
        """),
        {
            **_columns(ordered),
            "responses": [json.dumps(answers[question][0], ensure_ascii=False) for question in ordered],
            "days": [answers[question][1] for question in ordered],
        },
    )


def _columns(questions: Sequence[Question]) -> dict[str, object]:
    return {
        "providers": [question.provider for question in questions],
        "operations": [question.operation for question in questions],
        "hashes": [question.hash for question in questions],
    }
