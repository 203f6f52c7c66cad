"""Leads as rows: what the columns beside those of their business hold, written by the running campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.engine import Connection, Row

from pipeline.contact.contacts import is_mobile
from pipeline.lead import Contact, EmailStatus, Lead
from pipeline.words.normal_week import normal_week
from store import companies, found_values, tables
from store.bulk import upsert_rows
from store.businesses import (
    DOCUMENTS,
    FIGURES,
    PLAIN,
    business_from,
    origin_json,
    retained_until,
    shared_values,
)
from store.ids import new_id
from store.leases import Lease
from store.pieces import Pieces
from store.tables import SHARED

_OWN = (
    *(
        "workspace_id",
        "id",
        "campaign_id",
        "business_id",
        "company_id",
        "is_current",
        "email_status",
        "is_role_address",
        "phone_is_mobile",
        "open_week",
        "time_zone",
        "steps",
        "contacts",
    ),
    *("profiles", "cost_micros", "is_open", "retain_until", "found", "verdicts"),
)
_KEY = ("workspace_id", "campaign_id", "business_id")
_DOCUMENTS = (*DOCUMENTS, "steps", "contacts", "profiles", "verdicts")
_NO_FIGURES: Sequence[Any] = ((), ())

COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    *(tables.leads.c[name] for name in (*PLAIN, "email_status", "is_role_address")),
    # One text of all JSON: reading one is quicker than reading eight.
    sa.cast(sa.func.json_build_array(*(tables.leads.c[name] for name in _DOCUMENTS)), sa.Text()).label(
        "documents"
    ),
)
"""What a ``Reader`` makes leads of."""


def save(
    conn: Connection, lease: Lease, leads: Sequence[Lead], today: date, kept_days: Mapping[str, int]
) -> None:
    """Store leads, replacing an earlier state of each, keep the campaign's count and the workspace's book.

    ``kept_days`` is that of ``retained_until``.
    """
    ids = _business_ids(conn, lease, [lead.business.key for lead in leads])
    company_of = companies.of_businesses(conn, lease, [lead.business for lead in leads])
    companies.step_aside(conn, lease, company_of.values())
    rows = [
        {
            **shared_values(lead.business),
            **_own_values(lead),
            "workspace_id": lease.workspace_id,
            "id": new_id(),
            "campaign_id": lease.campaign_id,
            "business_id": ids[lead.business.key],
            "company_id": company_of[lead.business.key],
            "is_current": True,
            "retain_until": retained_until(lead.business.provenance.values(), today, kept_days),
            # These are values of sources: the database puts what people typed over them.
            "found": {},
        }
        for lead in leads
    ]
    added = upsert_rows(conn, tables.leads, (*_OWN, *SHARED), rows, key=_KEY)
    conn.execute(
        sa.text("""
            update campaigns
            set lead_count = lead_count + :added
            where workspace_id = :workspace and id = :id
        """),
        {"added": added, "workspace": lease.workspace_id, "id": lease.campaign_id},
    )


def stored(conn: Connection, lease: Lease) -> list[Lead]:
    """The campaign's leads, finished or not, with the values that sources gave."""
    rows = conn.execute(
        sa.text("select * from leads where workspace_id = :workspace and campaign_id = :campaign"),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id},
    )
    return [found_values.as_found(lead_of(row), row.found) for row in rows]


def lead_of(row: Row[Any]) -> Lead:
    """A lead from its row."""
    values = row._mapping
    plain, documents, figures = ([values[name] for name in names] for names in (PLAIN, _DOCUMENTS, FIGURES))
    return _lead((*plain, row.email_status, row.is_role_address), documents, figures, Pieces())


class Reader:
    """Leads from rows that hold ``COLUMNS``, without ``score_parts`` and ``reach_parts``: for many that is more than
    twice as fast as ``lead_of``."""

    def __init__(self) -> None:
        self._pieces = Pieces()

    def lead_of(self, row: Row[Any]) -> Lead:
        """The lead of a row with ``COLUMNS`` at its end."""
        *values, documents = row[-len(COLUMNS) :]
        return _lead(values, from_json(documents), _NO_FIGURES, self._pieces)


def _lead(values: Iterable[Any], documents: Iterable[Any], figures: Iterable[Any], pieces: Pieces) -> Lead:
    *plain, status, is_role_address = values
    *shared, steps, contacts, profiles, verdicts = documents
    return Lead(
        business=business_from(plain, shared, figures, pieces),
        email_status=EmailStatus(status),
        is_role_address=is_role_address,
        steps=pieces.steps(steps),
        contacts=pieces.contacts(contacts),
        profiles=tuple(profiles),
        verdicts=pieces.verdicts(verdicts),
    )


def _business_ids(conn: Connection, lease: Lease, keys: Sequence[str]) -> dict[str, Any]:
    rows = conn.execute(
        sa.text("""
            select match_key, id
            from businesses
            where workspace_id = :workspace and campaign_id = :campaign and match_key = any(:keys)
        """),
        {"workspace": lease.workspace_id, "campaign": lease.campaign_id, "keys": list(keys)},
    )
    return {row.match_key: row.id for row in rows}


def _own_values(lead: Lead) -> dict[str, Any]:
    business = lead.business
    week = normal_week(business.opening_hours, business.lat, business.lon)
    return {
        "email_status": lead.email_status.value,
        "is_role_address": lead.is_role_address,
        "phone_is_mobile": bool(business.phone and is_mobile(business.phone)),
        "open_week": week.open_week if week else None,
        "time_zone": week.time_zone if week else None,
        "steps": [
            {
                "step": step.step,
                "outcome": step.outcome.value,
                "detail": step.detail,
                "cost_micros": step.cost_micros,
                "is_open": step.is_open,
                "cause": step.cause.value if step.cause else None,
                "shared_micros": step.shared_micros,
            }
            for step in (*lead.steps, *lead.undone)
        ],
        "contacts": [_contact_json(contact) for contact in lead.contacts],
        "profiles": list(lead.profiles),
        "verdicts": [asdict(verdict) for verdict in lead.verdicts],
        "cost_micros": lead.cost_micros,
        "is_open": lead.is_open,
    }


def _contact_json(contact: Contact) -> dict[str, Any]:
    return {
        "email": contact.email,
        "origin": origin_json(contact.origin),
        "status": contact.status.value,
        "is_role_address": contact.is_role_address,
        "name": contact.name,
        "position": contact.position,
        "certainty": contact.certainty,
        "opinion": contact.opinion.value if contact.opinion else None,
    }
