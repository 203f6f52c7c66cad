"""Statements of a command line: Ctrl-C ends the wait for one, and a server that stands still counts as away.

By itself the driver waits inside C code, where no signal reaches Python, and for as long as a connection stays open.
"""

from __future__ import annotations

import select
from functools import partial

import psycopg2
from psycopg2 import extensions


def allow_interrupts(answer_s: float) -> None:
    """From now on in this process: a wait for Postgres can be interrupted, and ends after ``answer_s`` without a word
    as psycopg2.OperationalError. The driver closes the connection then."""
    extensions.set_wait_callback(partial(_wait, answer_s))


def _wait(answer_s: float, conn: extensions.connection) -> None:
    while True:
        state = conn.poll()
        if state == extensions.POLL_OK:
            return
        reading = [conn] if state == extensions.POLL_READ else []
        writing = [conn] if state == extensions.POLL_WRITE else []
        if not any(select.select(reading, writing, [], answer_s)):
            raise psycopg2.OperationalError(f"the server has not answered for {answer_s:g} seconds")
