"""One installation for all bad inputs: whatever was sent to it, it goes on working for the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

import settings
from embedded.postgres import Postgres
from embedded.redis import Redis
from pipeline.campaign import CampaignSpec
from services.identity import Person
from store import database as store_database
from tests.api.conftest import served
from tests.bad_inputs.table import LAST, Case
from tests.pages.conftest import open_page as open_page
from tests.support.campaigns import SPEC, claimed, finished, lead, store_leads, submitted
from tests.support.catalogue import fill, row
from tests.support.people import person
from tests.support.servers import APP_SECRET, Database, change, cloned

_TRIED = "bad input"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """People with a campaign each, in a catalogue of a few towns. ``paid`` is an order that may cost something."""

    database: Database
    owner: Person
    stranger: Person
    boss: Person
    done: UUID
    running: UUID
    theirs: UUID
    order: CampaignSpec


@pytest.fixture(scope="session")
def _made(
    postgres: Postgres, migrated: str, redis_process: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with cloned(postgres, migrated) as database, pytest.MonkeyPatch.context() as patch:
        _point_at(patch, database, redis_process)
        store_database.dispose()
        towns = [
            row(1, city="Helsinki", country="FI"),
            *(row(10 + n, city="Springfield", lat=39.8, lon=-89.65, country="US") for n in range(3)),
            *(row(20 + n, city="Springfield", lat=42.1, lon=-72.59, country="US") for n in range(3)),
        ]
        fill(tmp_path_factory.mktemp("catalogue"), *towns)
        owner, stranger, boss = person("owner"), person("stranger"), person("boss", is_admin=True)
        running = submitted(owner)
        store_leads(claimed(owner, running), [lead(1)])
        yield World(
            database=database,
            owner=owner,
            stranger=stranger,
            boss=boss,
            done=finished(owner, [lead(number) for number in range(3)]),
            running=running,
            theirs=finished(stranger, [lead(1)]),
            order=SPEC,
        )
        store_database.dispose()


@pytest.fixture
def world(_made: World, redis_process: Redis, clean_settings: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The installation, which the settings of this test name."""
    _point_at(monkeypatch, _made.database, redis_process)
    return _made


def _point_at(patch: pytest.MonkeyPatch, database: Database, redis: Redis) -> None:
    patch.setenv("DATABASE_URL", database.owner_url)
    patch.setenv("APP_SECRET", APP_SECRET)
    patch.setenv("REDIS_URL", redis.url)
    settings.get.cache_clear()


@pytest.fixture
def database(world: World) -> Database:
    """The one database, in place of a fresh one for each test."""
    return world.database


@pytest.fixture(scope="session")
def _served(_made: World) -> Iterator[httpx.Client]:
    with served() as client:
        yield client


@pytest.fixture
def site(world: World, _served: httpx.Client) -> httpx.Client:
    """A browser that nobody has signed in with yet."""
    _served.cookies.clear()
    change(world.database.superuser_url, "delete from sign_in_throttle")
    return _served


@pytest.fixture(autouse=True)
def _counted(request: pytest.FixtureRequest) -> None:
    """Note each input that is tried, one by one or several on one page, for the summary of a run."""
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    given = [one for value in params.values() for one in (value if isinstance(value, tuple) else (value,))]
    tried = [one.number for one in given if isinstance(one, Case)]
    request.node.user_properties.extend((_TRIED, number) for number in tried)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many inputs of the list were tried, and how many were taken as they should be."""
    tried = {
        outcome: [
            number
            for report in terminalreporter.getreports(outcome)
            if report.when == "call"
            for name, number in report.user_properties
            if name == _TRIED
        ]
        for outcome in ("passed", "failed")
    }
    inputs = sum(map(len, tried.values()))
    if inputs:
        numbers = len({*tried["passed"], *tried["failed"]})
        terminalreporter.section("bad inputs")
        terminalreporter.write_line(
            f"{inputs} inputs under {numbers} of the {LAST} numbers of docs/bad-input.md were tried,"
            f" {len(tried['passed'])} handled."
        )
