"""Statements of a command line: Ctrl-C ends the wait for one, and a server that stands still counts as away.

By itself the driver waits inside C code, where no signal reaches Python, and for as long as a connection stays open.
And Python raises KeyboardInterrupt wherever it happens to be, also where a library passes over it: inside a
validator, a finaliser or a pool that tidies up. A command that must not miss it hears it where it waits.
"""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial

import psycopg2
from psycopg2 import extensions

_MANY_SIGNALS = 4096


def allow_interrupts(answer_s: float) -> None:
    """From now on in this process: a wait for Postgres can be interrupted, and ends after ``answer_s`` without a word
    as psycopg2.OperationalError. The driver closes the connection then."""
    extensions.set_wait_callback(partial(_wait, answer_s))


@contextmanager
def heard_at_waits() -> Iterator[None]:
    """Within this, Ctrl-C raises KeyboardInterrupt at the next wait for Postgres or ``pause``, and nowhere else; where
    none comes any more, all is done. For the main thread."""
    signalled, writing = _signalled()
    before = signal.signal(signal.SIGINT, lambda *_: None)
    # The byte of a signal stays until somebody waits, so that one that comes just before is not missed.
    fd_before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(fd_before)
        signal.signal(signal.SIGINT, before)
        with suppress(BlockingIOError):
            signalled.recv(_MANY_SIGNALS)


def pause(for_s: float) -> None:
    """Sleep; raises KeyboardInterrupt at a Ctrl-C."""
    _ready([], [], for_s)


def _wait(answer_s: float, conn: extensions.connection) -> None:
    while True:
        state = conn.poll()
        if state == extensions.POLL_OK:
            return
        reading = [conn] if state == extensions.POLL_READ else []
        writing = [conn] if state == extensions.POLL_WRITE else []
        if not _ready(reading, writing, answer_s):
            raise psycopg2.OperationalError(f"the server has not answered for {answer_s:g} seconds")


def _ready(
    reading: list[extensions.connection], writing: list[extensions.connection], timeout_s: float
) -> bool:
    """Whether one of them became ready in time. Raises KeyboardInterrupt at a Ctrl-C, also at one of before."""
    signalled, _ = _signalled()
    readable, writable, _ = select.select([*reading, signalled], writing, [], timeout_s)
    if signalled in readable and signal.SIGINT in signalled.recv(_MANY_SIGNALS):
        raise KeyboardInterrupt
    return bool(readable or writable)


@lru_cache(maxsize=1)
def _signalled() -> tuple[socket.socket, socket.socket]:
    """Where Python writes the number of each signal this process gets, as a process can have one such place."""
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    return reading, writing
