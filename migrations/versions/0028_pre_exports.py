"""Presets of exports that people save, and how each of them wants text tables spelled."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0028_exports.sql").read_text().replace(":", "\\:"))
