"""What a workspace's campaigns taught: of a company, and of each look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

_NEWEST_LEADS, _NEWEST_CALLS = 1000, 2000
"""Leads and calls that shares are counted from: enough to tell, few enough to count while a form is filled in."""
_SIGHTED_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """How a look-up went with the newest leads: ``asked``; of those, ``gave`` an address; and those it passed over
    by its free checks, without an address (``passed_without``) or with one (``passed_with``)."""

    asked: int = 0
    gave: int = 0
    passed_without: int = 0
    passed_with: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A lead a workspace had: its company's domain, its address at the end, its steps and contacts as stored."""

    domain: str | None
    source_email: str | None
    phone: str | None
    email: str | None
    steps: Sequence[Mapping[str, Any]]
    contacts: Sequence[Mapping[str, Any]]


def steps(conn: Connection, workspace_id: UUID) -> dict[str, StepCount]:
    """How each look-up went with the workspace's newest leads, by its name."""
    rows = conn.execute(
        sa.text("""
            with newest as (
                select steps, contacts, domain, email, email_status
                from leads
                where workspace_id = :workspace
                order by id desc
                limit :most
            )
            select s ->> 'step' as step,
                count(*) filter (where s ->> 'outcome' <> 'skipped') as asked,
                count(*) filter (
                    where s ->> 'outcome' = 'found' and contacts @> jsonb_build_array(
                        jsonb_build_object('origin', jsonb_build_object('source', s ->> 'step'))
                    )
                ) as gave,
                count(*) filter (
                    where s ->> 'outcome' = 'skipped' and not (s ->> 'is_open')::boolean
                        and domain is not null and email is null
                ) as passed_without,
                count(*) filter (
                    where s ->> 'outcome' = 'skipped' and not (s ->> 'is_open')::boolean
                        and email is not null and email_status <> 'verified'
                ) as passed_with
            from newest, jsonb_array_elements(steps) as s
            group by 1
        """),
        {"workspace": workspace_id, "most": _NEWEST_LEADS},
    )
    return {
        row.step: StepCount(
            asked=row.asked,
            gave=row.gave,
            passed_without=row.passed_without,
            passed_with=row.passed_with,
        )
        for row in rows
    }


def domains(conn: Connection, workspace_id: UUID) -> dict[str, tuple[int, int]]:
    """Of the newest leads by their first source: how many there were, and how many with a domain of their own."""
    rows = conn.execute(
        sa.text("""
            with newest as (
                select origins -> 0 ->> 'source' as source, domain
                from leads
                where workspace_id = :workspace
                order by id desc
                limit :most
            )
            select source, count(*) as leads, count(domain) as domains
            from newest
            where source is not null
            group by source
        """),
        {"workspace": workspace_id, "most": _NEWEST_LEADS},
    )
    return {row.source: (row.leads, row.domains) for row in rows}


def of_companies(conn: Connection, workspace_id: UUID, wanted: Sequence[str]) -> dict[str, Sighting]:
    """The newest lead of each of these domains, as far as there was one lately."""
    rows = conn.execute(
        sa.text("""
            select distinct on (domain) domain, provenance, phone, email, steps, contacts
            from leads
            where workspace_id = :workspace
                and domain = any(:domains)
                and updated_at > now() - make_interval(days => :days)
            order by domain, updated_at desc
        """),
        {"workspace": workspace_id, "domains": list(wanted), "days": _SIGHTED_DAYS},
    )
    return {row.domain: sighting_of(row) for row in rows}


def verified(conn: Connection, workspace_id: UUID, wanted: Sequence[str], days: int) -> frozenset[str]:
    """Those of the domains with an address that was verified for a real campaign within so many days."""
    rows = conn.execute(
        sa.text("""
            select distinct l.domain
            from leads l
            join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
            where l.workspace_id = :workspace
                and l.domain = any(:domains)
                and l.email is not null
                and l.email_status = 'verified'
                and not c.simulated
                and l.updated_at > now() - make_interval(days => :days)
        """),
        {"workspace": workspace_id, "domains": list(wanted), "days": days},
    )
    return frozenset(rows.scalars())


def hits(conn: Connection, workspace_id: UUID) -> dict[str, list[tuple[int, int]]]:
    """How often each provider was asked and found something in each of the newest campaigns, by its key."""
    rows = conn.execute(
        sa.text("""
            with newest as (
                select provider, campaign_id, found
                from provider_calls
                where workspace_id = :workspace and state = 'done'
                order by created_at desc, id desc
                limit :most
            )
            select provider, count(*) as asked, count(*) filter (where found) as hits
            from newest
            group by provider, campaign_id
        """),
        {"workspace": workspace_id, "most": _NEWEST_CALLS},
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row.provider, []).append((int(row.asked), int(row.hits)))
    return found


def sighting_of(row: Row[Any]) -> Sighting:
    """A stored lead; the address its source gave is the one that no look-up did."""
    looked_up = {step["step"] for step in row.steps}
    source = (row.provenance.get("email") or {}).get("source")
    first = next((c for c in row.contacts if c["origin"]["source"] not in looked_up), None)
    named = first["email"] if first else row.email if source and source not in looked_up else None
    return Sighting(
        domain=row.domain,
        source_email=named,
        phone=row.phone,
        email=row.email,
        steps=row.steps,
        contacts=row.contacts,
    )
