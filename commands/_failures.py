"""What goes wrong is told the person at the terminal in a sentence, not in a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def told_plainly() -> Iterator[None]:
    """Print the sentence of an error that is meant for people, or that the machine or a server gave, and exit with
    code 1. Around every command; what is left is a mistake in ProspectPro."""
    try:
        yield
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        raise typer.Exit(1) from None


def _sentence(error: Exception) -> str | None:
    """What to say; None for an error nobody foresaw. Imports here, so that ``--help`` stays quick."""
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return f"The machine refused: {error.strerror or error}{place}."
    import settings
    from embedded.errors import CannotBackUp, CannotStart
    from jobs.duties import DutiesFailed
    from jobs.notifications import MailIsOff
    from jobs.queue import RedisNotConfigured, RedisNotReady
    from pipeline.errors import BrokenPlugin
    from services.errors import Refused
    from store.database import DatabaseError, DatabaseNotConfigured, in_short
    from store.migrate import CannotMigrate
    from store.readiness import NotReady, refuses_login

    if isinstance(error, DatabaseError) and refuses_login(error):
        return (
            f"The database does not let us in ({in_short(error)}). See that APP_SECRET and ROLE_PREFIX are those it was"
            " prepared with, and that the passwords in DATABASE_URL and its like are right."
        )
    if isinstance(error, DatabaseError):
        return f"The database did not do its part ({in_short(error)}). Try again when the server in DATABASE_URL runs."
    ours = (
        settings.SettingsError,
        CannotBackUp,
        CannotStart,
        DutiesFailed,
        MailIsOff,
        RedisNotConfigured,
        RedisNotReady,
        Refused,
    )
    theirs = (DatabaseNotConfigured, CannotMigrate, NotReady, BrokenPlugin)
    return str(error) if isinstance(error, (*ours, *theirs)) else None
