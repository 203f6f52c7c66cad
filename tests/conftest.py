"""Fixtures every test may use: a real Postgres with the newest schema, a real Redis."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import redis
from streamlit.components.v2 import manifest_scanner

import settings
from embedded.postgres import DATABASE, Postgres
from embedded.redis import Redis
from store import database as store_database
from store import migrate
from tests.support import axe
from tests.support.drill import Figures, table
from tests.support.kept_database import KeptDatabase
from tests.support.processes import MARK, NoProcesses, starts_processes
from tests.support.servers import (
    APP_SECRET,
    Database,
    folder_in_memory,
    running_postgres,
    running_redis,
    sealed,
    temporary_layout,
)

# How many other tests with processes one of these folders takes as long as, roughly.
_WEIGHTS = {"end_to_end": 10, "processes": 4}
_NO_PROCESSES = pytest.StashKey[NoProcesses]()


def pytest_configure(config: pytest.Config) -> None:
    """Hold unmarked tests to what their mark says."""
    config.stash[_NO_PROCESSES] = NoProcesses()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """An unmarked test that starts a process fails."""
    with item.config.stash[_NO_PROCESSES].during(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Pools of the kept database last from one test that uses it to the next; others bring databases of their own."""
    yield
    if "database" not in getattr(nextitem, "fixturenames", ()):
        store_database.dispose()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``make test-fast`` leaves out, before pytest chooses by marks; and files that take longest come first:
    several workers would otherwise wait for the last of them at the end."""
    slow: Counter[Path] = Counter()
    known: dict[object, bool] = {}
    for item in items:
        if starts_processes(item, known):
            item.add_marker(MARK)
            slow[item.path] += _WEIGHTS.get(item.path.parent.name, 1)
    items.sort(key=lambda item: -slow[item.path])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the drills of this run came to, and what axe-core found."""
    noted: dict[str, list[Any]] = defaultdict(list)
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        if getattr(report, "when", None) == "call":
            for name, figures in report.user_properties:
                noted[name].append(figures)
    if drills := noted["drill"]:
        terminalreporter.section("drills")
        terminalreporter.write_line(table([Figures(**figures) for figures in drills]))
    if looks := noted["axe"]:
        terminalreporter.section("axe-core")
        terminalreporter.write_line(axe.table(axe.Look(**figures) for figures in looks))


@pytest.fixture(scope="session", autouse=True)
def one_look_at_the_installed_packages() -> Iterator[None]:
    """Streamlit's test driver looks for components in all packages at each run of a page, which takes many times as
    long as the run; what is installed stays the same."""
    with pytest.MonkeyPatch.context() as patch:
        name = "scan_component_manifests"
        patch.setattr(manifest_scanner, name, cache(getattr(manifest_scanner, name)))
        yield


@pytest.fixture(autouse=True)
def clean_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No test sees the settings of this machine, or the data folder of a running installation."""
    for name in settings.model().model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    # Nobody listens there: no test asks the real servers whether they are reachable.
    monkeypatch.setenv("OVERPASS_BASE_URL", "http://127.0.0.1:9/api")
    settings.get.cache_clear()
    yield
    settings.get.cache_clear()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One cluster for the whole test process."""
    with (
        folder_in_memory(tmp_path_factory.mktemp("cluster")) as folder,
        temporary_layout(folder / "installation") as layout,
        running_postgres(layout) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a database with the newest schema and nothing in it, to copy from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", postgres.url())
        patch.setenv("APP_SECRET", APP_SECRET)
        settings.get.cache_clear()
        migrate.upgrade()
    settings.get.cache_clear()
    store_database.dispose()
    return sealed(postgres, DATABASE)


@pytest.fixture(scope="session")
def kept_database(postgres: Postgres, migrated: str) -> Iterator[KeptDatabase]:
    """The database that tests get one after another."""
    with KeptDatabase(postgres, migrated).kept() as kept:
        yield kept


@pytest.fixture
def database(
    kept_database: KeptDatabase, clean_settings: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """An empty, migrated database that the settings of this test name."""
    with kept_database.lent() as lent:
        monkeypatch.setenv("DATABASE_URL", lent.owner_url)
        monkeypatch.setenv("APP_SECRET", APP_SECRET)
        settings.get.cache_clear()
        kept_database.forget_others()
        yield lent


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """One Redis for the whole test process."""
    with temporary_layout(tmp_path_factory.mktemp("redis")) as layout:
        server = Redis(layout)
        with running_redis(server):
            yield server


@pytest.fixture
def redis_url(redis_process: Redis, clean_settings: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty Redis, which the settings of this test name as well."""
    with redis.Redis.from_url(redis_process.url) as client:
        client.flushall()
    monkeypatch.setenv("REDIS_URL", redis_process.url)
    settings.get.cache_clear()
    return redis_process.url
