"""The application refuses a database that would not keep people apart."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest

import settings
from store import database as connections
from store import migrate, readiness
from store.database import Role
from store.readiness import NotReady
from tests.support.servers import Database


def as_superuser(database: Database, statement: str) -> None:
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn, conn.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_passes_on_a_migrated_database(database: Database, role: Role) -> None:
    readiness.check(role)


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate.upgrade()
    readiness.check(Role.WEB)


def test_a_table_without_forced_security_is_refused(database: Database) -> None:
    as_superuser(database, "alter table leads no force row level security")
    with pytest.raises(NotReady, match="leads"):
        readiness.check(Role.WEB)


def test_a_view_that_runs_as_its_owner_is_refused(database: Database) -> None:
    as_superuser(database, "create view all_leads as select * from leads")
    with pytest.raises(NotReady, match="all_leads"):
        readiness.check(Role.WEB)


def test_an_older_schema_is_refused(database: Database) -> None:
    as_superuser(database, "update alembic_version set version_num = '0000'")
    with pytest.raises(NotReady, match=r"manage\.py migrate"):
        readiness.check(Role.WEB)


def test_a_role_above_the_rules_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_WEB", database.superuser_url)
    settings.get.cache_clear()
    connections.dispose()
    with pytest.raises(NotReady, match="ignores row-level security"):
        readiness.check(Role.WEB)
