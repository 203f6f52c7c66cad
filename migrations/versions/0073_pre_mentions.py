"""Notes name people of the workspace, who are told; authors change and delete what they wrote."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0073_mentions.sql").read_text().replace(":", "\\:"))
