"""Connections and transactions: who asks is set for one transaction and nowhere else.

Engines are made on first use, one per role and process, so that a forked work-horse never shares a socket
with its parent.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.engine import Connection as Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

import settings

# Under these names, so that no other folder has to know the driver.
DatabaseError = SQLAlchemyError
DatabaseAway = OperationalError


class Role(StrEnum):
    """The database roles the application connects as. None owns a table, is superuser or bypasses RLS."""

    WEB = "pp_web"
    WORKER = "pp_worker"
    SYSTEM = "pp_system"
    ADMIN = "pp_admin"
    IMPORTER = "pp_importer"


class DatabaseNotConfigured(Exception):
    """No database is known: start the application with ``make run`` or set DATABASE_URL and APP_SECRET."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def owner_url() -> URL:
    """The owner's connection, for migrations only; raises DatabaseNotConfigured."""
    return _as_url(settings.get().database_url.get_secret_value())


def password_for(role: Role) -> str:
    """The role's password, derived from APP_SECRET so that no second secret has to be kept."""
    secret = settings.get().app_secret.get_secret_value()
    if len(secret) < 32:
        raise DatabaseNotConfigured
    return hmac.new(secret.encode(), f"database-role:{role}".encode(), hashlib.sha256).hexdigest()


def url_for(role: Role) -> URL:
    """The connection of one role: its own setting, or the owner's with the derived password."""
    own = getattr(settings.get(), f"database_url_{role.removeprefix('pp_')}").get_secret_value()
    if own:
        return _as_url(own)
    return owner_url().set(username=role.value, password=password_for(role))


def _as_url(text: str) -> URL:
    if not text:
        raise DatabaseNotConfigured
    url = make_url(text)
    if url.get_backend_name() == "postgres":
        url = url.set(drivername="postgresql")
    return url.set(drivername="postgresql+psycopg2")


@lru_cache(maxsize=16)
def _engine(role: Role, pid: int, *, alone: bool = False) -> Engine:
    """``alone``: each statement is a transaction of its own."""
    if role is Role.SYSTEM:
        # The reconciler lives in a process that forks: it must hold no open connection between ticks.
        return sa.create_engine(url_for(role), poolclass=sa.NullPool, connect_args=_connect_args(role))
    return sa.create_engine(
        url_for(role),
        # The many threads of a campaign share few connections: each is needed for milliseconds, and every worker of
        # the installation needs some of those a server allows.
        pool_size=3 if role is Role.WORKER else 10,
        max_overflow=0 if role is Role.WORKER else 10,
        pool_timeout=30 if role is Role.WORKER else 2,
        pool_pre_ping=True,
        connect_args=_connect_args(role),
        **({"isolation_level": "AUTOCOMMIT"} if alone else {}),
    )


_IDLE_S = {Role.WORKER: 5, Role.SYSTEM: 5, Role.WEB: 60, Role.ADMIN: 60}
"""How long a transaction may stand still before Postgres rolls it back and lets go of its locks. A process that is
frozen between two statements would otherwise keep everybody from its campaign; so a worker's is below its lease."""


def _connect_args(role: Role) -> dict[str, str | int]:
    # The keep-alives find a client whose machine vanished without closing its connection.
    options = (
        "-c timezone=UTC -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
    )
    if role in _IDLE_S:
        options += f" -c idle_in_transaction_session_timeout={_IDLE_S[role]}s"
    return {"connect_timeout": 5, "application_name": role.value, "options": options}


def engine(role: Role) -> Engine:
    """This process's engine for ``role``."""
    return _engine(role, os.getpid())


def dispose() -> None:
    """Forget every engine of this process; connections inherited over a fork are dropped, not closed."""
    _engine.cache_clear()


@contextmanager
def transaction(
    role: Role,
    *,
    user_id: UUID | None = None,
    job_id: UUID | None = None,
    lease_token: int | None = None,
) -> Iterator[Connection]:
    """One transaction as ``role``, seeing what ``user_id`` or the holder of ``lease_token`` may see.

    The identity is local to the transaction, so a pooled connection carries nothing to its next user.
    """
    with engine(role).begin() as conn:
        conn.execute(
            sa.text("""
                select set_config('app.user_id', :user_id, true), set_config('app.job_id', :job_id, true),
                    set_config('app.lease_token', :lease_token, true)
            """),
            {
                "user_id": str(user_id or ""),
                "job_id": str(job_id or ""),
                "lease_token": "" if lease_token is None else str(lease_token),
            },
        )
        yield conn


@contextmanager
def statements(role: Role) -> Iterator[Connection]:
    """A connection on which each statement is a transaction of its own and takes one round trip. Nobody is named: for
    functions of the database that are told who asks."""
    with _engine(role, os.getpid(), alone=True).connect() as conn:
        yield conn
