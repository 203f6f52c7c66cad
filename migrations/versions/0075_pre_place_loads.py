"""Places loaded, renewed and removed from the page, and what the catalogue holds."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0075_place_loads.sql").read_text().replace(":", "\\:"))
