"""What must not be kept for longer is removed."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings
from pipeline.fields import NAMED
from pipeline.providers.registry import registry

_FAULT_DAYS = 30


def kept_days() -> dict[str, int]:
    """For how many days what a source told may be kept, of sources that limit it."""
    values = settings.get().provider_values()
    return {origin: int(values[name]) for origin, name in registry().retained_briefly().items()}


def forget_values(conn: Connection) -> int:
    """Remove what a source allows to keep for some days only, from a thousand leads at once, and answers of Google's;
    returns of how many leads."""
    limits = {origin: {"said": _said(origin, days)} for origin, days in kept_days().items()}
    conn.execute(sa.text("select forget_found(cast(:limits as jsonb))"), {"limits": json.dumps(limits)})
    forgotten = conn.execute(
        sa.text("select forget_values(cast(:limits as jsonb), cast(:fields as text[]))"),
        {"limits": json.dumps(limits), "fields": [*(field.name for field in NAMED), "chain"]},
    ).scalar_one()
    conn.execute(sa.text("select forget_google_answers()"))
    return int(forgotten)


def _said(origin: str, days: int) -> str:
    label = registry().origin_label(origin)
    return f"{label} allows keeping this for {days} days only; it was removed then."


def forget_leads(conn: Connection, days: int) -> int:
    """Remove the leads, answers and questions of campaigns that ended so many days ago, fifty campaigns at once, and
    what exports of the book as old were filtered by; 0 removes nothing. Returns how many leads."""
    if days == 0:
        return 0
    conn.execute(sa.text("select forget_book_filters(:days)"), {"days": days})
    return int(conn.execute(sa.text("select forget_leads(:days)"), {"days": days}).scalar_one())


def forget_old(conn: Connection, days: int) -> int:
    """Remove history, messages and answers of campaigns that ended so long ago, expired answers, and after a month what
    errors of ours were; returns how many."""
    faults = conn.execute(sa.text("select forget_faults(:days)"), {"days": _FAULT_DAYS}).scalar_one()
    return int(faults + conn.execute(sa.text("select forget_old(:days)"), {"days": days}).scalar_one())
