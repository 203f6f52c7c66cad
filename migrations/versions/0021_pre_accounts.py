"""People look after their own account."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    for part in ("accounts", "second_factor", "reset", "single_sign_on", "passkeys"):
        op.execute((_SQL / f"0021_{part}.sql").read_text().replace(":", "\\:"))
