"""Keys with a money limit neither resume schedules nor run them at once."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0088_schedules_brought_on.sql").read_text().replace(":", "\\:"))
