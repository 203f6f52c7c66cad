"""Watching a campaign, and lists of campaigns that look at no leads."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0029_watching.sql").read_text().replace(":", "\\:"))
