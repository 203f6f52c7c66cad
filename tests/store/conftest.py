"""Databases that several tests of the store begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import settings
from embedded.postgres import Postgres
from store import database as store_database
from tests.support.servers import APP_SECRET, Database, cloned


@pytest.fixture
def schemaless(postgres: Postgres, migrated: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database without a schema, which the settings of this test name."""
    with cloned(postgres, "template1") as made:
        monkeypatch.setenv("DATABASE_URL", made.owner_url)
        monkeypatch.setenv("APP_SECRET", APP_SECRET)
        settings.get.cache_clear()
        store_database.dispose()
        yield made
        store_database.dispose()
