"""What people correct in the book."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0034_edits.sql").read_text().replace(":", "\\:"))
