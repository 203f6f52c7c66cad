"""Further conditions of an order: one that has none of them on is the same order and the same search as before."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0068_switches.sql").read_text().replace(":", "\\:"))
