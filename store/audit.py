"""What administrators did to other people's things."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def record(conn: Connection, actor_id: UUID, action: str, workspace_id: UUID, target_id: UUID) -> None:
    """Note one action in the transaction that does it."""
    conn.execute(
        sa.text("""
            insert into audit_log (actor_id, action, workspace_id, target_id)
            values (:actor, :action, :workspace, :target)
        """),
        {"actor": actor_id, "action": action, "workspace": workspace_id, "target": target_id},
    )
