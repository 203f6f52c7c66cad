"""Exports that repeat: files of leads that are sent somewhere each time they are due."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0079_scheduled_exports.sql").read_text().replace(":", "\\:"))
