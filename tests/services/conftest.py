"""Keys of providers, which nobody asks here."""

from __future__ import annotations

import pytest

import settings
from tests.support.servers import Database


@pytest.fixture
def keys(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_PLACES_API_KEY", "HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY"):
        monkeypatch.setenv(name, "a-key")
    settings.get.cache_clear()
