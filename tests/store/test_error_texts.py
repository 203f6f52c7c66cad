"""No value of a statement that fails stands in a log, whichever way the server repeats it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from store import database as store_database
from store import migrate
from store.database import Connection, DatabaseError, Role, in_short, statements, transaction
from store.ids import new_id
from store.leases import Lease
from tests.support.servers import Database, change

CANARY = "canary@example.com"
FAILING = {
    "a wrong kind": "select cast(:address as uuid)",
    "no number": "select cast(:address as integer)",
    "no JSON": "select cast(:address as jsonb)",
    "no such table": "select * from nowhere where address = :address",
    "a key twice": "insert into pg_temp.known values (:address), (:address)",
    "a check": "insert into pg_temp.checked values (:address)",
    "a missing value beside it": "insert into pg_temp.checked values (:address, null)",
    "a check at the end": "insert into pg_temp.late values (:address), (:address)",
}
_TABLES = """
    create temporary table known (address text primary key);
    create temporary table checked (address text check (length(address) < 5), day date not null default now());
    create temporary table late (address text unique deferrable initially deferred);
"""


@contextmanager
def _through(way: str) -> Iterator[Connection]:
    if way == "lease":
        nobody = Lease(
            workspace_id=new_id(), job_id=new_id(), campaign_id=new_id(), attempt=0, token=1, secret="none"
        )
        with statements(nobody) as conn:
            yield conn
    else:
        with transaction(Role(way)) as conn:
            yield conn


@pytest.mark.parametrize("way", [*Role, "lease"])
def test_what_a_statement_held_stands_in_no_log(
    database: Database, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    change(database.superuser_url, f'grant temporary on database "{database.name}" to public')
    log = logging.getLogger("canary")
    for what, statement in FAILING.items():
        try:
            with _through(way) as conn:
                conn.execute(sa.text(_TABLES))
                conn.execute(sa.text(statement), {"address": CANARY})
        except DatabaseError as error:
            log.exception("failed: %s, %s, %r", what, in_short(error), error)
        store_database.dispose()
    assert caplog.text.count("failed: ") == len(FAILING)
    assert "Traceback" in caplog.text
    assert CANARY not in caplog.text
    # The server's own log names what has a wrong form, which no address can have.
    server_log = (database.server.layout.logs / "postgres.log").read_text()
    assert "duplicate key value" in server_log
    assert [
        line for line in server_log.splitlines() if CANARY in line and "invalid input syntax" not in line
    ] == []


def test_an_answer_still_says_what_is_wrong(database: Database) -> None:
    with migrate.owner_engine().connect() as conn:
        conn.execute(sa.text(_TABLES))
        with pytest.raises(
            DatabaseError, match='duplicate key value violates unique constraint "known_pkey"'
        ) as it:
            conn.execute(sa.text(FAILING["a key twice"]), {"address": CANARY})
    assert CANARY not in str(it.value)
