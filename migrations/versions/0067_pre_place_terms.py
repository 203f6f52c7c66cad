"""Each place of the catalogue says under which licence it is and whom to credit."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"


def upgrade() -> None:
    op.execute((_SQL / "0067_place_terms.sql").read_text())
