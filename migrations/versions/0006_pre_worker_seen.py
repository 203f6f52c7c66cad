"""Whether any worker runs, for the owner of a campaign that waits for one."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0006_worker_seen.sql").read_text().replace(":", "\\:"))
