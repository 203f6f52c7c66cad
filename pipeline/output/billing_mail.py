"""The mails that tell owner and admins of a workspace that a payment failed, or that its wallet is low."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.words.text import one_line

_END = "You get this mail as owner or admin of the workspace."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What happened, and what follows from it."""

    subject: str
    said: str
    follows: str


def payment_failed(workspace_name: str, grace_until: datetime | None, now: datetime) -> Notice:
    """``grace_until``: so long the plan is kept although the payment is missing."""
    kept = f"The plan is kept until {grace_until:%d %B %Y} (UTC) and is Free then." if grace_until else ""
    if grace_until and grace_until <= now:
        kept = f"The plan was kept until {grace_until:%d %B %Y} (UTC) and is Free since."
    return Notice(
        subject="A payment failed",
        said=f"The payment for the plan of “{one_line(workspace_name)}” failed.",
        follows=f"{kept} The owner mends it under Billing; nothing is taken away meanwhile.".strip(),
    )


def wallet_low(workspace_name: str, balance_usd: str) -> Notice:
    """``balance_usd`` is what is in it."""
    return Notice(
        subject="The wallet is low",
        said=f"The wallet of “{one_line(workspace_name)}” has {balance_usd} left.",
        follows="What costs more is not started until the owner tops it up under Billing.",
    )


def compose(notice: Notice, billing_url: str, stamp: Stamp) -> EmailMessage:
    """The mail. Raises ValueError for an address that cannot be written to."""
    text = f"{notice.said}\n\n{notice.follows}\n\nBilling: {billing_url}\n\n-- \n{_END}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}">'
        f'<p dir="auto"><strong>{escape(notice.said)}</strong></p><p>{escape(notice.follows)}</p>'
        f'<p><a style="{BUTTON}" href="{escape(billing_url)}">Billing</a></p>'
        f'<p style="font-size:13px;color:#55655F">{_END}</p></div></body></html>'
    )
    return message(f"ProspectPro: {notice.subject}", stamp, text, html)
