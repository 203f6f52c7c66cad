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
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.engine import Connection as Connection
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

import settings
from store.liveness import watched
from store.role_names import Role as Role
from store.role_names import named

# Under these names, so that no other folder has to know the driver.
DatabaseError = SQLAlchemyError
DatabaseAway = OperationalError
# What a pause of the database may show itself as to somebody who is willing to wait.
PAUSES = (OperationalError, InterfaceError, NoConnectionFree)


class DatabaseNotConfigured(Exception):
    """No database is known: start the application with `make run`, or set DATABASE_URL and APP_SECRET."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def in_short(error: SQLAlchemyError) -> str:
    """The first line of what the database or its driver said, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return (said.splitlines() or [type(error).__name__])[0]


def owner_url() -> URL:
    """The owner's connection, for migrations only; raises DatabaseNotConfigured and SettingsError."""
    return as_url("database_url")


def password_for(role: Role) -> str:
    """The role's password, derived from APP_SECRET so that no second secret has to be kept."""
    return _derived(f"database-role:{role}")


FIRST_ADMIN = "first administrator"
"""The purpose of the secret in the link for the first administrator."""


def secret_for(purpose: str) -> str:
    """A secret for one purpose that only who knows APP_SECRET can make: 32 characters."""
    return _derived(purpose)[:32]


def check_secret() -> None:
    """Raise SettingsError without an APP_SECRET: suppression lists could not be read."""
    _derived("check")


def fingerprint() -> str:
    """What tells this APP_SECRET from another one; the secret cannot be found from it."""
    return _derived("fingerprint")[:16]


_SHORTEST_SECRET = 32


def _derived(purpose: str) -> str:
    secret = settings.get().app_secret.get_secret_value()
    if len(secret) < _SHORTEST_SECRET:
        raise settings.SettingsError(
            "Set APP_SECRET to at least 32 random characters, the same ones for every process of this installation:"
            " the passwords of the database's roles are derived from it. `openssl rand -hex 32` makes one."
        )
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def url_for(role: Role) -> URL:
    """The connection of one role: its own setting, or the owner's with the derived password."""
    own = f"database_url_{role.name.lower()}"
    if getattr(settings.get(), own).get_secret_value():
        return as_url(own)
    return owner_url().set(username=named(role), password=password_for(role))


def as_url(setting: str) -> URL:
    """The address of a database in a setting. Raises DatabaseNotConfigured and SettingsError."""
    text = getattr(settings.get(), setting).get_secret_value().strip()
    if not text:
        raise DatabaseNotConfigured
    try:
        url = make_url(text)
    except (SQLAlchemyError, ValueError):
        raise _refused(setting, "is no address of a database") from None
    if url.get_backend_name() not in ("postgres", "postgresql"):
        raise _refused(setting, "has to begin with postgresql://")
    if "@" in (url.host or ""):
        raise _refused(
            setting, "has a password with special characters: write them as %40 for @, %3A for :, %2F for /"
        )
    if not (url.database or "dbname" in url.query):
        raise _refused(setting, "names no database")
    return url.set(drivername="postgresql+psycopg2")


def _refused(setting: str, problem: str) -> settings.SettingsError:
    example = "postgresql://owner:password@db.example.com:5432/prospectpro"
    return settings.SettingsError(f"Settings refused. {setting.upper()} {problem}. It looks like {example}")


_POOLS: dict[Role, dict[str, Any]] = {
    # The many threads of a campaign share few connections, as every worker needs some of those a server allows.
    Role.WORKER: {"pool_size": 3, "max_overflow": 0, "pool_timeout": 30},
    # The reconciler lives in a process that forks: it must hold no open connection between ticks.
    Role.SYSTEM: {"poolclass": sa.NullPool},
}
_LARGE = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 2}
_IN_A_ROW: ContextVar[Engine | None] = ContextVar("in_a_row", default=None)


@lru_cache(maxsize=16)
def _engine(role: Role, pid: int, **more: Any) -> Engine:  # noqa: ANN401 - of create_engine
    return _made(role, _connect_args(role), **more)


@lru_cache(maxsize=2)
def _engine_of(job_id: UUID, token: int, secret: str, pid: int) -> Engine | None:
    """Each statement is a transaction of its own, and speaks for the holder of a lease: a process runs one job. None
    where a pooler drops what a connection says of itself, for its statements would see nothing."""
    args = _connect_args(Role.WORKER)
    identity = {"app.job_id": job_id, "app.lease_token": token, "app.lease_secret": secret}
    spoken = " ".join(f"-c {name}={value}" for name, value in identity.items())
    args["options"] = f"{args['options']} {spoken}"
    made = _made(Role.WORKER, args, isolation_level="AUTOCOMMIT")
    with made.connect() as conn:
        said = conn.execute(sa.text("select current_setting('app.lease_secret', true)")).scalar_one()
    return made if said == secret else None


def _made(role: Role, connect_args: dict[str, str | int], **more: Any) -> Engine:  # noqa: ANN401 - of create_engine
    how = {**_POOLS.get(role, _LARGE), **more}
    return watched(sa.create_engine(url_for(role), connect_args=connect_args, hide_parameters=True, **how))


IDLE_S = {Role.WORKER: 5, Role.SYSTEM: 5, Role.WEB: 60, Role.ADMIN: 60}
"""How long a transaction may stand still before Postgres rolls it back and lets go of its locks. A process that is
frozen between two statements would otherwise keep everybody from its campaign; so a worker's is below its lease."""
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}


def _connect_args(role: Role) -> dict[str, str | int]:
    # The keep-alives find a machine that vanished without closing its connection: the server the client's, and the
    # client the server's, in about as many seconds, so that nobody waits for the quarter of an hour TCP would.
    alive = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
    idle = f"-c idle_in_transaction_session_timeout={IDLE_S[role]}s" if role in IDLE_S else ""
    options = f"-c timezone=UTC {alive} {idle}"
    return {**_ALIVE, "connect_timeout": 5, "application_name": role.value, "options": options}


def engine(role: Role) -> Engine:
    """This process's engine for ``role``."""
    return (role is Role.SYSTEM and _IN_A_ROW.get()) or _engine(role, os.getpid())


@contextmanager
def in_a_row() -> Iterator[None]:
    """The system's transactions inside take turns on one connection, closed at the end, as to open one takes longer
    than what most of them ask. Nothing is forked inside."""
    made = _engine(Role.SYSTEM, os.getpid(), poolclass=sa.QueuePool)
    before = _IN_A_ROW.set(made)
    try:
        yield
    finally:
        _IN_A_ROW.reset(before)
        made.dispose()


def dispose() -> None:
    """Forget every engine of this process; connections inherited over a fork are dropped, not closed."""
    _engine.cache_clear()
    _engine_of.cache_clear()


class Held(Protocol):
    """A lease as its holder proves it to the database."""

    @property
    def job_id(self) -> UUID: ...
    @property
    def token(self) -> int: ...
    @property
    def secret(self) -> str: ...


@contextmanager
def transaction(role: Role, *, proof: str = "", lease: Held | None = None) -> Iterator[Connection]:
    """One transaction as ``role``, seeing what the person whose session or key gave ``proof``, or the holder of
    ``lease``, may see.

    The identity is local to the transaction, so a pooled connection carries nothing to its next user.
    """
    with engine(role).begin() as conn:
        conn.execute(
            sa.text("""
                select set_config('app.proof', :proof, true), set_config('app.job_id', :job_id, true),
                    set_config('app.lease_token', :lease_token, true), set_config('app.lease_secret', :secret, true)
            """),
            {
                "proof": proof,
                "job_id": str(lease.job_id) if lease else "",
                "lease_token": str(lease.token) if lease else "",
                "secret": lease.secret if lease else "",
            },
        )
        yield conn


@contextmanager
def by_itself(role: Role) -> Iterator[Connection]:
    """A connection on which each statement is a transaction of its own, and takes its proof along."""
    # Of a pool apart: going from one way to the other takes a statement.
    with _engine(role, os.getpid(), isolation_level="AUTOCOMMIT").connect() as conn:
        yield conn


@contextmanager
def statements(lease: Held) -> Iterator[Connection]:
    """A connection of the holder of a lease on which each statement is a transaction of its own and takes one round
    trip: for what is read, and for functions of the database that see to the lease themselves."""
    found = _engine_of(lease.job_id, lease.token, lease.secret, os.getpid())
    if found is None:
        with transaction(Role.WORKER, lease=lease) as conn:
            yield conn
    else:
        with found.connect() as conn:
            yield conn
