"""Fields of a lead that no rule speaks of, in one column, so that a new one needs no change of the schema."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0012_details.sql").read_text().replace(":", "\\:"))
