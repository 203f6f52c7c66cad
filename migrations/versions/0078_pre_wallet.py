"""Wallets: what a workspace has paid in for paid providers, and what became of it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0078_wallet.sql").read_text().replace(":", "\\:"))
