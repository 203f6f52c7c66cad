"""How much each key asks for, answers to requests that are made again, and quotes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0051_api.sql").read_text().replace(":", "\\:"))
