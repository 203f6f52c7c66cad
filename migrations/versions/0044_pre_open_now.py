"""Leads know their normal week and their time zone, so that those that are open now can be found."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0044_open_now.sql").read_text().replace(":", "\\:"))
