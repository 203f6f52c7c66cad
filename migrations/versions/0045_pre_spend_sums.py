"""Sums of spending over all time are sums over a few rows, however many campaigns there were."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0045_spend_sums.sql").read_text().replace(":", "\\:"))
