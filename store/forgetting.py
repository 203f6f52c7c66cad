"""Removing what a campaign, or an answer, says about people; what it cost stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.money.calls import Json
from store.ledger_entries import digest


@dataclass(frozen=True, slots=True)
class Asked:
    """A question somebody asked of a provider."""

    provider: str
    operation: str
    arguments: Mapping[str, Json]


def asked(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> list[Asked]:
    """Every question of a campaign."""
    rows = conn.execute(
        sa.text("""
            select provider, operation, arguments
            from provider_calls
            where workspace_id = :workspace and campaign_id = :campaign
        """),
        {"workspace": workspace_id, "campaign": campaign_id},
    )
    return [Asked(row.provider, row.operation, row.arguments) for row in rows]


def kept_under(questions: Iterable[Asked], endpoints: Mapping[str, str]) -> str:
    """The questions as JSON, each with the hash that the answer for everybody is kept under; ``endpoints`` says where
    each provider is asked. One whose provider is not asked over the network is left out."""
    return json.dumps(
        [
            {
                "provider": question.provider,
                "operation": question.operation,
                "arguments": question.arguments,
                "hash": digest(endpoints[question.provider], question.arguments).hex(),
            }
            for question in questions
            if question.provider in endpoints
        ],
        ensure_ascii=False,
    )


def delete_campaign(conn: Connection, campaign_id: UUID, questions: str) -> bool:
    """Remove everything an ended campaign was about, and the answers kept for everybody that only it asked for, as
    ``kept_under`` names them. The campaign's row and its calls stay, bare, for what they cost. False when it is not the
    person's to delete."""
    return bool(
        conn.execute(
            sa.text("select app_delete_campaign(:campaign, cast(:questions as jsonb))"),
            {"campaign": campaign_id, "questions": questions},
        ).scalar_one()
    )
