"""The open-data catalogue: places, where they came from, and the localities people name."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0003_ledger.sql").read_text().replace(":", "\\:"))
