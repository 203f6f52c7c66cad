"""What credit is left at providers is kept, and what ends soon."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0060_credit.sql").read_text().replace(":", "\\:"))
