"""The schema for reading is the one the migrations make."""

from __future__ import annotations

from tests.support.schema_dump import FILE, schema_text
from tests.support.servers import Database


def test_the_schema_file_is_what_the_migrations_come_to(database: Database) -> None:
    assert FILE.read_text() == schema_text(database.server, database.name), "Run `make schema`."
