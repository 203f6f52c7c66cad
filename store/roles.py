"""Database roles: made before the first migration, passwords kept equal to what APP_SECRET derives."""

from __future__ import annotations

import sqlalchemy as sa
from psycopg2 import sql
from sqlalchemy.engine import Connection

import settings
from store.database import IDLE_S, Role, fingerprint, password_for
from store.role_names import AUTH_ROLE, named


class CannotMakeRoles(Exception):
    """The database's roles are not this installation's to make; the message says what to do."""


def ensure_roles(conn: Connection, *, is_ours: bool, new_secret: bool = False) -> None:
    """Create the roles that are missing and set their passwords.

    Roles belong to the whole server, so another installation's would be taken away from it: each bears a mark of the
    APP_SECRET its password is derived from. ``is_ours``: the database holds this application's schema already, so roles
    without a mark were made by an earlier version. ``new_secret`` allows the mark to change. Raises CannotMakeRoles.
    """
    present = marks(conn)
    mine = mark()
    web = named(Role.WEB)
    made_by = present.get(web)
    if not new_secret and web in present and made_by != mine and (made_by or not is_ours):
        raise CannotMakeRoles(
            f"The roles {web}, {named(Role.WORKER)} and so on of this server were made with another APP_SECRET. If"
            " another installation uses this server, give this one role names of its own by ROLE_PREFIX. If you changed"
            " APP_SECRET on purpose, run `manage.py migrate --new-secret` and restart every process."
        )
    if not _may_create_roles(conn):
        if made_by == mine and present.keys() >= {named(role) for role in (AUTH_ROLE, *Role)}:
            return
        raise CannotMakeRoles(
            "The role in DATABASE_URL may not create roles. Let an administrator of the server run:"
            " ALTER ROLE … CREATEROLE, with its name."
        )
    _make(conn, present)


def _make(conn: Connection, present: dict[str, str | None]) -> None:
    auth = named(AUTH_ROLE)
    if auth not in present:
        _run(conn, "create role {role} nologin", auth)
    for role in Role:
        name = named(role)
        verb = "alter" if name in present else "create"
        _run(conn, f"{verb} role {{role}} login password {{text}}", name, password_for(role))
        _run(conn, "comment on role {role} is {text}", name, mark())
        # Connections ask for both as well, but a pooler may drop what they ask for.
        _run(conn, "alter role {role} set timezone = {text}", name, "UTC")
        idle = f"{IDLE_S.get(role, 0)}s"
        _run(conn, "alter role {role} set idle_in_transaction_session_timeout = {text}", name, idle)
    member = conn.execute(
        sa.text(
            "select rolsuper or pg_has_role(rolname, :auth, 'SET') from pg_roles where rolname = current_user"
        ),
        {"auth": auth},
    ).scalar_one()
    if not member:
        _run(conn, "grant {role} to current_user with inherit false, set true", auth)


def is_of_another_secret(conn: Connection) -> bool:
    """Whether the role of this connection was made with another APP_SECRET than this process was given; False where
    that cannot be told."""
    try:
        mine = mark()
    except settings.SettingsError:
        return False
    statement = sa.text(
        "select shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname = current_user"
    )
    return conn.execute(statement).scalar_one() not in (None, mine)


def marks(conn: Connection) -> dict[str, str | None]:
    """Every role of the server with its comment, by which installations tell theirs."""
    found = conn.execute(sa.text("select rolname, shobj_description(oid, 'pg_authid') as mark from pg_roles"))
    return {row.rolname: row.mark for row in found}


def mark() -> str:
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
