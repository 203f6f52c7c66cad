"""Lists of addresses cost what their provider states, and those that failed are asked again."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0010_verification.sql").read_text().replace(":", "\\:"))
