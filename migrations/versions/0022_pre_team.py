"""A workspace is a team."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("team", "invitations", "accounts", "audit"):
        op.execute((_SQL / f"0022_{part}.sql").read_text().replace(":", "\\:"))
