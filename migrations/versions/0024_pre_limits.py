"""Money limits, kept by the database, and sums of spending between two days."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("limits", "spending"):
        op.execute((_SQL / f"0024_{part}.sql").read_text().replace(":", "\\:"))
