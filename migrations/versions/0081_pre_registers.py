"""Registers of companies in the catalogue: found by the middle of a postcode."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0081_registers.sql").read_text().replace(":", "\\:"))
