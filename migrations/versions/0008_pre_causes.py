"""Why a campaign ended early, as a value beside the sentence that tells it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0008_causes.sql").read_text().replace(":", "\\:"))
