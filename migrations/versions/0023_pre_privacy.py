"""What is kept about people can be said, withheld and removed."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("suppressions", "delete", "erase", "retention"):
        op.execute((_SQL / f"0023_{part}.sql").read_text().replace(":", "\\:"))
