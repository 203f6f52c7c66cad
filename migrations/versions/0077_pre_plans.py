"""Plans that are paid for: which one a workspace has, what it allows, and what Stripe told."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0077_plans.sql").read_text().replace(":", "\\:"))
