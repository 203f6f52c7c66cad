"""Database roles: made before the first migration, passwords kept equal to what APP_SECRET derives."""

from __future__ import annotations

import sqlalchemy as sa
from psycopg2 import sql
from sqlalchemy.engine import Connection

from store.database import Role, password_for

# Owns the few functions that look people up before anyone is signed in; nobody can log in as it.
AUTH_ROLE = "pp_auth"


def ensure_roles(conn: Connection) -> None:
    """Create the roles that are missing and set their passwords. Needs CREATEROLE on the connection."""
    present = set(conn.execute(sa.text("select rolname from pg_roles")).scalars())
    if AUTH_ROLE not in present:
        _run(conn, "create role {role} nologin", AUTH_ROLE)
    for role in Role:
        if role.value not in present:
            _run(conn, "create role {role}", role.value)
        _run(conn, "alter role {role} login password {password}", role.value, password_for(role))
    member = conn.execute(
        sa.text(
            "select rolsuper or pg_has_role(rolname, :auth, 'SET') from pg_roles where rolname = current_user"
        ),
        {"auth": AUTH_ROLE},
    ).scalar_one()
    if not member:
        _run(conn, "grant {role} to current_user with inherit false, set true", AUTH_ROLE)


def _run(conn: Connection, statement: str, role: str, password: str | None = None) -> None:
    """Role names and passwords cannot be bound parameters, so they are quoted by the driver."""
    composed = sql.SQL(statement).format(role=sql.Identifier(role), password=sql.Literal(password))
    cursor = conn.connection.cursor()
    cursor.execute(composed)
    cursor.close()
