"""Administrators stop asking a provider, and have it tried again."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0061_provider_stops.sql").read_text().replace(":", "\\:"))
