"""Erasing somebody and deleting a campaign reach what programs were answered."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0058_erase_replies.sql").read_text().replace(":", "\\:"))
