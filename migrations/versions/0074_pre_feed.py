"""What a team did, newest first, by kind and by person: two indexes of activities, one of exports."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0074_feed.sql").read_text().replace(":", "\\:"))
