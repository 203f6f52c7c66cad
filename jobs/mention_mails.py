"""Sends the mails about mentions that are due; like all mails, with no transaction open while one is being sent."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from uuid import UUID

import settings
from jobs import mail_server
from jobs.claimed_mails import sent
from pipeline.output.ending_mail import message_id
from pipeline.output.mail_message import Stamp
from pipeline.output.mention_mail import Named, compose
from store import in_force, mentions
from store.database import Role, transaction
from store.mentions import MentionMail


def are_due() -> bool:
    """Whether a mail about mentions waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return mentions.mails_are_due(conn)


def send_due(hold_s: int, until_s: float) -> Iterator[str]:
    """Send what is due until the monotonic clock says ``until_s``; yields a line on each, without its recipient."""
    return sent(
        lambda conn: mentions.claim_mail(conn, hold_s),
        _composed,
        lambda conn, mail, said, again: mentions.mail_done(conn, mail.id, said, again=again),
        ("Mentions", "mention_mail_id"),
        until_s,
    )


def _composed(claimed: MentionMail) -> EmailMessage:
    sender, address = in_force.mail().mail_from, settings.get().address()
    stamp = Stamp(
        sender=sender,
        recipient=mail_server.deliverable(claimed.recipient),
        message_id=message_id(claimed.id, 0, sender),
        date=claimed.claimed_at,
    )
    named = [
        Named(
            author=each["author"] or "A former member",
            company=each["company"],
            link=f"{address}/leads?company={UUID(each['company_id']).hex}",
        )
        for each in claimed.named_by
    ]
    return compose(claimed.workspace_name, named, f"{address}/settings", stamp)
