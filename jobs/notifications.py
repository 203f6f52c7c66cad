"""Sends the mails the outbox promised: at least once towards the mail server, always under the same Message-ID.

Workers have it done by a process of its own when something is due: a mail server that keeps a caller waiting must not
stop a worker's heart. No transaction is open while a mail is being sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage

import settings
from jobs import alerts, billing_mails, invitation_mails, link_mails, mail_server, mention_mails
from jobs.mail_server import GiveUp, MailError, ServerAway
from pipeline import events
from pipeline.output.ending_mail import Envelope, compose, is_wanted, message_id
from store import account_links, crash_points, in_force, mails
from store.database import Role, transaction
from store.mails import PromisedMail

log = logging.getLogger(__name__)

# Well above what one mail may take, so that nobody sends it a second time meanwhile.
_HOLD_S = 120
_ROUND_S = 60.0


class MailIsOff(Exception):
    """No mail server is set: an administrator sets one on Providers, or SMTP_HOST and MAIL_FROM name it."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def are_due() -> bool:
    """Whether mails are switched on and one waits to be sent."""
    if not in_force.has_mail(Role.SYSTEM):
        return False
    with transaction(Role.SYSTEM) as conn:
        if account_links.mails_are_due(conn) or mails.are_due(conn):
            return True
    others = (invitation_mails.are_due, mention_mails.are_due, billing_mails.are_due, alerts.mails_are_due)
    return any(each() for each in others)


def send_due() -> Iterator[str]:
    """Send what is due, for a minute at most; yields a line on each mail for people, without its recipient.

    Raises MailIsOff.
    """
    if not in_force.has_mail(Role.SYSTEM):
        raise MailIsOff
    started_s = time.monotonic()
    # Somebody waits for these at this moment.
    yield from link_mails.send_due(_ROUND_S)
    yield from alerts.send_due(_HOLD_S, started_s + _ROUND_S)
    while time.monotonic() - started_s < _ROUND_S:
        with transaction(Role.SYSTEM) as conn:
            promised = mails.claim(conn, _HOLD_S)
        if promised is None:
            yield from invitation_mails.send_due(_HOLD_S, started_s + _ROUND_S)
            yield from mention_mails.send_due(_HOLD_S, started_s + _ROUND_S)
            yield from billing_mails.send_due(_HOLD_S, started_s + _ROUND_S)
            return
        said, go_on = _send(promised)
        yield f"{promised.campaign_id}: {said}"
        if not go_on:
            return


def _send(promised: PromisedMail) -> tuple[str, bool]:
    """What came of it in words, and whether the next one may be tried."""
    if promised.recipient is None or not is_wanted(promised.ending, promised.mail_when):
        with transaction(Role.SYSTEM) as conn:
            mails.drop(conn, promised, "Nobody wants it.")
        return "nobody is to be told.", True
    try:
        mail_server.send(_composed(promised, promised.recipient), in_force.mail())
    except MailError as error:
        return _failed(promised, error)
    crash_points.here("mail.sent")
    with transaction(Role.SYSTEM) as conn:
        mails.mark_sent(conn, promised)
    return "sent.", True


def _failed(promised: PromisedMail, error: MailError) -> tuple[str, bool]:
    why, is_away = str(error), isinstance(error, ServerAway)
    with transaction(Role.SYSTEM) as conn:
        if isinstance(error, GiveUp):
            mails.drop(conn, promised, why)
        else:
            mails.postpone(conn, promised, why, all_others=is_away)
    events.warning(log, "mail_failed", reason=why, campaign_id=promised.campaign_id)
    return why, not is_away


def _composed(promised: PromisedMail, recipient: str) -> EmailMessage:
    """The mail; raises GiveUp for an address that is none."""
    try:
        return compose(promised.ending, _envelope(promised, recipient))
    except (ValueError, MessageError):
        raise GiveUp("The address of the account cannot be written to.") from None


def _page(promised: PromisedMail) -> str:
    """Where what has ended is looked at."""
    if promised.bulk_id is not None:
        return f"bulk_orders?bulk={promised.bulk_id}"
    return f"progress?campaign={promised.campaign_id}"


def _envelope(promised: PromisedMail, recipient: str) -> Envelope:
    address, sender = settings.get().address(), in_force.mail().mail_from
    return Envelope(
        sender=sender,
        recipient=mail_server.deliverable(recipient),
        message_id=message_id(promised.campaign_id, promised.attempt, sender),
        date=promised.claimed_at,
        campaign_url=f"{address}/{_page(promised)}",
        settings_url=f"{address}/settings",
    )
