"""Hand-off to customer systems: what a workspace connects, what it pushes, and what each company is there."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0069_crm.sql").read_text().replace(":", "\\:"))
