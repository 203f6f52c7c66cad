"""Who is given new companies: by place, else in turns."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0071_assignment.sql").read_text().replace(":", "\\:"))
