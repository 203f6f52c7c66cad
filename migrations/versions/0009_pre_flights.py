"""One flight for each question of the whole installation, and a call of the ledger in one round trip each way."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0009_flights.sql").read_text().replace(":", "\\:"))
