"""Filters of leads: mobile numbers, companies that left in a file, companies on the suppression list."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0040_lead_filters.sql").read_text().replace(":", "\\:"))
