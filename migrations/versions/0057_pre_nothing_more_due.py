"""A business of which nothing more is due is not looked at again."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0057_nothing_more_due.sql").read_text().replace(":", "\\:"))
