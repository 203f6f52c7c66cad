"""Mails when a campaign ends, each person's wish about them, and successes that are worth a look."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0005_notifications.sql").read_text().replace(":", "\\:"))
