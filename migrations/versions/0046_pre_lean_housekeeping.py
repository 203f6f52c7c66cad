"""Housekeeping reads what is to be done, not whole tables."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0046_lean_housekeeping.sql").read_text().replace(":", "\\:"))
