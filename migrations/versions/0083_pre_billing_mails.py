"""Mails about missing payments and low wallets, and wallets that do not follow from their entries."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0083_billing_mails.sql").read_text().replace(":", "\\:"))
