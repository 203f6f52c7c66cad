"""How much of what a campaign finds the book holds already, for campaigns and their plans."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0031_known_companies.sql").read_text().replace(":", "\\:"))
