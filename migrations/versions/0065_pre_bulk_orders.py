"""Bulk orders: many campaigns ordered together, with one cap, and started in turns."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0065_bulk_orders.sql").read_text().replace(":", "\\:"))
