"""The stand-in providers, an owner, and a short lease, so that nobody waits for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import settings
from services import limits
from services.identity import Person
from tests.support.drill import DrillSetup
from tests.support.people import person
from tests.support.providers import Providers, providers
from tests.support.servers import Database


@pytest.fixture(scope="module")
def running_stand_in() -> Iterator[Providers]:
    with providers("--synthetic", "200", "--no-limited", "--job-s", "0.2") as running:
        yield running


@pytest.fixture
def stand_in(
    running_stand_in: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Providers:
    """The stand-in, asked by every worker of this test."""
    for name, value in {**running_stand_in.settings(), "LEASE_S": "2"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    running_stand_in.reset()
    return running_stand_in


@pytest.fixture
def owner(stand_in: Providers) -> Person:
    """Somebody with limits nothing comes near, so that their counters are held against the ledger, too."""
    made = person("owner")
    for period in limits.Period:
        limits.set_limit(made, period, Decimal(10_000))
    return made


@pytest.fixture
def drill_setup(
    owner: Person,
    stand_in: Providers,
    database: Database,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> DrillSetup:
    return DrillSetup(owner, stand_in, database, tmp_path, record_property)
