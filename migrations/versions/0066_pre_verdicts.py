"""What companies' own websites say to the criteria of an order."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0066_verdicts.sql").read_text())
