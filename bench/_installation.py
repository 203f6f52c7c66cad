"""A throw-away installation to measure: durable Postgres, Redis, the shipped places, one account."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import Signals

import settings
from embedded import postgres as postgres_server
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.redis import Redis
from services import catalogue
from services.identity import Person
from store import database, migrate
from tests.support.people import person
from tests.support.servers import APP_SECRET, running, running_redis, temporary_layout


@contextmanager
def installation(*, is_admin: bool = False) -> Iterator[tuple[Path, Person]]:
    """Its folder and its account; the settings of this process name it as long as it lasts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        temporary_layout(Path(folder)) as layout,
        _postgres(layout) as server,
        running_redis(Redis(layout)),
    ):
        named = {
            "DATABASE_URL": server.url(),
            "REDIS_URL": Redis(layout).url,
            "APP_SECRET": APP_SECRET,
            "DATA_DIR": folder,
        }
        os.environ.update(named)
        settings.get.cache_clear()
        migrate.upgrade()
        catalogue.ensure_first_fill()
        yield Path(folder), person("bench", is_admin=is_admin)
        database.dispose()


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """A cluster with the settings of an installation, the schema and no rows."""
    layout = Layout(folder / "cluster")
    layout.make_folders()
    with _postgres(layout) as server:
        os.environ.update(DATABASE_URL=server.url(), DATA_DIR=str(folder), APP_SECRET=APP_SECRET)
        settings.get.cache_clear()
        database.dispose()
        migrate.upgrade()
        yield server.url()
        database.dispose()


@contextmanager
def _postgres(layout: Layout) -> Iterator[Postgres]:
    """As an installation runs it: every commit is on the disk before it is answered."""
    server = Postgres(layout)
    server.create()
    argv = server.start_command(parent=str(os.getpid()))
    stop: Signals = postgres_server.STOP_SIGNAL
    with running(argv, layout.logs / "postgres.log", stop) as process:
        server.bootstrap(gave_up=lambda: process.poll() is not None)
        yield server


def percentile(taken: Sequence[float], percent: int) -> float:
    """The value that ``percent`` of the measurements do not exceed."""
    return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1]


def spread(taken: Sequence[float]) -> str:
    """Minimum, median and maximum as columns."""
    return f"{min(taken):>9.3f}{statistics.median(taken):>9.3f}{max(taken):>9.3f}"
