"""Tags and repeated runs of campaigns, and what two runs differ in."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0036_compare.sql").read_text().replace(":", "\\:"))
