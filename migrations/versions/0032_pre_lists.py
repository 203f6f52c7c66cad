"""Lists of companies somebody uploads: customers, and whom to leave out."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0032_lists.sql").read_text().replace(":", "\\:"))
