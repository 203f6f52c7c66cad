"""One schema for every database, whenever it was created: what earlier migrations were given after they had run."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parent.parent / "sql"
_HAS_0005 = "select from information_schema.columns where table_name = 'users' and column_name = 'mail_when'"


def upgrade() -> None:
    op.execute((_SQL / "0007_repair.sql").read_text().replace(":", "\\:"))
    # 0006 once followed 0004, so a database may have it and not what is 0005 now.
    if not op.get_bind().exec_driver_sql(_HAS_0005).all():
        op.execute((_SQL / "0005_notifications.sql").read_text().replace(":", "\\:"))
