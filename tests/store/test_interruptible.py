"""Ctrl-C at a command that waits for Postgres: heard wherever it comes, and at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from threading import Thread

import psycopg2
import pytest
from psycopg2 import extensions
from pydantic import BaseModel, field_validator

from embedded.postgres import Postgres
from store.interruptible import allow_interrupts, heard_at_waits, pause
from tests.support.servers import rows
from tests.support.workers import eventually

LONG_S = 600.0


@pytest.fixture
def patient() -> Iterator[None]:
    allow_interrupts(LONG_S)
    try:
        with heard_at_waits():
            yield
    finally:
        extensions.set_wait_callback(None)


@pytest.fixture
def cursor(patient: None, postgres: Postgres) -> Iterator[extensions.cursor]:
    with closing(psycopg2.connect(postgres.url("postgres", "postgres"))) as connection:
        yield connection.cursor()


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Interrupted(BaseModel):
    """A model that is validated while Ctrl-C is pressed."""

    value: int

    @field_validator("value")
    @classmethod
    def _pressed(cls, value: int) -> int:
        _interrupt()
        return value


def test_it_ends_a_statement_at_once_here_and_then_on_the_server(
    cursor: extensions.cursor, postgres: Postgres
) -> None:
    statement = "select pg_sleep(600) /* to be left */"
    seen = f"select 1 from pg_stat_activity where state = 'active' and query = '{statement}'"

    is_there = partial(_is_there, postgres.url("postgres", "postgres"), seen)

    def press() -> None:
        eventually(is_there, "the statement")
        _interrupt()

    thread = Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        cursor.execute(statement)
    thread.join()
    eventually(lambda: not is_there(), "the end of a statement nobody waits for")


def _is_there(url: str, asked: str) -> bool:
    return bool(rows(url, asked))


def test_one_that_comes_inside_a_library_is_heard_at_the_next_pause(patient: None) -> None:
    assert Interrupted(value=1).value == 1
    with pytest.raises(KeyboardInterrupt):
        pause(LONG_S)
    pause(0)


def test_one_that_comes_inside_a_library_is_heard_at_the_next_statement(cursor: extensions.cursor) -> None:
    Interrupted(value=1)
    with pytest.raises(KeyboardInterrupt):
        cursor.execute("select 1")


def test_afterwards_it_is_as_before(patient: None) -> None:
    with heard_at_waits():
        _interrupt()
    pause(0)
    assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
