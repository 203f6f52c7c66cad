"""The lead book."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("book", "privacy"):
        op.execute((_SQL / f"0027_{part}.sql").read_text().replace(":", "\\:"))
