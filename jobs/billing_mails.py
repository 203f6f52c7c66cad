"""Sends the mails about payments that failed and wallets that are low."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import settings
from jobs import mail_server
from jobs.claimed_mails import sent
from pipeline.output.billing_mail import compose, payment_failed, wallet_low
from pipeline.output.ending_mail import message_id
from pipeline.output.mail_message import Stamp
from store import billing_mails, in_force
from store.billing_mails import BillingMail
from store.database import Role, transaction


def are_due() -> bool:
    """Whether one waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return billing_mails.are_due(conn)


def send_due(hold_s: int, until_s: float) -> Iterator[str]:
    """Send what is due until the monotonic clock says ``until_s``; yields a line on each, without its recipient."""
    return sent(
        lambda conn: billing_mails.claim(conn, hold_s),
        _composed,
        lambda conn, mail, said, again: billing_mails.done(conn, mail, said, again=again),
        ("Billing", "billing_mail_id"),
        until_s,
    )


def _composed(mail: BillingMail) -> EmailMessage:
    sender, name = in_force.mail().mail_from, mail.workspace_name
    notice = (
        payment_failed(name, mail.grace_until, mail.claimed_at)
        if mail.kind == "payment_failed"
        else wallet_low(name, mail.balance_micros)
    )
    stamp = Stamp(
        sender=sender,
        recipient=mail_server.deliverable(mail.recipient),
        message_id=message_id(mail.id, 0, sender),
        date=mail.claimed_at,
    )
    return compose(notice, f"{settings.get().address()}/billing", stamp)
