"""Filling until when businesses that became no lead may stay, known since schema 0046, in a database of before: how
many days each source allows stands in the settings, so it is no migration."""

from __future__ import annotations

import json

from sqlalchemy.engine import Connection

from store import retention
from store.filling import as_owner

SINCE = "0046"


def fill(conn: Connection) -> None:
    """Do it, as the owner of the table."""
    with as_owner(conn, ("businesses",), {}):
        conn.exec_driver_sql(
            """
            update businesses b
            set retain_until = o.until
            from (
                select workspace_id, id,
                    min(created_at::date + (%(days)s::jsonb ->> (origin ->> 'source'))::int) as until
                from businesses, jsonb_array_elements(origins) as origin
                where %(days)s::jsonb ? (origin ->> 'source')
                group by workspace_id, id
            ) o
            where b.workspace_id = o.workspace_id and b.id = o.id
            """,
            {"days": json.dumps(retention.kept_days())},
        )
