"""What an order may demand that only some sources state: one that demands nothing is the same search as before."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0080_ratings.sql").read_text().replace(":", "\\:"))
