"""Many companies are erased at once, looking once through what is held for all of them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0047_erase_many.sql").read_text().replace(":", "\\:"))
