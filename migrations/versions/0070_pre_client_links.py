"""Client links: pages by which somebody without an account reads some leads."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0070_client_links.sql").read_text().replace(":", "\\:"))
