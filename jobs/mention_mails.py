"""Sends the mails about mentions that are due; like all mails, with no transaction open while one is being sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from uuid import UUID

import settings
from jobs import mail_server
from jobs.mail_server import GiveUp, ServerAway
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
    while time.monotonic() < until_s:
        with transaction(Role.SYSTEM) as conn:
            claimed = mentions.claim_mail(conn, hold_s)
        if claimed is None:
            return
        problem = mail_server.handed_over(partial(_composed, claimed), mention_mail_id=str(claimed.id))
        with transaction(Role.SYSTEM) as conn:
            said = str(problem) if problem else None
            mentions.mail_done(conn, claimed.id, said, again=bool(said) and not isinstance(problem, GiveUp))
        yield f"Mentions {claimed.id}: {said or 'sent.'}"
        if isinstance(problem, ServerAway):
            return


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
