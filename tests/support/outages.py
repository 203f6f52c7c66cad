"""Servers of one drill's own, which may be killed and brought back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

import settings
from embedded.postgres import Postgres
from embedded.redis import Redis
from store import database, migrate
from tests.support.servers import APP_SECRET, temporary_layout

_STOP_S = 60


class Servers:
    """A Postgres that keeps every commit, as an installation runs it, and a Redis."""

    def __init__(self, postgres: Postgres, redis: Redis) -> None:
        self._postgres = postgres
        self._redis = redis
        self._postgres_process = self._started_postgres()
        self._redis_process = self._started_redis()

    @property
    def url(self) -> str:
        """Postgres as the role that row-level security does not bind."""
        return self._postgres.url("postgres")

    def restart_postgres(self) -> None:
        """It ends without a word and comes back."""
        self.stop_postgres()
        self.start_postgres()

    def stop_postgres(self) -> None:
        """It ends without a word."""
        self._postgres_process.send_signal(signal.SIGQUIT)
        self._postgres_process.wait(_STOP_S)

    def start_postgres(self) -> None:
        """It comes back, with every commit."""
        self._postgres.clear_stale_lock()
        self._postgres_process = self._started_postgres()

    @contextmanager
    def frozen_postgres(self) -> Iterator[None]:
        """Its connections stay open, and nothing answers on them."""
        server = psutil.Process(self._postgres_process.pid)
        still = [server, *server.children(recursive=True)]
        for process in still:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        try:
            yield
        finally:
            for process in still:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    def kill_redis(self) -> None:
        """It dies, and everything it knew is gone."""
        self._redis_process.kill()
        self._redis_process.wait(_STOP_S)
        for path in self._redis.layout.redis.iterdir():
            if path.suffix != ".conf":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def start_redis(self) -> None:
        """It comes back, with what it has kept."""
        self._redis_process = self._started_redis()

    def stop(self) -> None:
        """End both."""
        for process, way in ((self._redis_process, signal.SIGTERM), (self._postgres_process, signal.SIGINT)):
            if process.poll() is None:
                process.send_signal(way)
            process.wait(_STOP_S)

    def _started_postgres(self) -> subprocess.Popen[bytes]:
        process = _child(
            self._postgres.start_command(parent=str(os.getpid())), self._postgres.layout.logs / "postgres.log"
        )
        self._postgres.bootstrap(gave_up=lambda: process.poll() is not None)
        return process

    def _started_redis(self) -> subprocess.Popen[bytes]:
        process = _child(
            self._redis.start_command(parent=str(os.getpid())), self._redis.layout.logs / "redis.log"
        )
        self._redis.wait(gave_up=lambda: process.poll() is not None)
        return process


def _child(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, cwd="/")


@contextmanager
def servers(folder: Path) -> Iterator[tuple[Servers, dict[str, str]]]:
    """Both, with the newest schema, and the environment variables under which the application finds them."""
    with temporary_layout(folder) as layout:
        postgres, redis = Postgres(layout), Redis(layout)
        postgres.create()
        redis.create()
        running = Servers(postgres, redis)
        try:
            yield (
                running,
                {
                    "DATABASE_URL": postgres.url(),
                    "REDIS_URL": redis.url,
                    "APP_SECRET": APP_SECRET,
                    "DATA_DIR": str(folder),
                },
            )
        finally:
            running.stop()


def prepare() -> None:
    """The newest schema, in the database the settings name now."""
    settings.get.cache_clear()
    database.dispose()
    migrate.upgrade()
