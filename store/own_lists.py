"""Lists of companies that were uploaded to be looked up: ordered once, read by the campaign, then gone."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.imports.own_list import OwnList
from store.leases import Lease


def read(conn: Connection, workspace_id: UUID, list_id: UUID) -> OwnList | None:
    """A list that was checked or ordered, with its file; None when it is not kept any more."""
    row = conn.execute(
        sa.text("""
            select l.id, l.name, f.data, f.columns, f.country,
                cast(l.created_at at time zone 'UTC' as date) as uploaded_on
            from lists l
            join list_files f on f.workspace_id = l.workspace_id and f.list_id = l.id
            where l.workspace_id = :workspace
                and l.id = :id
                and l.kind = 'own'
                and l.state in ('checked', 'ordered')
        """),
        {"workspace": workspace_id, "id": list_id},
    ).one_or_none()
    return (
        None
        if row is None
        else OwnList(**{**row._mapping, "data": bytes(row.data), "columns": tuple(row.columns.items())})
    )


def waiting(conn: Connection, workspace_id: UUID, list_id: UUID) -> tuple[str, int] | None:
    """What a list is called that waits to be ordered, and how many of its rows can be used; None when none does."""
    row = conn.execute(
        sa.text("""
            select name, rows - bad - repeated as usable
            from lists
            where workspace_id = :workspace and id = :id and kind = 'own' and state = 'checked'
        """),
        {"workspace": workspace_id, "id": list_id},
    ).one_or_none()
    return None if row is None else (row.name, row.usable)


def order(conn: Connection, workspace_id: UUID, list_id: UUID) -> bool:
    """Give a checked list to the campaign that is being ordered; False when it is not there any more."""
    done = conn.execute(
        sa.text("""
            update lists
            set state = 'ordered'
            where workspace_id = :workspace and id = :id and kind = 'own' and state = 'checked'
        """),
        {"workspace": workspace_id, "id": list_id},
    )
    return bool(done.rowcount)


def let_go(conn: Connection, lease: Lease) -> None:
    """The campaign has stored what its list says: the list goes, with its file."""
    conn.execute(sa.text("select own_list_let_go(:campaign)"), {"campaign": lease.campaign_id})
