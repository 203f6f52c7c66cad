"""Sessions, keys and leases prove who asks, and roles in a workspace are kept by the database."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("who_asks", "identity", "policies"):
        op.execute((_SQL / f"0020_{part}.sql").read_text().replace(":", "\\:"))
