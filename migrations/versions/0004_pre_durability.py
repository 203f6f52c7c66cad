"""Look-ups a person allows to be repeated, deadlines, notifications, retention."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0004_durability.sql").read_text().replace(":", "\\:"))
