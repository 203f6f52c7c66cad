"""The mail that invites somebody to a workspace: short, and safe whatever the workspace is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.words.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who invites to what, in which role, until when; ``link`` accepts it."""

    workspace_name: str
    role: str
    inviter: str
    expires_at: datetime
    link: str


def compose(invitation: Invitation, stamp: Stamp) -> EmailMessage:
    """The mail. Raises ValueError for an address that cannot be written to."""
    said, until = _said(invitation), _until(invitation)
    text = f"{said}\n\nAccept: {invitation.link}\n\n{until}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}"><p dir="auto">{escape(said)}</p>'
        f'<p><a style="{BUTTON}" href="{escape(invitation.link)}">Accept the invitation</a></p>'
        f'<p style="font-size:13px;color:#55655F">{escape(until)}</p></div></body></html>'
    )
    return message(f"Join {one_line(invitation.workspace_name)[:100]} on ProspectPro", stamp, text, html)


def _said(invitation: Invitation) -> str:
    article = "an" if invitation.role.startswith("a") else "a"
    workspace = one_line(invitation.workspace_name)
    who, role = invitation.inviter, f"{article} {invitation.role}"
    return f"{who} invites you to the workspace “{workspace}” on ProspectPro, as {role}."


def _until(invitation: Invitation) -> str:
    day = f"{invitation.expires_at.day} {invitation.expires_at:%B %Y}"
    return (
        f"The link is for you alone and works once, until {day}. If you expected no invitation, leave it:"
        " nothing happens then."
    )
