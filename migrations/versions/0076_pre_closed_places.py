"""Places that closed are kept as witnesses."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0076_closed_places.sql").read_text().replace(":", "\\:"))
