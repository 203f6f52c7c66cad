"""The schema for reading is the one the migrations make."""

from __future__ import annotations

from embedded.postgres import Postgres
from tests.support.schema_dump import FILE, schema_text


def test_the_schema_file_is_what_the_migrations_come_to(postgres: Postgres, migrated: str) -> None:
    assert FILE.read_text() == schema_text(postgres, migrated), "Run `make schema`."
