"""Keys of providers and the mail server are set in the interface, encrypted."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0059_secrets.sql").read_text().replace(":", "\\:"))
