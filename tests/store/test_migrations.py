"""Landed migrations stay as they are, and a database upgraded from any of them is like a fresh one.

``landed/`` holds earlier states of migrations that were edited after they had landed, from the first on: a database may
have been created by any of them. The name ends with the number of the state; without a number it is the one of today.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from alembic.script import ScriptDirectory
from psycopg2 import sql

import settings
from embedded.postgres import OWNER, Postgres
from store import database as connections
from store import migrate, readiness, schema_version
from store.database import Role
from tests.support.servers import APP_SECRET, Database, execute

HERE = Path(__file__).resolve().parent
MIGRATIONS = settings.PROJECT_ROOT / "migrations"

_BEFORE_SIGN_IN = ("0001_tables", "0001_functions.1", "0001_policies.1")
_CORE = ("0001_tables", "0001_functions", "0001_policies", "0002_catalogue")
_LEDGER = (*_CORE, "0003_ledger.2")
# What a database held when it was created by a commit that changed a migration, in their order.
STATES = {
    "the first": _BEFORE_SIGN_IN,
    "sign-in": ("0001_tables", "0001_functions.2", "0001_policies.2"),
    "leases": ("0001_tables", "0001_functions.2", "0001_policies.3"),
    "catalogue": ("0001_tables", "0001_functions.2", "0001_policies.3", "0002_catalogue"),
    "command line": _CORE,
    "contracts of paid calls": (*_CORE, "0003_ledger.1"),
    "ledger": _LEDGER,
    "ask again": (*_LEDGER, "0004_durability.1"),
    "drills": (*_LEDGER, "0004_durability.2"),
    "retention": (*_LEDGER, "0004_durability.3"),
    "mails": (*_LEDGER, "0004_durability.3", "0005_notifications.1"),
    "workers seen, before mails": (*_LEDGER, "0004_durability.3", "0006_worker_seen"),
    "mails and workers seen": (*_LEDGER, "0004_durability.3", "0005_notifications.1", "0006_worker_seen"),
    "coordinates": (*_LEDGER, "0004_durability.4", "0005_notifications.1", "0006_worker_seen"),
    "one rule once": (*_LEDGER, "0004_durability", "0005_notifications", "0006_worker_seen"),
    "created first and upgraded each time": (
        *_BEFORE_SIGN_IN, "0002_catalogue", "0003_ledger.1", "0004_durability.1",
    ),
}  # fmt: skip


def test_the_newest_migration_is_the_one_every_process_asks_for() -> None:
    """One line of migrations leads to ``schema_version.NEWEST``."""
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_heads() == [schema_version.NEWEST]


def test_landed_migrations_are_frozen() -> None:
    """When a new migration lands, its line is added: `sha256sum migrations/versions/*.py migrations/sql/*.sql`."""
    lines = (HERE / "landed.sha256").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    present = {
        str(path.relative_to(settings.PROJECT_ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*MIGRATIONS.glob("versions/*.py"), *MIGRATIONS.glob("sql/*.sql")]
    }
    assert present == listed


@pytest.fixture
def empty(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database without any schema, which the settings name."""
    name = sql.Identifier(f"test_{secrets.token_hex(6)}")
    made = Database(postgres, name.string)
    owned = sql.SQL("create database {} owner {} template template0")
    execute(postgres, owned.format(name, sql.Identifier(OWNER)))
    monkeypatch.setenv("DATABASE_URL", made.owner_url)
    monkeypatch.setenv("APP_SECRET", APP_SECRET)
    settings.get.cache_clear()
    connections.dispose()
    yield made
    connections.dispose()
    execute(postgres, sql.SQL("drop database {} with (force)").format(name))


def create(database: Database, state: tuple[str, ...]) -> None:
    """The schema as a commit of long ago made it."""
    with closing(psycopg2.connect(database.owner_url)) as conn, conn, conn.cursor() as cursor:
        cursor.execute(
            "create table alembic_version (version_num varchar(32) constraint alembic_version_pkc primary key)"
        )
        for name in state:
            folder = HERE / "landed" if "." in name else MIGRATIONS / "sql"
            cursor.execute((folder / f"{name}.sql").read_text())
        cursor.execute("insert into alembic_version values (%s)", (state[-1][:4],))


def schema(server: Postgres, name: str) -> dict[str, list[str]]:
    """Everything pg_dump tells of a schema, by object; the order of columns and of grants means nothing."""
    options = ("--schema-only", "--restrict-key=none", server.url("postgres", name))
    dump: list[str | Path] = [server.programs / "pg_dump", *options]
    told = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for part in re.split(r"^-- (?=Name: )", told, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        lines = [line.rstrip(",") for line in body.splitlines() if not line.startswith(("--", "SET default"))]
        found.setdefault(title, []).extend(line for line in lines if line)
    return {title: sorted(lines) for title, lines in found.items()}


@pytest.mark.parametrize("state", STATES)
def test_an_upgraded_database_is_like_a_fresh_one(database: Database, empty: Database, state: str) -> None:
    create(empty, STATES[state])
    assert migrate.upgrade() == STATES[state][-1][:4]
    assert schema(empty.server, empty.name) == schema(database.server, database.name)
    readiness.check(Role.WEB)
