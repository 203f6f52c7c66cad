"""What a plan may know before an order: answers held, and what was learnt of companies."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0011_quotes.sql").read_text().replace(":", "\\:"))
