"""A file of a schedule that was not sent can be sent again."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0082_send_again.sql").read_text().replace(":", "\\:"))
