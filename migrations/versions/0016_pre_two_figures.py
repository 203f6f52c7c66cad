"""Two figures instead of one: how sure a business is real and still there, and how well it can be reached."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0016_two_figures.sql").read_text().replace(":", "\\:"))
