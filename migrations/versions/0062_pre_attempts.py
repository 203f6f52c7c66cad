"""Each attempt at a job, its calls and its error, for administrators; which version a worker runs."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0062_attempts.sql").read_text().replace(":", "\\:"))
