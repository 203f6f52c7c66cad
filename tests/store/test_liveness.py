"""A pool hands out no connection that the server has ended."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from store.database import Role, engine, in_a_row, statements, transaction
from store.ids import new_id
from store.leases import Lease
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually

OURS = "from pg_stat_activity where usename = 'pp_web' and datname = current_database()"


def pooled(number: int) -> None:
    """Leave so many connections in the pool."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(engine(Role.WEB).connect())


@pytest.mark.parametrize("number", [1, 3])
def test_connections_the_server_ended_are_replaced(database: Database, number: int) -> None:
    pooled(number)
    # A test before may have left more of them at rest.
    ended = len(rows(database.superuser_url, f"select pg_terminate_backend(pid) {OURS}"))
    assert ended >= number
    eventually(lambda: not rows(database.superuser_url, f"select pid {OURS}"), "the end of the connections")
    for _ in range(ended):
        with transaction(Role.WEB) as conn:
            assert conn.scalar(sa.text("select 1")) == 1


def test_a_notice_nobody_asked_for_ends_no_connection(database: Database) -> None:
    nobody = Lease(
        workspace_id=new_id(), job_id=new_id(), campaign_id=new_id(), attempt=0, token=1, secret="none"
    )
    with statements(nobody) as conn:
        number = conn.scalar(sa.text("select pg_backend_pid()"))
        conn.execute(sa.text("listen something"))
    change(database.superuser_url, "select pg_notify('something', 'heard')")
    with statements(nobody) as conn:
        assert conn.scalar(sa.text("select pg_backend_pid()")) == number


def backend() -> int:
    with transaction(Role.SYSTEM) as conn:
        return int(conn.execute(sa.text("select pg_backend_pid()")).scalar_one())


def test_the_system_asks_in_a_row_by_one_connection_and_keeps_none(database: Database) -> None:
    with in_a_row():
        first = backend()
        assert backend() == first
        assert rows(database.superuser_url, f"select pg_terminate_backend({first})") == [(True,)]
        there = f"select from pg_stat_activity where pid = {first}"
        eventually(lambda: not rows(database.superuser_url, there), "the end of the connection")
        second = backend()
        assert second != first
    there = f"select from pg_stat_activity where pid = {second}"
    eventually(lambda: not rows(database.superuser_url, there), "the end of the other one")
    assert backend() != second


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER, Role.SYSTEM])
def test_nobody_waits_long_for_a_server_that_vanished_without_a_word(database: Database, role: Role) -> None:
    """A machine that is gone sends nothing that could be read; only the system's own timers notice."""
    with engine(role).connect() as conn:
        said = conn.connection.dbapi_connection.info.dsn_parameters  # type: ignore[union-attr]
    idle, interval, count = (
        int(said[name]) for name in ("keepalives_idle", "keepalives_interval", "keepalives_count")
    )
    assert idle + interval * count <= 20
    assert int(said["tcp_user_timeout"]) == 20_000
