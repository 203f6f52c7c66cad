"""A place is found by everything it is: its further categories, and the finer kinds that other tags make of it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0017_kinds.sql").read_text().replace(":", "\\:"))
