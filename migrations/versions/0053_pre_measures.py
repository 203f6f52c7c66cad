"""How the installation does, minute by minute, kept beside what it is derived from."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0053_measures.sql").read_text().replace(":", "\\:"))
