"""What looked and then acted holds what it looked at: customers, exclusion lists, hand-offs, old leads and keys."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0084_at_once.sql").read_text().replace(":", "\\:"))
