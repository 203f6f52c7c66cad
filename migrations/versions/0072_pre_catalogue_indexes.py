"""Questions to the catalogue are as quick right after an import as they are later."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0072_catalogue_indexes.sql").read_text().replace(":", "\\:"))
