"""People, workspaces, campaigns, leads, the ledger, and who may see what."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("tables", "functions", "policies"):
        op.execute((_SQL / f"0001_{part}.sql").read_text().replace(":", "\\:"))
