"""Administrators find jobs among many, look into one, delete it, pause the queue and let one worker rest."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0054_steering.sql").read_text().replace(":", "\\:"))
