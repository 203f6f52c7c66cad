"""What a campaign paid for a company stands on its lead, whatever a later run made of the lead."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0014_borne_costs.sql").read_text().replace(":", "\\:"))
