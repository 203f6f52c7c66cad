"""A mail server that takes an address is a status of its own, and a step may have asked more than one question."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0013_accepted.sql").read_text().replace(":", "\\:"))
