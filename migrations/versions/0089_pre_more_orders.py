"""The book by rating, founding and size."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0089_more_orders.sql").read_text().replace(":", "\\:"))
