"""Sends the invitations that are due; like all mails, with no transaction open while one is being sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

from jobs import mail_server
from jobs.mail_server import GiveUp, ServerAway
from pipeline.output.ending_mail import message_id
from pipeline.output.invitation_mail import Invitation, compose
from pipeline.output.mail_message import Stamp
from store import in_force, invitations
from store.database import Role, transaction
from store.invitations import InvitationMail


def are_due() -> bool:
    """Whether an invitation waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return invitations.mails_are_due(conn)


def send_due(hold_s: int, until_s: float) -> Iterator[str]:
    """Send what is due until the monotonic clock says ``until_s``; yields a line on each, without its recipient."""
    while time.monotonic() < until_s:
        with transaction(Role.SYSTEM) as conn:
            claimed = invitations.claim_mail(conn, hold_s)
        if claimed is None:
            return
        problem = mail_server.handed_over(partial(_composed, claimed), invitation_id=str(claimed.id))
        with transaction(Role.SYSTEM) as conn:
            said = str(problem) if problem else None
            invitations.mail_done(
                conn, claimed.id, said, again=bool(said) and not isinstance(problem, GiveUp)
            )
        yield f"Invitation {claimed.id}: {said or 'sent.'}"
        if isinstance(problem, ServerAway):
            return


def _composed(claimed: InvitationMail) -> EmailMessage:
    sender = in_force.mail().mail_from
    stamp = Stamp(
        sender=sender,
        recipient=mail_server.deliverable(claimed.recipient),
        message_id=message_id(claimed.id, 0, sender),
        date=claimed.claimed_at,
    )
    invitation = Invitation(
        workspace_name=claimed.workspace_name,
        role=claimed.role,
        inviter=claimed.inviter,
        expires_at=claimed.expires_at,
        link=invitations.link_of(claimed.id),
    )
    return compose(invitation, stamp)
