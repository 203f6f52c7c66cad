"""How many customers a campaign found, and lists of companies to look up."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for name in ("customers", "own_lists"):
        op.execute((_SQL / f"0037_{name}.sql").read_text().replace(":", "\\:"))
