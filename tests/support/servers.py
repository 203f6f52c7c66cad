"""Real servers for tests: the embedded ones, in a folder of their own, ended with the test run."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

import psutil
import psycopg2
from psycopg2 import sql

from embedded import postgres as postgres_server
from embedded import redis as redis_server
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.redis import Redis

# Roles belong to the whole cluster, so every database of a test run has to agree on their passwords.
APP_SECRET = "a secret of the tests, never of an installation"
_STOP_S = 30
_MEMORY = Path("/dev/shm")
_IN_MEMORY = "prospectpro-tests-"
_ROOM_BYTES = 2 << 30
# Rows of a test need not outlive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@contextmanager
def running(argv: Sequence[str], log: Path, stop: Signals) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server as a child of this test process and end it with ``stop``."""
    with log.open("ab") as output:
        server = subprocess.Popen(argv, stdout=output, stderr=output, cwd="/")
    try:
        yield server
    finally:
        if server.poll() is None:
            server.send_signal(stop)
        server.wait(_STOP_S)


@contextmanager
def temporary_layout(root: Path) -> Iterator[Layout]:
    """The folders of an installation; nothing outside ``root`` is left."""
    layout = Layout(root)
    layout.make_folders()
    try:
        yield layout
    finally:
        layout.remove_socket_folder()


@contextmanager
def folder_in_memory(otherwise: Path) -> Iterator[Path]:
    """A folder that no disk is behind, where the system has one with room: copying a database takes a third of the time
    there. Else ``otherwise``. What killed runs have left there is removed."""
    for left in _MEMORY.glob(f"{_IN_MEMORY}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(_IN_MEMORY))):
            shutil.rmtree(left, ignore_errors=True)
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        yield otherwise
        return
    made = _MEMORY / f"{_IN_MEMORY}{os.getpid()}"
    made.mkdir(mode=0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def running_postgres(layout: Layout) -> Iterator[Postgres]:
    """A cluster with the owner role and the application's database, both still empty."""
    server = Postgres(layout)
    server.create()
    argv = server.start_command(parent=str(os.getpid()), **_FAST)
    with running(argv, layout.logs / "postgres.log", postgres_server.STOP_SIGNAL) as process:
        server.bootstrap(gave_up=lambda: process.poll() is not None)
        yield server


@contextmanager
def running_redis(server: Redis) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis that answers, as a child of this test process."""
    server.create()
    argv = server.start_command(parent=str(os.getpid()))
    with running(argv, server.layout.logs / "redis.log", redis_server.STOP_SIGNAL) as process:
        server.wait(gave_up=lambda: process.poll() is not None)
        yield process


@dataclass(frozen=True)
class Database:
    """A migrated database of one test."""

    server: Postgres
    name: str

    @property
    def owner_url(self) -> str:
        """As the role that owns the tables."""
        return self.server.url(database=self.name)

    @property
    def superuser_url(self) -> str:
        """As the role that row-level security does not bind; for looking at what a test left behind."""
        return self.server.url("postgres", self.name)


def execute(server: Postgres, statement: sql.Composable) -> None:
    """Run one statement on the cluster, outside any transaction."""
    with closing(server.connect("postgres", "postgres")) as conn, conn.cursor() as cursor:
        cursor.execute(statement)


def sealed(server: Postgres, name: str) -> str:
    """The name of a copy of a database that nobody can connect to: one in use cannot be cloned."""
    copy = f"{name}_sealed"
    copied = "create database {} template {} strategy file_copy allow_connections false"
    execute(server, sql.SQL(copied).format(sql.Identifier(copy), sql.Identifier(name)))
    return copy


@contextmanager
def cloned(server: Postgres, template: str) -> Iterator[Database]:
    """A copy of ``template``, dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    execute(
        server,
        # By files, not through the log of changes: half the time.
        sql.SQL("create database {} owner {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(postgres_server.OWNER), sql.Identifier(template)
        ),
    )
    try:
        yield Database(server, name)
    finally:
        execute(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def change(url: str, statement: str) -> None:
    """Change rows as the owner of the database, past all rules."""
    with closing(psycopg2.connect(url)) as conn, conn, conn.cursor() as cursor:
        cursor.execute(statement)


Row = tuple[object, ...]


def rows(url: str, statement: str) -> list[Row]:
    """What ``statement`` answers on a connection of its own."""
    with reader(url) as answers:
        return answers(statement)


@contextmanager
def reader(url: str) -> Iterator[Callable[[str], list[Row]]]:
    """Answers statements on one connection, as making one takes longer than most statements do."""
    with closing(psycopg2.connect(url)) as conn, conn.cursor() as cursor:
        conn.autocommit = True

        def answers(statement: str) -> list[Row]:
            cursor.execute(statement)
            return list(cursor.fetchall())

        yield answers
