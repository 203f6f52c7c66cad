"""The page that says what now: when somebody was last here, and its counts without a look at all leads."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0030_home.sql").read_text().replace(":", "\\:"))
