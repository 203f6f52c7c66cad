"""One installation: the servers it brings along, what it tells other commands, the lock on its folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import settings
from embedded.errors import CannotStart
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.redis import Redis
from embedded.secret_files import kept_secret, write_private

# The processes of a manager that was killed have ended by then.
_FORMER_RUN_S = 15.0
# In bytes: a new cluster with the open data takes 45 MB, and its log grows to 80 MB before Postgres uses it again.
_ROOM_AT_FIRST, _ROOM = 200 * 10**6, 50 * 10**6


@dataclass(frozen=True)
class Installation:
    """What runs from one data folder. ``postgres`` and ``redis`` are None when the person has their own."""

    settings: settings.Settings
    layout: Layout
    postgres: Postgres | None
    redis: Redis | None

    def create(self) -> None:
        """Create what is missing and write down how to connect. Raises CannotStart.

        Call while holding the lock.
        """
        self.layout.make_folders()
        if self.postgres:
            _check_room(self.layout.root, _ROOM_AT_FIRST if self.is_new else _ROOM)
        known: dict[str, str] = {}
        if self.postgres:
            self.postgres.create()
            self.postgres.clear_stale_lock()
            known["DATABASE_URL"] = self.postgres.url()
        if self.redis:
            self.redis.create()
            known["REDIS_URL"] = self.redis.url
        if not self.settings.app_secret.get_secret_value():
            known["APP_SECRET"] = kept_secret(self.layout.secrets / "app_secret")
        lines = "".join(f"{name}='{value}'\n" for name, value in known.items())
        write_private(self.layout.root / settings.INSTALLATION_FILE, lines)

    @property
    def is_new(self) -> bool:
        """Whether nothing has been started from this folder yet."""
        return not (self.layout.root / settings.INSTALLATION_FILE).exists()

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the folder; the descriptor may be handed to a child that must hold it longer.

        Raises CannotStart when the installation already runs.
        """
        try:
            self.layout.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotStart(
                f"The data folder {self.layout.root} cannot be used: {error.strerror}."
            ) from error
        try:
            _lock(descriptor, self.layout.root)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield descriptor
        finally:
            os.close(descriptor)


def this_installation() -> Installation:
    """The installation that the settings describe; nothing is created yet."""
    config = settings.load(with_installation=False)
    layout = Layout(config.data_dir.absolute())
    own_database = config.database_url.get_secret_value()
    own_redis = config.redis_url.get_secret_value()
    return Installation(
        settings=config,
        layout=layout,
        postgres=None if own_database else Postgres(layout),
        redis=None if own_redis else Redis(layout),
    )


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"The disk of {folder} has {free // 10**6:,} MB left; the database needs {needed // 10**6:,} MB to start."
            " Make room there, or name a folder on another disk in DATA_DIR."
        )


def _lock(descriptor: int, folder: Path) -> None:
    deadline = time.monotonic() + _FORMER_RUN_S
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode()
            if _is_alive(holder) or time.monotonic() > deadline:
                raise CannotStart(
                    f"ProspectPro already runs from {folder} (process {holder})."
                    " Stop it first, or start a second one with its own DATA_DIR and WEB_PORT."
                ) from None
        time.sleep(0.1)


def _is_alive(process_id: str) -> bool:
    return process_id.isdigit() and Path(f"/proc/{process_id}").exists()
