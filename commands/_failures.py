"""Errors that are meant for the person at the terminal end a command with their sentence, not a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from pipeline.errors import BrokenPlugin
from services.errors import Refused


@contextmanager
def told_plainly(*errors: type[Exception]) -> Iterator[None]:
    """Print the message of one of ``errors``, of a refusal or of a broken plugin, and exit with code 1."""
    known: tuple[type[Exception], ...] = (Refused, BrokenPlugin, *errors)
    try:
        yield
    except known as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
