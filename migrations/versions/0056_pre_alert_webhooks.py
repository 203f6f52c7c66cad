"""Webhooks of administrators are told of alerts."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0056_alert_webhooks.sql").read_text().replace(":", "\\:"))
