"""What needs somebody is raised once, taken note of by a person, and resolved by itself."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0055_alerts.sql").read_text().replace(":", "\\:"))
