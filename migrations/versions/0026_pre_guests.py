"""Guests, who have no account."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("guests", "accounts"):
        op.execute((_SQL / f"0026_{part}.sql").read_text().replace(":", "\\:"))
