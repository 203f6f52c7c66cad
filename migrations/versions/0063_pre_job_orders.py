"""Everybody's jobs in the order of their states and of their owners."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0063_job_orders.sql").read_text())
