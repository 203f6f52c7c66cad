"""Whatever a role may read or change at all, it does so only for somebody who proved themselves: every column and every
table a role has a right to, as the database itself lists them, is tried by plain SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import psycopg2
import pytest

from services import identity, limits
from services.limits import Period
from store.database import Role, engine
from tests.support.intruder import holds_the_victims, victim_of
from tests.support.people import signed_in
from tests.support.servers import Database, change, rows

_RIGHTS = """
select distinct t.relname, quote_ident(a.attname) from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p', 'v') and {right}
order by 1, 2
"""
_READ = "has_column_privilege('{role}', t.oid, a.attname, 'SELECT')"
_UPDATE = "has_column_privilege('{role}', t.oid, a.attname, 'UPDATE') and a.attgenerated = '' and a.attidentity = ''"
_DELETE = "has_table_privilege('{role}', t.oid, 'DELETE')"
# What the system's role does for everybody, without being anybody: the work it is there for.
WORK = {
    Role.SYSTEM: {
        *("read campaigns", "update campaigns", "read discovery_jobs", "update discovery_jobs"),
        *("read outbox", "update outbox", "read provider_calls", "update provider_calls", "read call_sums"),
        *("read place_loads", "update place_loads", "delete place_loads"),
        *("update place_load_parts", "delete place_load_parts"),
        *("read place_wishes", "delete place_wishes"),
    }
}


@pytest.fixture
def victim(database: Database, redis_url: str) -> dict[str, object]:
    """Somebody with some of everything, money limits as well."""
    found = victim_of(database)
    owner = identity.who_is(signed_in("victim"))
    assert owner is not None
    limits.set_limit(owner, Period.DAY, Decimal(100))
    return found


def _statements(database: Database, role: Role) -> Iterator[tuple[str, str]]:
    """What is done, and the statement that does it."""
    readable = defaultdict(list)
    for table, column in _rights(database, role, _READ):
        readable[table].append(column)
    for table, columns in readable.items():
        yield f"read {table}", f"select {', '.join(columns)} from {table}"
    for table, column in _rights(database, role, _UPDATE):
        yield f"update {table}", f"update {table} set {column} = {column} returning 1"
    for table in sorted({table for table, _ in _rights(database, role, _DELETE)}):
        yield f"delete {table}", f"delete from {table} returning 1"


def _rights(database: Database, role: Role, right: str) -> list[tuple[str, str]]:
    found = rows(database.superuser_url, _RIGHTS.format(right=right.format(role=role.value)))
    return [(str(table), str(column)) for table, column in found]


def _brought(database: Database, role: Role, victim: dict[str, object]) -> set[str]:
    """What could be done to what is the victim's."""
    found = set()
    with closing(engine(role).raw_connection()) as raw:
        cursor = raw.cursor()
        for what, statement in _statements(database, role):
            try:
                cursor.execute(statement)
                told = cursor.fetchall()
            except psycopg2.Error:
                told = []
            raw.rollback()
            if holds_the_victims(told, victim) if what.startswith("read") else told:
                found.add(what)
    return found


@pytest.mark.parametrize("role", Role)
def test_nobody_in_particular_does_nothing_to_anybody(
    database: Database, victim: dict[str, object], role: Role
) -> None:
    assert _brought(database, role, victim) == WORK.get(role, set())


@pytest.mark.parametrize("what", ["update spend_limits", "read sessions", "delete api_keys"])
def test_a_right_too_many_is_noticed(database: Database, victim: dict[str, object], what: str) -> None:
    doing, table = what.split()
    right = "select" if doing == "read" else doing
    change(
        database.superuser_url,
        f"grant {right}, select on {table} to pp_web; create policy open on {table} to pp_web using (true)",
    )
    assert what in _brought(database, Role.WEB, victim)
