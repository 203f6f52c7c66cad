"""Database roles: made before the first migration, passwords kept equal to what APP_SECRET derives."""

from __future__ import annotations

import sqlalchemy as sa
from psycopg2 import sql
from sqlalchemy.engine import Connection

from store.database import IDLE_S, Role, fingerprint, password_for

# Owns the few functions that look people up before anyone is signed in; nobody can log in as it.
AUTH_ROLE = "pp_auth"


class CannotMakeRoles(Exception):
    """The database's roles are not this installation's to make; the message says what to do."""


def ensure_roles(conn: Connection, *, is_ours: bool, new_secret: bool = False) -> None:
    """Create the roles that are missing and set their passwords.

    Roles belong to the whole server, so another installation's would be taken away from it: each bears a mark of the
    APP_SECRET its password is derived from. ``is_ours``: the database holds this application's schema already, so roles
    without a mark were made by an earlier version. ``new_secret`` allows the mark to change. Raises CannotMakeRoles.
    """
    present = _present(conn)
    mark = _mark()
    made_by = present.get(Role.WEB.value)
    if not new_secret and Role.WEB.value in present and made_by != mark and (made_by or not is_ours):
        raise CannotMakeRoles(
            "The roles pp_web, pp_worker and so on of this Postgres server were made with another APP_SECRET. If"
            " another installation uses this server, give this one a server of its own: roles belong to the whole"
            " server. If you changed APP_SECRET on purpose, run `manage.py migrate --new-secret` and restart every"
            " process."
        )
    if not _may_create_roles(conn):
        if made_by == mark and present.keys() >= {AUTH_ROLE, *(role.value for role in Role)}:
            return
        raise CannotMakeRoles(
            "The role in DATABASE_URL may not create roles. Let an administrator of the server run:"
            " ALTER ROLE … CREATEROLE, with its name."
        )
    _make(conn, present, mark)


def _make(conn: Connection, present: dict[str, str | None], mark: str) -> None:
    if AUTH_ROLE not in present:
        _run(conn, "create role {role} nologin", AUTH_ROLE)
    for role in Role:
        verb = "alter" if role.value in present else "create"
        _run(conn, f"{verb} role {{role}} login password {{text}}", role.value, password_for(role))
        _run(conn, "comment on role {role} is {text}", role.value, mark)
        # Connections ask for both as well, but a pooler may drop what they ask for.
        _run(conn, "alter role {role} set timezone = {text}", role.value, "UTC")
        idle = f"{IDLE_S.get(role, 0)}s"
        _run(conn, "alter role {role} set idle_in_transaction_session_timeout = {text}", role.value, idle)
    member = conn.execute(
        sa.text(
            "select rolsuper or pg_has_role(rolname, :auth, 'SET') from pg_roles where rolname = current_user"
        ),
        {"auth": AUTH_ROLE},
    ).scalar_one()
    if not member:
        _run(conn, "grant {role} to current_user with inherit false, set true", AUTH_ROLE)


def _present(conn: Connection) -> dict[str, str | None]:
    """Every role of the server with its comment."""
    found = conn.execute(sa.text("select rolname, shobj_description(oid, 'pg_authid') as mark from pg_roles"))
    return {row.rolname: row.mark for row in found}


def _mark() -> str:
    """Tells installations apart, and nothing about their secret."""
    return f"ProspectPro {fingerprint()}"


def _may_create_roles(conn: Connection) -> bool:
    return bool(
        conn.execute(
            sa.text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
        ).scalar_one()
    )


def _run(conn: Connection, statement: str, role: str, text: str | None = None) -> None:
    """Role names and passwords cannot be bound parameters, so they are quoted by the driver."""
    composed = sql.SQL(statement).format(role=sql.Identifier(role), text=sql.Literal(text))
    conn.exec_driver_sql(composed.as_string(conn.connection.driver_connection).replace("%", "%%"))
