"""Every SQL statement of the store against a migrated Postgres, without running any."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import connection as PgConnection
from sqlalchemy.dialects import postgresql

import settings
from embedded.postgres import Postgres
from store import tables
from store.database import Role
from store.role_names import AUTH_ROLE
from tests.support.servers import cloned

_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_STORE = settings.PROJECT_ROOT / "store"


def _texts(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sa.text":
            yield node


def _is_one_literal(source: str, call: ast.Call) -> bool:
    (given,) = call.args
    written = ast.get_source_segment(source, given) or ""
    is_text = isinstance(given, ast.Constant) and isinstance(given.value, str)
    return is_text and (written.startswith('"""') or "\n" not in written)


FILES = [pytest.param(path, id=path.name) for path in sorted(_STORE.glob("*.py"))]
STATEMENTS = [
    pytest.param(call.args[0].value, id=f"{path.stem}:{call.lineno}")
    for path in sorted(_STORE.glob("*.py"))
    for call in _texts(path)
    if isinstance(call.args[0], ast.Constant)
]


@pytest.fixture(scope="module")
def empty(postgres: Postgres, migrated: str) -> Iterator[PgConnection]:
    """A superuser's connection to a migrated database; each statement is a transaction of its own."""
    with cloned(postgres, migrated) as made, closing(psycopg2.connect(made.superuser_url)) as conn:
        conn.autocommit = True
        yield conn


@pytest.mark.parametrize("path", FILES)
def test_a_text_is_one_literal(path: Path) -> None:
    """What is put together from parts is an expression over ``store.tables``."""
    source = path.read_text()
    assert [call.lineno for call in _texts(path) if not _is_one_literal(source, call)] == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_role_may_run_every_statement(empty: PgConnection, statement: str) -> None:
    """Planned by Postgres as one of the roles, or as the owner of the functions that see accounts: every table, column,
    function, type and right is there."""
    asked = str(sa.text(statement).compile(dialect=_DIALECT))
    missing, roles = [], [*(role.value for role in Role), AUTH_ROLE]
    with empty.cursor() as cursor:
        for role in roles:
            cursor.execute(f"set role {role}")
            try:
                cursor.execute(f"explain (generic_plan) {asked}")
            except InsufficientPrivilege as error:
                missing.append(str(error))
    assert len(missing) < len(roles), missing


@pytest.mark.parametrize("table", tables.METADATA.sorted_tables, ids=lambda table: table.name)
def test_columns_are_what_the_migrations_made_them(empty: PgConnection, table: sa.Table) -> None:
    with empty.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = %s::regclass",
            (table.name,),
        )
        made = {name: _plain(kind) for name, kind in cursor.fetchall()}
    defined = {column.name: _plain(column.type.compile(_DIALECT)) for column in table.columns}
    assert defined == {name: made.get(name) for name in defined}


def _plain(kind: str) -> str:
    return kind.casefold().replace(" ", "")
