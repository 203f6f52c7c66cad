"""Of a wallet that is low again a mail is promised although one of that day was let go."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0087"
down_revision = "0084"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0087_wallet_mails.sql").read_text().replace(":", "\\:"))
