"""Exports that repeat: files of leads that are sent somewhere each time they are due."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0074"
down_revision = "0071"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0074_scheduled_exports.sql").read_text().replace(":", "\\:"))
