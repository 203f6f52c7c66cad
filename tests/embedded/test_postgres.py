"""The embedded Postgres as its own processes: who gets in, and what survives a kill."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from embedded.errors import CannotStart
from embedded.layout import Layout
from embedded.postgres import DATABASE, OWNER, STOP_SIGNAL, Postgres
from tests.support.servers import rows, running, running_postgres, temporary_layout


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    with temporary_layout(tmp_path / "installation") as made:
        yield made


@contextmanager
def started(server: Postgres) -> Iterator[subprocess.Popen[bytes]]:
    """Like an installation: durable, with the locks of a killed server cleared first."""
    server.create()
    server.clear_stale_lock()
    argv = server.start_command(parent=str(os.getpid()))
    with running(argv, server.layout.logs / "postgres.log", STOP_SIGNAL) as process:
        server.bootstrap(gave_up=lambda: process.poll() is not None)
        yield process


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_gets_in_without_the_password(postgres: Postgres) -> None:
    for user in ("postgres", OWNER):
        with pytest.raises(psycopg2.OperationalError, match=r"password|fe_sendauth"):
            psycopg2.connect(host=str(postgres.socket_folder), port=5432, user=user, dbname=DATABASE)
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(
                host=str(postgres.socket_folder), port=5432, user=user, dbname=DATABASE, password="a guess"
            )


def test_other_users_of_the_machine_reach_neither_socket_nor_files_nor_network(postgres: Postgres) -> None:
    assert mode(postgres.socket_folder) == 0o700
    assert mode(postgres.socket_folder / ".s.PGSQL.5432") == 0o700
    assert mode(postgres.data) == 0o700
    assert mode(postgres.layout.secrets) == 0o700
    assert {mode(path) for path in postgres.layout.secrets.iterdir()} == {0o600}
    assert rows(postgres.url(), "show listen_addresses") == [("",)]


def test_no_secret_is_on_the_command_line(postgres: Postgres) -> None:
    shown = " ".join(postgres.start_command())
    for path in postgres.layout.secrets.iterdir():
        assert path.read_text() not in shown


def test_the_application_owns_its_database_without_being_superuser(postgres: Postgres) -> None:
    asked = (
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
    )
    assert rows(postgres.url(), asked) == [(False, False, False, True)]
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    assert rows(postgres.url(), owner) == [(OWNER,)]


def test_rows_survive_the_death_of_the_server(layout: Layout) -> None:
    server = Postgres(layout)
    with started(server) as process:
        with psycopg2.connect(server.url()) as conn, conn.cursor() as cursor:
            cursor.execute("create table kept as select generate_series(1, 1000) as n")
        conn.close()
        process.send_signal(signal.SIGKILL)
        process.wait()
    with started(server):
        assert rows(server.url(), "select count(*) from kept") == [(1000,)]


@pytest.mark.parametrize("content", ["", "1\n", "{own_id}\n/elsewhere\n"])
def test_a_stale_lock_file_does_not_keep_the_server_from_starting(layout: Layout, content: str) -> None:
    server = Postgres(layout)
    with started(server):
        pass
    (server.data / "postmaster.pid").write_text(content.format(own_id=os.getpid()))
    with started(server):
        assert rows(server.url(), "select 1") == [(1,)]


def test_a_server_that_still_runs_keeps_its_lock(layout: Layout) -> None:
    server = Postgres(layout)
    with started(server):
        with pytest.raises(CannotStart, match="still runs"):
            server.clear_stale_lock(timeout_s=0)
        assert (server.data / "postmaster.pid").exists()


def test_an_interrupted_first_start_is_begun_afresh(layout: Layout) -> None:
    server = Postgres(layout)
    (layout.postgres / "data.new").mkdir()
    (layout.postgres / "data.new" / "PG_VERSION").write_text("18")
    with started(server):
        assert rows(server.url(), "select 1") == [(1,)]
    assert not (layout.postgres / "data.new").exists()


def test_two_installations_with_long_paths_do_not_meet(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 30)
    with (
        temporary_layout(long / "one") as first,
        temporary_layout(long / "two") as second,
        running_postgres(first) as one,
        running_postgres(second) as two,
    ):
        outside = one.socket_folder.parent
        assert one.socket_folder != two.socket_folder
        assert mode(one.socket_folder) == mode(two.socket_folder) == 0o700
        for server in (one, two):
            asked = rows(server.url("postgres"), "show data_directory")
            assert asked == [(str(server.data),)]
    assert not outside.exists()


def test_a_socket_folder_somebody_else_may_have_made_is_not_used(tmp_path: Path) -> None:
    with temporary_layout(tmp_path / ("long" * 30)) as layout:
        recorded = layout.sockets
        recorded.chmod(0o777)
        layout.make_folders()
        assert layout.sockets != recorded
        assert mode(layout.sockets) & 0o067 == 0
    recorded.rmdir()


def test_letters_beyond_ascii_change_case(postgres: Postgres) -> None:
    assert rows(postgres.url(), "select lower('KÖLN ČESKÁ')") == [("köln česká",)]
