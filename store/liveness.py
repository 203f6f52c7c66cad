"""Whether a pooled connection still works is seen at its socket, not asked in a round trip.

SQLAlchemy's own ``pool_pre_ping`` asks the server each time a connection is taken, which was half of the round trips
of a paid call. A server that has ended a connection has closed its socket, which can be read from then on; one that
vanished without a word is found by the keep-alives, and by a statement that fails.
"""

from __future__ import annotations

import select

from psycopg2 import Error, InterfaceError
from psycopg2.extensions import connection as PgConnection
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError


def watched(engine: Engine) -> Engine:
    """The same engine, whose dead connections are replaced before anybody gets one."""

    def look(connection: PgConnection, *_: object) -> None:
        if _has_something_to_say(connection) and not _answers(engine, connection):
            raise InvalidatePoolError

    event.listen(engine, "checkout", look)
    return engine


def _has_something_to_say(connection: PgConnection) -> bool:
    """Whether the server sent something nobody asked for: its end, or a notice."""
    waiting = select.poll()
    try:
        waiting.register(connection.fileno(), select.POLLIN)
    except InterfaceError:
        return True
    return bool(waiting.poll(0))


def _answers(engine: Engine, connection: PgConnection) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except Error:
        return False
