"""The embedded Postgres: one cluster in the data folder, reached through a private socket with a password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as PgConnection

from embedded.account import hand_over, service_account
from embedded.child import command
from embedded.errors import CannotStart
from embedded.layout import Layout
from embedded.postgres_programs import for_a_shell, installed
from embedded.secret_files import kept_secret, write_private

OWNER = "pp_owner"
DATABASE = "prospectpro"
STOP_SIGNAL = signal.SIGINT
_PORT = 5432  # Names the socket file; nothing listens on the network.
_INITDB_S = 120.0
# Its longest path is 1,023 bytes, and the files below the cluster have names, too.
_LONGEST_PATH = 900
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    # What nobody waits for any more ends: by itself a server notices only when it has something to say.
    "client_connection_check_interval": "1s",
    "log_line_prefix": "%m [%p] %u@%d ",
    # A statement may hold a person's data, and so may what explains its failure.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster. ``create`` once, run ``start_command`` as a child, then ``bootstrap``."""

    layout: Layout

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return (self.layout.postgres / "data").absolute()

    @property
    def _parent(self) -> Path:
        """The folder above, by a path Postgres takes: 1,023 bytes, each of them part of a letter, no line break."""
        path = self.data.parent
        if str(path).isprintable() and len(os.fsencode(path)) <= _LONGEST_PATH:
            return path
        link = self.layout.sockets / "cluster"
        # The installation may have been moved since the link was made.
        link.unlink(missing_ok=True)
        link.symlink_to(path)
        return link

    @property
    def socket_folder(self) -> Path:
        """Holds the socket; open to the cluster's user only."""
        return self.layout.sockets / "postgres"

    @cached_property
    def programs(self) -> Path:
        """Where the server and its tools are. Raises CannotStart when there are none for this machine."""
        return installed()

    def url(self, user: str = OWNER, database: str = DATABASE) -> str:
        """How ``user`` (the owner or the superuser) connects. Holds the password."""
        password = kept_secret(self.layout.secrets / f"postgres_{user}")
        folder = quote(str(self.socket_folder), safe="")
        return f"postgresql://{user}:{password}@/{database}?host={folder}&port={_PORT}"

    def create(self) -> None:
        """Create the cluster unless it is there; an interrupted first try is thrown away.

        Raises CannotStart.
        """
        account = service_account()
        _check_owner(self.data, account.pw_uid if account else os.geteuid())
        self.socket_folder.mkdir(exist_ok=True, mode=0o700)
        hand_over(self.socket_folder, account)
        hand_over(self.layout.postgres, account)
        if (self.data / "PG_VERSION").exists():
            return
        unfinished = self._parent / "data.new"
        password_file = self._parent / "password"
        write_private(password_file, kept_secret(self.layout.secrets / "postgres_postgres"))
        hand_over(password_file, account)
        try:
            self._initdb(unfinished, password_file)
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def _initdb(self, folder: Path, password_file: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        with for_a_shell(self.programs, self.layout.sockets) as programs:
            self._create_cluster(programs, folder, password_file)

    def _create_cluster(self, programs: Path, folder: Path, password_file: Path) -> None:
        argv: list[str | Path] = [
            programs / "initdb",
            f"--pgdata={folder}",
            "--username=postgres",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            self._as_child(argv, programs),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_INITDB_S,
            check=False,
            cwd="/",
        )
        if done.returncode != 0:
            raise CannotStart(f"The database could not be created: {_first_error(done.stderr)}")

    def _as_child(self, argv: list[str | Path], programs: Path, parent: str | None = None) -> list[str]:
        account = service_account()
        return command(
            argv,
            death_signal=STOP_SIGNAL,
            user=account.pw_name if account else None,
            reach=(programs.parent / "share", self.layout.postgres),
            parent=parent,
        )

    def start_command(self, *, parent: str | None = None, **extra: str) -> list[str]:
        """The command line of the server; ``extra``: settings of Postgres, ``parent``: as in ``command``."""
        values = {**_SETTINGS, "unix_socket_directories": str(self.socket_folder), **extra}
        argv: list[str | Path] = [self.programs / "postgres", "-D", self._parent / "data"]
        for name, value in values.items():
            argv += ["-c", f"{name}={value}"]
        return self._as_child(argv, self.programs, parent)

    def clear_stale_lock(self, timeout_s: float = 10.0) -> None:
        """Forget the lock of a server that was killed, once none of its processes is left.

        Call while holding the installation's lock. Raises CannotStart when a server still runs after
        ``timeout_s``.
        """
        deadline = time.monotonic() + timeout_s
        while self._has_processes():
            if time.monotonic() > deadline:
                raise CannotStart(f"Another Postgres still runs in {self.data}; stop it first.")
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_folder.glob(".s.PGSQL.*"):
            left.unlink()

    def _has_processes(self) -> bool:
        """Every process of a cluster works in its data folder, so a recycled process id misleads nobody."""
        return any(_folder_of(entry) == str(self.data.resolve()) for entry in Path("/proc").glob("[0-9]*"))

    def connect(self, user: str, database: str) -> PgConnection:
        """Connect, each statement on its own, and make sure that it is this cluster that answers.

        Raises CannotStart when another one does.
        """
        made = psycopg2.connect(self.url(user, database), connect_timeout=5)
        made.autocommit = True
        with made.cursor() as cursor:
            cursor.execute("show data_directory")
            (answered,) = cursor.fetchone() or ("",)
        if Path(answered).resolve() != self.data.resolve():
            made.close()
            raise CannotStart(f"Expected the database in {self.data}, but another one answered.")
        return made

    def bootstrap(self, timeout_s: float = 60.0, gave_up: Callable[[], bool] = lambda: False) -> None:
        """Wait for the server, then make the owner role and the database. Raises CannotStart.

        ``gave_up`` tells that the server will not come any more.
        """
        password = kept_secret(self.layout.secrets / f"postgres_{OWNER}")
        role, database = sql.Identifier(OWNER), sql.Identifier(DATABASE)
        with closing(self._wait(timeout_s, gave_up)) as made, made.cursor() as cursor:
            cursor.execute("select 1 from pg_roles where rolname = %s", (OWNER,))
            verb = sql.SQL("alter" if cursor.fetchone() else "create")
            powers = sql.SQL("{} role {} login nosuperuser nocreatedb createrole password %s")
            cursor.execute(powers.format(verb, role), (password,))
            cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
            if not cursor.fetchone():
                empty = sql.SQL("create database {} owner {} template template0")
                cursor.execute(empty.format(database, role))

    def _wait(self, timeout_s: float, gave_up: Callable[[], bool]) -> PgConnection:
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                return self.connect("postgres", "postgres")
            except psycopg2.OperationalError as error:
                if gave_up() or time.monotonic() > deadline:
                    raise CannotStart(f"Postgres did not start: {_last_line(str(error))}") from error
            time.sleep(0.05)


def _check_owner(data: Path, expected: int) -> None:
    """Postgres serves only a folder of its own user, e.g. not one made before `make run` was root's."""
    if data.exists() and data.stat().st_uid != expected:
        raise CannotStart(
            f"The database in {data} belongs to another user; start ProspectPro as the one before."
        )


def _folder_of(process: Path) -> str:
    try:
        return os.readlink(process / "cwd")
    except OSError:
        return ""


def _first_error(text: str) -> str:
    """The line that says why: what initdb does about it comes after."""
    return next(
        (line for line in text.splitlines() if "error:" in line or "FATAL:" in line), _last_line(text)
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]
