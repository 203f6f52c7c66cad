"""The lead book at any size: an index for every filter and order; sums of calls by day."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for name in ("0039_fast_book.sql", "0039_call_sums.sql"):
        op.execute((_SQL / name).read_text().replace(":", "\\:"))
