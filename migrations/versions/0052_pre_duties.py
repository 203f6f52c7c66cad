"""What an installation does regularly is a row each, with what came of it last."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0052_duties.sql").read_text().replace(":", "\\:"))
