"""Alembic's entry: runs the migrations on the connection it is handed, in the caller's transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
if context.get_context().get_current_revision() == "0004":
    # 0004 may have run before it was complete, and 0005 builds on the whole of it.
    repair = Path(__file__).resolve().parent / "sql" / "0007_repair.sql"
    context.execute(repair.read_text().replace(":", "\\:"))
context.run_migrations()
