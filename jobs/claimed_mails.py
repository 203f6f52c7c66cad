"""Sending mails that the database gives out one by one: with no transaction open while one is being sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

from jobs import mail_server
from jobs.mail_server import GiveUp, ServerAway
from store.database import Connection, Role, transaction


class Claimed(Protocol):
    """A mail somebody took for a while."""

    @property
    def id(self) -> UUID: ...


Mail = TypeVar("Mail", bound=Claimed)


def sent(
    claim: Callable[[Connection], Mail | None],
    composed: Callable[[Mail], EmailMessage],
    done: Callable[[Connection, Mail, str | None, bool], None],
    called: tuple[str, str],
    until_s: float,
) -> Iterator[str]:
    """Send what is due until the monotonic clock says ``until_s``; yields a line on each, without its recipient.

    ``done`` is told why one was not taken, None when it was, and whether to try again. ``called``: what such a mail is
    called in lines for people, and its id in the log.
    """
    label, id_name = called
    while time.monotonic() < until_s:
        with transaction(Role.SYSTEM) as conn:
            mail = claim(conn)
        if mail is None:
            return
        problem = mail_server.handed_over(partial(composed, mail), **{id_name: str(mail.id)})
        with transaction(Role.SYSTEM) as conn:
            said = str(problem) if problem else None
            done(conn, mail, said, bool(said) and not isinstance(problem, GiveUp))
        yield f"{label} {mail.id}: {said or 'sent.'}"
        if isinstance(problem, ServerAway):
            return
