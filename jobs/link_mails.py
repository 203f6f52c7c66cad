"""Sends the mails with links that people ask for: to confirm an address, to choose a new password."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage

import settings
from jobs import mail_server
from jobs.mail_server import GiveUp, MailError, ServerAway
from pipeline import events
from pipeline.output.ending_mail import message_id
from pipeline.output.link_mail import compose
from pipeline.output.mail_message import Stamp
from store import account_links, in_force, mails
from store.account_links import LinkMail
from store.database import Role, transaction

log = logging.getLogger(__name__)

# Well above what one mail may take, so that nobody sends it a second time meanwhile.
_HOLD_S = 120


def send_due(for_s: float) -> Iterator[str]:
    """Send what is due, for ``for_s`` seconds at most; yields a line on each mail, without its recipient."""
    started_s = time.monotonic()
    while time.monotonic() - started_s < for_s:
        with transaction(Role.SYSTEM) as conn:
            mail = account_links.claim_mail(conn, _HOLD_S)
        if mail is None:
            return
        error = _sent(mail)
        yield f"a link: {error or 'sent.'}"
        if isinstance(error, ServerAway):
            return


def _sent(mail: LinkMail) -> MailError | None:
    try:
        mail_server.send(_composed(mail), in_force.mail())
    except MailError as error:
        wait_s = None if isinstance(error, GiveUp) else mails.wait_s(mail.tries)
        with transaction(Role.SYSTEM) as conn:
            account_links.mail_failed(conn, mail, str(error), wait_s)
        events.warning(log, "mail_failed", reason=error)
        return error
    with transaction(Role.SYSTEM) as conn:
        account_links.mail_was_sent(conn, mail)
    return None


def _composed(mail: LinkMail) -> EmailMessage:
    sender = in_force.mail().mail_from
    try:
        stamp = Stamp(
            sender=sender,
            recipient=mail_server.deliverable(mail.recipient),
            message_id=message_id(mail.id, mail.tries, sender),
            date=mail.claimed_at,
        )
        url = account_links.address_of(settings.get().address(), mail.kind, mail.id)
        return compose(mail.kind.value, url, stamp)
    except (ValueError, MessageError):
        raise GiveUp("The address of the account cannot be written to.") from None
